/// A model that sees, as it lies in a repository of the model hub.
struct HubModel: Sendable, Equatable {
    /// A file of the repository.
    struct File: Sendable, Equatable {
        var name: String
        var bytes: Int
        /// Its checksum, where it is known; for the others the hub is asked.
        var sha256: String?
    }

    /// What requests call it, and the directory that it lies in.
    var name: String
    /// What people call it.
    var title: String
    /// Owner and name.
    var repository: String
    var license: String
    var weights: File
    var projector: File
    var contextLength: Int
    /// Memory that has to be free for it, in bytes: both files, the context, the pictures' buffers and some air.
    var memory: Int

    var bytes: Int { weights.bytes + projector.bytes }

    /// What is offered, the best first.
    ///
    /// All of them are conversions that llama.cpp's own organisation publishes (github.com/ggml-org/llama.cpp,
    /// docs/multimodal.md, lists them); licences are those of the original models. Sizes and checksums are those of the
    /// repositories in 2026; the hub is asked again before anything is fetched, and its word counts.
    static let all = [
        HubModel(
            name: "glm-4.6v-flash", title: "GLM-4.6V-Flash (9 billion parameters, 4 bits)",
            repository: "ggml-org/GLM-4.6V-Flash-GGUF", license: "MIT",
            weights: File(name: "GLM-4.6V-Flash-Q4_K_M.gguf", bytes: 6_166_577_888),
            projector: File(name: "mmproj-GLM-4.6V-Flash-Q8_0.gguf", bytes: 980_055_680),
            contextLength: 16384, memory: 16 << 30),
        HubModel(
            name: "smolvlm2-2.2b", title: "SmolVLM2 (2.2 billion parameters, 4 bits)",
            repository: "ggml-org/SmolVLM2-2.2B-Instruct-GGUF", license: "Apache-2.0",
            weights: File(name: "SmolVLM2-2.2B-Instruct-Q4_K_M.gguf", bytes: 1_112_602_656),
            projector: File(name: "mmproj-SmolVLM2-2.2B-Instruct-Q8_0.gguf", bytes: 592_523_200),
            contextLength: 8192, memory: 5 << 30),
        HubModel(
            name: "smolvlm2-500m", title: "SmolVLM2 (500 million parameters, 8 bits)",
            repository: "ggml-org/SmolVLM2-500M-Video-Instruct-GGUF", license: "Apache-2.0",
            weights: File(
                name: "SmolVLM2-500M-Video-Instruct-Q8_0.gguf", bytes: 436_808_704,
                sha256: "6f67b8036b2469fcd71728702720c6b51aebd759b78137a8120733b4d66438bc"),
            projector: File(
                name: "mmproj-SmolVLM2-500M-Video-Instruct-Q8_0.gguf", bytes: 108_785_184,
                sha256: "921dc7e259f308e5b027111fa185efcbf33db13f6e35749ddf7f5cdb60ef520b"),
            contextLength: 8192, memory: 2 << 30),
    ]
}
