import ArgumentParser
import Conversation
import Desktop
import FoundationEssentials
import History
import Synchronization
import X11Desktop

/// What a shell offers when Tab is pressed: names that only the running system knows.
///
/// A shell waits for the answer and shows what goes wrong in the middle of the line: so there is one within 300 ms, if need
/// be an empty one, and nothing is ever said.
enum Completions {
    /// The chats, the last first, by their ids.
    static let chats = kind { environment in
        let places = Places(environment: environment)
        // Looking must not make a history.
        guard FileManager.default.fileExists(atPath: places.historyFile) else { return [] }
        let history = try History(path: places.historyFile, media: MediaStore(directory: places.media))
        return try await history.conversations(limit: 60).map { described(String($0.id.prefix(8)), $0.title) }
    }

    /// The engines of the configuration.
    static let engines = kind { environment in
        let configuration = Configuration.load(
            path: Places(environment: environment).configFile, environment: environment)
        return configuration.configuration.engines.map { described($0.name, $0.url) }
            + [described("auto", "what answers on this machine"), described("own", "the engine of Scry's own")]
    }

    /// What the engines serve that answer in time.
    static let models = kind { _ in
        let services = try Services(saves: false)
        let known = services.configuration.engines.compactMap(\.model)
        let served = await EngineLink(services: services).survey().flatMap { entry -> [String] in
            if case .answers(let profile) = entry { profile.models.map(\.id) } else { [] }
        }
        var seen: Set<String> = []
        return (known + served).filter { seen.insert($0).inserted }.map { described($0, "") }
    }

    /// The monitors.
    static let monitors = kind { environment in
        let source = X11ScreenSource(displayName: nil, environment: environment)
        return try await source.layout().displays.map { display in
            described(display.name, "\(display.region.width)x\(display.region.height)")
        }
    }

    /// The windows, by their ids.
    static let windows = kind { environment in
        let source = X11ScreenSource(displayName: nil, environment: environment)
        let windows = try await source.layout().windows
        return [described("active", "the window with the focus")]
            + windows.map { described("0x" + String($0.id, radix: 16), $0.title) }
    }

    /// The themes.
    static let themes = kind { environment in
        ThemeLibrary(places: Places(environment: environment), environment: environment).entries().map {
            described($0.name, $0.about)
        }
    }

    /// The named prompts.
    static let prompts = kind { environment in
        let library = PromptLibrary(places: Places(environment: environment))
        return library.names.map { name in described(name, (try? library.prompt(name))?.summary ?? "") }
    }

    // MARK: - In time and in silence

    private static func kind(
        _ find: @escaping @Sendable (_ environment: [String: String]) async throws -> [String]
    ) -> CompletionKind {
        .custom { (_: [String], _: Int, _: String) async -> [String] in
            let environment = Services.processEnvironment
            return await first { (try? await find(environment)) ?? [] }
        }
    }

    /// What comes first: the names, or the time when nobody waits any longer.
    static func first(
        within limit: Duration = .milliseconds(250), _ find: @escaping @Sendable () async -> [String]
    ) async -> [String] {
        let answer = Answer()
        return await withCheckedContinuation { continuation in
            Task { answer.give(await find(), to: continuation) }
            Task {
                try? await Task.sleep(for: limit)
                answer.give([], to: continuation)
            }
        }
    }

    private final class Answer: Sendable {
        private let isGiven = Mutex(false)

        func give(_ names: [String], to continuation: CheckedContinuation<[String], Never>) {
            let isFirst = isGiven.withLock { given in
                defer { given = true }
                return !given
            }
            if isFirst { continuation.resume(returning: names) }
        }
    }

    /// A name with what it means, for the shells that show that.
    private static func described(_ name: String, _ meaning: String) -> String {
        let name = SafeOutput.line(name)
        let meaning = String(SafeOutput.line(meaning).prefix(60))
        switch CompletionShell.requesting {
        case .fish?: return meaning.isEmpty ? name : "\(name)\t\(meaning)"
        case .zsh?:
            let name = name.replacing(":", with: "\\:")
            return meaning.isEmpty ? name : "\(name):\(meaning)"
        default: return name
        }
    }
}
