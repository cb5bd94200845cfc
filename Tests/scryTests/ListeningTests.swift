import Desktop
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import scry

@Suite("Pictures and hotkeys between our programs", .serialized)
struct ListeningTests {
    private static let desktop = Region(x: 3, y: -4, width: 2, height: 3)

    /// A runtime directory of a test's own.
    private func withPlaces(_ body: (Places) async throws -> Void) async throws {
        let home = "/tmp/scry-listening-\(getpid())-\(UInt32.random(in: 0 ..< .max))"
        defer { try? FileManager.default.removeItem(atPath: home) }
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        try await body(Places(environment: ["HOME": home, "XDG_RUNTIME_DIR": home]))
    }

    private func parcel(_ label: String = "DP-1", format: PixelFormat = .bgrx, padding: Int = 0) -> PictureParcel {
        let stride = 2 * format.bytesPerPixel + padding
        let pixels = PixelBuffer(byteCount: stride * 3) { memory in
            for index in memory.indices { memory[index] = UInt8(index) }
        }
        let frame = Frame(width: 2, height: 3, stride: stride, format: format, pixels: pixels, time: 0)
        return PictureParcel(
            CapturedPicture(frame: frame, label: label, region: Self.desktop),
            takenAt: Date(timeIntervalSince1970: 1_700_000_000))
    }

    private func pixels(_ parcel: PictureParcel) -> [UInt8] { parcel.picture.frame.pixels.withBytes { Array($0) } }

    // MARK: - Parcels

    @Test("a picture arrives as it was sent, and its file is gone then")
    func parcels() async throws {
        try await withPlaces { places in
            try places.make(places.runtime)
            let path = places.runtime + "/picture"
            try OwnFile.write(parcel("a\u{1B}[31m label").bytes, to: path)

            let got = try PictureParcel.take(path)

            #expect(pixels(got) == Array(0..<24))
            #expect(got.picture.region == Self.desktop)
            #expect(!got.picture.label.unicodeScalars.contains("\u{1B}"))
            #expect(got.takenAt == Date(timeIntervalSince1970: 1_700_000_000))
            #expect(!FileManager.default.fileExists(atPath: path))
            #expect(throws: CommandFailure.self) { try PictureParcel.take(path) }
        }
    }

    @Test("other layouts of pixels are turned into the one that is sent")
    func layouts() throws {
        let bytes = parcel(format: .rgb, padding: 2).bytes
        let end = try #require(bytes.firstIndex(of: 10))

        // The rows are 0…7 and 8…15 and so on, red first, two bytes of padding.
        #expect(Array(bytes[(end + 1)...].prefix(16)) == [2, 1, 0, 255, 5, 4, 3, 255, 10, 9, 8, 255, 13, 12, 11, 255])
    }

    @Test("what is no parcel is refused", arguments: 0..<40)
    func hostile(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        var bytes = parcel().bytes
        switch seed % 4 {
        case 0: bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
        case 1: bytes.append(contentsOf: Array(random.bytes(count: 9).utf8))
        case 2: bytes = Array(random.scalars(count: 200).utf8)
        default:
            let header =
                #"{"scry":1,"label":"x","region":{"x":0,"y":0,"width":1,"height":1},"takenAt":"2026-01-01T00:00:00Z","#
            let sizes = [
                "\"width\":0,\"height\":1}", "\"width\":-1,\"height\":-1}", "\"width\":32767,\"height\":32767}",
            ]
            bytes = Array((header + sizes[Int(seed) / 4 % 3] + "\n").utf8)
        }
        try await withPlaces { places in
            try places.make(places.runtime)
            let path = places.runtime + "/picture"
            try OwnFile.write(bytes, to: path)

            #expect(throws: CommandFailure.self) { try PictureParcel.take(path) }
        }
    }

    // MARK: - Doors

