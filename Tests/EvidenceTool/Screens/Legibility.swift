import Desktop
import Documents
import Evidence
import Foundation
import Media

/// Measures how much of the words of made-up screens is left in what is sent, by what a reader makes of it.
///
/// The reader is the program's own, the same for every way of sending; a model may read better or worse. It gives up on a
/// whole picture now and then, so that what it reads little of is read again the plain way, and the better counts. What is compared is
/// what the same engine gets: a plain resize to what it takes of a picture, and what the program sends for a question that
/// needs small print, within the same room.
struct Legibility {
    /// A way of sending a picture.
    private enum Way: String, CaseIterable {
        case original = "as it was taken"
        case plain = "plain resize"
        case ours = "sent"
    }

    /// One reading to be done, and what came of it.
    private struct Reading {
        var screen: TextScreen
        var rule: SendingRule?
        var way: Way
        var accuracy = CharacterAccuracy()
        var tokens = 0
        var pictures = 1
    }

    let seed: UInt64
    let folder: String

    /// Paints screens, sends them every way, reads what came, and prints a table.
    ///
    /// - Parameter names: The screens, as they are named; nil for all.
    func run(only names: [String]? = nil) async throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let readings = try await withThrowingTaskGroup(of: [Reading].self, returning: [Reading].self) { group in
            var waiting = ScreenSet.sent(seed: seed).enumerated().filter { names?.contains($1.name) ?? true }[...]
            var done: [Reading] = []
            func start() {
                guard let (index, screen) = waiting.popFirst() else { return }
                group.addTask { try await self.readings(of: screen, at: index) }
            }
            // Reading is the work, and one reader uses one processor.
            for _ in 0..<max(1, ProcessInfo.processInfo.activeProcessorCount) { start() }
            while let some = try await group.next() {
                report(some)
                done += some
                start()
            }
            return done
        }
        summarize(readings)
    }

    // MARK: - Sending

    private func readings(of screen: TextScreen, at index: Int) async throws -> [Reading] {
        let path = "\(folder)/\(index).png"
        try ScreenPainter.paint(screen, to: path)
        let frame = try StillDecoder().decode([UInt8](Data(contentsOf: URL(filePath: path))))
        var readings = [try await read([frame], cost: 0, screen, nil, .original)]
        for rule in SendingRule.rules(for: screen, at: index) {
            let plain = try plain(frame, from: path, rule)
            readings.append(try await read([plain.frame], cost: plain.tokens, screen, rule, .plain))
            let ours = try ours(frame, rule)
            readings.append(try await read(ours.frames, cost: ours.tokens, screen, rule, .ours))
        }
        return readings
    }

    /// What the model itself makes of a picture, with the filter that it uses.
    private func plain(_ frame: Frame, from path: String, _ rule: SendingRule) throws -> (frame: Frame, tokens: Int) {
        let limited = rule.budget.square == nil ? rule.budget.limited(toTokens: rule.tokens) : rule.budget
        let resized = limited.resized(width: frame.width, height: frame.height)
        var command = ["convert", path, "-filter", "Catrom", "-resize", "\(resized.width)x\(resized.height)!"]
        if limited.square != nil {
            // A model has learnt to read what is squeezed; the reader has not.
            let shape = limited.fit(width: frame.width, height: frame.height)
            command += ["-resize", "\(shape.width)x\(shape.height)!"]
        }
        let file = path + ".plain.png"
        try ScreenPainter.run(command + [file])
        return (
            try StillDecoder().decode([UInt8](Data(contentsOf: URL(filePath: file)))),
            limited.tokens(width: frame.width, height: frame.height)
        )
    }

    /// What the program sends for a question that asks to read.
    private func ours(_ frame: Frame, _ rule: SendingRule) throws -> (frames: [Frame], tokens: Int) {
        let one = rule.budget.fit(width: frame.width, height: frame.height, tokens: rule.tokens)
        let overview = rule.budget.fit(
            width: frame.width, height: frame.height, tokens: DetailPlan.overviewTokens(of: rule.tokens))
        let cost = rule.budget.tokens(width: overview.width, height: overview.height)
        guard
            let plan = DetailPlan(
                width: frame.width, height: frame.height, shownWidth: one.width, need: .reading, budget: rule.budget,
                tokens: rule.tokens - cost, maximumCount: 12, places: WrittenPlaces(in: frame).places)
        else { return ([try sent(frame, one)], rule.budget.tokens(width: one.width, height: one.height)) }
        let parts = try zip(plan.tiles, plan.sizes).map { try sent(frame.cut($0), ($1.width, $1.height)) }
        return ([try sent(frame, overview)] + parts, cost + plan.tokens)
    }

    /// The pixels that arrive.
    private func sent(_ frame: Frame, _ size: (width: Int, height: Int)) throws -> Frame {
        try StillDecoder().decode(StillEncoder().encode(frame, as: .fitting(frame), size: size).bytes)
    }

    private func read(
        _ frames: [Frame], cost: Int, _ screen: TextScreen, _ rule: SendingRule?, _ way: Way
    ) async throws -> Reading {
        let recognizer = TextRecognizer(languages: screen.language.split(separator: "+").map(String.init))
        var texts: [String] = []
        for frame in frames { texts.append(try await recognizer.text(in: frame)) }
        var reading = Reading(screen: screen, rule: rule, way: way, tokens: cost, pictures: frames.count)
        reading.accuracy.add(lines: screen.lines, read: texts.joined(separator: "\n"))
        if reading.accuracy.share < 0.95 {
            for frame in frames { texts.append(try plainText(in: frame, of: screen)) }
            reading.accuracy = CharacterAccuracy()
            // Every line counts as it was read best.
            reading.accuracy.add(lines: screen.lines, read: texts.joined(separator: "\n"))
        }
        return reading
    }

    /// What tesseract reads of a picture twice as large, dark on light, as text without an order.
    private func plainText(in frame: Frame, of screen: TextScreen) throws -> String {
        let path = "\(folder)/\(screen.name)-\(UInt64.random(in: 0 ... .max)).png"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(StillEncoder().encode(frame).bytes).write(to: URL(filePath: path))
        try ScreenPainter.run(["convert", path, "-resize", "200%"] + (screen.isDark ? ["-negate"] : []) + [path])
        let text = try ScreenReading.run("tesseract", [path, "-", "-l", screen.language, "--psm", "11"])
        return String(decoding: text, as: UTF8.self)
    }

    // MARK: - Telling

    private func report(_ readings: [Reading]) {
        guard let original = readings.first else { return }
        print("  \(original.screen.name): \(percent(original.accuracy.share)) as it was taken")
        for case (let plain, let ours) in pairs(readings) {
            print(
                "    \(plain.rule?.name ?? ""): plain \(percent(plain.accuracy.share)) (\(plain.tokens) tokens), "
                    + "sent \(percent(ours.accuracy.share)) (\(ours.tokens) tokens, \(ours.pictures) pictures)")
        }
        // Read while it is measured: a screen takes half a minute.
        fflush(nil)
    }

    private func summarize(_ readings: [Reading]) {
        for rule in SendingRule.all {
            line(rule.name, readings.filter { $0.rule?.name == rule.name })
        }
        for kind in TextScreen.Kind.allCases {
            line(kind.rawValue, readings.filter { $0.screen.kind == kind && $0.rule != nil })
        }
        line("4K by GLM's rule", readings.filter { $0.rule?.name == SendingRule.all[0].name }, beside: readings)
        line("all", readings.filter { $0.rule != nil }, beside: readings)
        let pairs = pairs(readings)
        if let worst = pairs.min(by: { gain($0) < gain($1) }) {
            print(
                "  against a plain resize the weakest is \(worst.ours.screen.name), \(worst.ours.rule?.name ?? ""): "
                    + "\(percent(gain(worst))) points")
        }
        if let worst = pairs.min(by: { $0.ours.accuracy.share < $1.ours.accuracy.share }) {
            print(
                "  least is read of \(worst.ours.screen.name), \(worst.ours.rule?.name ?? ""): "
                    + "\(percent(worst.ours.accuracy.share)) %")
        }
    }

    private func line(_ name: String, _ readings: [Reading], beside all: [Reading] = []) {
        guard !readings.isEmpty else { return }
        let (plain, ours) = (readings.filter { $0.way == .plain }, readings.filter { $0.way == .ours })
        var text = "  \(name): plain \(percent(share(plain))) %, sent \(percent(share(ours))) %"
        // Every sending beside the screen that it is of.
        let originals = ours.compactMap { reading in
            all.first { $0.way == .original && $0.screen.name == reading.screen.name }
        }
        if !originals.isEmpty { text += ", as it was taken \(percent(share(originals))) %" }
        print(text)
    }

    private func pairs(_ readings: [Reading]) -> [(plain: Reading, ours: Reading)] {
        zip(readings.filter { $0.way == .plain }, readings.filter { $0.way == .ours }).map { ($0, $1) }
    }

    private func gain(_ pair: (plain: Reading, ours: Reading)) -> Double {
        pair.ours.accuracy.share - pair.plain.accuracy.share
    }

    private func share(_ readings: [Reading]) -> Double {
        let characters = readings.reduce(0) { $0 + $1.accuracy.characters }
        return characters == 0 ? 0 : 1 - Double(readings.reduce(0) { $0 + $1.accuracy.wrong }) / Double(characters)
    }

    private func percent(_ share: Double) -> String { String(format: "%.1f", share * 100) }
}
