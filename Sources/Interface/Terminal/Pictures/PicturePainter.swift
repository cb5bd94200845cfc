import Cells

/// Draws the pictures of screens: into their cells, or as commands around the bytes of a frame.
///
/// It needs no terminal: a screen goes in, and what has to be written before and after the frame comes out.
struct PicturePainter {
    /// What goes around a frame.
    struct Commands: Equatable {
        var before = ""
        var after: [UInt8] = []
        /// Whether something is painted over cells, which must not be moved by the terminal then.
        var holdsRows = false

        var isEmpty: Bool { before.isEmpty && after.isEmpty }
    }

    /// Rows of a picture that lie over blank cells.
    private struct Piece: Hashable {
        var picture: PictureCut
        var rows: Range<Int>
        var place: Rect
    }

    private struct Painted {
        var piece: Piece
        var placement: UInt32
    }

    private(set) var ability: PictureAbility
    /// What the last screen had places for and was not there.
    private(set) var wanted: [PictureCut] = []

    private let isTmux: Bool
    private let salt: Int
    private var store = PictureStore()
    private var ids: [PictureCut: UInt32] = [:]
    private var sent: Set<PictureCut> = []
    private var painted: [Painted] = []
    private var idCount = 0
    private var placementCount: UInt32 = 0

    /// - Parameter salt: Sets the numbers of pictures apart from other programs'.
    init(ability: PictureAbility, isTmux: Bool, salt: Int) {
        self.ability = ability
        self.isTmux = isTmux
        self.salt = salt
    }

    mutating func insert(_ image: PictureImage, for picture: PictureCut) { store.insert(image, for: picture) }

    /// Changes how pictures are drawn; what was made ready for another way is of no use any more.
    ///
    /// - Returns: What takes away what is shown.
    mutating func use(_ new: PictureAbility) -> String {
        guard new != ability else { return "" }
        let commands = painted.map(erasing).joined() + forgetAll()
        ability = new
        store.removeAll()
        return commands
    }

    /// Takes everything from the terminal that it was given; what is shown again is sent again.
    mutating func forgetAll() -> String {
        let commands = sent.compactMap { ids[$0] }.sorted().map { wrapped(KittyGraphics.delete(id: $0)) }.joined()
        sent = []
        painted = []
        return commands
    }

    // MARK: - A screen

    /// Fills the cells of a screen's pictures, and collects what has to be painted over them.
    ///
    /// - Parameter isFresh: Nothing is known of what the terminal shows.
    mutating func prepare(_ screen: inout Screen, isFresh: Bool) -> Commands {
        var commands = Commands()
        for picture in store.advance() where sent.remove(picture) != nil {
            if let id = ids.removeValue(forKey: picture) {
                commands.before += wrapped(KittyGraphics.delete(id: id))
            }
        }
        wanted = []
        if isFresh { commands.before += forgetAll() }
        guard !screen.pictures.isEmpty || !painted.isEmpty else { return commands }
        var pieces: [Piece] = []
        for place in screen.pictures {
            switch ability.method {
            case .none, .undecided: break
            case .blocks: fill(place, on: &screen.grid)
            case .kitty: commands.before += stand(for: place, on: &screen.grid)
            case .sixel, .kittyPlaced: pieces += Self.pieces(of: place, on: screen.grid)
            }
            screen.grid.clearReserved(place.visible)
        }
        next = pieces
        commands.before += painted.filter { !pieces.contains($0.piece) }.map(erasing).joined()
        painted.removeAll { !pieces.contains($0.piece) }
        commands.holdsRows = !pieces.isEmpty || !commands.before.isEmpty && ability.method.isPainted
        return commands
    }

    private var next: [Piece] = []

    /// Paints what the prepared screen has over its cells: what is new there, and what the frame has damaged.
    mutating func paint(after runs: [GridDiff.Run], _ commands: inout Commands) {
        for piece in next {
            let old = painted.firstIndex { $0.piece == piece }
            // Clearing the rest of a row clears sixels, too.
            let isDamaged = ability.method == .sixel && runs.contains { piece.place.rowRange.contains($0.row) }
            guard old == nil || isDamaged else { continue }
            let placement = placementCount + 1
            guard let bytes = bytes(of: piece, placement: placement, &commands) else { continue }
            commands.after += bytes
            if let old {
                painted[old].placement = placement
            } else {
                painted.append(Painted(piece: piece, placement: placement))
            }
            placementCount = placement
        }
    }

    // MARK: - Cells

