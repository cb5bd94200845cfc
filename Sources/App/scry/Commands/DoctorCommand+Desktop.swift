import Desktop
import Media
import PortalDesktop

extension DoctorCommand {
    /// Regions, recordings, hotkeys, the terminal that they open, notifications and the clipboard: what works in this session.
    ///
    /// None of it makes a machine ill.
    func checkDesktopKeys(_ services: Services) async {
        let isWayland = Screens.isWayland(services.environment)
        checkRegions(services, isWayland: isWayland)
        checkRecordings(services)
        await checkHotkeys(services, isWayland: isWayland)
        let popup = PopupTerminal(settings: services.configuration.popup, environment: services.environment)
        do {
            report("terminal for hotkeys", try popup.command(running: []).joined(separator: " "))
        } catch {
            report("terminal for hotkeys", nil, CommandFailure(error).description)
        }
        await checkNotifications(services)
        let survey = ClipboardSurvey(services.environment) {
            ChildProgram.path(of: $0, in: services.environment) != nil
        }
        for (part, finding) in survey.findings {
            report(part, finding.isWell ? finding.sentence : nil, finding.sentence)
        }
        if services.configuration.capture.hidesTerminal {
            report(
                "hide_terminal",
                isWayland ? nil : "pictures show what is behind the chat's terminal; recordings do not",
                "Wayland tells no program where its window is, so the terminal stays in pictures")
        }
    }

    private func checkRegions(_ services: Services, isWayland: Bool) {
        let environment = services.environment
        guard services.choosing.chooser != nil else {
            report("regions", nil, "none can be chosen in this source; name them (--region 640x480+100+50)")
            return
        }
        if isWayland {
            let obstacle = SlurpChooser.obstacle(environment)
            report(
                "regions", obstacle == nil ? "chosen with slurp: F4, --region select" : nil,
                "\(obstacle?.message ?? "")")
        } else {
            report(
                "regions",
                (environment["DISPLAY"] ?? "").isEmpty ? nil : "chosen with the pointer: F4, --region select",
                "there is no display to choose them on; DISPLAY and WAYLAND_DISPLAY are not set")
        }
    }

    private func checkNotifications(_ services: Services) async {
        let name = await DesktopNotifications(environment: services.environment).service()
        let hasProgram = ChildProgram.path(of: "notify-send", in: services.environment) != nil
        report(
            "notifications", name.map { "shown by \($0)" },
            "nobody shows them, so answers to hotkeys' prompts only go into the history; start a notification service, as "
                + "dunst or mako" + (hasProgram ? " (notify-send is there, and finds none either)" : ""))
    }

    private func checkRecordings(_ services: Services) {
        let wanted = services.configuration.capture.encoder
        do {
            report("recordings", "encoded by \(try VideoEncoders.working(wanted))")
        } catch {
            report(
                "recordings", nil,
                wanted == VideoEncoders.automatic
                    ? error.description : "\(error.description) Set [capture] encoder = \"auto\".")
        }
    }

    private func checkHotkeys(_ services: Services, isWayland: Bool) async {
        let plan = HotkeyPlan(services.configuration.hotkeys, prompts: PromptLibrary(places: services.places).names)
        for problem in plan.problems { report("hotkeys", nil, problem) }
        if isWayland, await PortalHotkeys.version(environment: services.environment) == nil {
            report(
                "hotkeys", nil,
                "the desktop gives no keys to programs (no GlobalShortcuts portal); scry hotkeys prints the line for its settings"
            )
            return
        }
        guard let state = HotkeyClaim.state(services.places) else {
            report("hotkeys", nil, "nobody holds them; start a chat, or systemctl --user enable --now scry-listen")
            return
        }
        for key in state.keys where key.problem != nil { report("hotkey \(key.name)", nil, key.problem ?? "") }
        let held = state.keys.filter { $0.problem == nil }.map(\.keys)
        guard !held.isEmpty else { return }
        let holder = state.holder == "chat" ? "the chat" : "scry listen"
        report("hotkeys", "\(holder) holds \(held.joined(separator: ", "))")
    }
}
