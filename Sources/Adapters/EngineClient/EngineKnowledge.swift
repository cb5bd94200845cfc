public import Conversation
public import FoundationEssentials

/// What was found out about engines by trying, kept so that it is not tried again within a day.
///
/// A value; whoever has it stores `encoded()` and reads it with `init(decoding:)`. What is damaged, or of another version of
/// Scry, is forgotten.
public struct EngineKnowledge: Sendable, Equatable {
    /// How long something counts as known, in seconds.
    public static let lifetime: Double = 24 * 3600

    /// How something was found out.
    public enum Trial: String, Sendable, Codable {
        /// Pictures were shown, the first time that one was to be seen.
        case sight
        /// Recordings were shown in several forms, the first time that one did not fit as it was.
        case videoForms
        /// Everything was tried, because somebody asked for it; what it proves counts more than what an engine says.
        case examination
    }

    fileprivate struct Entry: Codable, Equatable {
        var url: String
        /// Engines on sockets share an address.
        var socket: String?
        var version: String?
        var models: [String]
        var model: String
        var trial: Trial
        var proven: ProvenAbilities
        var learned: Date
    }

    private struct File: Codable {
        var format: Int
        var entries: [Entry]
    }

    private static let format = 2
    private static let mostEntries = 200

    private var entries: [Entry] = []

    /// Knows nothing.
    public init() {}

    /// Reads what was stored; nothing where that cannot be read.
    public init(decoding bytes: [UInt8]) {
        guard let file = try? JSONDecoder().decode(File.self, from: Data(bytes)), file.format == Self.format else {
            return
        }
        entries = Array(file.entries.suffix(Self.mostEntries))
    }

    /// What is to be stored.
    public func encoded() -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return (try? encoder.encode(File(format: Self.format, entries: entries))).map(Array.init) ?? []
    }

    /// Notes what trying has proven of a model of an engine, be it nothing.
    ///
    /// An examination leaves nothing of what was found out before it.
    public mutating func note(
        _ proven: ProvenAbilities, by trial: Trial, model: String, of profile: EngineProfile, at now: Date
    ) {
        entries.removeAll { $0.isAbout(model, of: profile) && ($0.trial == trial || trial == .examination) }
        entries.append(
            Entry(
                url: profile.url, socket: profile.socket, version: profile.version,
                models: profile.models.map(\.id).sorted(), model: model, trial: trial, proven: proven, learned: now))
        if entries.count > Self.mostEntries { entries.removeFirst() }
    }

    /// Whether something was tried, be it without a result, so that it need not be tried again.
    public func hasTried(_ trial: Trial, _ model: String, of profile: EngineProfile, at now: Date) -> Bool {
        entries(about: model, of: profile, at: now).contains { entry in
            guard entry.trial == .examination else { return entry.trial == trial }
            return switch trial {
            case .sight: entry.proven.sees != nil
            case .videoForms: entry.proven.frameLists != nil
            case .examination: true
            }
        }
    }

    /// What was proven of a model that its engine does not say.
    public func proven(_ model: String, of profile: EngineProfile, at now: Date) -> ModelProfile {
        var known = ModelProfile(id: model)
        for entry in entries(about: model, of: profile, at: now) { entry.apply(to: &known) }
        return known
    }

    /// A profile with what is known added where the engine itself does not say it, and put in the place of what it says
    /// where an examination has proven it.
    ///
    /// Nothing is known of an engine that has another version or other models than before.
    public func completing(_ profile: EngineProfile, at now: Date) -> EngineProfile {
        var completed = profile
        for index in profile.models.indices {
            // Of the families only one knows lists of frames.
            if !profile.passesFrameLists { completed.models[index].frameLists = .refused }
            for entry in entries(about: profile.models[index].id, of: profile, at: now) {
                entry.apply(to: &completed.models[index])
            }
        }
        return completed
    }

    private func entries(about model: String, of profile: EngineProfile, at now: Date) -> [Entry] {
        entries.filter { $0.isAbout(model, of: profile) && $0.holds(for: profile, at: now) }
    }
}

extension EngineKnowledge.Entry {
    fileprivate func isAbout(_ model: String, of profile: EngineProfile) -> Bool {
        url == profile.url && socket == profile.socket && self.model == model
    }

    fileprivate func holds(for profile: EngineProfile, at now: Date) -> Bool {
        let age = now.timeIntervalSince(learned)
        return version == profile.version && models == profile.models.map(\.id).sorted()
            && age >= 0 && age < EngineKnowledge.lifetime
    }

    fileprivate func apply(to model: inout ModelProfile) {
        if trial == .examination { proven.correct(&model) } else { proven.fill(&model) }
    }
}
