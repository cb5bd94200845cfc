import Conversation

/// What Esc, Ctrl+C and quitting do.
extension SessionState {
    mutating func cancel() -> [SessionEffect] {
        // What is selected is let go of, and nothing else is stopped by it.
        if selection != nil { return [] }
        if editing != nil {
            stopEditing()
            return []
        }
        if case .offering = engine, reply == nil { return declineOffer() }
        if reply != nil {
            notice = nil
            return stopReply()
        }
        if let effects = stopSearch() { return effects }
        if notice != nil {
            notice = nil
            return []
        }
        return takeBackQueued()
    }

    mutating func interrupt() -> [SessionEffect] {
        if let words = composer.selectedText, composer.selection != nil {
            composer.dropSelection()
            return copyWritten(words)
        }
        if reply != nil { return stopReply() }
        if editing != nil {
            stopEditing()
            return []
        }
        if !composer.isEmpty {
            composer.replaceAll(with: Composer())
            recalledText = nil
            return []
        }
        if let lastInterrupt, now.uptime - lastInterrupt <= 1 { return quit() }
        lastInterrupt = now.uptime
        notice = Notice(.information, "Press Ctrl+C again to quit.")
        return []
    }

    mutating func quit() -> [SessionEffect] {
        // A correction is no question that waits; neither is what was written before lost for the sake of an old one.
        if editing?.isQuestion == false || !draftAside.isEmpty { stopEditing() }
        return endReply() + [.saveDraft, .quit]
    }
}
