import Documents

extension DoctorCommand {
    /// Says which languages text in pictures is read in, and what helps where there are none.
    func checkRecognizer(_ services: Services) async -> Bool {
        let part = "text in pictures"
        do {
            let languages = try await services.recognizer.languagesInUse()
            report(part, "tesseract reads it for engines that cannot see, in \(languages.joined(separator: ", "))")
            let installed = try await services.recognizer.installedLanguages()
            let missing = services.recognizer.languages.filter { !installed.contains($0) }
            guard !missing.isEmpty else { return true }
            let packages = missing.map { "tesseract-ocr-" + $0.replacing("_", with: "-") }.joined(separator: " ")
            return report(
                part, nil,
                "[documents] languages names \(missing.joined(separator: ", ")), which tesseract has no data for "
                    + "(on Debian: apt install \(packages))")
        } catch {
            return report(part, nil, error.message)
        }
    }

    /// Says which documents can be attached, and which package helps where some cannot.
    ///
    /// It is no fault to have none of these programs.
    func checkDocuments(_ services: Services) {
        func has(_ program: String) -> Bool { ChildProgram.path(of: program, in: services.environment) != nil }
        let lacking = ["pdfinfo", "pdftotext", "pdftoppm"].filter { !has($0) }
        report(
            "PDF", lacking.isEmpty ? "poppler reads and draws their pages" : nil,
            "\(lacking.joined(separator: ", ")) missing (on Debian: apt install poppler-utils)")
        report(
            "web pages", has("w3m") ? "w3m reads their text" : nil,
            "w3m is missing, so their source is attached (on Debian: apt install w3m)")
        report(
            "office documents", has("soffice") ? "LibreOffice makes PDF of them" : nil,
            "soffice is missing (on Debian: apt install libreoffice-nogui)")
    }
}
