import Foundation
import Glibc

/// What this machine has to offer an engine.
public struct Machine: Sendable, Equatable {
    /// Memory that programs can still take, in bytes.
    public var freeMemory: Int
    /// Room for models on the disk, in bytes.
    public var freeDisk: Int

    /// Measures the machine; `directory` or a directory above it exists on the disk in question.
    public static func measured(disk directory: String) -> Machine {
        let memory = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
        return Machine(freeMemory: availableMemory(memory), freeDisk: freeDisk(at: directory))
    }

    /// Reads `MemAvailable` out of /proc/meminfo; 0 where it is missing.
    static func availableMemory(_ meminfo: String) -> Int {
        for line in meminfo.split(separator: "\n") where line.hasPrefix("MemAvailable:") {
            let words = line.split(separator: " ")
            guard words.count >= 2, let kibibytes = Int(words[1]) else { return 0 }
            return kibibytes.multipliedReportingOverflow(by: 1024).partialValue
        }
        return 0
    }

    static func freeDisk(at directory: String) -> Int {
        var path = directory
        var usage = statvfs()
        while statvfs(path, &usage) != 0 {
            guard let slash = path.lastIndex(of: "/"), path.count > 1 else { return 0 }
            path = slash == path.startIndex ? "/" : String(path[..<slash])
        }
        return Int(usage.f_bavail) * Int(usage.f_frsize)
    }
}

/// What /proc/cpuinfo says of the processor.
struct Processor: Sendable, Equatable {
    /// Instruction sets by Linux's names.
    var flags: Set<String> = []
    /// Cores, not counting a core's second thread; at least 1.
    var cores = 1

    static func measured() -> Processor {
        Processor(cpuinfo: (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? "")
    }

    init(cpuinfo: String) {
        var seen: Set<String> = []
        var package = ""
        var threads = 0
        for line in cpuinfo.split(separator: "\n") {
            let halves = line.split(separator: ":", maxSplits: 1)
            guard halves.count == 2 else { continue }
            let value = String(halves[1].drop { $0 == " " })
            switch halves[0].trimmingCharacters(in: .whitespaces) {
            case "processor": threads += 1
            case "physical id": package = value
            case "core id": seen.insert(package + "/" + value)
            case "flags": if flags.isEmpty { flags = Set(value.split(separator: " ").map(String.init)) }
            default: break
            }
        }
        cores = max(1, seen.isEmpty ? threads : seen.count)
    }

    /// The instruction sets that the prebuilt engine uses and this processor does not have, by their usual names.
    var missingForPrebuiltEngine: [String] {
        #if arch(x86_64)
            [("avx2", "AVX2"), ("fma", "FMA"), ("f16c", "F16C"), ("bmi2", "BMI2")]
                .filter { !flags.contains($0.0) }.map(\.1)
        #else
            []
        #endif
    }
}
