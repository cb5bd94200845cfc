import Conversation
import TestSupport
import Testing

@testable import EngineClient

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

/// Proxies, private certificates and unix sockets.
@Suite struct NetworkTests {
    private func client(
        _ url: String, _ environment: [String: String], certificateFiles: [String: String] = [:]
    ) -> EngineClient {
        let settings = TransportSettings(environment: environment, certificateFiles: certificateFiles)
        return Faults.client(
            url: url, key: Faults.key, transport: CurlTransport(settings: settings), limits: ReplyLimits())
    }

    // MARK: - Proxies

    @Test(
        "asks a distant engine through the proxy, in either spelling",
        arguments: ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
    func proxied(variable: String) async throws {
        let proxy = try ScriptedEngine { _ in .reply(answer: "Through.") }
        defer { proxy.stop() }
        let address = proxy.url.replacing("/v1", with: "")

        let (said, _, failure) = await Faults.ask(client("http://lab.example:8000/v1", [variable: address]))

        #expect(failure == nil)
        #expect(said.answer == "Through.")
        #expect(proxy.requests.first?.path == "http://lab.example:8000/v1/chat/completions")
    }

    @Test("asks this machine, sockets and what NO_PROXY names directly") func direct() async throws {
        let path = "/tmp/scry-test-\(UUID().uuidString.prefix(8)).sock"
        let engine = try ScriptedEngine { _ in .reply(answer: "Direct.") }
        let socket = try ScriptedEngine(socket: path) { _ in .reply(answer: "Direct.") }
        let proxy = try ScriptedEngine { _ in .reply(answer: "Through.") }
        defer { for engine in [engine, socket, proxy] { engine.stop() } }
        let environment = ["HTTP_PROXY": proxy.url, "HTTPS_PROXY": proxy.url, "ALL_PROXY": proxy.url]

        #expect(await Faults.ask(client(engine.url, environment)).said.answer == "Direct.")
        #expect(await Faults.ask(client("unix:" + path, environment)).said.answer == "Direct.")
        let encoded = path.replacing("/", with: "%2F")
        #expect(await Faults.ask(client("http+unix://\(encoded)/v1", environment)).said.answer == "Direct.")
        #expect(proxy.requests.isEmpty)
        #expect(socket.requests.allSatisfy { $0.path == "/v1/chat/completions" })
    }

    @Test("says when it is the proxy that refuses") func refusingProxy() async throws {
        let proxy = try ScriptedEngine { _ in .body("", status: 407) }
        let gone = try ScriptedEngine { _ in .body("") }
        gone.stop()
        defer { proxy.stop() }
        let (alive, dead) = (proxy.url.replacing("/v1", with: ""), gone.url.replacing("/v1", with: ""))
        let hint = "check HTTPS_PROXY and HTTP_PROXY, or put the engine's host into NO_PROXY."
        func sentence(_ url: String, _ variable: String, _ proxy: String) async -> String? {
            let secret = proxy.replacing("http://", with: "http://user:hush-hush@")
            return await Faults.ask(client(url, [variable: secret])).failure?.message
        }

        #expect(
            await sentence("https://lab.example/v1", "HTTPS_PROXY", alive)
                == "The proxy does not let https://lab.example be reached (\(alive): HTTP 407); \(hint)")
        #expect(
            await sentence("http://lab.example/v1", "http_proxy", dead)
                == "The proxy does not let http://lab.example be reached (\(dead): nothing answers there); \(hint)")
        #expect(
            await sentence("http://lab.example/v1", "http_proxy", "http://no-such-proxy.invalid:1")
                == "The proxy does not let http://lab.example be reached "
                + "(http://no-such-proxy.invalid:1: there is no host of that name); \(hint)")
        #expect(
            await sentence("http://lab.example/v1", "http_proxy", alive)
                == "The proxy before http://lab.example wants a name and a password (HTTP 407); put them into HTTP_PROXY."
        )
        #expect(proxy.requests.first?.method == "CONNECT")
        // What a proxy sees of a secure connection is the host's name.
        #expect(proxy.requests.first?["Authorization"] == nil)
    }

    @Test(
        "understands NO_PROXY",
        arguments: [
            ("lab.example", true), ("example", true), (".example", true), ("*.example", true), ("*", true),
            ("ab.example", false), ("lab.example:8000", true), ("lab.example:9000", false), ("", false),
            ("other, lab.example", true), ("LAB.EXAMPLE", true), ("10.0.0.0/8", false), ("[", false), ("/", false),
        ])
    func exceptions(list: String, isDirect: Bool) {
        let proxies = Proxies(environment: ["http_proxy": "http://p:1", "NO_PROXY": list])

        #expect((proxies.proxy(for: EngineAddress("http://lab.example:8000/v1")) == nil) == isDirect)
    }

    @Test("understands blocks of addresses in NO_PROXY, and a web server's HTTP_PROXY") func blocks() {
        let proxies = Proxies(environment: [
            "http_proxy": "http://p:1", "no_proxy": "10.1.0.0/16,192.168.7.7,[fd00::1]",
        ])
        func isDirect(_ url: String) -> Bool { proxies.proxy(for: EngineAddress(url)) == nil }

        #expect(
            isDirect("http://10.1.255.3:8000/v1") && isDirect("http://192.168.7.7") && isDirect("http://[fd00::1]:1"))
        #expect(!isDirect("http://10.2.0.1") && !isDirect("http://192.168.7.8") && !isDirect("http://[fd00::2]"))
        let visited = Proxies(environment: ["HTTP_PROXY": "http://evil:1", "REQUEST_METHOD": "GET"])
        #expect(visited.proxy(for: EngineAddress("http://lab.example")) == nil)
    }

    // MARK: - Certificates

    static let hasTools = ["openssl", "python3"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)")
    }

    @Test(
        "trusts the authority of an engine's own file, or of the environment",
        .enabled(if: hasTools, "needs openssl and python3"))
    func certificates() async throws {
        let folder = "/tmp/scry-test-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let server = try TestProcess("sh", ["-c", Self.server, "sh", folder])
        let port = try #require(server.readLine())
        let (url, file) = ("https://127.0.0.1:\(port)/v1", folder + "/cert.pem")
        func ask(_ environment: [String: String] = [:], _ files: [String: String] = [:]) async -> (String, String?) {
            let (said, _, failure) = await Faults.ask(client(url, environment, certificateFiles: files))
            return (said.answer, failure?.message)
        }

        #expect(await ask([:], [url: file]) == ("Safe.", nil))
        #expect(await ask([:], ["HTTPS://127.0.0.1:\(port)": file]) == ("Safe.", nil))
        #expect(await ask(["SSL_CERT_FILE": file]) == ("Safe.", nil))
        #expect(await ask(["CURL_CA_BUNDLE": file, "SSL_CERT_FILE": "/none"]) == ("Safe.", nil))
        let untrusted =
            "Nobody who is trusted vouches for https://127.0.0.1:\(port) (SSL certificate problem: self-signed "
            + "certificate); name the file of its authority as ca_file, or in SSL_CERT_FILE."
        #expect(await ask() == ("", untrusted))
        #expect(await ask([:], ["https://127.0.0.1:1/v1": file]) == ("", untrusted))
        #expect(
            await ask([:], [url: "/no/such.pem"])
                == ("", "The trusted certificates in /no/such.pem cannot be read; correct ca_file or SSL_CERT_FILE."))
        // Never silently trusted: the name has to be right, too.
        let named = client("https://localhost:\(port)/v1", ["SSL_CERT_FILE": file])
        #expect(await Faults.ask(named).failure?.kind == .unreachable)
    }

    /// Makes a certificate that vouches for itself, and answers every question with it.
    private static let server = #"""
        cd "$1" && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out cert.pem \
            -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 2>openssl.log
        exec python3 - <<'PYTHON'
        import http.server, ssl
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                self.wfile.write(b'data: {"choices":[{"delta":{"content":"Safe."},"finish_reason":"stop"}]}\n\n')
            def log_message(self, *arguments): pass
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain("cert.pem", "key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        print(server.server_address[1], flush=True)
        server.serve_forever()
        PYTHON
        """#
}
