import ArgumentParser
import Conversation
import Desktop
import Documents
import Exchange
import History
import Media

/// The exit statuses of the contract.
enum ExitStatus: Int32 {
    case done = 0
    case engineFailed = 1
    case noEngine = 3
    case captureFailed = 4
    case attachmentUnreadable = 5
    case notAsWanted = 6
    case usage = 64
    case timedOut = 124
    case cancelled = 130

    /// Ends a command with this status.
    var exit: ExitCode { ExitCode(rawValue) }
}

/// An error on its way out: one sentence on standard error, and the exit status.
struct CommandFailure: Error, CustomStringConvertible {
    var status: ExitStatus
    var description: String

    init(_ status: ExitStatus, _ sentence: String) {
        self.status = status
        description = sentence
    }

    /// Finds the status and the sentence of any error.
    init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let failure as ReplyFailure: self.init(failure.kind.exitStatus, failure.message)
        case let failure as CaptureFailure:
            self.init(failure.kind == .cancelled ? .cancelled : .captureFailed, failure.message)
        case let failure as MediaFailure: self.init(.attachmentUnreadable, failure.description)
        case let failure as DocumentFailure: self.init(.attachmentUnreadable, failure.description)
        case let failure as ExchangeFailure:
            self.init(failure.kind == .exists ? .usage : .engineFailed, failure.message)
        case is CancellationError: self.init(.cancelled, "Cancelled.")
        default: self.init(.engineFailed, "\(error)")
        }
    }
}

extension ReplyFailure.Kind {
    /// The exit status that tells a script about it.
    var exitStatus: ExitStatus {
        switch self {
        case .unreachable, .modelMissing: .noEngine
        case .cannotSee, .attachmentUnreadable: .attachmentUnreadable
        case .timedOut: .timedOut
        case .unauthorized, .contextTooLong, .rateLimited, .refused, .engineError, .brokenOff, .garbled: .engineFailed
        }
    }
}
