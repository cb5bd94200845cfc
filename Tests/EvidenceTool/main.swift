import Glibc

// Measures how frames of recordings are chosen, and acts at a screen, for the benchmarks.

let arguments = Array(CommandLine.arguments.dropFirst())
let numbers = arguments.dropFirst().compactMap { Int($0) }
switch arguments.first {
case "recall":
    let bounds = (arguments.count > 1 ? arguments[1] : "301-306").split(separator: "-").compactMap { UInt64($0) }
    let recall = Recall(throughVideo: !arguments.contains("--drawn"))
    try recall.run(
        seeds: (bounds.first ?? 301)...(bounds.last ?? 306), counts: [8, 16, 32, 64],
        isVerbose: arguments.contains("--verbose"))
case "act" where numbers.count >= 4:
    Acting(seconds: numbers[0], width: numbers[1], height: numbers[2], rate: numbers[3]).run()
case "choose" where arguments.count > 1:
    try Survey.choose(arguments[1], isVerbose: arguments.contains("--verbose"))
case "screens" where arguments.count > 1:
    try ScreenSet.write(to: arguments[1], seed: numbers.first.map(UInt64.init) ?? 301)
case "read":
    try await ScreenReading.measure(seed: numbers.first.map(UInt64.init) ?? 301)
case "legibility" where arguments.count > 1:
    let names = arguments.dropFirst(2).filter { Int($0) == nil }
    try await Legibility(seed: numbers.first.map(UInt64.init) ?? 401, folder: arguments[1])
        .run(only: names.isEmpty ? nil : names)
case "ready" where arguments.count > 1:
    try Readiness.run(in: arguments[1])
default:
    print(
        """
        usage: EvidenceTool recall [FIRST-LAST] [--drawn] [--verbose]
               EvidenceTool act SECONDS WIDTH HEIGHT FPS      (grey pictures on standard output)
               EvidenceTool choose VIDEO [--verbose]
               EvidenceTool read [SEED]                       (such pictures read, beside plain tesseract)
               EvidenceTool screens FOLDER [SEED]             (pictures of known text)
               EvidenceTool legibility FOLDER [SEED] [SCREEN...]
               EvidenceTool ready FOLDER
        """)
    exit(64)
}
