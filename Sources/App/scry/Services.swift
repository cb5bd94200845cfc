import Conversation
import Desktop
import Documents
import EngineClient
import EngineHost
import Foundation
import History
import Logging
import PortalDesktop
import X11Desktop

/// The adapters of one run of the program, wired to its configuration.
struct Services: Sendable {
    /// The way to the screen.
    let desktop: DesktopServices
    /// What is wrong with the configuration or the history, in sentences.
    let warnings: [String]
    let logger: Logger
    let history: History
    let transport: CurlTransport
    let recognizer: TextRecognizer

    /// The variables that the program was started with.
    static var processEnvironment: [String: String] { ProcessInfo.processInfo.environment }

    var environment: [String: String] { desktop.environment }
    var places: Places { desktop.places }
    var configuration: Configuration { desktop.configuration }
    var screen: any ScreenSource { desktop.screen }
    var choosing: ChoosingScreen { desktop.choosing }
    var x11: X11ScreenSource { desktop.x11 }
    var portal: PortalScreenSource? { desktop.portal }

    /// Where pictures and recordings are kept.
    var media: MediaStore { history.media }

    /// Wires everything; nothing is connected or started yet.
    ///
    /// - Parameters:
    ///   - saves: Whether what is said is kept; when false, the history is in memory, and media go into the cache.
    ///   - source: How the screen is reached; nil as it is configured.
    ///   - redactions: Parts of every picture that are painted over.
    ///   - terminal: Where the terminal is that `hide_terminal` leaves out; asked for each picture.
    /// - Throws: `HistoryFailure` or `PlaceFailure` when not even a history in memory can be had.
    init(
        saves: Bool, source: Configuration.Capture.Source? = nil, redactions: [Region] = [],
        hiding terminal: @escaping @Sendable () -> ChatDoor.Answer? = { OwnTerminal.place(Self.processEnvironment) }
    ) throws {
        let desktop = DesktopServices(source: source, redactions: redactions, hiding: terminal)
        let places = desktop.places
        self.desktop = desktop
        logger = FileLog.logger(at: places.logFile, making: { try? places.make(places.state) })
        let opened = try Self.openHistory(places, saves: saves)
        history = opened.history
        warnings = desktop.warnings + opened.warnings
        transport = CurlTransport(
            settings: TransportSettings(
                environment: desktop.environment,
                certificateFiles: desktop.configuration.certificateFiles.mapValues { places.expanded($0) }))
        recognizer = TextRecognizer(languages: desktop.configuration.documentLanguages)
    }

    /// A history that cannot be opened is replaced by one in memory, and the chat goes on.
    private static func openHistory(_ places: Places, saves: Bool) throws -> (history: History, warnings: [String]) {
        guard saves else { return (try History(inMemoryWith: MediaStore(directory: places.cache + "/media")), []) }
        do {
            return (try History(path: places.historyFile, media: MediaStore(directory: places.media)), [])
        } catch {
            let history = try History(inMemoryWith: MediaStore(directory: places.cache + "/media"))
            return (history, [error.message])
        }
    }

    /// Tells on standard error what is wrong with the configuration.
    func printWarnings() { Standard.error(warnings: warnings) }

    /// What was found out about engines by trying.
    var engineMemory: EngineMemory { EngineMemory(path: places.cache + "/engines.json") }

    /// Takes pictures of the screen.
    func pictureTaker(withCursor: Bool) -> PictureTaker {
        PictureTaker(source: screen, media: media, withCursor: withCursor)
    }

    /// Speaks with an engine.
    func client(for engine: FoundEngine) -> EngineClient {
        EngineClient(
            profile: engine.profile, key: engine.key, keyName: engine.keyName, media: media, transport: transport,
            logger: logger)
    }
}

extension Services {
    /// Counts what requests to an engine cost; what is not sent yet goes to no engine of another machine.
    func counter(for engine: FoundEngine) -> any TokenCounter {
        guard engine.profile.isLocal else { return EstimatingCounter(model: engine.model) }
        return EngineTokenCounter(profile: engine.profile, key: engine.key, transport: transport)
    }
}

/// Counts without asking anybody.
private struct EstimatingCounter: TokenCounter {
    let model: String

    func count(_ request: ChatRequest) async -> TokenCount { TokenEstimate(model: model).count(request) }
}

// MARK: - Scry's own engine

extension Services {
    /// Where Scry's own engine lives.
    var engineDirectories: EngineDirectories {
        EngineDirectories(data: places.data, state: places.state, runtime: places.runtime)
    }

    /// How Scry's own engine is run; HF_ENDPOINT names a mirror of the model hub, as for the hub's own tools.
    var engineHostSettings: EngineHostSettings {
        var settings = EngineHostSettings()
        if let hub = environment["HF_ENDPOINT"], !hub.isEmpty { settings.hub = hub }
        return settings
    }

    /// Where engines are looked for: the known ports, or the addresses in SCRY_PROBE.
    var probeCandidates: [EngineProbe.Candidate] {
        guard let addresses = environment["SCRY_PROBE"] else { return EngineProbe.wellKnown }
        return addresses.split(separator: ",").map { EngineLink.candidate(String($0)) }
    }

    /// Whether the person once declined to fetch a larger model.
    var hasDeclinedOffer: Bool { offerDeclined.isKept }

    /// Keeps in mind that a larger model is not wanted.
    func rememberDeclinedOffer() { offerDeclined.keep() }

    private var offerDeclined: Mark { Mark(places, "model-declined") }

    /// That the person wants no hotkeys of the desktop's portal.
    var shortcutsDeclined: Mark { Mark(places, "shortcuts-declined") }

    /// Something that is kept in mind, by an empty file.
    struct Mark: Sendable {
        private let places: Places
        private let path: String

        fileprivate init(_ places: Places, _ name: String) {
            self.places = places
            path = places.state + "/" + name
        }

        var isKept: Bool { access(path, F_OK) == 0 }

        func keep() {
            try? places.make(places.state)
            try? OwnFile.write([], to: path)
        }

        func forget() { unlink(path) }
    }
}
