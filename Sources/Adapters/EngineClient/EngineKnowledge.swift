public import Conversation
public import FoundationEssentials

/// What was found out about engines by trying, kept so that it is not tried again within a day.
///
/// A value; whoever has it stores `encoded()` and reads it with `init(decoding:)`. What is damaged, or of another version of
/// Scry, is forgotten.
public struct EngineKnowledge: Sendable, Equatable {
    /// How long something counts as known, in seconds.
    public static let lifetime: Double = 24 * 3600

    fileprivate struct Entry: Codable, Equatable {
        var url: String
        /// Engines on sockets share an address.
        var socket: String?
        var version: String?
        var models: [String]
        var model: String
        /// nil where trying has shown neither.
        var sees: Bool?
        var learned: Date
    }

    private struct File: Codable {
        var format: Int
        var entries: [Entry]
    }

    private static let format = 1
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

    /// Notes whether a model of an engine was proven to see; nil when trying has proven neither.
    public mutating func note(sees: Bool?, model: String, of profile: EngineProfile, at now: Date) {
        entries.removeAll { $0.isAbout(model, of: profile) }
        entries.append(
            Entry(
                url: profile.url, socket: profile.socket, version: profile.version,
                models: profile.models.map(\.id).sorted(), model: model, sees: sees, learned: now))
        if entries.count > Self.mostEntries { entries.removeFirst() }
    }

    /// Whether it was tried whether a model sees, be it without a result, so that it need not be tried again.
    public func hasTried(_ model: String, of profile: EngineProfile, at now: Date) -> Bool {
        entries.contains { $0.isAbout(model, of: profile) && $0.holds(for: profile, at: now) }
    }

    /// Whether a model sees, as far as that was found out.
    public func sees(_ model: String, of profile: EngineProfile, at now: Date) -> Bool? {
        entries.last { $0.isAbout(model, of: profile) && $0.holds(for: profile, at: now) }?.sees
    }

    /// A profile with what is known added where the engine itself does not say it.
    ///
    /// Nothing is known of an engine that has another version or other models than before.
    public func completing(_ profile: EngineProfile, at now: Date) -> EngineProfile {
        var completed = profile
        for index in profile.models.indices where profile.models[index].vision == nil {
            completed.models[index].vision = sees(profile.models[index].id, of: profile, at: now)
        }
        return completed
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
}
