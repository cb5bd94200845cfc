import Conversation
import Foundation
import Synchronization
import Testing

@testable import History
@testable import Session
@testable import scry

@Suite struct HistoryJournalTests {
    private static let place = after("question")

    private static func after(_ parent: Message.ID) -> MessagePlace {
        let chat = Conversation(id: "chat", createdAt: Date(timeIntervalSince1970: 0))
        return MessagePlace(conversation: chat, position: 1, parent: parent)
    }

    private static func answer(_ words: Int, id: String = "answer", outcome: Message.Outcome = .streaming) -> Message {
        Message(
            id: id, role: .assistant, parts: [.text((0..<words).map { "word\($0)" }.joined(separator: " "))],
            createdAt: Date(timeIntervalSince1970: 0), outcome: outcome)
    }

    private static func question(_ text: String, id: String = "question") -> Message {
        Message(id: id, role: .user, parts: [.text(text)], createdAt: Date(timeIntervalSince1970: 0))
    }

    private func kept(_ entries: [HistoryJournal.Entry]) -> [String] {
        let queue = JournalQueue()
        for entry in entries { queue.add(entry) }
        var kept: [String] = []
        while let entry = queue.next() { kept.append(entry.name) }
        return kept
    }

    @Test("behind a disk that stands still, the newest version of an answer is written next, and all others are not")
    func standingStill() async {
        let disk = SlowDisk()
        let journal = disk.journal()
        journal.write(.message(Self.answer(1), Self.place))
        await disk.isWriting()
        for words in 2...200 { journal.write(.message(Self.answer(words), Self.place)) }
        journal.write(.message(Self.answer(200, outcome: .complete), Self.place))
        disk.go()
        await journal.close()
        #expect(disk.kept == ["answer streaming 1", "answer complete 200"])
    }

    @Test("a disk of a tenth of a second a write is never behind by more than two writes")
    func slow() async throws {
        let disk = SlowDisk(pause: .milliseconds(100))
        disk.go()
        let journal = disk.journal()
        let start = ContinuousClock.now
        var said: [(at: Duration, words: Int)] = []
        for words in 1...60 {
            said.append((ContinuousClock.now - start, words))
            journal.write(.message(Self.answer(words), Self.place))
            try await Task.sleep(for: .milliseconds(10))
        }
        await journal.close()
        let writes = disk.times.map { (at: $0 - start, words: $1) }
        #expect(writes.last?.words == 60)
        // Each began with what had been said then; the machine may wake the writer late, but not version by version.
        #expect(writes.count < 20, "\(writes.count) writes")
        for (before, after) in zip(writes, writes.dropFirst()) {
            let known = said.last { $0.at < before.at }?.words ?? 0
            #expect(after.words >= known, "written at \(after.at), as it was before \(before.at)")
        }
    }

