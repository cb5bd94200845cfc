import Desktop
import Foundation
import Media
import PortalDesktop

/// Lets the person choose a region on a Wayland desktop with slurp, where the compositor lets programs draw over the screen.
///
/// The picture is taken before slurp shows anything: what is chosen is cut out of that.
struct SlurpChooser: RegionChooser {
    let source: any ScreenSource
    let environment: [String: String]
    /// Where the portal's token for the shared monitor is kept.
    let tokenFile: String

    func chooseRegion(last: Region?, withCursor: Bool) async throws -> CapturedPicture? {
        if let obstacle = Self.obstacle(environment) { throw obstacle }
        guard let desktop = WaylandDesktop.survey(environment: environment),
            let program = ChildProgram.path(of: "slurp", in: environment)
        else { return nil }
        var scene = try await picture(of: desktop, withCursor: withCursor)
        let boxes = scene.isWhole ? [] : last.map { [scene.map.desktopRegion($0)] } ?? []
        guard let chosen = try await SlurpRun(program, environment).choose(boxes) else { return nil }
        guard let part = scene.map.pictureRegion(chosen) else {
            throw CaptureFailure(
                .noTarget,
                "The region is on another monitor than the one that the desktop shares with Scry. To share that one, delete"
                    + " \(tokenFile) and try again: the desktop asks anew.")
        }
        scene.picture.frame = scene.picture.frame.cut(part)
        scene.picture.label = "region"
        scene.picture.region = scene.isWhole ? Region(x: 0, y: 0, width: 0, height: 0) : part
        return scene.picture
    }

    /// Whether regions are chosen in this way in this session.
    static func isNeeded(_ services: Services) -> Bool { services.choosing.chooser is SlurpChooser }

    /// Why no region can be chosen so; nil when one can.
    static func obstacle(_ environment: [String: String]) -> CaptureFailure? {
        let instead = "Take the screen, or name the region: --region 640x480+100+50."
        guard let desktop = WaylandDesktop.survey(environment: environment) else {
            return CaptureFailure(
                .unsupported, "The Wayland compositor does not answer, so no region can be chosen here. \(instead)")
        }
        guard desktop.canOverlay else {
            return CaptureFailure(
                .unsupported,
                "This desktop lets no program draw over the others, so no region can be chosen on it. \(instead) In the"
                    + " chat F4 takes the screen, and the region is chosen in its picture.")
        }
        guard ChildProgram.path(of: "slurp", in: environment) != nil else {
            return CaptureFailure(
                .unsupported,
                "Regions are chosen with slurp here, and that is not installed (on Debian: apt install slurp). \(instead)"
            )
        }
        return nil
    }

    // MARK: - The picture

    private struct Scene {
        var picture: CapturedPicture
        var map: RegionMap
        /// Whether it shows all monitors, so that its regions are none of what the portal shares.
        var isWhole = false
    }

    private func picture(of desktop: WaylandDesktop, withCursor: Bool) async throws -> Scene {
        let picture = try await source.capture(.screen, withCursor: withCursor)
        let origin = try? await source.layout().displays.first?.region
        if let map = RegionMap(
            picture.frame.width, picture.frame.height, origin: origin.map { ($0.x, $0.y) }, among: desktop.outputs)
        {
            // Where the stream had no picture to send, this is one of all monitors, and none of what is shared.
            let isOther = origin.map { ($0.width, $0.height) != (picture.frame.width, picture.frame.height) } ?? false
            return Scene(picture: picture, map: map, isWhole: isOther)
        }
        // Several monitors could be the one: a picture of all of them leaves no doubt.
        guard desktop.canCopy, let grim = ChildProgram.path(of: "grim", in: environment),
            let bytes = try? ChildProgram.read(
                [grim, "-l", "0"] + (withCursor ? ["-c"] : []) + ["-"], environment, limit: 1 << 30),
            let frame = try? StillDecoder().decode(bytes),
            let map = RegionMap(of: frame.width, frame.height, showing: desktop.outputs)
        else {
            throw CaptureFailure(
                .unsupported,
                "The portal does not say which of the monitors it shares, and they look alike. Install grim, with which"
                    + " regions of any monitor can be had (on Debian: apt install grim).")
        }
        return Scene(
            picture: CapturedPicture(
                frame: frame, label: "region", region: Region(x: 0, y: 0, width: frame.width, height: frame.height)),
            map: map, isWhole: true)
    }
}

/// A run of slurp.
private struct SlurpRun {
    private let process = Process()
    private let output = Pipe()
    private let errors = Pipe()
    private let input = Pipe()

    init(_ program: String, _ environment: [String: String]) {
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["-d", "-f", "%x %y %w %h\n"]
        process.environment = environment
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
    }

    /// Lets the person choose; a click on one of the boxes takes that.
    ///
    /// - Returns: nil when they do not want to.
    func choose(_ boxes: [Region]) async throws -> Region? {
        let lines = boxes.map { "\($0.x),\($0.y) \($0.width)x\($0.height)\n" }.joined()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                process.terminationHandler = { _ in continuation.resume() }
                do {
                    try process.run()
                    try? input.fileHandleForWriting.write(contentsOf: Data(lines.utf8))
                    try? input.fileHandleForWriting.close()
                } catch {
                    process.terminationHandler = nil
                    continuation.resume(throwing: error)
                }
            }
        } onCancel: {
            process.terminate()
        }
        try Task.checkCancellation()
        let words = String(decoding: Self.rest(of: output), as: UTF8.self).split { $0.isWhitespace }.compactMap {
            Int($0)
        }
        if process.terminationStatus == 0, words.count == 4 {
            return Region(x: words[0], y: words[1], width: words[2], height: words[3])
        }
        let trouble = SafeOutput.line(String(decoding: Self.rest(of: errors).prefix(300), as: UTF8.self))
        if trouble.isEmpty || trouble.contains("cancelled") { return nil }
        throw CaptureFailure(.unsupported, "slurp could not let a region be chosen: \(trouble).")
    }

    private static func rest(of pipe: Pipe) -> Data { (try? pipe.fileHandleForReading.readToEnd()) ?? Data() }
}
