import Desktop

extension SessionState {
    /// Starts a recording of the screen, or ends the one that runs.
    mutating func toggleRecording() -> [SessionEffect] {
        notice = nil
        guard let recording else {
            self.recording = RecordingStatus(startedAt: now.uptime, frames: 0, byteCount: 0, isFinishing: false)
            return [.startRecording(.screen)]
        }
        guard !recording.isFinishing else { return [] }
        self.recording?.isFinishing = true
        return [.stopRecording]
    }

    /// Takes in what the recorder tells.
    mutating func followRecording(_ event: SessionEvent) -> [SessionEffect] {
        switch event {
        case .recordingProgressed(let frames, let byteCount):
            recording?.frames = frames
            recording?.byteCount = byteCount
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
