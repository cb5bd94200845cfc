import Glibc

/// How models come onto this machine.
extension EngineHost {
    /// A model by its name, with the sizes and checksums that the hub says it has now.
    ///
    /// Throws where there is no such model, or where the hub does not answer.
    public func offer(named name: String) async throws(EngineHostFailure) -> ModelOffer {
        let entry = try store.offer(named: name)
        let offer = ModelOffer(entry, hub: settings.hub)
        guard !entry.isWhole, !offer.files.isEmpty else { return offer }
        guard let confirmed = await (try fetcher { _ in }).confirmed(offer) else {
            if Task.isCancelled { throw .stopped }
            throw EngineHostFailure(
                .fetchFailed,
                "\(offer.title) cannot be fetched: \(settings.hub) does not answer. "
                    + "Check the network, or name a mirror in HF_ENDPOINT.")
        }
        return confirmed
    }

    /// Fetches a model that a person agreed to; the next start uses it.
    ///
    /// Cancelling the task ends the download at once. What came is kept in either case: calling it again goes on there.
    public func fetch(_ offer: ModelOffer, progress: @escaping EngineHostProgress.Report = { _ in })
        async throws(EngineHostFailure)
    {
        try checkRoom(for: offer)
        if offer.files.isEmpty {
            _ = try await EngineInstaller(
                directories: directories, searchPath: searchPath, logger: logger, report: progress
            ).smallModel()
        } else {
            try await fetcher(progress).fetch(offer, into: directories.models + "/" + offer.name)
        }
    }

    /// Throws where a model would not fit onto the disk, before anything is fetched.
    public nonisolated func checkRoom(for offer: ModelOffer) throws(EngineHostFailure) {
        try checkRoom(for: offer, free: Machine.freeDisk(at: directories.models))
    }

    nonisolated func checkRoom(for offer: ModelOffer, free: Int) throws(EngineHostFailure) {
        let missing = max(0, offer.bytes - offer.bytesHere)
        // Some air for everything else: a full disk stops more than Scry.
        guard missing > 0, missing.addingReportingOverflow(256 << 20).partialValue > free else { return }
        throw EngineHostFailure(
            .fetchFailed,
            "There is no room for \(offer.title): \(ByteCount.text(missing)) are to come, and \(directories.models) has "
                + "\(ByteCount.text(free)) left. Nothing was fetched.")
    }
}
