import Conversation
import Documents
import Evidence
import History
import Media

/// Decides which pages of documents go to an engine, and how, and draws those that it gets to see.
///
/// What was decided stays: the same pages go on every turn, so that the engine's prefix cache keeps hitting.
struct DocumentPreparer: Sendable {
    let media: MediaStore
    let recognizer: TextRecognizer

    /// Pixels to the inch at which a page is drawn: footnotes of seven points are legible, and A4 costs 1,500 tokens.
    static let density = 110.0
    /// How many pages without words are read for an engine that cannot see.
    private static let mostRead = 30
    /// What is assumed where nobody knows how much the engine takes.
    private static let usualContext = 32_768
    /// After so many pages that cannot be drawn the others are only read: each may have taken all the time that it gets.
    private static let mostFailures = 3
    private static let largestPNG = 700_000

    /// Makes the documents among attachments ready for a model that sees.
    ///
    /// - Parameter question: What is asked about those of which nothing was decided yet.
    func prepare(_ attachments: inout [Attachment], for question: String, _ model: ModelProfile) async throws {
        let budget = PixelBudget.forModel(model.id)
        var left = AttachmentPreparer.room(for: model.contextLength ?? Self.usualContext)
        var pictures = model.limits.pictures ?? .max
        for picture in attachments.flatMap(\.pictures) {
            left -= budget.tokens(width: picture.width, height: picture.height)
            if pictures != .max { pictures -= 1 }
        }
        for index in attachments.indices {
            guard case .document(var document) = attachments[index].content else { continue }
            // One that was prepared for an engine that cannot see has no page that is shown.
            guard !document.pages.contains(where: { $0.form == .picture }) else { continue }
            let costs = document.pages.map { page in
                let size = size(of: page, budget)
                return PageSelector.Page(
                    number: page.number, text: page.text,
                    pictureTokens: budget.tokens(width: size.width, height: size.height) + 8,
                    textTokens: page.text.isEmpty ? 0 : TextTokens.estimate(page.text) + 16)
            }
            let choice = PageSelector().choose(
                costs, for: question, tokens: max(0, left), maxPictures: max(0, pictures))
            try await apply(choice, to: &document, budget)
            for cost in costs {
                if choice.pictures.contains(cost.number) { left -= cost.pictureTokens }
                if choice.texts.contains(cost.number) { left -= cost.textTokens }
            }
            if pictures != .max { pictures -= document.pictures.count }
            attachments[index].content = .document(document)
        }
    }

    /// Makes the documents among attachments ready for a model that cannot see: pages that are pictures themselves are read.
    func read(_ attachments: inout [Attachment], for question: String, _ model: ModelProfile?) async throws {
        var left = AttachmentPreparer.room(for: model?.contextLength ?? Self.usualContext)
        for index in attachments.indices {
            guard case .document(var document) = attachments[index].content else { continue }
            if document.pages.contains(where: { $0.form == nil }) {
                try await recognize(&document)
                let costs = document.pages.map {
                    PageSelector.Page(
                        number: $0.number, text: $0.text, pictureTokens: 0,
                        textTokens: $0.text.isEmpty ? 0 : TextTokens.estimate($0.text) + 16)
                }
                let choice = PageSelector().chooseTexts(costs, for: question, tokens: left)
                for page in document.pages.indices {
                    document.pages[page].form = choice.texts.contains(document.pages[page].number) ? .text : .omitted
                }
            }
            left -= document.pages.reduce(0) { $1.form == .omitted ? $0 : $0 + TextTokens.estimate($1.text) }
            attachments[index].content = .document(document)
        }
    }

    // MARK: - Drawing

    private func size(of page: DocumentPage, _ budget: PixelBudget) -> (width: Int, height: Int) {
        let scale = Self.density / 72
        return budget.fit(width: max(28, Int(page.width * scale)), height: max(28, Int(page.height * scale)))
    }

    private func apply(_ choice: PageSelector.Choice, to document: inout Document, _ budget: PixelBudget) async throws {
        var failures = 0
        for index in document.pages.indices {
            let page = document.pages[index]
            if choice.pictures.contains(page.number), failures < Self.mostFailures {
                try Task.checkCancellation()
                do {
                    document.pages[index].picture = try await draw(page, of: document.file, size(of: page, budget))
                    document.pages[index].form = .picture
                    continue
                } catch let failure as DocumentFailure where failure.kind == .toolFailed && !page.text.isEmpty {
                    // A page that cannot be drawn can still be read.
                    failures += 1
                    document.pages[index].form = .text
                    continue
                }
            }
            let isWanted = choice.texts.contains(page.number) || choice.pictures.contains(page.number)
            document.pages[index].form = isWanted && !page.text.isEmpty ? .text : .omitted
        }
    }

    @inline(never)
    private func draw(_ page: DocumentPage, of file: MediaReference, _ size: (width: Int, height: Int)) async throws
        -> MediaReference
    {
        let bytes = try await pixels(of: page, of: file, size)
        guard bytes.count > Self.largestPNG else {
            return try media.store(bytes, mediaType: "image/png", width: size.width, height: size.height)
        }
        // A scanned page is a photograph.
        let frame = try StillDecoder().decode(bytes)
        let smaller = try StillEncoder().encode(frame, as: .jpeg(quality: 88))
        return try media.store(
            smaller.bytes, mediaType: smaller.mediaType, width: smaller.width, height: smaller.height)
    }

    @inline(never)
    private func pixels(of page: DocumentPage, of file: MediaReference, _ size: (width: Int, height: Int)) async throws
        -> [UInt8]
    {
        guard let path = media.path(of: file), media.keeps(file) else {
            throw DocumentFailure(.unreadable, "The document is no longer kept; attach it again.")
        }
        return try await PDFReader().picture(of: path, page: page.number, width: size.width, height: size.height)
    }

    // MARK: - Reading

    private func recognize(_ document: inout Document) async throws {
        let empty = document.pages.indices.filter { document.pages[$0].text.isEmpty }.prefix(Self.mostRead)
        for index in empty {
            try Task.checkCancellation()
            document.pages[index].text = try await text(of: document.pages[index], of: document.file)
        }
    }

    // The optimiser of Swift 6.3.1 crashes when this is inlined into the loop that calls it.
    @inline(never)
    private func text(of page: DocumentPage, of file: MediaReference) async throws -> String {
        let scale = min(200 / 72, 4000 / max(page.width, page.height))
        let size = (width: max(28, Int(page.width * scale)), height: max(28, Int(page.height * scale)))
        return try await recognizer.text(in: await pixels(of: page, of: file, size))
    }
}
