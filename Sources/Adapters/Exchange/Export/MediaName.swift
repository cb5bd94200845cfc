public import Conversation

extension MediaReference {
    /// The name of its file in an export: by what is in it, so that the same picture is one file.
    var exportName: String { sha256.prefix(16) + "." + fileExtension }

    /// Whether the reference is one that a store can have made; those of damaged rows are not made file names of.
    var isSound: Bool {
        sha256.utf8.count == 64 && sha256.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    private var fileExtension: String {
        switch mediaType {
        case "image/png": "png"
        case "image/jpeg": "jpg"
        case "image/webp": "webp"
        case "image/gif": "gif"
        case "application/pdf": "pdf"
        case "video/x-matroska", "video/matroska": "mkv"
        case "video/webm": "webm"
        case "video/mp4": "mp4"
        default: "bin"
        }
    }
}

/// Puts pictures and recordings into a folder beside an export.
public struct MediaFolder {
    /// Where the folder is.
    public let path: String
    private let media: any MediaLibrary
    private var isMade = false

    /// - Parameters:
    ///   - path: The folder; it is made with the first file.
    ///   - media: Has the bytes.
    public init(path: String, media: any MediaLibrary) {
        self.path = path
        self.media = media
    }

    /// Writes the file of a reference, unless it is there.
    ///
    /// - Returns: The file's name in the folder, or nil when the bytes are gone.
    mutating func add(_ reference: MediaReference) throws(ExchangeFailure) -> String? {
        guard reference.isSound, let bytes = try? media.bytes(of: reference) else { return nil }
        if !isMade {
            try NewFile.makeFolder(path)
            isMade = true
        }
        // What is there under a name of this kind has the same bytes, or was cut short by a full disk once.
        try NewFile.write("\(path)/\(reference.exportName)", replaces: true) { file throws(ExchangeFailure) in
            try file.write(bytes)
        }
        return reference.exportName
    }
}
