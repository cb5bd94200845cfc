public import Cells

/// A terminal for tests: keeps the screens that it is shown and plays the events that it is given.
@MainActor public final class RecordingTerminal: TerminalDevice {
    /// The screens shown so far.
    public private(set) var screens: [Screen] = []
    /// What was called besides `show`, in order.
    public private(set) var calls: [Call] = []
    /// The size; change it with `resize`.
    public private(set) var size: Size
    /// What was sent, in order.
    public let events: AsyncStream<TerminalEvent>

    private let continuation: AsyncStream<TerminalEvent>.Continuation

    /// A call that changes who has the terminal.
    public enum Call: Hashable, Sendable {
        /// The methods of `TerminalDevice` of the same name.
        case redraw, suspend, resume, stopProcess, close, askBackground
        /// A text was copied.
        case copy(String)
        /// Somebody was called.
        case alert(TerminalAlert)
    }

    /// What it says it can do with pictures; change it with `send(.pictures)`.
    public var pictures = PictureAbility(method: .none)
    /// The pictures that it was given.
    public private(set) var images: [PictureCut: PictureImage] = [:]

    /// What the last screen has places for and was not given yet.
    public var wantedPictures: [PictureCut] {
        let places = pictures.method == .none ? [] : screen?.pictures ?? []
        return places.map(\.picture).filter { images[$0] == nil }
    }

    /// Keeps a picture.
    public func take(_ image: PictureImage, for picture: PictureCut) { images[picture] = image }

    /// Makes a terminal.
    public init(size: Size = Size(columns: 80, rows: 24)) {
        self.size = size
        (events, continuation) = AsyncStream.makeStream()
    }

    /// The screen shown last.
    public var screen: Screen? { screens.last }

    /// Plays an event.
    public func send(_ event: TerminalEvent) { continuation.yield(event) }

    /// Plays a key.
    public func press(_ code: Key.Code, _ modifiers: Key.Modifiers = []) { send(.key(Key(code, modifiers))) }

    /// Plays the keys that type a text.
    public func type(_ text: String) {
        for scalar in text.unicodeScalars { send(.key(Key(Character(scalar)))) }
    }

    /// Changes the size and says so.
    public func resize(to size: Size) {
        self.size = size
        send(.resized(size))
    }

    /// Keeps a screen.
    public func show(_ screen: Screen) { screens.append(screen) }

    /// Notes the call.
    public func redraw() { calls.append(.redraw) }

    /// Notes the call.
    @discardableResult public func copy(_ text: String) -> Bool {
        calls.append(.copy(text))
        return true
    }

    /// Notes the call.
    public func alert(_ alert: TerminalAlert) { calls.append(.alert(alert)) }

    /// How many colours it can show; to be set by the test.
    public var colorCount = 256

    /// Notes the call.
    public func askBackground() { calls.append(.askBackground) }

    /// Notes the call.
    public func suspend() { calls.append(.suspend) }

    /// Notes the call.
    public func resume() { calls.append(.resume) }

    /// Notes the call.
    public func stopProcess() { calls.append(.stopProcess) }

    /// Notes the call and ends the events.
    public func close() {
        calls.append(.close)
        continuation.finish()
    }
}
