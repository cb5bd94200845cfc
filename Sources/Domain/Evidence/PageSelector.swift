/// Chooses which pages of a document are shown and which are only told, within a budget of tokens.
///
/// The pages that matter to the question come first: those that it names ("page 12"), then those in which its words are
/// found, rare words counting for more (BM25), then the others from the first on. As many of them as have room are pictures,
/// of the rest as many as have room are text.
public struct PageSelector: Sendable {
    /// A page, and what it costs.
    public struct Page: Sendable {
        /// Its number in the document, from 1.
        public var number: Int
        /// The words on it.
        public var text: String
        /// What a picture of it costs, in tokens.
        public var pictureTokens: Int
        /// What its words cost, in tokens; 0 where there are none.
        public var textTokens: Int

        /// Makes a page.
        public init(number: Int, text: String, pictureTokens: Int, textTokens: Int) {
            self.number = number
            self.text = text
            self.pictureTokens = pictureTokens
            self.textTokens = textTokens
        }
    }

    /// The numbers of the pages that go, and how.
    public struct Choice: Sendable, Equatable {
        /// The pages that go as pictures.
        public var pictures: Set<Int>
        /// The pages that go as text.
        public var texts: Set<Int>
    }

    /// The share of the budget that pictures may take when not all pages fit as pictures.
    public static let pictureShare = 0.6

    /// Makes a selector.
    public init() {}

    /// Chooses among the pages of a document.
    ///
    /// - Parameters:
    ///   - question: What is asked about them.
    ///   - tokens: The budget; 0 or less chooses nothing.
    ///   - maxPictures: How many pictures may go.
    public func choose(_ pages: [Page], for question: String, tokens: Int, maxPictures: Int = .max) -> Choice {
        var choice = Choice(pictures: [], texts: [])
        let order = ranked(pages, for: question)
        let whole = pages.reduce(0) { $0 + $1.pictureTokens }
        let fitsWhole = whole <= tokens && pages.count <= maxPictures
        var pictureTokens = fitsWhole ? tokens : Int(Double(max(0, tokens)) * Self.pictureShare)
        var left = tokens
        for page in order where choice.pictures.count < maxPictures && page.pictureTokens <= pictureTokens {
            choice.pictures.insert(page.number)
            pictureTokens -= page.pictureTokens
            left -= page.pictureTokens
        }
        for page in order
        where !choice.pictures.contains(page.number) && page.textTokens > 0 && page.textTokens <= left {
            choice.texts.insert(page.number)
            left -= page.textTokens
        }
        return choice
    }

    /// Chooses pages for an engine that cannot see: as many as have room, as text.
    public func chooseTexts(_ pages: [Page], for question: String, tokens: Int) -> Choice {
        var choice = Choice(pictures: [], texts: [])
        var left = tokens
        for page in ranked(pages, for: question) where page.textTokens > 0 && page.textTokens <= left {
            choice.texts.insert(page.number)
            left -= page.textTokens
        }
        return choice
    }

    // MARK: - Which matter

    /// The pages, those that matter most to the question first.
    func ranked(_ pages: [Page], for question: String) -> [Page] {
        let named = Self.namedPages(in: question)
        let scores = TextRelevance.scores(of: pages.map(\.text), for: question)
        return pages.indices.sorted { one, other in
            let (first, second) = (pages[one].number, pages[other].number)
            if named.contains(first) != named.contains(second) { return named.contains(first) }
            return scores[one] != scores[other] ? scores[one] > scores[other] : first < second
        }.map { pages[$0] }
    }

    /// The pages that a question names, as in "page 12", "pages 3-5", "Seite 4" and "第 8 页".
    static func namedPages(in question: String) -> Set<Int> {
        var named: Set<Int> = []
        let latin = question.lowercased().matches(
            of: /\b(?:pages?|pp?\.|slides?|seiten?|página|folie)\s*(\d{1,5})(?:\s*[-–]\s*(\d{1,5}))?/)
        for match in latin {
            guard let first = Int(match.1) else { continue }
            let last = match.2.flatMap { Int($0) } ?? first
            if last >= first, last - first < 1000 { named.formUnion(first...last) }
        }
        for match in question.matches(of: /第\s*(\d{1,5})\s*[页頁]/) {
            if let number = Int(match.1) { named.insert(number) }
        }
        return named
    }
}
