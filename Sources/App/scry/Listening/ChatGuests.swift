import Desktop
import Logging

/// What reaches a chat from outside: pictures that other programs bring, and hotkeys where no listener holds them.
final class ChatGuests: Sendable {
    private let door: ChatDoor?
    private let keys: Task<Void, Never>

    /// Opens the door and holds the keys, if they are free; neither keeps the chat from starting.
    init(services: Services, receive: @escaping @Sendable (ChatDoor.Delivery) -> Void) {
        let environment = services.environment
        door = ChatDoor(services.places, answering: { OwnTerminal.place(environment) }, receive: receive)
        keys = Task.detached(priority: .utility) {
            let isWayland = Screens.isWayland(environment)
            // Who declined is not asked at the start of every chat.
            guard isWayland ? !services.shortcutsDeclined.isKept : !(environment["DISPLAY"] ?? "").isEmpty else {
                return
            }
            do {
                guard let claim = try HotkeyClaim.take(services.places) else { return }
                let runner = HotkeyRunner(services: services, holder: "chat") { parcel in
                    receive(.picture(parcel))
                    await PictureDelivery(services: services).raise(OwnTerminal.place(environment))
                    return "this chat"
                } toggleRecording: {
                    receive(.toggleRecording)
                }
                try await runner.run(holding: claim)
            } catch {
                if isWayland, (error as? CaptureFailure)?.kind == .refused { services.shortcutsDeclined.keep() }
                services.logger.debug("no hotkeys: \(error)")
            }
        }
    }

    /// Makes this the chat that gets what hotkeys bring.
    func noteUse() { door?.touch() }

    /// Lets go of everything.
    func close() {
        keys.cancel()
        door?.close()
    }
}
