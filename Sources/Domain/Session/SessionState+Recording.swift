import Desktop

extension SessionState {
    /// Starts a recording of the screen, or ends the one that runs.
    mutating func toggleRecording() -> [SessionEffect] {
        notice = nil
        guard let recording else {
            self.recording = RecordingStatus(startedAt: now.uptime, frames: 0, byteCount: 0)
            return [.startRecording(.screen)]
        }
        guard !recording.isFinishing else { return [] }
        self.recording?.isFinishing = true
        return [.stopRecording]
    }

    /// Pauses the recording, or goes on with it.
    mutating func pauseRecording() -> [SessionEffect] {
        guard let recording, !recording.isFinishing else {
            notice = Notice(.information, "Nothing is being recorded.")
            return []
        }
        notice = nil
        if let pausedAt = recording.pausedAt {
            self.recording?.pausedSeconds += now.uptime - pausedAt
            self.recording?.pausedAt = nil
        } else {
            self.recording?.pausedAt = now.uptime
        }
        return [.pauseRecording(recording.pausedAt == nil)]
    }

    /// Takes in what the recorder tells.
    mutating func followRecording(_ event: SessionEvent) -> [SessionEffect] {
        switch event {
        case .recordingProgressed(let frames, let byteCount, let dropped):
            recording?.frames = frames
            recording?.byteCount = byteCount
            recording?.dropped = dropped
        case .recordingEnded:
            recording?.isFinishing = true
        case .recorded(let attachment):
            recording = nil
            composer.insert(.attachment(attachment))
        case .recordingFailed(let sentence):
            recording = nil
            notice = Notice(.problem, sentence)
        default:
            preconditionFailure("not an event of a recording")
        }
        return []
    }
}
