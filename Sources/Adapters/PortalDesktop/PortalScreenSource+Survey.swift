import Desktop

/// What was found out about a part of the way to the screen.
public struct PortalFinding: Sendable, Equatable {
    /// The part, as "portal".
    public var part: String
    /// Whether it works.
    public var isWell: Bool
    /// What it is, or what helps.
    public var sentence: String
}

extension PortalScreenSource {
    /// Finds out what works here and what does not, without asking the person anything.
    public func survey() async -> [PortalFinding] {
        var findings: [PortalFinding] = []
        do {
            let desk = try await open()
            findings.append(try await surveyPortal(desk))
            findings.append(try await surveyBackends(desk))
        } catch {
            findings.append(bad("portal", trouble.explain(error)))
        }
        findings.append(await surveyPipeWire())
        return findings
    }

    private func surveyPortal(_ desk: Desk) async throws -> PortalFinding {
        let screenshots = try await ScreenshotPortal(portal: desk.portal).version()
        guard let abilities = desk.abilities else {
            guard let screenshots else { return bad("portal", trouble.noBackend) }
            return PortalFinding(
                part: "portal", isWell: true, sentence: "Screenshot \(screenshots) for pictures; nothing for recordings"
            )
        }
        guard !abilities.kinds.isEmpty else { return bad("portal", trouble.deadBackend) }
        let kinds = [(ScreenCastPortal.Kinds.monitor, "monitors"), (.window, "windows")]
            .filter { abilities.kinds.contains($0.0) }.map(\.1).joined(separator: " and ")
        var parts = ["ScreenCast \(abilities.version) shares \(kinds)"]
        if !abilities.canRemember { parts.append("too old to remember the choice") }
        parts.append(screenshots.map { "Screenshot \($0)" } ?? "no Screenshot")
        if tokens.token(for: "monitor") == nil { parts.append("the desktop asks what to share at the first picture") }
        return PortalFinding(part: "portal", isWell: true, sentence: parts.joined(separator: ", "))
    }

    private func surveyBackends(_ desk: Desk) async throws -> PortalFinding {
        let prefix = "org.freedesktop.impl.portal.desktop."
        let values = try await desk.portal.bus.call(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "ListNames",
            within: Portal.patience)
        let names = (values.first?.members ?? []).compactMap(\.text).filter { $0.hasPrefix(prefix) }
        guard !names.isEmpty else { return bad("portal backend", trouble.noBackend) }
        let list = names.map { String($0.dropFirst(prefix.count)).withoutControls }.sorted()
        return PortalFinding(part: "portal backend", isWell: true, sentence: list.joined(separator: ", "))
    }

    private func surveyPipeWire() async -> PortalFinding {
        do {
            try PipeWireLibrary.load()
            let core = StreamCore(words: .screen)
            let connection = try PipeWireConnection(socket: PipeWireLibrary.connect(environment), core: core)
            defer { withExtendedLifetime(connection) {} }
            try await core.reach(.ready, within: .seconds(2))
            let count = core.nodes.count { $0.mediaClass == "Video/Source" }
            let sources = count == 1 ? "1 video source" : "\(count) video sources"
            return PortalFinding(
                part: "PipeWire", isWell: true, sentence: "\(PipeWireLibrary.version ?? "?"), \(sources)")
        } catch is Late {
            return PortalFinding(
                part: "PipeWire", isWell: false,
                sentence: "it does not answer; restart it: systemctl --user restart pipewire wireplumber")
        } catch {
            return bad("PipeWire", error)
        }
    }

    private func bad(_ part: String, _ error: any Error) -> PortalFinding {
        PortalFinding(part: part, isWell: false, sentence: "\(error)")
    }
}
