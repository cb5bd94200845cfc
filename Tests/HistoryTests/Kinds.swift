import Foundation
import History
import Testing

/// What a check finds in a history, each told in a sentence.
func kinds(_ history: History) async throws -> [HistoryFinding.Kind] {
    let findings = try await history.check(now: Date())
    for finding in findings { #expect(finding.message.hasSuffix("."), "\(finding)") }
    return findings.map(\.kind)
}
