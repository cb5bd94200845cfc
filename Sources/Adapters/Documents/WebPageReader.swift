import Subprocess

/// Reads the text of web pages as they look, with w3m: headings, lists, tables and where links lead, and no scripts.
public struct WebPageReader: Sendable {
    private let browser = HelperProgram(
        name: "w3m", package: "w3m (on Debian: apt install w3m)", purpose: "A web page", memory: 1 << 30, seconds: 20)
    /// The most text that is taken of a page, in bytes.
    private static let longestText = 16 << 20

    /// Makes a reader.
    public init() {}

    /// The text of a page, its title first; nothing is fetched.
    ///
    /// - Throws: `DocumentFailure` when w3m is missing, or cannot read the page.
    public func text(of page: [UInt8]) async throws(DocumentFailure) -> String {
        var arguments = ["-dump", "-T", "text/html", "-O", "UTF-8", "-cols", "120", "-no-cookie"]
        if let encoding = Self.encoding(of: page) { arguments += ["-I", encoding] }
        // Where links lead stands at the end; nothing else is loaded, whatever the page or the person's settings say.
        for option in ["display_link_number=1", "meta_refresh=0", "frame=0", "use_cookie=0", "display_image=0"] {
            arguments += ["-o", option]
        }
        do {
            let output = try await browser.run(
                arguments, limit: Self.longestText,
                // Not the person's settings, nor a folder for its own, and no way to the network.
                environment: ["HOME": "/dev/null", "http_proxy": Self.nowhere, "https_proxy": Self.nowhere],
                input: Self.withVisibleTitle(page))
            return PDFReader.tidied(String(decoding: output, as: UTF8.self))
        } catch {
            guard error.kind == .toolFailed else { throw error }
            throw DocumentFailure(.toolFailed, "The web page could not be read by w3m: \(error.message)")
        }
    }

    private static let nowhere = "http://127.0.0.1:9/"

    /// What can be UTF-8 is that, whatever it says; else what the page says near its start, nil where it says nothing.
    static func encoding(of page: [UInt8]) -> String? {
        if String(validating: page, as: UTF8.self) != nil { return "UTF-8" }
        let head = page.prefix(2048).map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }
        guard let mark = head.firstRange(of: Array("charset=".utf8)) else { return nil }
        let name = head[mark.upperBound...].drop { $0 == 0x22 || $0 == 0x27 }
            .prefix { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F }
        return name.isEmpty || name.count > 40 || name.first == 0x2D ? nil : String(decoding: name, as: UTF8.self)
    }

    /// Makes the title a paragraph: a page's text does not have it otherwise.
    static func withVisibleTitle(_ page: [UInt8]) -> [UInt8] {
        // Of the first thousands of bytes, and in them only letters that are the same in every encoding of web pages.
        let head = page.prefix(1 << 16).map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }
        guard let start = head.firstRange(of: Array("<title".utf8)),
            let end = head[start.upperBound...].firstRange(of: Array("</title".utf8))
        else { return page }
        var visible = Array(page[..<start.lowerBound])
        visible += "<p".utf8
        visible += page[start.upperBound..<end.lowerBound]
        visible += "</p".utf8
        visible += page[end.upperBound...]
        return visible
    }
}
