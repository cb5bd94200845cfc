import Conversation
import Glibc
import TestSupport
import Testing

@testable import EngineClient

/// How long a token takes from the engine's socket to the reader, and what it costs; for `make bench`, not for every day.
@Suite(.serialized, .enabled(if: getenv("SCRY_BENCH") != nil, "set SCRY_BENCH to measure"))
struct LatencyTests {
    @Test("measures a stream", arguments: [(2_000, 100), (2_000, 500), (20_000, 0)])
    func stream(count: Int, rate: Int) async throws {
        let server = try TestProcess("python3", ["-u", "-c", Self.engine, "\(count)", "\(rate)"])
        let port = try #require(server.readLine())
        let client = Faults.client(url: "http://127.0.0.1:\(port)/v1", limits: ReplyLimits())
        var times: [Double] = []
        var arrivals: [Double] = []
        let (cpu, begun) = (Self.cpuSeconds, Self.now)

        for try await delta in client.reply(to: Faults.request) {
            guard case .answer(let text) = delta, let sent = Double(text) else { continue }
            let now = Self.now
            times.append((now - sent) * 1000)
            arrivals.append(now)
        }

        let (used, wall) = (Self.cpuSeconds - cpu, Self.now - begun)
        #expect(times.count == count)
        let sorted = times.sorted()
        func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
        let quarter = count / 4
        print(
            "\(count) tokens at \(rate == 0 ? "full speed" : "\(rate)/s"): byte to delta p50",
            "\(rounded(sorted[count / 2])) ms, p99 \(rounded(sorted[count * 99 / 100])) ms, worst",
            "\(rounded(sorted[count - 1])) ms; CPU \(rounded(used)) s, wall \(rounded(wall)) s; first quarter",
            "\(rounded(arrivals[quarter] - arrivals[0])) s, last quarter \(rounded(arrivals[count - 1] - arrivals[count - quarter])) s"
        )
    }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static var cpuSeconds: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    /// An engine whose every token is the moment at which it was sent.
    private static let engine = """
        import socket, sys, time
        count, rate = int(sys.argv[1]), int(sys.argv[2])
        listener = socket.create_server(("127.0.0.1", 0))
        print(listener.getsockname()[1])
        peer, _ = listener.accept()
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        peer.recv(65536)
        peer.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Type: text/event-stream\\r\\n\\r\\n")
        start = time.monotonic()
        for index in range(count):
            if rate:
                time.sleep(max(0, start + index / rate - time.monotonic()))
            peer.sendall(b'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"tiny",'
                b'"choices":[{"index":0,"delta":{"content":"%.6f"},"finish_reason":null}]}\\n\\n' % time.monotonic())
        peer.sendall(b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\\n\\ndata: [DONE]\\n\\n')
        peer.close()
        """
}
