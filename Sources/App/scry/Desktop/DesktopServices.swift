import Desktop
import Foundation
import PortalDesktop
import X11Desktop

/// The way to the screen, wired to the configuration: all that a picture needs, without a history or engines.
struct DesktopServices: Sendable {
    let environment: [String: String]
    let places: Places
    let configuration: Configuration
    /// What is wrong with the configuration, in sentences.
    let warnings: [String]
    let screen: any ScreenSource
    /// Finds out which region is meant, where one has to be chosen.
    let choosing: ChoosingScreen
    /// The X11 desktop, which also knows windows; of no use in a Wayland session.
    let x11: X11ScreenSource
    /// The desktop's portal, where that is the way to the screen.
    let portal: PortalScreenSource?

    /// Wires everything; nothing is connected yet.
    ///
    /// - Parameters:
    ///   - source: How the screen is reached; nil as it is configured.
    ///   - redactions: Parts of every picture that are painted over.
    ///   - terminal: Where the terminal is that `hide_terminal` leaves out; asked for each picture.
    init(
        source: Configuration.Capture.Source? = nil, redactions: [Region] = [],
        hiding terminal: @escaping @Sendable () -> ChatDoor.Answer? = {
            OwnTerminal.place(Services.processEnvironment)
        }
    ) {
        let environment = Services.processEnvironment
        let places = Places(environment: environment)
        self.environment = environment
        self.places = places
        let loaded = Configuration.load(path: places.configFile, environment: environment)
        configuration = loaded.configuration
        let screens = Screens(
            source ?? configuration.capture.source, environment: environment, tokenFile: places.portalToken)
        portal = screens.portal
        x11 = screens.x11
        let canHide = configuration.capture.hidesTerminal && screens.chooser != nil && !Screens.isWayland(environment)
        let hiding = canHide ? HidingScreen(source: screens.source, x11: screens.x11, terminal: terminal) : nil
        choosing = ChoosingScreen(
            source: hiding ?? screens.source, chooser: hiding ?? screens.chooser,
            memory: RegionMemory(path: places.lastRegion) { try places.make(places.state) })
        let seen = PrivateScreen(source: choosing, forbidden: configuration.privacy.neverCapture)
        screen = redactions.isEmpty ? seen : RedactedScreen(source: seen, parts: redactions)
        var unheeded: [String] = []
        if portal != nil, configuration.privacy.neverCapture != Configuration().privacy.neverCapture {
            unheeded.append(Screens.blindness)
        }
        warnings = loaded.warnings.map(\.description) + unheeded
    }

    /// Tells on standard error what is wrong with the configuration.
    func printWarnings() { Standard.error(warnings: warnings) }

    /// What is said while the desktop asks the person what to share: its dialog may be behind a window.
    static let question = "Waiting for the desktop's permission dialog …"

    /// Says so on standard error, where a person reads that.
    func printQuestions() {
        guard Standard.errorIsTerminal else { return }
        portal?.onQuestion { if $0 { Standard.error(Self.question + "\n") } }
    }
}

// MARK: - Names of new files

extension Places {
    /// A place for a recording among the person's data.
    ///
    /// - Throws: `PlaceFailure`.
    func newRecording(_ date: Date) throws -> String { try newPath(date, in: "recordings", extension: "mkv") }

    /// A place for a picture that was taken from the shell.
    ///
    /// - Throws: `PlaceFailure`.
    func newPicture(_ date: Date, extension: String) throws -> String {
        try newPath(date, in: "pictures", extension: `extension`)
    }

    private func newPath(_ date: Date, in folder: String, extension: String) throws -> String {
        let directory = data + "/" + folder
        try make(directory)
        let name = date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true, timeZone: .current))
            .prefix(23).replacing(":", with: "-")
        return "\(directory)/\(name).\(`extension`)"
    }
}
