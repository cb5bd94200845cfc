import CX11
import Glibc

/// Memory that the X server writes pictures into.
final class SharedSegment {
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
        // Touched now, the pages cost nothing in the first picture.
        memset(info.pointee.shmaddr, 0, byteCount)
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

    deinit {
        connection.release { XShmDetach(connection.display, info) }
        cx11_segment_unmap(info)
        info.deallocate()
    }
}
