import Desktop

/// org.freedesktop.portal.ScreenCast: screens and windows as streams of PipeWire.
struct ScreenCastPortal: Sendable {
    let portal: Portal
    let losses: BackendLosses

    static let interface = "org.freedesktop.portal.ScreenCast"

    /// What can be shared.
    struct Kinds: OptionSet, Sendable {
        let rawValue: UInt32
        static let monitor = Kinds(rawValue: 1)
        static let window = Kinds(rawValue: 2)
        static let virtual = Kinds(rawValue: 4)
    }

    /// How the pointer gets into the pictures.
    struct Pointers: OptionSet, Sendable {
        let rawValue: UInt32
        static let hidden = Pointers(rawValue: 1)
        static let embedded = Pointers(rawValue: 2)
        static let metadata = Pointers(rawValue: 4)
    }

    /// What the portal and its backend can do.
    struct Abilities: Sendable, Equatable {
        var version: Int
        var kinds: Kinds
        var pointers: Pointers

        /// The first version that remembers what was chosen.
        var canRemember: Bool { version >= 4 }

        /// How to ask for the pointer, or for none; nil leaves it to the portal.
        func pointer(isShown: Bool) -> Pointers? {
            guard version >= 2 else { return nil }
            // As metadata, it can be put on one picture and left out of the next.
            if pointers.contains(.metadata) { return .metadata }
            let wanted = isShown ? Pointers.embedded : .hidden
            return pointers.contains(wanted) ? wanted : nil
        }
    }

    /// A stream that somebody agreed to share.
    struct Grant: Sendable, Equatable {
        /// The session's object.
        var session: String
        /// The node of PipeWire.
        var node: UInt32
        /// Where the monitor is; backends differ in what they mean by it.
        var x: Int
        var y: Int
        /// How many backends had died when the session began.
        var losses = 0
        /// What brings the same choice back without a question; good for one start.
        var token: String?
    }

    /// Finds out what can be done.
    ///
    /// - Throws: `BusFailure`.
    func abilities() async throws -> Abilities {
        let properties = try await portal.properties(of: Self.interface)
        func number(_ name: String) -> Int { properties[name]?.number ?? 0 }
        return Abilities(
            version: number("version"), kinds: Kinds(rawValue: UInt32(clamping: number("AvailableSourceTypes"))),
            pointers: Pointers(rawValue: UInt32(clamping: number("AvailableCursorModes"))))
    }

    /// Asks the person, or shows the portal the token of an earlier answer.
    ///
    /// - Throws: `BusFailure`, `Portal.Ending` or `CancellationError`.
    func start(
        _ kind: Kinds, pointer: Pointers?, token: String?, remembers: Bool
    ) async throws -> Grant {
        let before = losses.count
        let session = try await createSession()
        do {
            var options: [String: BusValue] = ["types": .uint32(kind.rawValue), "multiple": .bool(false)]
            options["cursor_mode"] = pointer.map { .uint32($0.rawValue) }
            if remembers { options["persist_mode"] = .uint32(2) }
            options["restore_token"] = token.map { .string($0) }
            // Some ask the person now, and some when the session starts: neither is to be hurried.
            _ = try await portal.request(Self.interface, "SelectSources", [.path(session)], options: options)
            let results = try await portal.request(
                Self.interface, "Start", [.path(session), .string("")], options: [:])
            var grant = try Self.grant(results, session: session)
            grant.losses = before
            return grant
        } catch {
            close(session, losses: before)
            throw error
        }
    }

    private func createSession() async throws -> String {
        let token = "scry\(UInt64.random(in: 1...UInt64.max))"
        let results = try await portal.request(
            Self.interface, "CreateSession", [], options: ["session_handle_token": .string(token)],
            within: Portal.backendPatience)
        guard let session = results["session_handle"]?.text, session.hasPrefix("/") else {
            throw Portal.Ending.senseless("session_handle")
        }
        return session
    }

    /// Reads what Start answered.
    static func grant(_ results: [String: BusValue], session: String) throws(Portal.Ending) -> Grant {
        guard let stream = results["streams"]?.members?.first?.members, stream.count == 2,
            let node = stream[0].number.flatMap({ UInt32(exactly: $0) })
        else { throw .senseless("streams") }
        let place = stream[1].options?["position"]?.members ?? []
        let token = results["restore_token"]?.text
        return Grant(
            session: session, node: node, x: place.first?.number ?? 0, y: place.last?.number ?? 0,
            token: token.flatMap { RestoreTokens.isPlausible($0) ? $0 : nil })
    }

    /// A connection to PipeWire that sees the session's stream and nothing else.
    ///
    /// - Throws: `BusFailure` or `Portal.Ending`.
    func openRemote(_ session: String) async throws -> BusDescriptor {
        let values = try await portal.bus.call(
            Portal.service, Portal.path, Self.interface, "OpenPipeWireRemote", [.path(session), .options([:])],
            within: Portal.patience)
        guard let descriptor = values.first?.descriptor else { throw Portal.Ending.senseless("descriptor") }
        return descriptor
    }

    /// Has `body` called when the desktop ends a session, as from its indicator.
    func onClosed(_ session: String, body: @escaping @Sendable () -> Void) async throws -> BusSubscription {
        try await portal.bus.subscribe(
            BusRule(
                sender: Portal.service, path: session, interface: "org.freedesktop.portal.Session",
                member: "Closed")
        ) { _ in body() }
    }

    /// Ends a session; a backend that hangs holds up nobody.
    ///
    /// That of a backend that has died ends with the connection to the bus: the portal would start another backend for it,
    /// and be deaf until that answers.
    ///
    /// - Parameter before: how many backends had died when the session began.
    func close(_ session: String, losses before: Int) {
        guard losses.count == before else { return }
        Partings.all.begin()
        portal.bus.post(Portal.service, session, "org.freedesktop.portal.Session", "Close") { Partings.all.end() }
    }
}
