import Conversation
import FoundationEssentials

/// Asks a llama.cpp server that answers what it serves.
struct EngineInspection: Sendable {
    var endpoint: EngineEndpoint

    /// Whether it is ready for questions.
    func isHealthy() async -> Bool {
        await LocalRequest(endpoint: endpoint, path: "/health").answer()?.status == 200
    }

    /// What is known of it; nil where it does not answer.
    func profile() async -> EngineProfile? {
        guard let list = await LocalRequest(endpoint: endpoint, path: "/v1/models", patience: 10).answer(),
            list.status == 200
        else { return nil }
        // The server has this page unless it was built without; what is on it is then unknown.
        let properties = await LocalRequest(endpoint: endpoint, path: "/props", patience: 10).answer()
        return Self.profile(models: list.body, properties: properties?.body ?? [], endpoint: endpoint)
    }

    static func profile(models: [UInt8], properties: [UInt8], endpoint: EngineEndpoint) -> EngineProfile? {
        let decoder = JSONDecoder()
        guard let list = try? decoder.decode(ModelList.self, from: Data(models)) else { return nil }
        let page = try? decoder.decode(Properties.self, from: Data(properties))
        let profiles = list.data.map { entry in
            ModelProfile(
                id: entry.id, contextLength: entry.meta?.n_ctx,
                vision: entry.takes("image") ?? page?.modalities?.vision,
                video: entry.takes("video") ?? page?.modalities?.video,
                // The template decides whether thinking can be switched: it asks for this variable or does not.
                thinking: page?.chat_template?.contains("enable_thinking"))
        }
        return EngineProfile(
            name: "own", kind: .llamaServer, url: endpoint.url, socket: endpoint.socket,
            version: page?.build_info, models: profiles, isOwn: true)
    }

    private struct ModelList: Decodable {
        struct Entry: Decodable {
            struct Meta: Decodable {
                var n_ctx: Int?
            }
            struct Architecture: Decodable {
                var input_modalities: [String]?
            }
            var id: String
            var meta: Meta?
            var architecture: Architecture?

            func takes(_ modality: String) -> Bool? { architecture?.input_modalities?.contains(modality) }
        }
        var data: [Entry]
    }

    private struct Properties: Decodable {
        struct Modalities: Decodable {
            var vision: Bool?
            var video: Bool?
        }
        var modalities: Modalities?
        var chat_template: String?
        var build_info: String?
    }
}
