import Synchronization

/// Memory for the frames of a recording, which comes back when nobody reads a frame any more.
///
/// A piece that comes back still shows an older frame: only what changed since needs to be copied, so that the cost of a
/// frame grows with what changed and not with the size of the screen.
public final class SnapshotPool: Sendable {
    /// A piece of memory.
    private struct Piece {
        /// Where it is.
        let memory: UnsafeMutableRawPointer
        /// What it does not show as it is now; nil for everything.
        var stale: ChangeList?
    }

    private struct State {
        var free: [Piece] = []
        /// What the pieces that are lent do not show, by address.
        var lent: [UInt: ChangeList?] = [:]
    }

    private let state = Mutex(State())
    private let byteCount: Int

    /// More free pieces than these are freed: they only pile up while a reader is slow.
    private static let limit = 3

    /// Makes a pool of pieces of one size.
    public init(byteCount: Int) { self.byteCount = byteCount }

    deinit {
        // Frames keep the pool alive, so nothing is lent any more.
        state.withLock { state in
            for piece in state.free { piece.memory.deallocate() }
        }
    }

    /// Marks parts as changed in all pieces.
    public func invalidate(_ changes: ChangeList) {
        state.withLock { state in
            for index in state.free.indices { state.free[index].stale?.formUnion(changes) }
            for address in state.lent.keys {
                if case .some(.some(var stale)) = state.lent[address] {
                    stale.formUnion(changes)
                    state.lent[address] = .some(stale)
                }
            }
        }
    }

    /// Lets `fill` bring a piece up to date, and lends it.
    ///
    /// - Parameter fill: gets the memory and what is stale in it (nil: everything), and returns what it painted that is
    ///   not part of the picture: it is stale at once.
    public func lend(_ fill: (UnsafeMutableRawPointer, ChangeList?) -> ChangeList) -> PixelBuffer {
        let address = state.withLock { state in
            state.free.popLast().map { piece in
                state.lent[UInt(bitPattern: piece.memory)] = .some(piece.stale)
                return UInt(bitPattern: piece.memory)
            }
        }
        let memory =
            address.flatMap { UnsafeMutableRawPointer(bitPattern: $0) }
            ?? .allocate(byteCount: byteCount + 64, alignment: 64)  // libraries read rows in vectors, past the end
        let key = UInt(bitPattern: memory)
        let stale = state.withLock { $0.lent[key] ?? nil }
        let painted = fill(memory, stale)
        state.withLock { $0.lent[key] = .some(painted) }
        return PixelBuffer(lending: memory, byteCount: byteCount) { [self] in takeBack($0) }
    }

    private func takeBack(_ memory: UnsafeMutableRawPointer) {
        let address = UInt(bitPattern: memory)
        let isKept = state.withLock { state in
            let stale = state.lent.removeValue(forKey: address) ?? nil
            guard state.free.count < Self.limit, let memory = UnsafeMutableRawPointer(bitPattern: address) else {
                return false
            }
            state.free.append(Piece(memory: memory, stale: stale))
            return true
        }
        if !isKept { memory.deallocate() }
    }
}
