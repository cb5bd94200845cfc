import Synchronization
import Testing

@testable import scry

@Suite("The clock of a recording")
struct RecordingControlTests {
    @Test("Stands still until the first picture is there, and again for the next recording")
    func beginning() {
        let control = RecordingControl()
        for _ in 0..<2 {
            control.begin { _ in }
            #expect(control.elapsed == .zero)
            let before = ContinuousClock.now
            control.start()
            let elapsed = control.elapsed
            #expect(.zero < elapsed && elapsed <= .now - before)
            control.start()
            #expect(control.elapsed >= elapsed)
            control.end()
        }
    }

    @Test("Stands still during pauses, also one that began before the first picture")
    func pauses() {
        let control = RecordingControl()
        let heard = Mutex<[Bool]>([])
        control.pause(true)
        control.begin { isPaused in heard.withLock { $0.append(isPaused) } }
        control.start()
        #expect(control.isPaused && control.elapsed == .zero)

        control.toggle()
        let running = control.elapsed
        #expect(!control.isPaused && running > .zero)
        control.pause(true)
        let paused = control.elapsed
        #expect(paused >= running && control.elapsed == paused)
        #expect(heard.withLock(\.self) == [true, false, true])
    }
}
