import ArgumentParser
import Desktop
import Foundation
import Logging
import PortalDesktop

/// `scry listen`: holds the hotkeys while no chat runs.
struct ListenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "listen",
        abstract: "Holds the hotkeys in the background, until it is ended.",
        discussion: """
            The keys are those of [hotkeys] in the configuration. A picture goes into the composer of the chat that runs, \
            whose terminal is raised; without one, a small terminal opens with it (see [popup]). Keys of [hotkeys.prompts] \
            ask a named prompt about the monitor at once; the answer comes as a notification, and into the history.

            To have it in every session: systemctl --user enable --now scry-listen. Where systemd does not run, scry hotkeys \
            says how.
            """)

    func run() async throws {
        try await running {
            // We have no terminal; the chat's is meant.
            let places = Places(environment: Services.processEnvironment)
            let services = try Services(saves: false) { ChatVisit.place(places) }
            services.printWarnings()
            // Who starts this wants to be asked, whatever was answered before.
            services.shortcutsDeclined.forget()
            try await Interrupts.ending { try await listen(services) }
        }
    }

    private func listen(_ services: Services) async throws {
        let claim: HotkeyClaim
        if let free = try HotkeyClaim.take(services.places) {
            claim = free
        } else {
            let state = HotkeyClaim.state(services.places)
            if state?.holder != "chat" {
                throw CommandFailure(
                    .engineFailed,
                    "scry listen runs already\(state.map { " (process \($0.process))" } ?? ""); end that one first.")
            }
            services.logger.notice("waiting for the chat that holds the hotkeys")
            guard let ours = try await HotkeyClaim.waitForIt(services.places) else { throw CancellationError() }
            claim = ours
        }
        let delivery = PictureDelivery(services: services)
        let recording = ListenerRecording(services: services)
        let runner = HotkeyRunner(services: services, holder: "listen") { parcel in
            try await delivery.bring(parcel).rawValue
        } toggleRecording: {
            // A chat that runs shows what is recorded.
            if await recording.isRunning { return await recording.toggle() }
            if await delivery.toggleRecording() { return }
            await recording.toggle()
        }
        defer { services.logger.notice("the listener ends") }
        do {
            try await runner.run(holding: claim)
        } catch {
            await close(recording, services)
            throw error
        }
        await close(recording, services)
    }

    private func close(_ recording: ListenerRecording, _ services: Services) async {
        await recording.finish()
        await services.portal?.endSession()
    }
}

/// A recording that was started by a hotkey while no chat ran.
private actor ListenerRecording {
    private let services: Services
    private var task: Task<Void, Never>?

    init(services: Services) { self.services = services }

    var isRunning: Bool { task != nil }

    /// Starts one, or ends it and opens a terminal with it.
    func toggle() async {
        if let task {
            self.task = nil
            task.cancel()
            return
        }
        let services = services
        await DesktopNotifier(services.environment).tell("Scry records", "The same key ends it.")
        task = Task {
            do {
                let recorder = ScreenRecorder(services: services)
                let result = try await recorder.record(
                    .screen, withCursor: services.configuration.capture.cursor)
                try PictureDelivery(services: services).bring(recording: result.path)
            } catch {
                services.logger.warning("hotkey record: \(CommandFailure(error).description)")
                await DesktopNotifier(services.environment).tell("Scry", CommandFailure(error).description)
            }
        }
    }

    /// Ends what runs, and waits until it is whole.
    func finish() async {
        task?.cancel()
        await task?.value
    }
}
