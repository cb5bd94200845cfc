/// A document, page by page: the words of each page, and pictures of those that an engine gets to see.
public struct Document: Sendable, Equatable, Codable {
    /// The pages that were attached, in their order.
    public var pages: [DocumentPage]
    /// How many pages the whole document has.
    public var pageCount: Int
    /// The document as PDF, from which pages are drawn.
    public var file: MediaReference

    /// Makes a document.
    public init(pages: [DocumentPage], pageCount: Int, file: MediaReference) {
        self.pages = pages
        self.pageCount = pageCount
        self.file = file
    }

    /// The pictures that were drawn of pages, in order.
    public var pictures: [MediaReference] { pages.compactMap(\.picture) }
}

/// A page of a document.
public struct DocumentPage: Sendable, Equatable, Codable {
    /// How a page goes to the engine.
    public enum Form: String, Sendable, Codable {
        /// As a picture.
        case picture
        /// As its words.
        case text
        /// Not at all: there is no room for it.
        case omitted
    }

    /// Its number in the document, from 1.
    public var number: Int
    /// Its width in points, 72 to the inch.
    public var width: Double
    /// Its height in points.
    public var height: Double
    /// The words on it; empty where it is a picture itself and was not read.
    public var text: String
    /// How it goes to the engine; nil until that was decided.
    public var form: Form?
    /// The picture of it, where there is one.
    public var picture: MediaReference?

    /// Makes a page.
    public init(
        number: Int, width: Double, height: Double, text: String, form: Form? = nil, picture: MediaReference? = nil
    ) {
        self.number = number
        self.width = width
        self.height = height
        self.text = text
        self.form = form
        self.picture = picture
    }
}

extension Document {
    /// Numbers of pages as people write them: "1, 3–7, 12".
    ///
    /// - Parameter numbers: In rising order.
    public static func list(_ numbers: [Int]) -> String {
        var runs: [ClosedRange<Int>] = []
        for number in numbers {
            if let last = runs.last, last.upperBound + 1 == number {
                runs[runs.count - 1] = last.lowerBound...number
            } else {
                runs.append(number...number)
            }
        }
        return runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)" }
            .joined(separator: ", ")
    }
}
