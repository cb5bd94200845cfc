import Cells
import Conversation
import Media
import Session
import Terminal

/// Gets the pictures that the terminal wants, one after the other, while the loop goes on.
@MainActor
final class PictureLoader {
    /// What came of a picture.
    enum Outcome: Sendable {
        /// It is ready, made for a terminal that can do this.
        case ready(PictureImage, PictureCut, PictureAbility)
        /// Its file is gone or damaged.
        case unreadable(String)
        /// Pictures cannot be drawn here at all; a sentence says why.
        case impossible(String)
    }

    private let worker: PictureWorker
    private var wanted: [PictureCut] = []
    private var media: [String: MediaReference] = [:]
    private var ability = PictureAbility(method: .none)
    /// What was tried and cannot be had, so that it is not tried with every frame.
    private var failed: Set<PictureCut> = []
    private var work: Task<Void, Never>?
    private var holdsWhole = false

    init(worker: PictureWorker) { self.worker = worker }

    /// Begins to get what a screen wants; what earlier ones wanted and this one does not is left.
    func load(
        _ pictures: [PictureCut], for state: SessionState, ability: PictureAbility,
        deliver: @escaping @MainActor (Outcome) -> Void
    ) {
        if ability != self.ability {
            self.ability = ability
            failed = []
        }
        wanted = pictures.filter { !failed.contains($0) }
        if case .picture = state.overlay {
            holdsWhole = true
        } else if holdsWhole {
            holdsWhole = false
            Task { [worker] in await worker.forgetWhole() }
        }
        guard !wanted.isEmpty, work == nil else { return }
        learn(from: state)
        work = Task { [weak self] in
            while let self, let (picture, media) = next() {
                let outcome = await outcome(of: picture, media)
                if case .ready = outcome {} else { failed.insert(picture) }
                wanted.removeAll { $0 == picture }
                deliver(outcome)
            }
            self?.work = nil
        }
    }

    private func next() -> (PictureCut, MediaReference)? {
        while let picture = wanted.first {
            if let media = media[picture.name] { return (picture, media) }
            wanted.removeFirst()
        }
        return nil
    }

    private func learn(from state: SessionState) {
        for viewed in state.viewablePictures {
            media[viewed.media.sha256] = viewed.media
            media[viewed.sent.sha256] = viewed.sent
        }
        if case .frames(let sheet) = state.overlay {
            for entry in sheet.entries { media[entry.frame.picture.sha256] = entry.frame.picture }
        }
        if case .chats(let menu) = state.overlay {
            for picture in (menu.hits ?? []).compactMap(\.picture) { media[picture.sha256] = picture }
        }
    }

    private func outcome(of picture: PictureCut, _ media: MediaReference) async -> Outcome {
        let ability = ability
        do {
            return .ready(try await worker.image(for: picture, of: media, ability: ability), picture, ability)
        } catch PictureFailure.noLibrary(let reason) {
            return .impossible(PictureFailure.noLibrary(reason).description)
        } catch let failure as MediaFailure where failure.kind == .unavailable {
            return .impossible(failure.description)
        } catch is PictureFailure {
            // Too small for this way of drawing: blank, with its line of text above it.
            return .ready(.cells([]), picture, ability)
        } catch {
            return .unreadable(media.sha256)
        }
    }
}
