import Foundation
import Testing

@testable import EngineHost

struct ClusterCommandTests {
    private func command(
        _ kind: ClusterCommand.Kind, _ model: String, _ count: Int = 4, _ gigabytes: Int = 80, nodes: Int = 1
    ) throws -> ClusterCommand {
        try ClusterCommand(
            ClusterCommand.Wish(kind: kind, model: model, nodes: nodes),
            on: GraphicsCards(count: count, memory: gigabytes << 30))
    }

    @Test("vLLM's command line for four cards")
    func vllm() throws {
        let command = try command(.vllm, "glm-4.6v")
        #expect(
            command.commands.first?.words == [
                "vllm", "serve", "zai-org/GLM-4.6V-FP8", "--served-model-name", "glm-4.6v", "--host", "127.0.0.1",
                "--port", "8000", "--tensor-parallel-size", "4", "--enable-expert-parallel", "--mm-encoder-tp-mode",
                "data", "--mm-processor-cache-type", "shm", "--max-model-len", "131072", "--gpu-memory-utilization",
                "0.92", "--reasoning-parser", "glm45", "--tool-call-parser", "glm45", "--enable-auto-tool-choice",
                "--limit-mm-per-prompt", #"{"image":32,"video":1}"#, "--media-io-kwargs",
                #"{"video":{"num_frames":-1}}"#, "--enable-prompt-tokens-details",
            ])
        #expect(command.port == 8000 && command.modelName == "glm-4.6v")
    }

    @Test("SGLang's command line for two cards")
    func sglang() throws {
        let command = try command(.sglang, "glm-4.5v", 2)
        #expect(
            command.commands.first?.words == [
                "sglang", "serve", "--model-path", "zai-org/GLM-4.5V-FP8", "--served-model-name", "glm-4.5v", "--host",
                "127.0.0.1", "--port", "30000", "--tp-size", "2", "--ep-size", "2", "--mm-enable-dp-encoder",
                "--context-length", "65536", "--reasoning-parser", "glm45", "--tool-call-parser", "glm45",
                "--limit-mm-data-per-request", #"{"image":32,"video":1}"#, "--enable-cache-report",
            ])
        #expect(command.commands.first?.variables == ["SGLANG_VLM_CACHE_SIZE_MB": "1024"])
    }

    @Test("one card needs no parallelism, a dense model no experts, GLM-4.1V no tools")
    func plain() throws {
        for kind in ClusterCommand.Kind.allCases {
            let words = try #require(try command(kind, "glm-4.1v-9b", 1).commands.first?.words)
            for flag in words where flag.hasPrefix("--") {
                #expect(
                    !["parallel", "tp-size", "ep-size", "tool", "encoder"].contains { flag.contains($0) }, "\(flag)")
            }
            #expect(words.contains("zai-org/GLM-4.1V-9B-Thinking"))
        }
        let dense = try #require(try command(.vllm, "glm-4.6v-flash", 2, 24).commands.first?.words)
        #expect(dense.contains("--tensor-parallel-size") && !dense.contains("--enable-expert-parallel"))
    }

    @Test("each machine of several has its own command, and one answers")
    func nodes() throws {
        let vllm = try command(.vllm, "glm-4.5v-bf16", 8, 80, nodes: 2).commands.map(\.words)
        #expect(vllm.count == 2 && !vllm[0].contains("--headless") && vllm[1].contains("--headless"))
        for (rank, words) in vllm.enumerated() {
            let index = try #require(words.firstIndex(of: "--node-rank"))
            #expect(words[index + 1] == String(rank) && words.contains("--pipeline-parallel-size"))
        }
        let sglang = try command(.sglang, "glm-4.5v-bf16", 8, 80, nodes: 2).commands.map(\.words)
        #expect(sglang.allSatisfy { $0.contains("16") && $0.contains("--dist-init-addr") })
    }

    @Test("every flag of every command has its reason, and the text can be pasted into a shell")
    func text() async throws {
        for model in ClusterModel.all {
            for kind in ClusterCommand.Kind.allCases {
                for explained in try command(kind, model.name, 8, 80, nodes: 2).commands {
                    for part in explained.parts where part.words.first != "--model-path" {
                        #expect(part.why != nil, "\(part.words)")
                    }
                    let said = LineCollector()
                    let script = "vllm() { printf '%s\\n' vllm \"$@\"; }; sglang() { printf '%s\\n' sglang \"$@\"; }\n"
                    let status = try await GuardedChild.run(
                        ["sh", "-c", script + explained.text], output: .lines { said.add($0) })
                    #expect(status == 0 && said.lines == explained.words)
                }
            }
        }
    }

    @Test("other repositories and directories get what is true of any model, other names a list")
    func unknown() throws {
        let other = try ClusterCommand(ClusterCommand.Wish(kind: .vllm, model: "/models/tiny-glm", port: 9000), on: nil)
        #expect(other.port == 9000 && other.modelName == "tiny-glm")
        #expect(
            other.commands.first?.words == [
                "vllm", "serve", "/models/tiny-glm", "--served-model-name", "tiny-glm", "--host", "127.0.0.1", "--port",
                "9000", "--reasoning-parser", "glm45", "--enable-prompt-tokens-details",
            ])
        let failure = #expect(throws: EngineHostFailure.self) { try command(.sglang, "llava") }
        #expect(failure?.kind == .modelMissing && failure?.message.contains("glm-4.1v-9b") == true)
        let blind = #expect(throws: EngineHostFailure.self) {
            try ClusterCommand(ClusterCommand.Wish(kind: .vllm, model: "glm-4.6v"), on: nil)
        }
        #expect(blind?.message.contains("--gpus N --gpu-memory GB") == true)
    }

    @Test(
        "words are quoted as a shell needs it",
        arguments: [("a-b/c", "a-b/c"), ("", "''"), ("it's $x", #"'it'\''s $x'"#)])
    func quoted(word: String, text: String) {
        #expect(ExplainedCommand.quoted(word) == text)
    }

    @Test(
        "sizes are said as people read them",
        arguments: [(0, "0 kB"), (1499, "1 kB"), (999_499, "999 kB"), (93_000_000, "93 MB"), (7_146_633_568, "7.1 GB")])
    func sizes(bytes: Int, text: String) {
        #expect(ByteCount.text(bytes) == text)
    }
}
