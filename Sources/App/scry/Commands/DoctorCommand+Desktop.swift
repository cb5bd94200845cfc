import Desktop
import Media
import PortalDesktop

extension DoctorCommand {
    /// Regions, recordings, hotkeys, the terminal that they open, notifications and the clipboard: what works in this session.
    ///
    /// None of it makes a machine ill.
    ///
    /// - Parameter seesScreen: whether a picture could be taken, or asked for.
    func checkDesktopKeys(_ services: Services, seesScreen: Bool) async {
        let isWayland = Screens.isWayland(services.environment)
        let answers =
            isWayland
            ? WaylandDesktop.survey(environment: services.environment) != nil
            : services.portal == nil ? seesScreen : services.environment["DISPLAY"]?.isEmpty == false
        checkRegions(services, isWayland: isWayland, answers: answers)
        checkRecordings(services)
        await checkHotkeys(services, isWayland: isWayland, answers: answers)
        if answers { checkPopup(services) }
        await checkNotifications(services)
        // A display that does not answer is none.
        var environment = services.environment
        if !answers { environment[isWayland ? "WAYLAND_DISPLAY" : "DISPLAY"] = nil }
        let survey = ClipboardSurvey(environment) {
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

    private func checkPopup(_ services: Services) {
        let popup = PopupTerminal(settings: services.configuration.popup, environment: services.environment)
        do {
            report("terminal for hotkeys", try popup.command(running: []).joined(separator: " "))
        } catch {
            report("terminal for hotkeys", nil, CommandFailure(error).description)
        }
    }

    private func checkRegions(_ services: Services, isWayland: Bool, answers: Bool) {
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
                "regions", answers ? "chosen with the pointer: F4, --region select" : nil,
                "there is no screen to choose them on; see above")
        }
    }

    private func checkNotifications(_ services: Services) async {
        guard DesktopNotifications(environment: services.environment).canAsk else {
            report(
                "notifications", nil,
                "there is no session bus, through which they are shown; answers to hotkeys' prompts only go into the history."
                    + " Run this inside the graphical session, or set DBUS_SESSION_BUS_ADDRESS")
            return
        }
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

    private func checkHotkeys(_ services: Services, isWayland: Bool, answers: Bool) async {
        let plan = HotkeyPlan(services.configuration.hotkeys, prompts: PromptLibrary(places: services.places).names)
        for problem in plan.problems { report("hotkeys", nil, problem) }
        guard answers else {
            report("hotkeys", nil, "there is no desktop that could give keys away; run this inside a graphical session")
            return
        }
        if isWayland, await PortalHotkeys.version(environment: services.environment) == nil {
            report(
                "hotkeys", nil,
                "the desktop gives no keys to programs (no GlobalShortcuts portal); scry hotkeys prints the line for its settings"
            )
            return
        }
        guard let state = HotkeyClaim.state(services.places) else {
            report(
                "hotkeys", nil,
                "nobody holds them; start a chat, or scry listen (in every session:"
                    + " \(Autostart(services.environment).words))")
            return
        }
        for key in state.keys where key.problem != nil { report("hotkey \(key.name)", nil, key.problem ?? "") }
        let held = state.keys.filter { $0.problem == nil }.map(\.keys)
        guard !held.isEmpty else { return }
        let holder = state.holder == "chat" ? "the chat" : "scry listen"
        report("hotkeys", "\(holder) holds \(held.joined(separator: ", "))")
    }
}
