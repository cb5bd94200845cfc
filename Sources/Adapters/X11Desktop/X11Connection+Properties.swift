import CX11

extension X11Connection {
    /// A property made of numbers: window ids, atoms, cardinals; empty when it is not there.
    func numbers(_ property: String, of window: XID) -> [UInt] {
        readProperty(property, of: window) { memory, count, format in
            // Xlib hands 32-bit values out as `unsigned long`s.
            format == 32
                ? memory.withMemoryRebound(to: UInt.self, capacity: count) { long in
                    (0..<count).map { long[$0] & 0xFFFF_FFFF }
                } : []
        } ?? []
    }

    /// A property made of bytes, with the name of its type; nil when it is not there.
    func text(_ property: String, of window: XID) -> String? {
        let compound = atom("COMPOUND_TEXT")
        let string = Atom(XA_STRING)
        return readProperty(property, of: window) { memory, count, format, type in
            guard format == 8 else { return nil }
            let bytes = UnsafeBufferPointer(start: memory, count: count)
            if type == string { return String(String.UnicodeScalarView(bytes.map { UnicodeScalar($0) })) }
            if type == compound { return decodeCompound(bytes) }
            return String(decoding: bytes, as: UTF8.self)
        } ?? nil
    }

    /// The strings of a property that separates them by zero bytes, as WM_CLASS does.
    func strings(_ property: String, of window: XID) -> [String] {
        text(property, of: window)?.split(separator: "\0", omittingEmptySubsequences: false).map(String.init) ?? []
    }

    // MARK: - Reading

    private func readProperty<Result>(
        _ property: String, of window: XID, _ body: (UnsafeMutablePointer<UInt8>, Int, Int32) -> Result
    ) -> Result? {
        readProperty(property, of: window) { memory, count, format, _ in body(memory, count, format) }
    }

    private func readProperty<Result>(
        _ property: String, of window: XID, _ body: (UnsafeMutablePointer<UInt8>, Int, Int32, Atom) -> Result
    ) -> Result? {
        var type: Atom = 0
        var format: Int32 = 0
        var (count, left): (UInt, UInt) = (0, 0)
        var memory: UnsafeMutablePointer<UInt8>?
        // 256 KiB at most: a client may set properties of any size.
        let status = tolerated {
            XGetWindowProperty(
                display, window, atom(property), 0, 65_536, 0, Atom(AnyPropertyType), &type, &format, &count, &left,
                &memory)
        }
        guard let memory else { return nil }
        defer { XFree(memory) }
        guard status == Success, type != 0 else { return nil }
        return body(memory, Int(count), format, type)
    }

    private func decodeCompound(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        var text = XTextProperty(
            value: UnsafeMutablePointer(mutating: bytes.baseAddress), encoding: atom("COMPOUND_TEXT"), format: 8,
            nitems: UInt(bytes.count))
        var list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        var count: Int32 = 0
        guard Xutf8TextPropertyToTextList(display, &text, &list, &count) >= 0, let list else { return nil }
        defer { XFreeStringList(list) }
        return (0..<Int(count)).compactMap { list[$0].map { String(cString: $0) } }.joined()
    }
}
