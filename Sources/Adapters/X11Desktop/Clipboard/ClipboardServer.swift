import CX11
import Desktop

/// Answers those who paste: at once where the bytes fit into a request, else in pieces (INCR).
final class ClipboardServer {
    private let connection: X11Connection
    private let contents: [Atom: [UInt8]]
    private let window: XID
    private let since: Time
    private var transfers: [Transfer] = []

    /// Pieces that are on their way to a window's property.
    private struct Transfer {
        var requestor: XID
        var property: Atom
        var type: Atom
        var rest: ArraySlice<UInt8>
    }

    /// Well below what every server takes in one request.
    private static let piece = 64 * 1024
    /// More than these at a time are nobody who pastes.
    private static let limit = 32

    init(_ connection: X11Connection, _ contents: [String: [UInt8]]) throws(X11Fault) {
        self.connection = connection
        let display = connection.display
        self.contents = Dictionary(uniqueKeysWithValues: contents.map { (connection.atom($0.key), $0.value) })
        window = XCreateSimpleWindow(display, connection.root, -1, -1, 1, 1, 0, 0, 0)
        XSelectInput(display, window, PropertyChangeMask)
        // The time of the server is had by changing a property; a selection that is taken "now" may be refused later.
        XChangeProperty(display, window, connection.atom("SCRY_TIME"), Atom(XA_STRING), 8, PropModeAppend, nil, 0)
        var event = XEvent()
        XWindowEvent(display, window, PropertyChangeMask, &event)
        since = event.xproperty.time
        let clipboard = connection.atom("CLIPBOARD")
        _ = try connection.checked { XSetSelectionOwner(display, clipboard, window, since) }
        guard XGetSelectionOwner(display, clipboard) == window else { throw .refused(code: UInt8(BadAccess)) }
    }

    /// Runs until the signal comes, or somebody else copies; what is being pasted then still arrives.
    func run(until wake: WakeSignal) {
        var isOwner = true
        while !wake.isSent, !connection.isLost, isOwner || !transfers.isEmpty {
            while XPending(connection.display) > 0 {
                var event = XEvent()
                XNextEvent(connection.display, &event)
                switch event.type {
                case SelectionRequest: answer(event.xselectionrequest)
                case SelectionClear where event.xselectionclear.selection == connection.atom("CLIPBOARD"):
                    isOwner = false
                case PropertyNotify where event.xproperty.state == PropertyDelete:
                    send(to: event.xproperty.window, event.xproperty.atom)
                case DestroyNotify: transfers.removeAll { $0.requestor == event.xdestroywindow.window }
                default: break
                }
            }
            guard isOwner || !transfers.isEmpty else { return }
            connection.wait(nanoseconds: nil, wake: wake.descriptor)
        }
    }

    // MARK: - Answers

    private func answer(_ request: XSelectionRequestEvent) {
        // Old programs name no property and mean the target's name.
        let property = request.property == 0 ? request.target : request.property
        let isGiven = give(request.target, to: request.requestor, property)
        var event = XEvent()
        event.xselection.type = SelectionNotify
        event.xselection.requestor = request.requestor
        event.xselection.selection = request.selection
        event.xselection.target = request.target
        event.xselection.property = isGiven ? property : 0
        event.xselection.time = request.time
        // The requestor may be gone.
        connection.tolerated {
            _ = XSendEvent(connection.display, request.requestor, 0, 0, &event)
            XSync(connection.display, 0)
        }
    }

    private func give(_ target: Atom, to requestor: XID, _ property: Atom) -> Bool {
        if target == connection.atom("TARGETS") {
            let all = [target, connection.atom("TIMESTAMP")] + contents.keys
            put(all, Atom(XA_ATOM), requestor, property)
            return true
        }
        if target == connection.atom("TIMESTAMP") {
            put([UInt(since)], Atom(XA_INTEGER), requestor, property)
            return true
        }
        guard let bytes = contents[target] else { return false }
        guard bytes.count > Self.piece else {
            put(bytes[...], target, requestor, property)
            return true
        }
        guard transfers.count < Self.limit else { return false }
        _ = connection.tolerated {
            XSelectInput(connection.display, requestor, PropertyChangeMask | StructureNotifyMask)
        }
        transfers.removeAll { $0.requestor == requestor && $0.property == property }
        transfers.append(Transfer(requestor: requestor, property: property, type: target, rest: bytes[...]))
        put([UInt(bytes.count)], connection.atom("INCR"), requestor, property)
        return true
    }

    /// The requestor has taken the piece before; after the last one comes an empty one.
    private func send(to requestor: XID, _ property: Atom) {
        guard let index = transfers.firstIndex(where: { $0.requestor == requestor && $0.property == property }) else {
            return
        }
        let piece = transfers[index].rest.prefix(Self.piece)
        put(piece, transfers[index].type, requestor, property)
        transfers[index].rest = transfers[index].rest.dropFirst(piece.count)
        if piece.isEmpty { transfers.remove(at: index) }
    }

    // MARK: - Properties

    private func put(_ bytes: ArraySlice<UInt8>, _ type: Atom, _ requestor: XID, _ property: Atom) {
        connection.tolerated {
            _ = bytes.withUnsafeBufferPointer {
                XChangeProperty(
                    connection.display, requestor, property, type, 8, PropModeReplace, $0.baseAddress, Int32($0.count))
            }
            XSync(connection.display, 0)
        }
    }

    private func put(_ numbers: [UInt], _ type: Atom, _ requestor: XID, _ property: Atom) {
        connection.tolerated {
            _ = numbers.withUnsafeBytes {
                // Xlib takes 32-bit values as `unsigned long`s.
                XChangeProperty(
                    connection.display, requestor, property, type, 32, PropModeReplace,
                    $0.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(numbers.count))
            }
            XSync(connection.display, 0)
        }
    }
}
