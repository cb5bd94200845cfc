import CChafa

/// Why a picture cannot be drawn.
public enum PictureFailure: Error, Hashable, CustomStringConvertible {
    /// The library that draws is missing; what the system said.
    case noLibrary(String)
    /// It is too small or too large.
    case notDrawn

    /// A sentence for people.
    public var description: String {
        switch self {
        case .noLibrary(let reason):
            "Pictures need libchafa here, and it cannot be loaded: \(reason). Install it (on Debian: libchafa0)."
        case .notDrawn: "The picture cannot be drawn in this size; make the window larger."
        }
    }

    /// What the system says where the library cannot be loaded, which may take a moment; nil where it can.
    public static var missingLibrary: String? {
        var reason = [CChar](repeating: 0, count: 512)
        guard cchafa_load(&reason, reason.count) != 0 else { return nil }
        return String(decoding: reason.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
