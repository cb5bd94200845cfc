import Foundation

/// Tells large files apart without reading all of them.
public enum MediaFingerprint {
    private static let samples = 16
    private static let sampleBytes = 1 << 16

    /// A name for what is in a file, by its size and samples of its bytes: 64 lower-case hexadecimal digits.
    ///
    /// - Throws: `HistoryFailure` when the file cannot be read.
    public static func of(_ path: String) throws(HistoryFailure) -> String {
        do {
            let file = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? file.close() }
            let size = try file.seekToEnd()
            var hash = SHA256()
            hash.update(Array("\(size)".utf8))
            for sample in 0..<UInt64(samples) {
                let last = size > UInt64(sampleBytes) ? size - UInt64(sampleBytes) : 0
                try file.seek(toOffset: last / UInt64(samples - 1) * sample)
                hash.update([UInt8](try file.read(upToCount: sampleBytes) ?? Data()))
            }
            return hash.finish()
        } catch {
            throw HistoryFailure(.missing, "\(path) cannot be read: \(error.localizedDescription)")
        }
    }
}
