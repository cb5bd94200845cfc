import Conversation
public import FoundationEssentials
import GRDB

extension History {
    /// Looks at everything: the file's pages, references, branches, the search index, the media, who may read them.
    ///
    /// Takes about a second with a hundred thousand messages. Nothing is changed.
    ///
    /// - Returns: What is not as it should be, the worst first; empty when all is well.
    public func check(now: Date) async throws(HistoryFailure) -> [HistoryFinding] {
        let path = path
        var findings: [HistoryFinding]
        do {
            // The index is checked by a statement that counts as a write.
            findings = try await write { db in try HistoryInspection.findings(db, at: path) }
        } catch  where error.kind == .damaged {
            findings = [HistoryFinding(kind: .damagedFile, message: error.message, isRepairable: false)]
        }
        let inspection = MediaInspection(path: path, media: media)
        if let shown = try? await shownMedia() {
            let wanted = Set(shown.map(\.sha256))
            let unused = media.files(touchedBefore: now.addingTimeInterval(-86_400)) { wanted.contains($0) }.count
            findings += inspection.findings(shown, unused: unused)
        }
        findings += inspection.permissionFindings()
        if !path.isEmpty, NetworkFileSystem.holds(path) {
            findings.append(
                HistoryFinding(
                    kind: .sharedFileSystem,
                    message: "\(path) is on a network file system: do not use it from two machines at once.",
                    isRepairable: false))
        }
        return findings
    }

    /// Puts right what can be without losing anything: indexes, branches, permissions, half-written and unused files.
    ///
    /// Pages that are damaged are not mended here; see `salvage(path:now:)`.
    ///
    /// - Returns: What is still not as it should be.
    @discardableResult
    public func repair(now: Date) async throws(HistoryFailure) -> [HistoryFinding] {
        let inspection = MediaInspection(path: path, media: media)
        inspection.closePermissions()
        try await write { db in
            try db.execute(sql: "REINDEX")
            try HistoryInspection.mend(db)
        }
        inspection.removeDamaged(try await shownMedia())
        try await sweep(now: now, keepDays: 0)
        return try await check(now: now)
    }

    // MARK: - Private

    /// Every picture and recording that a message or a draft shows, once.
    private func shownMedia() async throws(HistoryFailure) -> [MediaReference] {
        try await read { db in
            var shown: Set<MediaReference> = []
            let parts = try String.fetchCursor(db, sql: "SELECT attachment FROM part WHERE attachment IS NOT NULL")
            while let text = try parts.next() {
                shown.formUnion(StoredJSON.value(Attachment.self, from: text)?.media ?? [])
            }
            for text in try String.fetchAll(db, sql: "SELECT attachments FROM draft") {
                let attachments = StoredJSON.value([Attachment].self, from: text) ?? []
                shown.formUnion(attachments.flatMap(\.media))
            }
            return Array(shown)
        }
    }
}
