import Conversation
import FoundationEssentials
import Session

/// Tells in the chat what happens in a recording: the events of each part as soon as they are known, then the summary.
struct SummaryReply: Sendable {
    let services: Services
    let order: SummaryOrder
    let report: @Sendable (SessionEvent) -> Void

    func run(_ found: FoundEngine) async {
        guard case .recording(let recording) = order.recording.content, let path = recording.file else { return }
        do {
            guard FileManager.default.isReadableFile(atPath: path) else {
                throw ReplyFailure(
                    .attachmentUnreadable, "\(order.recording.label) is not at \(path) any more: attach it again.")
            }
            let sighted = await SightTester(services: services).completing(found)
            let engine = await VideoFormTester(services: services).completing(sighted) { [order, report] in
                let step = "Finding out how many pictures it takes"
                report(.replyProgressed(turn: order.turn, step: step, fraction: nil))
            }
            let result = try await summary(of: engine).run(path)
            report(.recordingTold(turn: order.turn, told(result)))
            say("\n## Summary\n\n\(result.summary)\n")
            report(.replyArrived(turn: order.turn, [.finished(.stop)]))
        } catch let failure as ReplyFailure {
            fail(failure)
        } catch {
            fail(ReplyFailure(.attachmentUnreadable, CommandFailure(error).description))
        }
    }

    private func summary(of engine: FoundEngine) -> SummaryRun {
        var wishes = SummaryRun.Wishes()
        wishes.interest = order.interest
        wishes.system = order.system
        wishes.thinks = order.thinks
        wishes.maxTokens = order.maxTokens
        wishes.temperature = order.temperature
        return SummaryRun(
            services: services, engine: engine, wishes: wishes,
            progress: { [order, report] step, fraction in
                report(.replyProgressed(turn: order.turn, step: step, fraction: fraction))
            },
            note: { [report] in report(.noticed(Notice(.information, $0))) },
            told: { tell($0) })
    }

    private func tell(_ part: SummaryDraft.Part) {
        let events = Timeline([part]).events
        // What comes first decides about the heading.
        let heading = part.start == 0 ? "## Timeline\n\n" : ""
        say(heading + events.map { "- [\(ClockTime.text($0.time))] \($0.event)\n" }.joined())
    }

    private func say(_ text: String) {
        if !text.isEmpty { report(.replyArrived(turn: order.turn, [.answer(text)])) }
    }

    /// Cancelled, the session has ended the reply already.
    private func fail(_ failure: ReplyFailure) {
        if !Task.isCancelled { report(.replyFailed(turn: order.turn, failure)) }
    }

    /// The recording with what was told of its parts.
    ///
    /// One that is asked about for the first time shows the frames of all parts from now on; one that was sent before goes
    /// as it went, so that the engine's cache keeps hitting.
    private func told(_ result: SummaryRun.Result) -> Attachment {
        var attachment = order.recording
        guard case .recording(var recording) = attachment.content else { return attachment }
        recording.sections = result.recording.sections
        if order.isFirst {
            recording.frames = result.recording.frames
            (recording.video, recording.frameList, recording.spares) = (nil, nil, nil)
            recording.form = .pictures
        }
        attachment.content = .recording(recording)
        return attachment
    }
}
