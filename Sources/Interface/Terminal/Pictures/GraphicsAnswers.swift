public import Cells

/// What a terminal answered about pictures.
public struct GraphicsAnswers: Hashable, Sendable {
    /// Whether it answered to the last question, so that nothing more comes.
    public var isComplete = false
    /// It draws sixels.
    public var hasSixel = false
    /// It takes pictures by the kitty protocol.
    public var hasKitty = false
    /// It takes pictures that cells stand for.
    public var hasPlaceholders = false
    /// How large a cell is.
    public var cell: PixelSize?
    /// The colours that a sixel picture may have.
    public var registers: Int?
    /// The largest sixel picture that it draws: it leaves out larger ones.
    public var limit: PixelSize?
    /// What it calls itself, as "kitty(0.32.2)".
    public var name = ""

    /// Makes the answers of a terminal that has said nothing.
    public init() {}

    /// What is asked.
    ///
    /// The last question is one that every terminal answers.
    ///
    /// Inside of tmux the kitty questions are wrapped, for the terminal around it: tmux takes them for titles.
    static func query(environment: [String: String]) -> String {
        // One with a key that only those know who know placeholders: others do not answer it.
        let kitty = [
            "\u{1B}_Gi=\(plainNumber),s=1,v=1,a=q,t=d,f=24;AAAA\u{1B}\\",
            "\u{1B}_Gi=\(placeholderNumber),s=1,v=1,a=q,U=1,t=d,f=24;AAAA\u{1B}\\",
        ]
        let asked =
            switch Multiplexer(environment) {
            case .none: kitty
            case .tmux: kitty.map(KittyGraphics.throughTmux)
            // It passes nothing on, and shows what it does not know.
            case .screen: [String]()
            }
        return asked.joined() + "\u{1B}[>q\u{1B}[16t\u{1B}[?1;1;0S\u{1B}[?2;4;0S\u{1B}[c"
    }

    private static let plainNumber = 4201
    private static let placeholderNumber = 4202

    // MARK: - Reading

    /// Takes in the parameters of a control sequence; `false` when it is none of these.
    mutating func take(sequence body: [UInt8], final: UInt8) -> Bool {
        let numbers = body.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { digits in
            digits.reduce(0) { (0x30...0x39).contains($1) ? min($0 * 10 + Int($1 - 0x30), 100_000) : $0 }
        }
        let isPrivate = body.first == UInt8(ascii: "?")
        switch final {
        case UInt8(ascii: "c") where isPrivate:
            isComplete = true
            hasSixel = numbers.dropFirst().contains(4)
        case UInt8(ascii: "S") where isPrivate:
            if numbers.count == 3, numbers[0] == 1, numbers[1] == 0, numbers[2] > 0 { registers = numbers[2] }
            if numbers.count == 4, numbers[0] == 2, numbers[1] == 0, numbers[2] > 0, numbers[3] > 0 {
                limit = PixelSize(width: numbers[2], height: numbers[3])
            }
        case UInt8(ascii: "t") where !isPrivate && numbers.count == 3 && numbers[0] == 6:
            let size = PixelSize(width: numbers[2], height: numbers[1])
            if (2...256).contains(size.width), (2...256).contains(size.height) { cell = size }
        default: return false
        }
        return true
    }

    /// Takes in a string of the terminal, without what introduced and ended it.
    mutating func take(string bytes: [UInt8], introducer: UInt8) {
        let text = String(decoding: bytes, as: UTF8.self)
        switch introducer {
        case UInt8(ascii: "_"):
            if text == "Gi=\(Self.plainNumber);OK" { hasKitty = true }
            if text == "Gi=\(Self.placeholderNumber);OK" { (hasKitty, hasPlaceholders) = (true, true) }
        case UInt8(ascii: "P") where text.hasPrefix(">|"):
            name = String(text.dropFirst(2).prefix(64))
        default: break
        }
    }
}
