import Testing

@testable import Desktop

@Suite struct FrameMailboxTests {
    @Test("drops the oldest frames and lets the next one answer for their changes")
    func newestWin() async throws {
        let mailbox = FrameMailbox(capacity: 2)
        for index in 0..<5 {
            mailbox.put(
                frame(UInt64(index), changes: [Region(x: index * 1000, y: index * 1000, width: 10, height: 10)]))
        }
        mailbox.finish(nil)

        let first = try #require(try await mailbox.next())
        let second = try #require(try await mailbox.next())

        #expect(first.frame.time == 3)
        #expect(
            Set(first.changes ?? []) == Set((0...3).map { Region(x: $0 * 1000, y: $0 * 1000, width: 10, height: 10) }))
        #expect(second.changes == [Region(x: 4000, y: 4000, width: 10, height: 10)])
        #expect(try await mailbox.next() == nil)
    }

    @Test("does not know the changes when a dropped frame did not")
    func unknownChanges() async throws {
        let mailbox = FrameMailbox(capacity: 1)
        mailbox.put(frame(0, changes: nil))
        mailbox.put(frame(1, changes: []))
        let next = try #require(try await mailbox.next())
        #expect(next.frame.time == 1)
        #expect(next.changes == nil)
    }

    @Test("tells of the failure once, after the last frame")
    func failure() async throws {
        let mailbox = FrameMailbox(capacity: 1)
        let failure = CaptureFailure(.gone, "Gone.")
        mailbox.put(frame(0, changes: nil))
        mailbox.finish(failure)
        mailbox.finish(nil)
        mailbox.put(frame(1, changes: nil))

        #expect(try await mailbox.next()?.frame.time == 0)
        await #expect(throws: failure) { try await mailbox.next() }
        #expect(try await mailbox.next() == nil)
    }

    @Test("wakes a reader that waits")
    func waiting() async throws {
        let mailbox = FrameMailbox(capacity: 1)
        async let next = mailbox.next()
        mailbox.put(frame(7, changes: nil))
        #expect(try await next?.frame.time == 7)
    }

    private func frame(_ time: UInt64, changes: [Region]?) -> CapturedFrame {
        let pixels = PixelBuffer(byteCount: 4) { _ in }
        return CapturedFrame(
            frame: Frame(width: 1, height: 1, stride: 4, format: .bgrx, pixels: pixels, time: time), changes: changes)
    }
}
