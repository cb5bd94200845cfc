import Exchange
import Foundation
import Testing

@Suite("New files")
struct NewFileTests {
    @Test("A file that is there stays, unless it may be replaced")
    func existing() throws {
        let folder = try Folder()
        let path = folder.path + "/chat.md"
        try Data("old".utf8).write(to: URL(filePath: path))
        #expect {
            try NewFile.write(path, replaces: false) { file throws(ExchangeFailure) in try file.write([65]) }
        } throws: { ($0 as? ExchangeFailure)?.kind == .exists && "\($0)".contains("--force") }
        #expect(try folder.text("chat.md") == "old")
        try NewFile.write(path, replaces: true) { file throws(ExchangeFailure) in try file.write([65]) }
        #expect(try folder.text("chat.md") == "A")
        #expect(folder.names == ["chat.md"])
    }

    @Test("What appears while an export is written is not overwritten")
    func raced() throws {
        let folder = try Folder()
        let path = folder.path + "/chat.md"
        #expect {
            try NewFile.write(path, replaces: false) { file throws(ExchangeFailure) in
                try file.write([65])
                try? Data("theirs".utf8).write(to: URL(filePath: path))
            }
        } throws: { ($0 as? ExchangeFailure)?.kind == .exists }
        #expect(try folder.text("chat.md") == "theirs" && folder.names == ["chat.md"])
    }

    @Test("A full disk leaves nothing behind, and a sentence")
    func failed() throws {
        let folder = try Folder()
        #expect(throws: ExchangeFailure.self) {
            try NewFile.write(folder.path + "/a", replaces: false) { file throws(ExchangeFailure) in
                try file.write([65])
                try NewFile.makeFolder("/dev/null/x")
            }
        }
        #expect(folder.names.isEmpty)
        #expect(throws: ExchangeFailure.self) {
            try NewFile.write("/nowhere/a", replaces: false) { file throws(ExchangeFailure) in try file.write([65]) }
        }
    }

    @Test("Exports are readable by their owner only")
    func mode() throws {
        let folder = try Folder()
        try NewFile.write(folder.path + "/a", replaces: false) { file throws(ExchangeFailure) in try file.write([65]) }
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/a")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }
}
