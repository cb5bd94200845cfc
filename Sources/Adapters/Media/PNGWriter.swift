import CDeflate
import Glibc

/// Writes rows as the bytes of a PNG file.
///
/// The compression is libdeflate's, at its fastest: on screens it takes half of zlib's time and packs as well. libavcodec's
/// encoder would also load a hundred libraries first, which takes as long as a picture.
enum PNGWriter {
    private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    private static let level: Int32 = 1

    /// Makes a file: eight bits a colour, no alpha.
    static func bytes(of rows: PNGRows) throws(MediaFailure) -> [UInt8] {
        guard let compressor = libdeflate_alloc_compressor(level) else { throw noMemory }
        defer { libdeflate_free_compressor(compressor) }

        let plain = try Scratch(byteCount: rows.capacity, isFilled: true)
        rows.write(to: plain.start)
        // Pages of it that are not needed are never touched, and cost nothing.
        let packed = try Scratch(
            byteCount: libdeflate_zlib_compress_bound(compressor, rows.byteCount), isFilled: false)
        let count = libdeflate_zlib_compress(
            compressor, plain.start, rows.byteCount, packed.start, packed.byteCount)
        // The length of a chunk has 31 bits.
        guard count > 0, count <= Int(Int32.max) else {
            throw MediaFailure(.tooLarge, "A picture of \(rows.width)×\(rows.height) pixels is too large for PNG.")
        }

        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 64)
        bytes += signature
        // Eight bits, red green blue, and the only compression, filters and order of rows that there are by default.
        let header = number(rows.width) + number(rows.height) + [8, 2, 0, 0, 0]
        header.withUnsafeBytes { append("IHDR", $0, to: &bytes) }
        append("IDAT", UnsafeRawBufferPointer(start: packed.start, count: count), to: &bytes)
        append("IEND", UnsafeRawBufferPointer(start: nil, count: 0), to: &bytes)
        return bytes
    }

    // MARK: - Chunks

    private static func append(_ name: StaticString, _ contents: UnsafeRawBufferPointer, to bytes: inout [UInt8]) {
        bytes += number(contents.count)
        let start = bytes.count
        name.withUTF8Buffer { bytes += $0 }
        bytes.append(contentsOf: contents)
        let sum = bytes.withUnsafeBytes { libdeflate_crc32(0, $0.baseAddress.map { $0 + start }, $0.count - start) }
        bytes += number(Int(sum))
    }

    private static func number(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    private static var noMemory: MediaFailure {
        MediaFailure(.notEncoded, "There is not enough memory for a picture.")
    }

    /// Memory for as long as it is held; where it will be filled, in large pages if the system has them: a page costs more
    /// than to fill it.
    private struct Scratch: ~Copyable {
        let start: UnsafeMutableRawPointer
        let byteCount: Int

        private static let largePage = 2 << 20

        init(byteCount: Int, isFilled: Bool) throws(MediaFailure) {
            var memory: UnsafeMutableRawPointer?
            let isLarge = isFilled && byteCount >= 2 * Self.largePage
            guard posix_memalign(&memory, isLarge ? Self.largePage : 64, byteCount) == 0, let memory else {
                throw noMemory
            }
            if isLarge { madvise(memory, byteCount, MADV_HUGEPAGE) }
            start = memory
            self.byteCount = byteCount
        }

        deinit { free(start) }
    }
}
