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

    /// Makes the memory known to the server; nil when that cannot be, as with a server on another machine.
    init?(_ connection: X11Connection, byteCount: Int) {
        let info = UnsafeMutablePointer<XShmSegmentInfo>.allocate(capacity: 1)
        info.initialize(to: XShmSegmentInfo())
        guard cx11_segment_map(info, byteCount) == 0 else {
            info.deallocate()
            return nil
        }
        let isAttached = (try? connection.checked { XShmAttach(connection.display, info) }) ?? 0
        cx11_segment_forget(info)
        guard isAttached != 0 else {
            cx11_segment_unmap(info)
            info.deallocate()
            return nil
        }
        self.byteCount = byteCount
        self.info = info
        self.connection = connection
    }

    /// Where it is.
    var memory: UnsafeMutableRawPointer { UnsafeMutableRawPointer(info.pointee.shmaddr) }

    deinit {
        connection.release { XShmDetach(connection.display, info) }
        cx11_segment_unmap(info)
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
