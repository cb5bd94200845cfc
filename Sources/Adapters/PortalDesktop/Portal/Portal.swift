import Desktop

/// xdg-desktop-portal: what it offers, and requests that it answers with a signal.
struct Portal: Sendable {
    /// The bus that it is on.
    let bus: Bus

    static let service = "org.freedesktop.portal.Desktop"
    static let path = "/org/freedesktop/portal/desktop"
    /// A portal that was not running is started first, and has to start its backends.
    static let patience = Duration.seconds(25)

    /// How a request ended, if not well.
    enum Ending: Error, Equatable {
        /// The person said no.
        case declined
        /// The portal or its backend gave up, and never says why.
        case failed
        /// The portal went away.
        case gone
        /// Nobody answered in time.
        case late
        /// What it answered makes no sense: the part that is missing.
        case senseless(String)
    }

    /// Tells the portal which application asks, by the name of its `.desktop` file without the ending.
    ///
    /// Must be the connection's first call. Portals older than 1.19 find that out by other means or not at all.
    func register(application: String) async {
        _ = try? await bus.call(
            Self.service, Self.path, "org.freedesktop.host.portal.Registry", "Register",
            [.string(application), .options([:])], within: Self.patience)
    }

    /// What an interface says about itself.
    ///
    /// - Throws: `BusFailure`.
    func properties(of interface: String) async throws -> [String: BusValue] {
        let values = try await bus.call(
            Self.service, Self.path, "org.freedesktop.DBus.Properties", "GetAll", [.string(interface)],
            within: Self.patience)
        return values.first?.options ?? [:]
    }

    /// Calls a method that is answered by a signal, and waits for that.
    ///
    /// Cancelling the task takes the request back: a dialog that it opened closes.
    ///
    /// - Parameters:
    ///   - arguments: What comes before the options.
    ///   - limit: How long to wait for the answer; nil for ever, as people may.
    /// - Throws: `BusFailure`, `Ending` or `CancellationError`.
    func request(
        _ interface: String, _ method: String, _ arguments: [BusValue], options: [String: BusValue],
        within limit: Duration? = nil
    ) async throws -> [String: BusValue] {
        let token = "scry\(UInt64.random(in: 1...UInt64.max))"
        let expected = "\(Self.path)/request/\(Self.pathElement(of: bus.name))/\(token)"
        let answer = OneShot<(code: Int, results: [String: BusValue])>()
        // Before the call: the answer can come before the call's own reply.
        let heard = try await listen(to: expected, answer)
        let watched = try await bus.subscribe(
            BusRule(
                sender: "org.freedesktop.DBus", path: nil, interface: "org.freedesktop.DBus",
                member: "NameOwnerChanged", argument: Self.service)
        ) { values in
            if values.last?.text == "" { answer.fulfil(.failure(Ending.gone)) }
        }
        var options = options
        options["handle_token"] = .string(token)
        let reply = try await bus.call(
            Self.service, Self.path, interface, method, arguments + [.options(options)], within: Self.patience)
        let handle = reply.first?.text ?? expected
        // Portals before 0.9 choose a path of their own.
        let heardElsewhere = handle == expected ? nil : try await listen(to: handle, answer)
        defer { withExtendedLifetime((heard, watched, heardElsewhere)) {} }

        let ending: (code: Int, results: [String: BusValue])
        do {
            ending = if let limit { try await answer.value(within: limit) } else { try await answer.value() }
        } catch {
            if error is CancellationError || error is Late {
                await bus.send(Self.service, handle, "org.freedesktop.portal.Request", "Close")
            }
            throw error is Late ? Ending.late : error
        }
        switch ending.code {
        case 0: return ending.results
        case 1: throw Ending.declined
        default: throw Ending.failed
        }
    }

    private func listen(
        to path: String, _ answer: OneShot<(code: Int, results: [String: BusValue])>
    ) async throws -> BusSubscription {
        try await bus.subscribe(
            BusRule(
                sender: Self.service, path: path, interface: "org.freedesktop.portal.Request", member: "Response")
        ) { values in
            guard let code = values.first?.number else { return answer.fulfil(.failure(Ending.senseless("code"))) }
            answer.fulfil(.success((code, values.dropFirst().first?.options ?? [:])))
        }
    }

    /// A connection's name as it is part of paths: ":1.42" becomes "1_42".
    static func pathElement(of name: String) -> String {
        String(name.drop { $0 == ":" }.map { $0 == "." ? "_" : $0 })
    }
}
