import Desktop
import FoundationEssentials
import Glibc
import Logging
import PortalDesktop
import Synchronization
import X11Desktop

/// Holds the hotkeys and does what they are for, until its task is cancelled.
struct HotkeyRunner: Sendable {
    let services: Services
    /// "listen" or "chat".
    let holder: String
    /// Where pictures go.
    let bring: @Sendable (PictureParcel) async throws -> String
    /// Starts or stops a recording.
    let toggleRecording: @Sendable () async -> Void

    /// Runs.
    ///
    /// - Throws: `CaptureFailure` when there is no desktop that gives keys away, or it has gone.
    func run(holding claim: HotkeyClaim) async throws {
        let plan = HotkeyPlan(services.configuration.hotkeys, prompts: PromptLibrary(places: services.places).names)
        for problem in plan.problems { services.logger.warning("\(problem)") }
        guard !plan.hotkeys.isEmpty else { return try await waitForEver() }
        for try await event in source.hold(plan.hotkeys) {
            switch event {
            case .held(let held): tell(held, claim)
            case .pressed(let hotkey, let time):
                guard let purpose = plan.purpose(of: hotkey) else { continue }
                await serve(hotkey, purpose, pressedAt: time)
            }
        }
    }

    private var isWayland: Bool { Screens.isWayland(services.environment) }

    /// Who gives the keys.
    private var source: any HotkeySource {
        isWayland
            ? PortalHotkeys(environment: services.environment)
            : X11Hotkeys(displayName: nil, environment: services.environment)
    }

    private func waitForEver() async throws {
        while true { try await Task.sleep(for: .seconds(3600)) }
    }

    private func tell(_ held: [HeldHotkey], _ claim: HotkeyClaim) {
        for problem in held.compactMap(\.problem) { services.logger.warning("\(problem)") }
        let keys = held.map {
            HotkeyClaim.State.Key(
                name: $0.hotkey.name, keys: $0.trigger ?? $0.hotkey.chord.description, problem: $0.problem)
        }
        claim.publish(
            HotkeyClaim.State(process: getpid(), holder: holder, way: isWayland ? "portal" : "x11", keys: keys))
        let count = held.count { $0.problem == nil }
        services.logger.notice("\(count) of \(held.count) hotkeys are held")
    }

    // MARK: - What they do

    private func serve(_ hotkey: Hotkey, _ purpose: HotkeyPlan.Purpose, pressedAt time: UInt64) async {
        do {
            switch purpose {
            case .record: await toggleRecording()
            case .picture(let target):
                let parcel = try await take(target)
                let taken = MonotonicTime.now
                let place = try await bring(parcel)
                remember(parcel)
                log(hotkey, pressed: time, taken: taken, place)
            case .prompt(let name):
                let parcel = try await take(.focusedMonitor)
                let taken = MonotonicTime.now
                try ask(name, about: parcel)
                log(hotkey, pressed: time, taken: taken, "the prompt \(name)")
            }
        } catch let failure as CaptureFailure where failure.kind == .cancelled {
            services.logger.debug("hotkey \(hotkey.name): \(failure.message)")
        } catch {
            let failure = CommandFailure(error)
            services.logger.warning("hotkey \(hotkey.name): \(failure.description)")
            await DesktopNotifier(services.environment).tell("Scry", failure.description)
        }
    }

    private func take(_ target: CaptureTarget) async throws -> PictureParcel {
        let picture = try await services.screen.capture(target, withCursor: services.configuration.capture.cursor)
        return PictureParcel(picture, takenAt: Date())
    }

    /// Asks in a program of its own: the keys go on working meanwhile.
    private func ask(_ name: String, about parcel: PictureParcel) throws {
        let delivery = PictureDelivery(services: services)
        var words = [ChildProgram.ourselves, "ask", "--prompt", name, "--notify", "--quiet"]
        if name == "what-changed" {
            let earlier = services.places.runtime + "/picture-\(UInt64.random(in: 0 ..< .max))"
            if rename(services.places.lastPicture, earlier) == 0 {
                words += ["--parcel", earlier]
            } else {
                remember(parcel)
                throw CommandFailure(
                    .usage, "There is no earlier picture to compare with yet; this one is kept for the next time.")
            }
        }
        words += ["--parcel", try delivery.keep(parcel)]
        remember(parcel)
        try ChildProgram.detach(words)
    }

    private func remember(_ parcel: PictureParcel) {
        guard services.configuration.hotkeys.prompts["what-changed"] != nil else { return }
        try? OwnFile.write(parcel.bytes, to: services.places.lastPicture)
    }

    private func log(_ hotkey: Hotkey, pressed: UInt64, taken: UInt64, _ place: String) {
        let now = MonotonicTime.now
        let times = [taken - pressed, now - pressed].map { Double($0 / 10_000) / 100 }
        services.logger.notice(
            "hotkey \(hotkey.name) (\(hotkey.chord)): picture after \(times[0]) ms, with \(place) after \(times[1]) ms")
    }
}
