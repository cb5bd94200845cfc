import CX11
import Glibc
import Synchronization

/// Memory that the X server writes pictures into.
///
/// Its pages come with the first picture: touching them before would make the kernel clear and map them twice.
// @unchecked because nothing of it ever changes; the memory belongs to a reader or to a frame, never to both.
final class SharedSegment: @unchecked Sendable {
    /// How many bytes.
    let byteCount: Int
    /// What Xlib knows the memory by; it keeps the pointer in images.
    let info: UnsafeMutablePointer<XShmSegmentInfo>
    private let connection: X11Connection

    /// How the server comes to know the memory.
    enum Way: CaseIterable {
        /// It is sent the memory's descriptor.
        case descriptor
        /// It is told the memory's number.
        case number
    }

    /// Makes the memory known to the server; nil when that cannot be, as with a server on another machine.
    ///
    /// - Parameter ways: the ways to try, best first.
    init?(_ connection: X11Connection, byteCount: Int, by ways: [Way] = Way.allCases) {
        let info = UnsafeMutablePointer<XShmSegmentInfo>.allocate(capacity: 1)
        info.initialize(to: XShmSegmentInfo())
        let isKnown = ways.contains { way in
            switch way {
            case .descriptor: Self.send(info, byteCount, connection)
            case .number: Self.attach(info, byteCount, connection)
            }
        }
        guard isKnown else {
            info.deallocate()
            return nil
        }
        self.byteCount = byteCount
        self.info = info
        self.connection = connection
    }

    /// Sends the memory's descriptor; false when the server does not take any, or libX11-xcb is missing.
    private static func send(
        _ info: UnsafeMutablePointer<XShmSegmentInfo>, _ byteCount: Int, _ connection: X11Connection
    ) -> Bool {
        guard cx11_segment_send(connection.display, info, byteCount) == 0 else { return false }
        // Some that pass requests on to another machine or container lose descriptors.
        if (try? connection.checked {}) != nil { return true }
        cx11_segment_unmap(info, byteCount)
        return false
    }

    /// Tells the server the memory's number; false when it cannot find it, as one in another container.
    private static func attach(
        _ info: UnsafeMutablePointer<XShmSegmentInfo>, _ byteCount: Int, _ connection: X11Connection
    ) -> Bool {
        guard cx11_segment_map(info, byteCount) == 0 else { return false }
        let isAttached = (try? connection.checked { XShmAttach(connection.display, info) }) ?? 0
        cx11_segment_forget(info)
        if isAttached != 0 { return true }
        cx11_segment_unmap(info, byteCount)
        return false
    }

    /// Where it is.
    var memory: UnsafeMutableRawPointer { UnsafeMutableRawPointer(info.pointee.shmaddr) }

    /// Maps its first bytes at once, after the server has written them.
    func populate(_ byteCount: Int) { cx11_segment_populate(info, min(byteCount, self.byteCount)) }

    deinit {
        // Whoever lets go last has to clear away the pages, and the server can do it while this process goes on.
        cx11_segment_unmap(info, byteCount)
        connection.release { XShmDetach(connection.display, info) }
        info.deallocate()
    }
}

/// Segments that come back when the frames that were made of them are gone.
final class SpareSegments: Sendable {
    private let segments = Mutex<[SharedSegment]>([])

    /// Keeps a segment for the next picture; from any thread.
    func put(_ segment: SharedSegment) { segments.withLock { $0.append(segment) } }

    /// The newest one of a size, and nothing is kept any more.
    ///
    /// Only from the thread of the connection, which hears that the others are gone.
    func take(_ byteCount: Int) -> SharedSegment? {
        let all = segments.withLock { segments in
            defer { segments = [] }
            return segments
        }
        return all.last { $0.byteCount >= byteCount }
    }
}
