public import Cells

/// What a terminal can do with pictures, and why it is believed to.
public struct PictureAbility: Hashable, Sendable {
    /// How pictures are shown.
    public var method: PictureMethod
    /// How large a cell is.
    public var cell: PixelSize
    /// The colours of characters: 0, 8, 16, 256 or 2²⁴.
    public var colors: Int
    /// The colours of a sixel picture.
    public var registers: Int
    /// The most cells that a picture may take; nil for any number.
    public var limit: Size?
    /// A phrase that says why this method was taken.
    public var reason: String

    /// Makes an ability.
    public init(
        method: PictureMethod, cell: PixelSize = .usualCell, colors: Int = 256, registers: Int = 256,
        limit: Size? = nil, reason: String = ""
    ) {
        self.method = method
        self.cell = cell
        self.colors = colors
        self.registers = registers
        self.limit = limit
        self.reason = reason
    }

    /// Takes the best that a terminal has said it can do.
    ///
    /// - Parameters:
    ///   - isOver: Whether everything has been answered, or waited for long enough.
    ///   - cell: How large a cell is, as the terminal line says, which follows the font; else what was answered counts.
    ///   - colors: The colours of characters, 0 without.
    public init(
        setting: PictureSetting, answers: GraphicsAnswers, isOver: Bool, cell: PixelSize?, colors: Int,
        environment: [String: String]
    ) {
        self.init(
            method: .undecided, cell: cell ?? answers.cell ?? .usualCell, colors: colors,
            registers: answers.registers ?? 256)
        let multiplexer = Multiplexer(environment)
        let isTmux = multiplexer == .tmux
        let isScreen = multiplexer == .screen
        // They answer to every kitty command, and draw no cells that stand for pieces.
        let drawsNoPlaceholders = ["WezTerm", "Konsole"].contains { answers.name.hasPrefix($0) }
        let hasPlaceholders = answers.hasPlaceholders && !drawsNoPlaceholders && colors >= 256
        let hasPlaces = answers.hasKitty && !isTmux && !isScreen
        func take(_ method: PictureMethod, _ reason: String) { (self.method, self.reason) = (method, reason) }
        switch setting {
        case .none: take(.none, "they are switched off")
        case .blocks: take(.blocks, "the configuration says so")
        case .sixel: take(.sixel, "the configuration says so")
        case .kitty where hasPlaces && !hasPlaceholders: take(.kittyPlaced, "the configuration says so")
        case .kitty where hasPlaceholders || isOver:
            if colors >= 256 {
                take(.kitty, "the configuration says so")
            } else {
                take(.blocks, "the kitty protocol needs 256 colours, and here are \(colors)")
            }
        case _ where hasPlaceholders:
            take(.kitty, "the terminal speaks the kitty protocol" + (isTmux ? ", and tmux passes it on" : ""))
        case _ where hasPlaces && isOver:
            take(.kittyPlaced, "the terminal speaks the kitty protocol, in an older form")
        case _ where answers.hasSixel && isOver: take(.sixel, "the terminal says that it draws sixels")
        case _ where isOver && isTmux:
            take(
                .blocks,
                "tmux passes no pictures on; where the terminal around it speaks the kitty protocol, "
                    + "“set -g allow-passthrough on” in ~/.tmux.conf helps")
        case _ where isOver && isScreen: take(.blocks, "screen passes no pictures on")
        case _ where isOver:
            take(
                .blocks,
                "the terminal speaks neither the kitty protocol nor sixel"
                    + (colors == 0 ? ", and colours are switched off" : ""))
        default: break
        }
        if method == .sixel, let pixels = answers.limit {
            let size = self.cell
            limit = Size(columns: max(1, pixels.width / size.width), rows: max(1, pixels.height / size.height))
        }
    }
}
