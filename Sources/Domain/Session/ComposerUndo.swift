/// What a composer held before its last changes, so that they can be taken back a word at a time.
struct ComposerUndo: Sendable, Equatable {
    /// What kind of change begins; those of the same kind that follow one another are taken back together.
    enum Change: Sendable, Equatable {
        case typing
        /// The first character of a word.
        case typingWord
        case deleting
        /// A paste, a chip, a line that is deleted: a step of its own.
        case other
    }

    struct Snapshot: Sendable, Equatable {
        var before: String
        var after: String

        var byteCount: Int { before.utf8.count + after.utf8.count }
    }

    private(set) var past: [Snapshot] = []
    private(set) var future: [Snapshot] = []
    private var last: Change?

    // Nobody goes back further; and a long text is not kept two hundred times.
    private static let stepLimit = 300
    private static let byteLimit = 8 << 20

    /// Notes what is there before a change; what had been undone is gone for good.
    mutating func begin(_ change: Change, _ now: Snapshot) {
        future.removeAll()
        let continues = change == last || (change == .typing && last == .typingWord)
        last = change
        guard !continues || change == .other || change == .typingWord else { return }
        past.append(now)
        var byteCount = past.reduce(0) { $0 + $1.byteCount }
        while past.count > Self.stepLimit || (byteCount > Self.byteLimit && past.count > 1) {
            byteCount -= past.removeFirst().byteCount
        }
    }

    /// The next change is a step of its own.
    mutating func endGroup() { last = nil }

    mutating func back(from now: Snapshot) -> Snapshot? {
        last = nil
        // What changed nothing is no step: a picture that was asked for and did not come.
        while past.last == now { past.removeLast() }
        guard let snapshot = past.popLast() else { return nil }
        future.append(now)
        return snapshot
    }

    mutating func forward(from now: Snapshot) -> Snapshot? {
        last = nil
        guard let snapshot = future.popLast() else { return nil }
        past.append(now)
        return snapshot
    }

    /// Changes every text that is kept.
    mutating func rewrite(_ change: (String) -> String) {
        for index in past.indices {
            past[index] = Snapshot(before: change(past[index].before), after: change(past[index].after))
        }
        for index in future.indices {
            future[index] = Snapshot(before: change(future[index].before), after: change(future[index].after))
        }
    }
}

extension Composer {
    private var snapshot: ComposerUndo.Snapshot { ComposerUndo.Snapshot(before: before, after: after) }

    /// Notes that something is about to change.
    mutating func begin(_ change: ComposerUndo.Change) {
        goal = nil
        undo.begin(change, snapshot)
    }

    /// Takes the last change back; false when there is none.
    mutating func undoChange() -> Bool {
        guard let old = undo.back(from: snapshot) else { return false }
        show(old)
        return true
    }

    /// Makes the change that was taken back last once more; false when there is none.
    mutating func redoChange() -> Bool {
        guard let new = undo.forward(from: snapshot) else { return false }
        show(new)
        return true
    }

    private mutating func show(_ snapshot: ComposerUndo.Snapshot) {
        (before, after) = (snapshot.before, snapshot.after)
        anchor = nil
        goal = nil
    }
}
