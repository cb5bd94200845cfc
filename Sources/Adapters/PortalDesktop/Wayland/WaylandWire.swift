import Glibc

/// A connection to a compositor, as far as one is needed to ask what there is: no library is, nor any window.
final class WaylandWire {
    private let descriptor: Int32
    private var bytes: [UInt8] = []
    private var desktop = WaylandDesktop()
    /// Numbers of globals by the name of their interface.
    private var globals: [(number: UInt32, interface: String)] = []
    private var outputs: [UInt32: WaylandDesktop.Output] = [:]
    /// Sizes in pixels as the monitor has them, by the number of their `wl_output`.
    private var modes: [UInt32: (width: Int, height: Int)] = [:]
    /// Numbers are given in the order in which the compositor hears of them.
    private var nextObject: UInt32 = 3

    private enum Object {
        static let display: UInt32 = 1
        static let registry: UInt32 = 2
    }

    /// More than any compositor has to say of itself.
    private static let limit = 1 << 20

    /// Connects; nil when nobody listens there.
    init?(path: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0 else { return nil }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Asks for everything; nil when the answer does not come or makes no sense.
    func survey() -> WaylandDesktop? {
        send(Object.display, 1, [Object.registry])
        guard waitForAll() else { return nil }
        desktop.interfaces = Set(globals.map(\.interface))
        guard let places = globals.first(where: { $0.interface == "zxdg_output_manager_v1" }) else { return desktop }
        let manager = newObject()
        bind(places, version: 2, as: manager)
        var order: [(output: UInt32, place: UInt32)] = []
        for global in globals where global.interface == "wl_output" {
            let (output, place) = (newObject(), newObject())
            bind(global, version: 1, as: output)
            outputs[place] = WaylandDesktop.Output()
            modes[output] = (0, 0)
            order.append((output, place))
            send(manager, 1, [place, output])
        }
        guard waitForAll() else { return nil }
        desktop.outputs = order.compactMap { known in
            guard var output = outputs[known.place], output.width > 0, output.height > 0 else { return nil }
            var mode = modes[known.output] ?? (0, 0)
            // A monitor that is turned has its mode as it was built.
            if (mode.width > mode.height) != (output.width > output.height) { swap(&mode.width, &mode.height) }
            output.pixelWidth = mode.width > 0 ? mode.width : output.width
            output.pixelHeight = mode.height > 0 ? mode.height : output.height
            return output
        }
        return desktop
    }

    // MARK: - Requests

    private func newObject() -> UInt32 {
        defer { nextObject += 1 }
        return nextObject
    }

    private func bind(_ global: (number: UInt32, interface: String), version: UInt32, as object: UInt32) {
        var words = [global.number, UInt32(global.interface.utf8.count + 1)]
        var text = Array(global.interface.utf8) + [0]
        while text.count % 4 != 0 { text.append(0) }
        text.withUnsafeBytes { bytes in
            for offset in stride(from: 0, to: bytes.count, by: 4) {
                words.append(bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
            }
        }
        send(Object.registry, 0, words + [version, object])
    }

    private func send(_ object: UInt32, _ code: UInt32, _ arguments: [UInt32]) {
        let words = [object, UInt32(8 + arguments.count * 4) << 16 | code] + arguments
        // What does not arrive is not answered either, and that is noticed.
        _ = words.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    // MARK: - Events

    /// Reads until the compositor has done all that was asked of it; whether it has.
    private func waitForAll() -> Bool {
        let callback = newObject()
        send(Object.display, 0, [callback])
        var total = 0
        while total < Self.limit {
            while let event = nextEvent() {
                if event.object == callback { return true }
                guard note(event) else { return false }
            }
            var chunk = [UInt8](repeating: 0, count: 4096)
            let count = recv(descriptor, &chunk, chunk.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            bytes += chunk.prefix(count)
            total += count
        }
        return false
    }

    private struct Event {
        var object: UInt32
        var code: UInt32
        var body: [UInt8]

        func word(_ index: Int) -> UInt32 {
            guard body.count >= (index + 1) * 4 else { return 0 }
            return body.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self) }
        }

        /// A string, whose length is the word at this place.
        func text(_ index: Int) -> String {
            let length = Int(word(index))
            let start = (index + 1) * 4
            guard length > 0, body.count >= start + length else { return "" }
            return String(decoding: body[start..<(start + length - 1)], as: UTF8.self)
        }
    }

    private func nextEvent() -> Event? {
        guard bytes.count >= 8 else { return nil }
        let (object, head) = bytes.withUnsafeBytes {
            ($0.loadUnaligned(as: UInt32.self), $0.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
        }
        let size = max(8, Int(head >> 16))
        guard bytes.count >= size else { return nil }
        defer { bytes.removeFirst(size) }
        return Event(object: object, code: head & 0xFFFF, body: Array(bytes[8..<size]))
    }

    /// Takes an event in; false for the one that says that we made a mistake.
    private func note(_ event: Event) -> Bool {
        switch (event.object, event.code) {
        case (Object.display, 0): return false
        case (Object.registry, 0): globals.append((event.word(0), event.text(1)))
        case (let object, 0) where outputs[object] != nil:
            outputs[object]?.x = Int(Int32(bitPattern: event.word(0)))
            outputs[object]?.y = Int(Int32(bitPattern: event.word(1)))
        case (let object, 1) where outputs[object] != nil:
            outputs[object]?.width = Int(Int32(bitPattern: event.word(0)))
            outputs[object]?.height = Int(Int32(bitPattern: event.word(1)))
        case (let object, 3) where outputs[object] != nil: outputs[object]?.name = event.text(0).withoutControls
        case (let object, 1) where modes[object] != nil && event.word(0) & 1 != 0:
            modes[object] = (Int(Int32(bitPattern: event.word(1))), Int(Int32(bitPattern: event.word(2))))
        default: break
        }
        return true
    }
}
