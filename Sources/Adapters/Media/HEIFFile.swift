/// What is in a HEIC or AVIF file: pictures as items, what is said of them, and what they are made from.
struct HEIFFile {
    /// What is said of an item, in the order in which it is to be applied.
    enum Property {
        /// How its codec is set up.
        case configuration(ArraySlice<UInt8>)
        /// Standards of primaries, brightness curve and mixing, and whether the full range is used.
        case colors(primaries: Int, transfer: Int, matrix: Int, isFullRange: Bool)
        /// The part that is shown, about the middle: its size, and how far its middle is off, each as a fraction.
        case aperture([Double])
        /// Right angles to be turned anticlockwise.
        case rotation(Int)
        /// What is exchanged: top and bottom, else left and right.
        case mirror(isVertical: Bool)
        /// What it is to the item that it belongs to.
        case role(String)
        case other
    }

    /// A picture, or what one is made from.
    struct Item {
        var type = ""
        var properties: [Property] = []
        /// Where the bytes are, in the file or in the box of small data.
        var extents: [(offset: Int, length: Int?)] = []
        var isInBox = false
    }

    private static let most = 20_000

    /// The item that is the file's picture.
    let primary: Int
    private(set) var items: [Int: Item] = [:]
    /// By kind, from an item to others.
    private var references: [String: [Int: [Int]]] = [:]
    private var data: ArraySlice<UInt8> = []
    private let file: [UInt8]

    /// Whether a file's first bytes are those of such a file, and its media type.
    static func mediaType(ofHead head: [UInt8]) -> String? {
        guard head.count >= 12, head[4..<8].elementsEqual("ftyp".utf8) else { return nil }
        switch String(decoding: head[8..<12], as: UTF8.self) {
        case "avif", "avis": return "image/avif"
        case "heic", "heix", "heim", "heis", "mif1", "msf1": return "image/heic"
        default: return nil
        }
    }

    /// Reads the file's description; nil when there is none, or it is damaged.
    init?(_ file: [UInt8]) {
        self.file = file
        guard var meta = BoxReader(file[...]).boxes().first(where: { $0.type == "meta" })?.content,
            meta.number(4) != nil
        else { return nil }
        let boxes = meta.boxes()
        func content(_ type: String) -> BoxReader? { boxes.first { $0.type == type }?.content }
        guard var main = content("pitm"), let version = main.number(4), let infos = content("iinf"),
            let places = content("iloc"), let primary = main.number(version >> 24 == 0 ? 2 : 4)
        else { return nil }
        self.primary = primary
        data = content("idat")?.rest ?? []
        readInfos(infos)
        readPlaces(places)
        if let references = content("iref") { readReferences(references) }
        if let properties = content("iprp") { readProperties(properties) }
        guard items[primary] != nil else { return nil }
    }

    /// The bytes of an item; nil when some are missing.
    func bytes(of id: Int) -> [UInt8]? {
        guard let item = items[id], !item.extents.isEmpty else { return nil }
        let source = item.isInBox ? data : file[...]
        var bytes: [UInt8] = []
        for (offset, length) in item.extents {
            guard offset >= 0, offset <= source.count else { return nil }
            let length = length ?? source.count - offset
            guard length >= 0, length <= source.count - offset, bytes.count + length <= file.count else { return nil }
            bytes += source[(source.startIndex + offset)...].prefix(length)
        }
        return bytes
    }

    /// The items that an item refers to.
    func targets(of id: Int, _ kind: String) -> [Int] { references[kind]?[id] ?? [] }

    /// The item that says how far another one is seen through.
    func alpha(of id: Int) -> Int? {
        references["auxl"]?.first { item, targets in
            targets.contains(id)
                && items[item]?.properties.contains {
                    if case .role(let role) = $0 {
                        role.hasSuffix(":alpha") || role.hasSuffix("auxid:1")
                    } else {
                        false
                    }
                } == true
        }?.key
    }

    // MARK: - Reading

    private mutating func readInfos(_ reader: BoxReader) {
        var reader = reader
        guard let version = reader.number(4), let count = reader.number(version >> 24 == 0 ? 2 : 4) else { return }
        for box in reader.boxes().prefix(min(count, Self.most)) where box.type == "infe" {
            var info = box.content
            guard let version = info.number(4), version >> 24 >= 2, let id = info.number(version >> 24 == 2 ? 2 : 4),
                info.number(2) != nil, let type = info.letters()
            else { continue }
            items[id, default: Item()].type = type
        }
    }

