/// A sixel sequence read back into pixels: colours as the sequence defines them, nil where nothing is drawn.
struct SixelPicture {
    var width = 0
    var height = 0
    var pixels: [[(red: Int, green: Int, blue: Int)?]] = []

    init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: Array("\u{1B}P".utf8)), bytes.suffix(2) == Array("\u{1B}\\".utf8)[...],
            let start = bytes.firstIndex(of: UInt8(ascii: "q"))
        else { return nil }
        var index = start + 1
        let end = bytes.count - 2
        func numbers() -> [Int] {
            var all = [0]
            while index < end, (0x30...0x3B).contains(bytes[index]) {
                if bytes[index] == UInt8(ascii: ";") {
                    all.append(0)
                } else {
                    all[all.count - 1] = all[all.count - 1] * 10 + Int(bytes[index] - 0x30)
                }
                index += 1
            }
            return all
        }
        var palette: [Int: (Int, Int, Int)] = [:]
        var (color, x, band, count) = (0, 0, 0, 1)
        while index < end {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""):
                let raster = numbers()
                guard raster.count == 4 else { return nil }
                (width, height) = (raster[2], raster[3])
                pixels = Array(repeating: Array(repeating: nil, count: width), count: height)
            case UInt8(ascii: "#"):
                let values = numbers()
                color = values[0]
                if values.count == 5, values[1] == 2 { palette[color] = (values[2], values[3], values[4]) }
            case UInt8(ascii: "!"): count = numbers()[0]
            case UInt8(ascii: "$"): x = 0
            case UInt8(ascii: "-"): (x, band) = (0, band + 1)
            case 0x3F...0x7E:
                for _ in 0..<count {
                    for bit in 0..<6 where (byte - 0x3F) >> UInt8(bit) & 1 == 1 {
                        guard band * 6 + bit < height, x < width else { return nil }
                        pixels[band * 6 + bit][x] = palette[color].map { (red: $0.0, green: $0.1, blue: $0.2) }
                    }
                    x += 1
                }
                count = 1
            default: return nil
            }
        }
    }
}
