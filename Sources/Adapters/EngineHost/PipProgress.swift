import Foundation

/// Tells how far a download of pip's has come.
///
/// pip draws its own bar only on a terminal (and prints numbers only since version 24.1), so the size of the wheel in the
/// temporary directory that pip was given is watched instead, which works with all of them.
struct PipProgress: Sendable {
    var directory: String
    var step: String
    var total: Int
    var report: EngineHostProgress.Report

    /// Reports four times a second while `work` runs.
    func whileRunning(_ work: () async throws(EngineHostFailure) -> Void) async throws(EngineHostFailure) {
        let watcher = Task {
            var last = 0
            while !Task.isCancelled {
                let done = min(total, arrived())
                if done > last {
                    last = done
                    report(EngineHostProgress(step, bytesDone: done, bytesTotal: total))
                }
                try? await Task.sleep(for: .milliseconds(250))
            }
        }
        defer { watcher.cancel() }
        try await work()
    }

    private func arrived() -> Int {
        let files = FileManager.default
        var sum = 0
        for name in (try? files.contentsOfDirectory(atPath: directory)) ?? [] where name.hasPrefix("pip-unpack-") {
            for file in (try? files.contentsOfDirectory(atPath: directory + "/" + name)) ?? [] {
                let attributes = try? files.attributesOfItem(atPath: directory + "/\(name)/\(file)")
                sum += (attributes?[.size] as? Int) ?? 0
            }
        }
        return sum
    }
}