    private mutating func readPlaces(_ reader: BoxReader) {
        var reader = reader
        guard let head = reader.number(4), let sizes = reader.number(2) else { return }
        let version = head >> 24
        guard version < 3, let count = reader.number(version < 2 ? 2 : 4) else { return }
        let (offsetSize, lengthSize) = (sizes >> 12, sizes >> 8 & 15)
        let (baseSize, indexSize) = (sizes >> 4 & 15, version == 0 ? 0 : sizes & 15)
        guard [offsetSize, lengthSize, baseSize, indexSize].allSatisfy({ $0 <= 8 }) else { return }
        var extentCount = 0
        for _ in 0..<min(count, Self.most) {
            guard let id = reader.number(version < 2 ? 2 : 4), let method = version == 0 ? 0 : reader.number(2),
                reader.number(2) != nil, let base = reader.number(baseSize), let extents = reader.number(2),
                method & 15 < 2
            else { return }
            items[id, default: Item()].isInBox = method & 15 == 1
            // Numbers of no bytes cost the file nothing.
            extentCount += extents
            guard extentCount <= Self.most else { return }
            for _ in 0..<extents {
                guard reader.number(indexSize) != nil, let offset = reader.number(offsetSize),
                    let length = reader.number(lengthSize)
                else { return }
                let (place, isTooLarge) = base.addingReportingOverflow(offset)
                guard !isTooLarge else { return }
                items[id]?.extents.append((place, lengthSize == 0 ? nil : length))
            }
        }
    }

    private mutating func readReferences(_ reader: BoxReader) {
        var reader = reader
        guard let version = reader.number(4) else { return }
        let size = version >> 24 == 0 ? 2 : 4
        for box in reader.boxes() {
            var content = box.content
            guard let from = content.number(size), let count = content.number(2) else { continue }
            var targets: [Int] = []
            for _ in 0..<count {
                guard let target = content.number(size) else { break }
                targets.append(target)
            }
            references[box.type, default: [:]][from, default: []] += targets
        }
    }

    private mutating func readProperties(_ reader: BoxReader) {
        let boxes = reader.boxes()
        let known = boxes.first { $0.type == "ipco" }?.content.boxes().map { Self.property($0.type, $0.content) } ?? []
        for box in boxes where box.type == "ipma" {
            var content = box.content
            guard let head = content.number(4), let count = content.number(4) else { continue }
            let idSize = head >> 24 < 1 ? 2 : 4
            let isLong = head & 1 == 1
            for _ in 0..<min(count, Self.most) {
                guard let id = content.number(idSize), let links = content.number(1) else { break }
                for _ in 0..<links {
                    guard let link = content.number(isLong ? 2 : 1) else { break }
                    let index = link & (isLong ? 0x7FFF : 0x7F)
                    if index > 0, index <= known.count { items[id]?.properties.append(known[index - 1]) }
                }
            }
        }
    }

    private static func property(_ type: String, _ reader: BoxReader) -> Property {
        var reader = reader
        switch type {
        case "hvcC", "av1C": return .configuration(reader.rest)
        case "irot": return .rotation((reader.number(1) ?? 0) & 3)
        case "imir": return .mirror(isVertical: (reader.number(1) ?? 0) & 1 == 0)
        case "auxC":
            return .role(String(decoding: reader.rest.dropFirst(4).prefix { $0 != 0 }, as: UTF8.self))
        case "colr":
            guard reader.letters() == "nclx", let primaries = reader.number(2), let transfer = reader.number(2),
                let matrix = reader.number(2), let flags = reader.number(1)
            else { return .other }
            return .colors(
                primaries: primaries, transfer: transfer, matrix: matrix, isFullRange: flags & 0x80 != 0)
        case "clap":
            let fractions = (0..<4).compactMap { _ -> Double? in
                guard let above = reader.number(4), let below = reader.number(4), below > 0 else { return nil }
                return Double(Int32(truncatingIfNeeded: above)) / Double(below)
            }
            return fractions.count == 4 ? .aperture(fractions) : .other
        default: return .other
        }
    }
}
