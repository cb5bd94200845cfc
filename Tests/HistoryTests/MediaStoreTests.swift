import Conversation
import FoundationEssentials
import Glibc
import TestSupport
import Testing

@testable import History

@Suite struct MediaStoreTests {
    let directory = TemporaryDirectory()
    let bytes = Array("not really a picture".utf8)

    @Test("returns what was stored, under the hash of the content") func roundTrip() throws {
        let media = try directory.media.store(bytes, mediaType: "image/png", width: 3, height: 2)

        #expect(media.sha256 == SHA256.hash(bytes))
        #expect(media.byteCount == bytes.count)
        #expect(media.width == 3 && media.height == 2)
        #expect(try directory.media.bytes(of: media) == bytes)
        #expect(
            directory.media.path(of: media)
                == "\(directory.media.directory)/\(media.sha256.prefix(2))/\(media.sha256).png")
    }

    @Test("keeps files from the eyes of others") func permissionsOfFiles() throws {
        let media = try directory.media.store(bytes, mediaType: "image/png", width: 1, height: 1)
        let path = try #require(directory.media.path(of: media))

        #expect(permissions(path) == 0o600)
        #expect(permissions(PrivateFile.directory(of: path)) == 0o700)
        #expect(permissions(directory.media.directory) == 0o700)
    }

    @Test("keeps the same picture once, and leaves no temporary file") func once() throws {
        let first = try directory.media.store(bytes, mediaType: "image/png", width: 1, height: 1)
        let second = try directory.media.store(bytes, mediaType: "image/png", width: 1, height: 1)

        #expect(first == second)
        let folder = "\(directory.media.directory)/\(first.sha256.prefix(2))"
        #expect(PrivateFile.names(in: folder) == ["\(first.sha256).png"])
    }

    @Test("writes a picture again whose file was cut short") func repairs() throws {
        let media = try directory.media.store(bytes, mediaType: "image/png", width: 1, height: 1)
        let path = try #require(directory.media.path(of: media))
        #expect(truncate(path, 4) == 0)
        #expect(throws: ReplyFailure.self) { try directory.media.bytes(of: media) }

        _ = try directory.media.store(bytes, mediaType: "image/png", width: 1, height: 1)

        #expect(try directory.media.bytes(of: media) == bytes)
    }

    @Test("moves a finished recording in") func adopt() throws {
        var random = SeededRandom(seed: 1)
        let recording = random.bytes(600_000)
        let file = try directory.media.incomingPath(for: "video/x-matroska")
        #expect(file.hasSuffix(".mkv"))
        #expect(FileManager.default.createFile(atPath: file, contents: Data(recording)))
        chmod(file, 0o644)

        let media = try directory.media.adopt(file: file, mediaType: "video/x-matroska", width: 640, height: 480)

        #expect(media.sha256 == SHA256.hash(recording))
        #expect(media.byteCount == recording.count)
        #expect(try directory.media.bytes(of: media) == recording)
        #expect(permissions(file) == nil)
        #expect(permissions(try #require(directory.media.path(of: media))) == 0o600)
    }

    @Test("adopts the same recording twice") func adoptTwice() throws {
        var all: Set<MediaReference> = []
        for name in ["a", "b"] {
            let file = "\(directory.path)/\(name).mkv"
            #expect(FileManager.default.createFile(atPath: file, contents: Data(bytes)))
            all.insert(try directory.media.adopt(file: file, mediaType: "video/x-matroska", width: 1, height: 1))
            #expect(permissions(file) == nil)
        }
        #expect(all.count == 1)
    }

    @Test("adopts a file from another file system", .enabled(if: access("/dev/shm", W_OK) == 0, "needs /dev/shm"))
    func adoptAcross() throws {
        let file = "/dev/shm/scry-\(UUID().uuidString).mkv"
        #expect(FileManager.default.createFile(atPath: file, contents: Data(bytes)))

        let media = try directory.media.adopt(file: file, mediaType: "video/x-matroska", width: 1, height: 1)

        #expect(try directory.media.bytes(of: media) == bytes)
        #expect(permissions(file) == nil)
    }

    @Test("says in a sentence that a file is gone") func gone() throws {
        let media = try directory.media.store(bytes, mediaType: "image/png", width: 1, height: 1)
        unlink(try #require(directory.media.path(of: media)))

        let failure = #expect(throws: ReplyFailure.self) { try directory.media.bytes(of: media) }

        #expect(failure?.kind == .attachmentUnreadable)
        #expect(failure?.message.contains("it was deleted") == true)
    }

    @Test(
        "never makes a path of a name that is no hash",
        arguments: ["", "../../etc/passwd", String(repeating: "A", count: 64), String(repeating: "/", count: 64), "é"])
    func hostileNames(name: String) {
        let media = MediaReference(sha256: name, mediaType: "image/png", byteCount: 1, width: 1, height: 1)

        #expect(directory.media.path(of: media) == nil)
        #expect(throws: ReplyFailure.self) { try directory.media.bytes(of: media) }
    }

    @Test("says in a sentence where it cannot write") func unwritable() throws {
        let blocked = MediaStore(directory: "/dev/null/media")

        let failure = #expect(throws: HistoryFailure.self) {
            try blocked.store(bytes, mediaType: "image/png", width: 1, height: 1)
        }

        #expect(failure?.message.contains("/dev/null/media") == true)
    }

    @Test("says that the disk is full") func diskFull() throws {
        let failure = HistoryFailure(ENOSPC, doing: "write", at: "/data/media/ab/abc.png")

        #expect(failure.kind == .diskFull)
        #expect(
            failure.message
                == "Scry could not write /data/media/ab/abc.png because the disk is full; free some space and go on.")
    }

    @Test("leaves nothing behind when a file cannot be written whole") func cutShort() async throws {
        let path = directory.path
        await #expect(processExitsWith: .success) { [path = path as String] in
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 4096, rlim_max: 4096)
            setrlimit(__rlimit_resource_t(1), &limit)  // RLIMIT_FSIZE
            let media = MediaStore(directory: path)
            let small = try media.store([1], mediaType: "image/png", width: 1, height: 1)
            #expect(throws: HistoryFailure.self) {
                try media.store([UInt8](repeating: 2, count: 9000), mediaType: "image/png", width: 1, height: 1)
            }
            #expect(try media.bytes(of: small) == [1])
        }

        let files = PrivateFile.names(in: path).flatMap { PrivateFile.names(in: path + "/" + $0) }
        #expect(files.count == 1)
        #expect(files.allSatisfy { !$0.hasSuffix(".tmp") })
    }
}
