import Desktop
import FoundationEssentials
import Logging
import X11Desktop

/// Brings a picture to where it can be asked about: into the chat that runs, or into a small terminal with a new one.
struct PictureDelivery: Sendable {
    let services: Services

    /// Where something went, for the log.
    enum Outcome: String, Sendable {
        case chat = "the running chat"
        case popup = "a new terminal"
    }

    /// Brings a picture.
    ///
    /// - Throws: `CommandFailure` when no terminal can be opened, `CaptureFailure` when nothing can be written.
    func bring(_ parcel: PictureParcel) async throws -> Outcome {
        if await visit(parcel.bytes) { return .chat }
        try open(["--parcel", try keep(parcel)])
        return .popup
    }

    /// Brings a finished recording.
    func bring(recording path: String) throws { try open(["--attach", path]) }

    /// Tells the running chat to start or stop its recording; false when none runs.
    func toggleRecording() async -> Bool { await visit(ChatVisit.order("record")) }

    /// Writes a picture where the program that is started finds it.
    func keep(_ parcel: PictureParcel) throws -> String {
        try services.places.make(services.places.runtime)
        let path = services.places.runtime + "/picture-\(UInt64.random(in: 0 ..< .max))"
        try OwnFile.write(parcel.bytes, to: path)
        return path
    }

    /// Shows the terminal in which a chat runs.
    func raise(_ place: ChatDoor.Answer) async {
        guard !Screens.isWayland(services.environment) else { return }
        do {
            let processes = ProcessTree.ancestors(of: place.process)
            guard let window = try await services.x11.window(saidToBe: place.window, orOf: processes) else { return }
            try await services.x11.raise(window)
        } catch {
            services.logger.debug("the chat's terminal was not raised: \(error)")
        }
    }

    private func visit(_ bytes: [UInt8]) async -> Bool {
        guard let (answer, _) = ChatVisit.bring(bytes, to: services.places) else { return false }
        await raise(answer)
        return true
    }

    private func open(_ arguments: [String]) throws {
        let popup = PopupTerminal(settings: services.configuration.popup, environment: services.environment)
        try ChildProgram.detach(try popup.command(running: [ChildProgram.ourselves, "chat"] + arguments))
    }
}