    @Test("a draft is not emptied before the question that it became is kept")
    func drafts() {
        func draft(_ text: String) -> HistoryJournal.Entry { .draft(Draft(text: text, attachments: [])) }
        #expect(kept([draft("a"), draft("ab"), draft("abc")]) == ["draft abc"])
        #expect(
            kept([draft("a"), draft("ab"), .message(Self.question("ab"), Self.place), draft("")])
                == ["draft ab", "question complete 1", "draft "])
        #expect(
            kept([draft("a"), .message(Self.answer(1), Self.place), draft("ab"), .message(Self.answer(2), Self.place)])
                == ["draft ab", "answer streaming 2"])
    }

    @Test("what is forgotten, marked, read or put elsewhere sees what was said before it, and nothing that came after")
    func barriers() {
        let (one, two) = (Self.answer(1), Self.answer(2))
        let elsewhere = Self.after("another")
        #expect(
            kept([.message(one, Self.place), .forget("answer"), .message(two, Self.place)])
                == ["answer streaming 1", "forget answer", "answer streaming 2"])
        #expect(
            kept([.message(one, Self.place), .mark("answer", nil), .message(two, Self.place)])
                == ["answer streaming 1", "mark answer", "answer streaming 2"])
        #expect(
            kept([.message(one, Self.place), .work { _ in }, .message(two, Self.place)])
                == ["answer streaming 1", "work", "answer streaming 2"])
        #expect(
            kept([.message(one, Self.place), .message(two, elsewhere)])
                == ["answer streaming 1", "answer streaming 2"])
        #expect(
            kept([
                .message(one, Self.place), .message(Self.question("next", id: "next"), elsewhere),
                .message(two, Self.place),
            ]) == ["answer streaming 2", "next complete 1"])
    }

    @Test("what a full disk had no room for is written when it has, in order and in its newest version")
    func fullDisk() async {
        let disk = SlowDisk(failures: 1, with: HistoryFailure(.diskFull, "The disk is full."))
        let journal = disk.journal()
        journal.write(.message(Self.question("q"), Self.place))
        await disk.isWriting()
        for words in 1...3 { journal.write(.message(Self.answer(words), Self.place)) }
        disk.go()
        await journal.close()
        #expect(disk.kept == ["question complete 1", "answer streaming 3"])
    }

    @Test("a failure is told once, and what comes later is kept all the same")
    func failing() async {
        let told = Mutex(0)
        let disk = SlowDisk(failures: 2)
        disk.go()
        let journal = disk.journal { _ in told.withLock { $0 += 1 } }
        for number in 1...4 { journal.write(.message(Self.answer(number, id: "\(number)"), Self.place)) }
        await journal.close()
        #expect(told.withLock { $0 } == 1)
        #expect(disk.kept == ["3 streaming 3", "4 streaming 4"])
    }
}

/// A disk that is as slow as is wanted, and remembers what was written.
private final class SlowDisk: Sendable {
    private struct State {
        var kept: [String] = []
        var times: [(ContinuousClock.Instant, Int)] = []
        var failures: Int
        var mayGo = false
        var isWriting = false
    }
    private let state: Mutex<State>
    private let pause: Duration
    private let failure: any Error

    init(pause: Duration = .zero, failures: Int = 0, with failure: any Error = CocoaError(.fileWriteUnknown)) {
        state = Mutex(State(failures: failures))
        self.pause = pause
        self.failure = failure
    }

    var kept: [String] { state.withLock { $0.kept } }
    var times: [(ContinuousClock.Instant, Int)] { state.withLock { $0.times } }

    func go() { state.withLock { $0.mayGo = true } }

    func isWriting() async {
        while !(state.withLock { $0.isWriting }) { await Task.yield() }
    }

    func journal(report: @escaping @Sendable (SessionEvent) -> Void = { _ in }) -> HistoryJournal {
        HistoryJournal(media: MediaStore(directory: NSTemporaryDirectory()), report: report) { entry in
            try await self.keep(entry)
        }
    }

    private func keep(_ entry: HistoryJournal.Entry) async throws {
        let start = ContinuousClock.now
        state.withLock { $0.isWriting = true }
        while !(state.withLock { $0.mayGo }) { try await Task.sleep(for: .milliseconds(1)) }
        try await Task.sleep(for: pause)
        try state.withLock { state in
            if state.failures > 0 {
                state.failures -= 1
                throw failure
            }
            state.kept.append(entry.name)
            state.times.append((start, entry.words))
        }
    }
}

extension HistoryJournal.Entry {
    fileprivate var words: Int {
        if case .message(let message, _) = self { message.text.split(separator: " ").count } else { 0 }
    }

    fileprivate var name: String {
        switch self {
        case .message(let message, _): "\(message.id) \(message.outcome) \(words)"
        case .forget(let message): "forget \(message)"
        case .draft(let draft): "draft \(draft.text)"
        case .mark(let message, _): "mark \(message)"
        case .work: "work"
        }
    }
}
