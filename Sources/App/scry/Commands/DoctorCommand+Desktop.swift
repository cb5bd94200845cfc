import Desktop

extension DoctorCommand {
    /// Regions, hotkeys, and the terminal that they open: what works in this session.
    ///
    /// None of it makes a machine ill.
    func checkDesktopKeys(_ services: Services) {
        let isWayland = Screens.isWayland(services.environment)
        report(
            "regions",
            isWayland || services.choosing.chooser == nil ? nil : "chosen with the pointer: F4, --region select",
            "Wayland lets no program draw over the others; share a window (--window active), or name a region"
                + " (--region 640x480+100+50)")
        checkHotkeys(services, isWayland: isWayland)
        let popup = PopupTerminal(settings: services.configuration.popup, environment: services.environment)
        do {
            report("terminal for hotkeys", try popup.command(running: []).joined(separator: " "))
        } catch {
            report("terminal for hotkeys", nil, CommandFailure(error).description)
        }
        if services.configuration.capture.hidesTerminal {
            report(
                "hide_terminal",
                isWayland ? nil : "pictures show what is behind the chat's terminal; recordings do not",
                "Wayland tells no program where its window is, so the terminal stays in pictures")
        }
    }

    private func checkHotkeys(_ services: Services, isWayland: Bool) {
        let plan = HotkeyPlan(services.configuration.hotkeys, prompts: PromptLibrary(places: services.places).names)
        for problem in plan.problems { report("hotkeys", nil, problem) }
        guard !isWayland else {
            report("hotkeys", nil, "Wayland gives no keys to programs; scry hotkeys prints the line for the desktop")
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
