import Conversation

/// A moment of a recording that an answer names, as "[02:13]" or "[1:02:13]".
public struct RecordingMoment: Sendable, Equatable {
    /// Seconds since the recording began.
    public var seconds: Double
    /// Where the text names it, brackets included.
    public var range: Range<String.Index>

    /// The moments that a text names, in its order.
    public static func all(in text: String) -> [RecordingMoment] {
        var moments: [RecordingMoment] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "[") {
            rest = rest[text.index(after: open)...]
            guard let close = rest.prefix(12).firstIndex(of: "]") else { continue }
            guard let seconds = seconds(rest[..<close]) else { continue }
            rest = rest[text.index(after: close)...]
            moments.append(RecordingMoment(seconds: seconds, range: open..<rest.startIndex))
        }
        return moments
    }

    private static func seconds(_ text: Substring) -> Double? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let last = parts.last, last.prefix(while: \.isNumber).count == 2,
            let seconds = Double(last), (0..<60).contains(seconds)
        else { return nil }
        var total = 0.0
        for part in parts.dropLast() {
            guard (1...3).contains(part.count), part.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(part)
            else { return nil }
            total = (total + Double(number)) * 60
        }
        return total + seconds
    }
}

extension SessionState {
    /// Shows the frame that was on the screen at a moment of the recording that a message speaks of.
    mutating func show(moment seconds: Double, of message: Message.ID) {
        let place = conversation.messages.firstIndex { $0.id == message } ?? conversation.messages.count - 1
        let before = Set(conversation.messages.prefix(place + 1).map(\.id))
        let frames = viewablePictures.filter { $0.time != nil && $0.message.map(before.contains) == true }
        guard let recording = frames.last?.attachment.id else {
            notice = Notice(.information, "There is no recording that this could be a moment of.")
            return
        }
        let its = frames.filter { $0.attachment.id == recording }
        // Times in answers are whole seconds: what appeared within that second is meant.
        let shown = its.last { ($0.time ?? 0) <= seconds + 0.999 } ?? its.first
        guard let shown else { return }
        notice = nil
        overlay = .picture(PictureViewing(attachment: shown.attachment.id, number: shown.number))
    }
}
