import Desktop
import Glibc
import Media
import Testing

@Suite struct LibAVTests {
    @Test("without the libraries each use says what to install, and works once they are there")
    func saysWhatIsMissing() async {
        await #expect(processExitsWith: .success) {
            // Without file descriptors no library can be opened: to this process they are missing.
            var limit = rlimit()
            #expect(getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
            let soft = limit.rlim_cur
            limit.rlim_cur = 0
            #expect(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
            let frame = Scene(width: 32, height: 32).frame()
            let uses: [() throws -> Void] = [
                { _ = try StillEncoder().encode(frame, as: .jpeg(quality: 90)) },
                { _ = try StillDecoder().decode([0xff, 0xd8, 0xff]) },
                { _ = try VideoReader(path: "/x.mkv") },
                { _ = try VideoWriter(path: "/x.mkv", width: 32, height: 32) },
            ]
            for use in uses {
                let failure = #expect(throws: MediaFailure.self) { try use() }
                #expect(failure?.kind == .unavailable)
                #expect(failure?.message.contains("Install libavformat") == true)
            }
            // A picture of the screen needs none of them.
            #expect(throws: Never.self) { try StillEncoder().encode(frame) }

            limit.rlim_cur = soft
            #expect(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
            #expect(throws: Never.self) { try StillEncoder().encode(frame, as: .jpeg(quality: 90)) }
        }
    }

    @Test("many tasks may be the first to use the libraries")
    func loadsOnce() async {
        await #expect(processExitsWith: .success) {
            let frame = Scene(width: 32, height: 32).frame()
            let sizes = await withTaskGroup(of: Int.self) { group in
                for _ in 0..<32 {
                    group.addTask { (try? StillEncoder().encode(frame, as: .jpeg(quality: 90)).bytes.count) ?? 0 }
                }
                return await group.reduce(into: Set<Int>()) { $0.insert($1) }
            }
            #expect(sizes.count == 1 && !sizes.contains(0))
        }
    }
}
