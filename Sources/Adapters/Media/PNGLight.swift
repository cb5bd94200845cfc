import CLibAV

/// What a PNG file says of the light that its numbers mean: older versions of libav pass over that.
struct PNGLight {
    let primaries: AVColorPrimaries
    let transfer: AVColorTransferCharacteristic

    /// Looks for the note; nil where there is none.
    init?(of file: [UInt8]) {
        guard file.starts(with: [0x89, 0x50, 0x4E, 0x47]) else { return nil }
        var reader = BoxReader(file.dropFirst(8))
        while let size = reader.number(4), let type = reader.letters(), type != "IDAT", var content = reader.chunk(size)
        {
            guard type == "cICP" else { continue }
            guard let primaries = content.number(1), let transfer = content.number(1) else { return nil }
            self.primaries = AVColorPrimaries(rawValue: UInt32(primaries))
            self.transfer = AVColorTransferCharacteristic(rawValue: UInt32(transfer))
            return
        }
        return nil
    }
}

extension BoxReader {
    /// What is in a chunk; the checksum behind it is passed over.
    fileprivate mutating func chunk(_ size: Int) -> BoxReader? {
        guard let content = bytes(size), bytes(4) != nil else { return nil }
        return BoxReader(content)
    }
}
