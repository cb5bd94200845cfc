import Conversation
import EngineHost
import Testing

@testable import scry

/// What the configuration says of engines: their addresses, keys and certificates.
@Suite struct EngineSettingsTests {
    @Test(
        "never repeats a key that was put into the file",
        arguments: [
            "api_key = \"sk-SECRET\"", "api-key = \"sk-SECRET\"", "token = \"sk-SECRET\"",
            "api_key_env = \"sk-SECRET\"", "api_key_file = \"sk-SECRET\"", "ca_file = \"sk-SECRET\"",
            "url = \"httpx://user:sk-SECRET@host\"",
        ])
    func secrets(line: String) {
        let (_, warnings) = parse("[engines.lab]\n\(line)\n" + (line.hasPrefix("url") ? "" : "url = \"http://h/v1\""))

        #expect(warnings.count == 1)
        #expect(warnings.allSatisfy { $0.hasPrefix("config.toml:2:") && !$0.contains("SECRET") }, "\(warnings)")
    }

    @Test("looks for a key in SCRY_API_KEY, then where the engine says, and in the keyring only when told") func keys()
    {
        func sources(_ lines: String) -> [KeySource] {
            let (configuration, warnings) = parse("[engines.lab]\nurl = \"http://h/v1\"\n" + lines)
            #expect(warnings == [])
            return Configuration.keySources(for: configuration.engines.first)
        }

        #expect(Configuration.keySources(for: nil) == [.variable("SCRY_API_KEY")])
        #expect(sources("") == [.variable("SCRY_API_KEY")])
        #expect(sources("api_key_keyring = false") == [.variable("SCRY_API_KEY")])
        #expect(
            sources("api_key_keyring = true\napi_key_file = \"~/lab.key\"\napi_key_env = \"LAB_KEY\"") == [
                .variable("SCRY_API_KEY"), .variable("LAB_KEY"), .file("~/lab.key"), .keyring(engine: "lab"),
            ])
    }

    @Test("names the place of the key, or where one is to be put, and never shows the key") func keyNames() async throws
    {
        let engine = Configuration.Engine(name: "lab", url: "http://h/v1", keyVariable: "LAB_KEY", keyFile: "/none/key")
        let sources = Configuration.keySources(for: engine)
        let finder = KeyFinder(environment: ["LAB_KEY": "SECRET"])
        let found = EngineKey(try await finder.find(sources), of: sources)

        #expect(found.value == "SECRET")
        #expect(found.name == "LAB_KEY")
        #expect(!"\(found) \(String(reflecting: found))".contains("SECRET"))
        #expect(EngineKey(nil, of: sources).name == "LAB_KEY")
        #expect(EngineKey(nil, of: [.variable("SCRY_API_KEY")]).name == "SCRY_API_KEY")
        #expect(EngineKey(nil, of: [.variable("SCRY_API_KEY"), .file("~/k")]).name == "the key in ~/k")
    }

    @Test("takes certificates for the engine that names them, with ~/ for the home") func certificates() {
        let (configuration, warnings) = parse(
            "[engines.lab]\nurl = \"https://h/v1\"\nca_file = \"~/lab.pem\"\n[engines.other]\nurl = \"https://o/v1\"")

        #expect(warnings == [])
        #expect(configuration.certificateFiles == ["https://h/v1": "~/lab.pem"])
        let places = Places(environment: ["HOME": "/home/ada"])
        #expect(places.expanded("~/lab.pem") == "/home/ada/lab.pem")
        #expect(places.expanded("/etc/lab.pem") == "/etc/lab.pem")
    }

    @Test(
        "knows addresses of engines",
        arguments: [
            ("http://h", true), ("https://h:8000/v1", true), ("unix:/run/llama.sock", true),
            ("unix:///run/llama.sock", true), ("http+unix://%2Frun%2Fllama.sock/v1", true), ("unix:llama.sock", false),
            ("unix:/", false), ("http+unix://llama.sock", false), ("http://", false), ("http:///v1", false),
            ("http://a b", false), ("unix:/run/a\u{7}", false), ("ftp://h", false), ("h:8000", false),
        ])
    func addresses(text: String, isOne: Bool) {
        #expect(Configuration.isURL(text) == isOne)
    }
}
