public import Conversation
public import FoundationEssentials

/// What was found out about engines by trying, kept so that it is not tried again within a day.
///
/// A value; whoever has it stores `encoded()` and reads it with `init(decoding:)`. What is damaged, or of another version of
/// Scry, is forgotten.
public struct EngineKnowledge: Sendable, Equatable {
    /// How long something counts as known, in seconds.
    public static let lifetime: Double = 24 * 3600

    private struct Entry: Codable, Equatable {
        var url: String
        var version: String?
        var models: [String]
        var model: String
        var sees: Bool
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

    /// Notes whether a model of an engine was proven to see.
    public mutating func note(sees: Bool, model: String, of profile: EngineProfile, at now: Date) {
        entries.removeAll { $0.url == profile.url && $0.model == model }
        entries.append(
            Entry(
                url: profile.url, version: profile.version, models: profile.models.map(\.id).sorted(), model: model,
                sees: sees, learned: now))
        if entries.count > Self.mostEntries { entries.removeFirst() }
    }

    /// A profile with what is known added where the engine itself does not say it.
    ///
    /// Nothing is known of an engine that has another version or other models than before.
    public func completing(_ profile: EngineProfile, at now: Date) -> EngineProfile {
        var profile = profile
        let models = profile.models.map(\.id).sorted()
        for entry in entries where entry.url == profile.url {
            let age = now.timeIntervalSince(entry.learned)
            guard entry.version == profile.version, entry.models == models, age >= 0, age < Self.lifetime,
                let index = profile.models.firstIndex(where: { $0.id == entry.model })
            else { continue }
            if profile.models[index].vision == nil { profile.models[index].vision = entry.sees }
        }
        return profile
    }
}
