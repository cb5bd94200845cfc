public import Conversation

extension SessionState {
    /// The engine and the model that the next request goes to.
    public var currentEngine: (engine: EngineProfile, model: String)? {
        if case .ready(let profile, let name) = engine { (profile, name) } else { nil }
    }

    // MARK: - The list

    /// Opens the list and asks every engine anew.
    mutating func chooseEngine() -> [SessionEffect] {
        overlay = .engines(EngineMenu())
        return [.listEngines]
    }

    /// Opens the list; when there is no engine, one is looked for again as well.
    mutating func chooseEngineOrSearch() -> [SessionEffect] {
        let search = lookAgain()
        return chooseEngine() + search
    }

    /// Takes in what was found, when the list is still open.
    mutating func list(_ event: SessionEvent) {
        guard case .engines(var menu) = overlay else { return }
        switch event {
        case .engineListed(let listing): menu.add(listing)
        case .allEnginesListed: menu.isAsking = false
        case .typed(let text): menu.filter += text
        default: preconditionFailure("not an event of the list")
        }
        overlay = .engines(menu)
    }

    /// Handles a command while the list is open.
    mutating func perform(_ command: Command, in menu: EngineMenu) -> [SessionEffect] {
        var menu = menu
        let entries = menu.entries
        switch command {
        case .send:
            guard !entries.isEmpty else { return [] }
            let entry = entries[menu.selected(current: currentEngine)]
            overlay = nil
            return use(entry.engine, model: entry.model.id)
        case .chooseModel, .chooseEngine:
            overlay = nil
            return []
        case .deleteBackward: menu.filter = String(menu.filter.dropLast())
        case .deleteWord, .deleteToLineStart: menu.filter = ""
        default:
            guard !entries.isEmpty else { return [] }
            let place = menu.selected(current: currentEngine) + command.overlayStep
            menu.choose(entries[min(max(0, place), entries.count - 1)])
        }
        overlay = .engines(menu)
        return []
    }

    // MARK: - By name

    /// `/model NAME`: another model of the engine at hand, else of any that has it.
    mutating func chooseModel(named name: String) -> [SessionEffect] {
        if case .ready(let profile, _) = engine, let model = profile.model(like: name) {
            return use(profile, model: model.id)
        }
        notice = Notice(.information, "Asking the engines for \(name) …")
        return [.connect(engine: nil, model: name)]
    }

    /// `/engine NAME|URL`.
    mutating func chooseEngine(named name: String) -> [SessionEffect] {
        notice = Notice(.information, "Asking \(name) …")
        return [.connect(engine: name, model: nil)]
    }

    // MARK: - Changing

    /// Takes in what became of the engine.
    mutating func change(_ status: EngineStatus) -> [SessionEffect] {
        engine = status
        switch status {
        case .ready(let profile, let name):
            engine = .ready(corrected(profile), model: name)
            return sendNext()
        case .unavailable: return takeBackQueued()
        default: return sendNext()
        }
    }

    /// Sends what is asked from now on to this engine and model, and says what that changes.
    mutating func use(_ chosen: EngineProfile, model name: String) -> [SessionEffect] {
        let old = (currentEngine?.engine, model)
        let profile = corrected(chosen)
        engine = .ready(profile, model: name)
        notice = Notice(.information, words(for: profile, name, after: old))
        var effects: [SessionEffect] = [.preferEngine(profile, model: name)]
        // Pictures that are being made ready are made ready for the wrong one.
        if reply?.phase == .preparing { effects += prepareAgain() }
        return effects + sendNext()
    }

    private func words(
        for profile: EngineProfile, _ name: String, after old: (engine: EngineProfile?, model: ModelProfile?)
    ) -> String {
        let model = profile.models.first { $0.id == name } ?? ModelProfile(id: name)
        var words = ["\(name) on \(profile.name) answers from now on."]
        if let reply, reply.phase != .preparing, reply.engine != EngineID(profile) || old.model?.id != name {
            words.append("The answer under way is not disturbed.")
        }
        if model.vision == false {
            words.append("It cannot see: the text of pictures goes instead.")
        } else if old.model?.vision == false, model.vision == true {
            words.append("It sees pictures.")
        }
        if !profile.isLocal, old.engine?.isLocal != false { words.append("What is sent leaves this machine.") }
        if isThinkingOn, model.thinking == false { words.append("It does not think.") }
        if let length = model.contextLength, let used = contextUsed, used > length {
            words.append("It holds \(length) tokens: the oldest turns stay out.")
        }
        return words.joined(separator: " ")
    }

    // MARK: - Stopping the search

    /// Stops looking for an engine, fetching or starting one; nil when none of that goes on.
    mutating func stopSearch() -> [SessionEffect]? {
        let what: String
        switch engine {
        case .searching: what = "The search for an engine"
        case .preparing(let step, _): what = step
        default: return nil
        }
        notice = nil
        engine = .unavailable("\(what) was stopped. /engine looks for an engine again.")
        return [.stopFindingEngine] + takeBackQueued()
    }

    /// Looks for an engine once more, when there is none.
    mutating func lookAgain() -> [SessionEffect] {
        guard case .unavailable = engine else { return [] }
        engine = .searching
        return [.findEngine]
    }

    // MARK: - What engines turn out to be

    /// The profile with what was learned of its models.
    private func corrected(_ profile: EngineProfile) -> EngineProfile {
        var profile = profile
        for known in learned where known.isOf(profile) {
            profile.change(known.model) { $0.contextLength = min($0.contextLength ?? known.length, known.length) }
        }
        return profile
    }

    /// Keeps in mind how much the model that answers really holds, and how it counts.
    mutating func learn(length: Int, correction: Double) {
        guard case .ready(let profile, let name) = engine else { return }
        learned.removeAll { $0.isOf(profile) && $0.model == name }
        learned.append(
            LearnedLength(engine: EngineID(profile), model: name, length: length, correction: correction))
        engine = .ready(corrected(profile), model: name)
    }
}

/// How much a model turned out to hold.
struct LearnedLength: Sendable, Equatable {
    var engine: EngineID
    var model: String
    var length: Int
    /// What estimates are multiplied with.
    var correction: Double

    func isOf(_ profile: EngineProfile?) -> Bool { profile.map { EngineID($0) == engine } ?? false }
}

extension EngineProfile {
    /// Changes what is known of a model, also when nothing was.
    mutating func change(_ name: String, _ body: (inout ModelProfile) -> Void) {
        var model = models.first { $0.id == name } ?? ModelProfile(id: name)
        body(&model)
        if let place = models.firstIndex(where: { $0.id == name }) {
            models[place] = model
        } else {
            models.append(model)
        }
    }

    /// The model of this name, else the only one that has it in its name.
    public func model(like name: String) -> ModelProfile? {
        if let exact = models.first(where: { $0.id == name }) { return exact }
        let near = models.filter { $0.id.lowercased().contains(name.lowercased()) }
        return near.count == 1 ? near[0] : nil
    }
}