    private mutating func fill(_ place: PicturePlace, on grid: inout Grid) {
        guard case .cells(let cells) = store.image(for: place.picture),
            cells.count == place.picture.cells.cellCount
        else { return wanted.append(place.picture) }
        for point in place.points {
            let index =
                (point.row - place.origin.row) * place.picture.cells.columns + point.column - place.origin.column
            grid.putPicture([cells[index].scalar], style: cells[index].style, at: point)
        }
    }

    private mutating func stand(for place: PicturePlace, on grid: inout Grid) -> String {
        guard case .png(let png) = store.image(for: place.picture) else {
            wanted.append(place.picture)
            return ""
        }
        let id = id(of: place.picture)
        var command = ""
        if sent.insert(place.picture).inserted {
            command = KittyGraphics.transmit(png, id: id, cells: place.picture.cells).map(wrapped).joined()
        }
        let style = KittyPlaceholder.style(id: id, colors: ability.colors)
        for point in place.points {
            let scalars = KittyPlaceholder.scalars(
                row: point.row - place.origin.row, column: point.column - place.origin.column, id: id)
            grid.putPicture(scalars, style: style, at: point)
        }
        return command
    }

    // MARK: - Pieces

    /// The rows of a picture that are nothing but its own, in runs.
    private static func pieces(of place: PicturePlace, on grid: Grid) -> [Piece] {
        var pieces: [Piece] = []
        for row in place.visible.rowRange {
            let cells = grid.row(row)[place.visible.columnRange]
            guard cells.allSatisfy(\.isPicture) else { continue }
            let own = row - place.origin.row
            if let last = pieces.indices.last, pieces[last].rows.upperBound == own {
                pieces[last].rows = pieces[last].rows.lowerBound..<own + 1
                pieces[last].place.rows += 1
            } else {
                let line = Rect(column: place.visible.column, row: row, columns: place.visible.columns, rows: 1)
                pieces.append(Piece(picture: place.picture, rows: own..<own + 1, place: line))
            }
        }
        return pieces
    }

    private mutating func bytes(of piece: Piece, placement: UInt32, _ commands: inout Commands) -> [UInt8]? {
        let goes = "\u{1B}7\u{1B}[\(piece.place.row + 1);\(piece.place.column + 1)H"
        if ability.method == .sixel {
            guard case .sixel(let bands) = store.image(for: piece.picture) else {
                want(piece.picture)
                return nil
            }
            let height = ability.cell.height
            let bytes = bands.sequence(pixels: piece.rows.lowerBound * height..<piece.rows.upperBound * height)
            return Array(goes.utf8) + bytes + Array("\u{1B}8".utf8)
        }
        guard case .png(let png) = store.image(for: piece.picture) else {
            want(piece.picture)
            return nil
        }
        let id = id(of: piece.picture)
        if sent.insert(piece.picture).inserted {
            commands.before += KittyGraphics.transmit(png, id: id, cells: nil).joined()
        }
        let top = piece.rows.lowerBound * ability.cell.height
        let height = min(piece.rows.count * ability.cell.height, piece.picture.drawn.height - top)
        let part = PixelRect(
            x: 0, y: top, width: min(piece.picture.drawn.width, piece.place.columns * ability.cell.width),
            height: height)
        guard height > 0 else { return nil }
        return Array((goes + KittyGraphics.place(id: id, placement: placement, part: part) + "\u{1B}8").utf8)
    }

    private func erasing(_ old: Painted) -> String {
        guard ability.method == .sixel else {
            return ids[old.piece.picture].map { KittyGraphics.remove(id: $0, placement: old.placement) } ?? ""
        }
        // Written over rather than cleared: not every terminal takes sixels away with what is cleared.
        let blanks = String(repeating: " ", count: old.piece.place.columns)
        return "\u{1B}7\u{1B}[m"
            + old.piece.place.rowRange.map { "\u{1B}[\($0 + 1);\(old.piece.place.column + 1)H\(blanks)" }.joined()
            + "\u{1B}8"
    }

    // A picture in two pieces is wanted once.
    private mutating func want(_ picture: PictureCut) { if !wanted.contains(picture) { wanted.append(picture) } }

    // MARK: - Numbers

    private mutating func id(of picture: PictureCut) -> UInt32 {
        if let id = ids[picture] { return id }
        let id = KittyPlaceholder.id(idCount, salt: salt)
        idCount += 1
        ids[picture] = id
        return id
    }

    private func wrapped(_ command: String) -> String { isTmux ? KittyGraphics.throughTmux(command) : command }
}

extension PicturePlace {
    /// The cells in sight, row by row.
    fileprivate var points: [Point] {
        visible.rowRange.flatMap { row in visible.columnRange.map { Point(column: $0, row: row) } }
    }
}
