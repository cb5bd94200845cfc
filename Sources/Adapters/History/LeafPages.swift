import FoundationEssentials
import GRDB

/// Reads the rows of tables straight from the pages of a database file, where the pages that lead to them are damaged.
///
/// https://www.sqlite.org/fileformat2.html says how they lie there. Every number may be wrong: what does not fit is no row.
struct LeafPages {
    private let file: Data
    private let pageSize: Int
    /// Bytes of a page that rows may use.
    private let usable: Int

    /// Maps a file; nil when there is none.
    init?(path: String) {
        guard let file = try? Data(contentsOf: URL(filePath: path), options: .mappedIfSafe), file.count >= 512 else {
            return nil
        }
        self.file = file
        let size = Int(file[16]) << 8 | Int(file[17])
        let isKnown = size == 1 || size >= 512 && size.nonzeroBitCount == 1
        // The size that every history has, for a file whose head is gone, too.
        pageSize = size == 1 ? 65_536 : isKnown ? size : 4096
        usable = isKnown ? max(480, pageSize - Int(file[20])) : pageSize
    }

    /// Calls with the number and the values of every row that has so many values.
    func forEachRow(columns: Int, _ body: (Int64, [DatabaseValue]) throws -> Void) rethrows {
        for start in stride(from: 0, to: file.count - pageSize + 1, by: pageSize) {
            // The first page begins with the head of the file.
            let head = start == 0 ? 100 : start
            guard file[head] == 0x0D else { continue }
            let count = number(at: head + 3, bytes: 2)
            guard head - start + 8 + 2 * count <= usable else { continue }
            for cell in 0..<count {
                let offset = number(at: head + 8 + 2 * cell, bytes: 2)
                guard offset >= 8, offset < usable, let row = row(at: start + offset, in: start, columns) else {
                    continue
                }
                try body(row.number, row.values)
            }
        }
    }

    // MARK: - Private

    private func row(at place: Int, in page: Int, _ columns: Int) -> (number: Int64, values: [DatabaseValue])? {
        var place = place
        guard let length = varint(&place, file), let number = varint(&place, file), length > 0, length < 1 << 30,
            let payload = payload(at: place, in: page, length: Int(length))
        else { return nil }
        var head = 0
        guard let headLength = varint(&head, payload), headLength > 0, headLength <= length else { return nil }
        var body = Int(headLength)
        var values: [DatabaseValue] = []
        while head < Int(headLength) {
            guard values.count < columns, let type = varint(&head, payload),
                let value = Self.value(type, at: &body, in: payload)
            else { return nil }
            values.append(value)
        }
        return values.count == columns && body == payload.count ? (number, values) : nil
    }

    /// The bytes of a row; long ones go on in pages of their own.
    private func payload(at place: Int, in page: Int, length: Int) -> Data? {
        let most = usable - 35
        var local = length
        if length > most {
            let least = (usable - 12) * 32 / 255 - 23
            let wanted = least + (length - least) % (usable - 4)
            local = wanted <= most ? wanted : least
        }
        guard place + local + (local < length ? 4 : 0) <= page + usable else { return nil }
        var payload = Data(file[place..<place + local])
        var next = local < length ? number(at: place + local, bytes: 4) : 0
        while payload.count < length {
            let start = (next - 1) * pageSize
            guard next > 1, start + pageSize <= file.count else { return nil }
            payload += file[(start + 4)..<start + 4 + min(usable - 4, length - payload.count)]
            next = number(at: start, bytes: 4)
        }
        return payload
    }

    private static func value(_ type: Int64, at place: inout Int, in payload: Data) -> DatabaseValue? {
        let sizes = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0]
        guard type >= 0, type < 10 || type >= 12, type < 1 << 31 else { return nil }
        let size = type < 10 ? sizes[Int(type)] : Int(type - 12) / 2
        guard place + size <= payload.count else { return nil }
        let bytes = payload[place..<place + size]
        place += size
        switch type {
        case 0: return .null
        case 1...6:
            var number: Int64 = (bytes.first ?? 0) >= 0x80 ? -1 : 0
            for byte in bytes { number = number << 8 | Int64(byte) }
            return number.databaseValue
        case 7: return Double(bitPattern: bytes.reduce(0) { $0 << 8 | UInt64($1) }).databaseValue
        case 8, 9: return (type - 8).databaseValue
        case _ where type.isMultiple(of: 2): return bytes.databaseValue
        default: return String(validating: bytes, as: UTF8.self)?.databaseValue
        }
    }

    private func number(at place: Int, bytes: Int) -> Int {
        file[place..<place + bytes].reduce(0) { $0 << 8 | Int($1) }
    }

    /// Seven bits a byte, the ninth byte whole.
    private func varint(_ place: inout Int, _ bytes: Data) -> Int64? {
        var value: UInt64 = 0
        for index in 0..<9 {
            guard place < bytes.count else { return nil }
            let byte = bytes[place]
            place += 1
            if index == 8 { return Int64(bitPattern: value << 8 | UInt64(byte)) }
            value = value << 7 | UInt64(byte & 0x7F)
            if byte < 0x80 { return Int64(bitPattern: value) }
        }
        return nil
    }
}
