/// A PDF made by hand: pages of A4 with lines of Helvetica, nine points high.
///
///     try Data(MadePDF(pages: [["Hello"], ["World"]]).bytes).write(to: url)
public struct MadePDF {
    /// The file.
    public let bytes: [UInt8]

    /// Makes a document.
    ///
    /// - Parameters:
    ///   - pages: The lines of each page, in ASCII.
    ///   - turned: Pages that lie on their side, counted from 0.
    public init(pages: [[String]], turned: Set<Int> = []) {
        var objects = ["<< /Type /Catalog /Pages 2 0 R >>"]
        let kids = pages.indices.map { "\(4 + 2 * $0) 0 R" }.joined(separator: " ")
        objects.append("<< /Type /Pages /Kids [\(kids)] /Count \(pages.count) >>")
        objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
        for (index, lines) in pages.enumerated() {
            let shown = lines.map { line in
                let escaped = line.replacing("\\", with: "\\\\").replacing("(", with: "\\(").replacing(")", with: "\\)")
                return "(\(escaped)) Tj T*"
            }
            let stream = "BT /F1 9 Tf 50 800 Td 12 TL \(shown.joined(separator: " ")) ET"
            objects.append(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate \(turned.contains(index) ? 90 : 0) "
                    + "/Resources << /Font << /F1 3 0 R >> >> /Contents \(5 + 2 * index) 0 R >>")
            objects.append("<< /Length \(stream.utf8.count) >>\nstream\n\(stream)\nendstream")
        }
        var file = "%PDF-1.4\n"
        var offsets: [Int] = []
        for (index, object) in objects.enumerated() {
            offsets.append(file.utf8.count)
            file += "\(index + 1) 0 obj\n\(object)\nendobj\n"
        }
        let table = file.utf8.count
        file += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
        for offset in offsets {
            let digits = String(offset)
            file += String(repeating: "0", count: 10 - digits.count) + digits + " 00000 n \n"
        }
        file += "trailer << /Size \(objects.count + 1) /Root 1 0 R >>\nstartxref\n\(table)\n%%EOF\n"
        bytes = Array(file.utf8)
    }
}
