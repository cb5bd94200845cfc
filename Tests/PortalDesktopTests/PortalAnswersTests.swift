import Desktop
import TestSupport
import Testing

@testable import PortalDesktop

@Suite struct PortalAnswersTests {
    @Test("reads what Start answers, with or without what newer portals add")
    func grant() throws {
        let streams = BusValue.array(
            of: "(ua{sv})",
            [
                .structure([
                    .uint32(42),
                    .options([
                        "position": .structure([.int32(-1920), .int32(10)]),
                        "size": .structure([.int32(1), .int32(2)]),
                        "source_type": .uint32(1), "mapping_id": .string("x"),
                    ]),
                ]),
                .structure([.uint32(43), .options([:])]),
            ])

        let grant = try ScreenCastPortal.grant(
            ["streams": .variant(streams), "restore_token": .string("abc")], session: "/s")
        let bare = try ScreenCastPortal.grant(
            ["streams": .array(of: "(ua{sv})", [.structure([.uint32(7), .options([:])])])], session: "/s")

        #expect(grant == .init(session: "/s", node: 42, x: -1920, y: 10, token: "abc"))
        #expect(bare == .init(session: "/s", node: 7, x: 0, y: 0, token: nil))
    }

    @Test(
        "refuses answers that make no sense",
        arguments: [
            [:], ["streams": .string("x")], ["streams": .array(of: "(ua{sv})", [])],
            ["streams": .array(of: "u", [.uint32(1)])],
            ["streams": .array(of: "(sa{sv})", [.structure([.string("1"), .options([:])])])],
            ["streams": .array(of: "(xa{sv})", [.structure([.int64(-1), .options([:])])])],
            ["streams": .array(of: "(u)", [.structure([.uint32(1)])])],
        ] as [[String: BusValue]])
    func senseless(results: [String: BusValue]) {
        #expect(throws: Portal.Ending.senseless("streams")) {
            try ScreenCastPortal.grant(results, session: "/s")
        }
    }

    @Test("keeps no token that could not be stored")
    func token() throws {
        let streams = BusValue.array(of: "(ua{sv})", [.structure([.uint32(7), .options([:])])])
        for token in ["two words", "", "line\nbreak", String(repeating: "x", count: 300)] {
            let grant = try ScreenCastPortal.grant(["streams": streams, "restore_token": .string(token)], session: "/")
            #expect(grant.token == nil)
        }
    }

    @Test(
        "takes files alone from what the Screenshot portal names",
        arguments: [
            ("file:///tmp/out.png", "/tmp/out.png"), ("file:///tmp/a%20b%C3%A9.png", "/tmp/a bé.png"),
            ("file:///", "/"), ("file://host/x", nil), ("http://x/y", nil), ("/tmp/x", nil), ("file:///a%", nil),
            ("file:///a%4", nil), ("file:///a%zz", nil), ("file:///a%00b", nil), ("file:///%FF", nil), ("", nil),
        ] as [(String, String?)])
    func address(text: String, path: String?) {
        #expect(ScreenshotPortal.path(of: text) == path)
    }

    @Test("asks for the pointer in the best way that there is, and not at all where it cannot be asked for")
    func pointers() {
        func abilities(_ version: Int, _ pointers: ScreenCastPortal.Pointers) -> ScreenCastPortal.Abilities {
            .init(version: version, kinds: .monitor, pointers: pointers)
        }
        #expect(abilities(4, [.hidden, .embedded, .metadata]).pointer(isShown: false) == .metadata)
        #expect(abilities(4, [.hidden, .embedded]).pointer(isShown: true) == .embedded)
        #expect(abilities(4, [.hidden, .embedded]).pointer(isShown: false) == .hidden)
        #expect(abilities(4, [.hidden]).pointer(isShown: true) == nil)
        #expect(abilities(1, [.hidden, .embedded]).pointer(isShown: true) == nil)
        #expect(!abilities(3, []).canRemember && abilities(4, []).canRemember)
    }

    @Test(
        "names the package of the desktop's own backend",
        arguments: [
            ("GNOME", "xdg-desktop-portal-gnome"), ("ubuntu:GNOME", "xdg-desktop-portal-gnome"),
            ("KDE", "xdg-desktop-portal-kde"), ("sway", "xdg-desktop-portal-wlr"),
            ("Hyprland", "xdg-desktop-portal-hyprland"), ("X-Thing:sway", "xdg-desktop-portal-wlr"),
        ])
    func packages(desktop: String, package: String) {
        #expect(PortalTrouble(environment: ["XDG_CURRENT_DESKTOP": desktop]).backendPackage == package)
    }

    @Test("has a sentence for every failure, with something to do in it")
    func sentences() throws {
        let trouble = PortalTrouble(environment: [:])
        let errors: [any Error] = [
            BusFailure.unreachable(2), BusFailure.disconnected, BusFailure.late, BusFailure.malformed(22),
            BusFailure.unloadable("no such file"),
            BusFailure.refused(name: "org.freedesktop.DBus.Error.ServiceUnknown", message: "x"),
            BusFailure.refused(name: "org.freedesktop.DBus.Error.UnknownMethod", message: "x"),
            BusFailure.refused(name: "org.freedesktop.DBus.Error.InvalidArgs", message: "No such interface “x”"),
            BusFailure.refused(name: "org.freedesktop.DBus.Error.AccessDenied", message: "\u{1B}[31mInvalid session"),
            Portal.Ending.declined, Portal.Ending.failed, Portal.Ending.gone, Portal.Ending.late,
            Portal.Ending.senseless("streams"),
        ]
        for error in errors {
            let failure = try #require(trouble.explain(error) as? CaptureFailure)
            #expect(
                failure.message.hasSuffix(".") || failure.message.hasSuffix("?") || failure.message.hasSuffix("session")
            )
            #expect(!failure.message.contains("\u{1B}"))
        }
        #expect((trouble.explain(errors[7]) as? CaptureFailure) == trouble.noBackend)
    }

    @Test("turns a connection's name into a part of a path")
    func names() { #expect(Portal.pathElement(of: ":1.42") == "1_42") }
}