    @Test("a picture reaches the chat that was used last, and the answer says where its terminal is")
    func doors() async throws {
        try await withPlaces { places in
            let got = Mutex<[String]>([])
            func door(_ name: String) throws -> ChatDoor {
                try #require(
                    ChatDoor(places, answering: { ChatDoor.Answer(window: 7, process: 9) }) { delivery in
                        if case .picture(let parcel) = delivery {
                            got.withLock { $0.append("\(name) \(parcel.picture.label)") }
                        } else {
                            got.withLock { $0.append("\(name) record") }
                        }
                    })
            }
            #expect(ChatVisit.bring(parcel().bytes, to: places) == nil)
            let first = try door("first")
            let second = try door("second")
            let rights = try FileManager.default.attributesOfItem(atPath: places.chatSocket)[.posixPermissions] as? Int
            #expect(rights == 0o600)

            try await Task.sleep(for: .milliseconds(20))
            first.touch()
            let visit = ChatVisit.bring(parcel("one").bytes, to: places)
            #expect(visit?.answer.window == 7 && visit?.answer.process == 9)
            #expect(visit?.process == getpid())
            try await Task.sleep(for: .milliseconds(20))
            second.touch()
            _ = ChatVisit.bring(ChatVisit.order("record"), to: places)
            second.close()
            _ = ChatVisit.bring(parcel("three").bytes, to: places)
            first.close()

            #expect(ChatVisit.bring(parcel("four").bytes, to: places) == nil)
            // What is received comes after the answer.
            for _ in 0..<500 where got.withLock({ $0.count }) < 3 { try await Task.sleep(for: .milliseconds(10)) }
            #expect(got.withLock { $0 } == ["first one", "second record", "first three"])
            #expect(try FileManager.default.contentsOfDirectory(atPath: places.runtime).isEmpty)
        }
    }

    @Test("a visitor who talks nonsense, or goes, harms nobody", arguments: 0..<20)
    func strangers(seed: UInt64) async throws {
        try await withPlaces { places in
            let count = Mutex(0)
            let door = try #require(
                ChatDoor(places, answering: { ChatDoor.Answer(window: nil, process: 1) }) { _ in
                    count.withLock { $0 += 1 }
                })
            var random = SeededRandom(seed: seed)
            for _ in 0..<10 {
                let stranger = try #require(LocalSocket.connect(to: places.chatSocket))
                let bytes = Array(random.scalars(count: 50).utf8) + (seed % 2 == 0 ? [10] : [])
                _ = stranger.send(Bool.random(using: &random) ? bytes : Array(parcel().bytes.dropLast(5)))
            }

            #expect(ChatVisit.bring(parcel().bytes, to: places) != nil)
            for _ in 0..<500 where count.withLock({ $0 }) < 1 { try await Task.sleep(for: .milliseconds(10)) }
            #expect(count.withLock { $0 } == 1)
            door.close()
        }
    }

    @Test("what a dead chat left behind is replaced")
    func leftOver() async throws {
        try await withPlaces { places in
            try places.make(places.runtime)
            try OwnFile.write([], to: places.chatSocket)

            let door = ChatDoor(places, answering: { ChatDoor.Answer(window: nil, process: 1) }) { _ in }

            #expect(ChatVisit.bring(parcel().bytes, to: places) != nil)
            door?.close()
        }
    }

    // MARK: - Hotkeys

    @Test("one program at a time has the right to hold the keys")
    func claims() async throws {
        try await withPlaces { places in
            var first = try HotkeyClaim.take(places)
            #expect(first != nil)
            #expect(try HotkeyClaim.take(places) == nil)
            #expect(HotkeyClaim.state(places) == nil)
            let key = HotkeyClaim.State.Key(name: "screen", keys: "Super+S", problem: nil)
            first?.publish(HotkeyClaim.State(process: getpid(), holder: "chat", keys: [key]))
            #expect(HotkeyClaim.state(places)?.keys.first?.keys == "Super+S")

            async let second = HotkeyClaim.waitForIt(places)
            first = nil

            #expect(try await second != nil)
            #expect(HotkeyClaim.state(places) == nil)
        }
    }

    @Test("a plan has what is configured, and says what cannot be")
    func plans() throws {
        var settings = Configuration.Hotkeys()
        settings.window = nil
        settings.prompts = ["translate": "Super+T", "screen": "Super+X", "nonsense": "Super+N"]

        let plan = HotkeyPlan(settings, prompts: ["translate", "screen"])

        #expect(
            plan.hotkeys.map { "\($0.name) \($0.chord)" } == [
                "screen Super+Shift+S", "region Super+Shift+A", "record Super+Shift+V", "prompt screen Super+X",
                "translate Super+T",
            ])
        #expect(
            plan.hotkeys.compactMap(plan.purpose(of:)) == [
                .picture(.screen), .picture(.chosenRegion), .record, .prompt("screen"), .prompt("translate"),
            ])
        #expect(plan.problems.count == 1 && plan.problems[0].contains("nonsense"))
    }

    @Test(
        "knows desktops and writes their lines",
        arguments: [
            (["SWAYSOCK": "/run/sway"], "bindsym Mod4+Shift+s exec scry"),
            (["I3SOCK": "/run/i3"], "bindsym Mod4+Shift+s exec --no-startup-id scry"),
            (["HYPRLAND_INSTANCE_SIGNATURE": "x"], "bind = SUPER SHIFT, S, exec, scry"),
            (["XDG_CURRENT_DESKTOP": "ubuntu:GNOME"], "binding '<Super><Shift>s'"),
            (["XDG_CURRENT_DESKTOP": "XFCE"], "'/commands/custom/<Super><Shift>s' -s 'scry'"),
            (["XDG_CURRENT_DESKTOP": "KDE"], "Meta+Shift+S"),
            ([:], "the key Super+Shift+S runs: scry"),
        ])
    func desktops(environment: [String: String], expected: String) {
        let lines = KnownDesktop(environment).lines(binding: HotkeyChord("Super+Shift+S"), to: "scry")

        #expect(lines.joined(separator: "\n").contains(expected), "\(lines)")
    }

    @Test("names the service only where it is installed and systemd runs, and the desktop's own way elsewhere")
    func autostart() async throws {
        try await withPlaces { places in
            let environment = ["XDG_CONFIG_HOME": places.home + "/config", "SWAYSOCK": "/run/sway"]
            let units = places.home + "/config/systemd/user"
            try FileManager.default.createDirectory(atPath: units, withIntermediateDirectories: true)
            try OwnFile.write([], to: units + "/scry-listen.service")

            #expect(Autostart(environment, systemd: places.home) == .systemd)
            #expect(Autostart(environment, systemd: places.home).words.contains("systemctl"))
            let without = Autostart(environment, systemd: places.home + "/absent")
            #expect(without == .desktop(.sway))
            #expect(without.words == "exec scry listen in ~/.config/sway/config")
            #expect(Autostart(["XDG_CURRENT_DESKTOP": "XFCE"], systemd: "/absent").words.contains("Xfce starts"))
            #expect(Autostart([:], systemd: "/absent").words.contains("your desktop starts"))
            for desktop in KnownDesktop.allCases {
                #expect(!Autostart.desktop(desktop).words.contains("systemctl"))
            }
        }
    }

    @Test("opens the terminal that is set, then the session's, with its class and size")
    func terminals() async throws {
        try await withPlaces { places in
            for name in ["xterm", "kitty", "strange"] {
                try OwnFile.write(Array("#!/bin/sh\n".utf8), to: places.home + "/\(name)")
                chmod(places.home + "/\(name)", 0o700)
            }
            func words(_ settings: Configuration.Popup, _ variables: [String: String] = [:]) throws -> String {
                let environment = ["PATH": places.home].merging(variables) { $1 }
                return try PopupTerminal(settings: settings, environment: environment).command(running: ["scry"])
                    .joined(separator: " ").replacing(places.home + "/", with: "")
            }
            var popup = Configuration.Popup()

            #expect(try words(popup, ["TERMINAL": "xterm"]) == "xterm -class scry-popup -geometry 90x24 -e scry")
            #expect(try words(popup).hasPrefix("kitty --class scry-popup"))
            #expect(try words(popup, ["TERMINAL": "strange"]) == "strange -e scry")
            popup.terminal = "strange --now"
            #expect(try words(popup, ["TERMINAL": "xterm"]) == "strange --now scry")
            popup.terminal = "missing -e"
            #expect(throws: CommandFailure.self) { try words(popup) }
            #expect(throws: CommandFailure.self) { try words(Configuration.Popup(), ["PATH": "/nowhere"]) }
        }
    }

    @Test("notifications end at a word")
    func notifications() {
        #expect(DesktopNotifier.shortened(" short \n") == "short")
        #expect(DesktopNotifier.shortened("one two three", limit: 9) == "one two …")
        #expect(DesktopNotifier.shortened(String(repeating: "x", count: 99), limit: 9) == "xxxxxxxxx …")
    }
}
