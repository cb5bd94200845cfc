import Desktop
import Synchronization

/// xdg-desktop-portal: what it offers, and requests that it answers with a signal.
struct Portal: Sendable {
    /// The bus that it is on.
    let bus: Bus
    /// Who is told when it asks the person.
    var questions = PortalQuestions()

    static let service = "org.freedesktop.portal.Desktop"
    static let path = "/org/freedesktop/portal/desktop"
    /// How long a portal may take to answer what nobody has to be asked about.
    static let patience = Duration.seconds(3)
    /// A portal that was not running is started first, and has to start its backends.
    static let startingPatience = Duration.seconds(10)
    /// How long the backend behind it may take for what nobody has to be asked about.
    static let backendPatience = Duration.seconds(5)

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
    ///
    /// - Throws: `BusFailure`, when the portal does not answer or is not there.
    func register(application: String) async throws {
        do {
            _ = try await bus.call(
                Self.service, Self.path, "org.freedesktop.host.portal.Registry", "Register",
                [.string(application), .options([:])],
                within: try await isRunning() ? Self.patience : Self.startingPatience)
        } catch BusFailure.refused, BusFailure.malformed {
            // Whoever is not there at all is found out by the next call.
        }
    }

    /// Whether there is a portal already; calling one that is not running has it started.
    private func isRunning() async throws -> Bool {
        let values = try await bus.call(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner",
            [.string(Self.service)], within: Self.patience)
        return values.first == .bool(true)
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
        let inbox = PortalInbox()
        // Before the call: the answer can come before the call's own reply.
        let heard = try await bus.subscribe(
            BusRule(sender: Self.service, interface: "org.freedesktop.portal.Request", member: "Response")
        ) { inbox.put($0) }
        let watched = try await bus.subscribe(
            BusRule(
                sender: "org.freedesktop.DBus", interface: "org.freedesktop.DBus", member: "NameOwnerChanged",
                argument: Self.service)
        ) { signal in
            if signal.values.last?.text == "" { inbox.answer.fulfil(.failure(Ending.gone)) }
        }
        defer { withExtendedLifetime((heard, watched)) {} }
        var options = options
        options["handle_token"] = .string(token)
        var handle = "\(Self.path)/request/\(Self.pathElement(of: bus.name))/\(token)"
        let ending: PortalInbox.Answer
        do {
            let reply = try await bus.call(
                Self.service, Self.path, interface, method, arguments + [.options(options)],
                // A portal that asks people may be busy with opening its dialog.
                within: limit == nil ? Self.startingPatience : Self.patience)
            // Portals before 0.9 choose a path of their own.
            if let path = reply.first?.text { handle = path }
            inbox.expect(handle)
            if let limit {
                ending = try await inbox.answer.value(within: limit)
            } else {
                ending = try await questions.waiting { try await inbox.answer.value() }
            }
        } catch {
            if error is CancellationError || error is Late {
                bus.post(Self.service, handle, "org.freedesktop.portal.Request", "Close")
            }
            throw error is Late ? Ending.late : error
        }
        switch ending.code {
        case 0: return ending.results
        case 1: throw Ending.declined
        default: throw Ending.failed
        }
    }

    /// A connection's name as it is part of paths: ":1.42" becomes "1_42".
    static func pathElement(of name: String) -> String {
        String(name.drop { $0 == ":" }.map { $0 == "." ? "_" : $0 })
    }
}

/// Keeps answers until it is known which one is meant: they may come before the request's path does.
private final class PortalInbox: Sendable {
    typealias Answer = (code: Int, results: [String: BusValue])

    private struct State {
        var expected: String?
        var early: [String: Result<Answer, any Error>] = [:]
    }

    private let state = Mutex(State())
    /// The answer to the request.
    let answer = OneShot<Answer>()

    func put(_ signal: BusSignal) {
        let result: Result<Answer, any Error> =
            if let code = signal.values.first?.number {
                .success((code, signal.values.dropFirst().first?.options ?? [:]))
            } else {
                .failure(Portal.Ending.senseless("code"))
            }
        let isMeant = state.withLock { state in
            if state.expected == nil { state.early[signal.path] = result }
            return state.expected == signal.path
        }
        if isMeant { answer.fulfil(result) }
    }

    func expect(_ path: String) {
        let early = state.withLock { state in
            state.expected = path
            defer { state.early = [:] }
            return state.early[path]
        }
        if let early { answer.fulfil(early) }
    }
}
