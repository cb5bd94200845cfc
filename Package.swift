// swift-tools-version: 6.2
import Glibc
import PackageDescription

// This file is the architecture: a target may import exactly the targets that it names here, and the build is run with
// `--explicit-target-dependency-import-check error` (see the Makefile). `make layers` checks what the build cannot.

/// The library of the toolchain that Scripts/fuzz has the parsers run with; everything is built for it then.
let fuzzer = Context.environment["SCRY_FUZZER"]

let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (Context.environment["SCRY_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)])
    + (fuzzer == nil ? [] : [.unsafeFlags(["-sanitize=fuzzer", "-O"])])

func room(_ name: String, in floor: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = [])
    -> Target
{
    .target(
        name: name, dependencies: dependencies, path: "Sources/\(floor)/\(name)", resources: resources,
        swiftSettings: settings)
}

func library(_ name: String, pkgConfig: String? = nil, apt packages: [String]) -> Target {
    .systemLibrary(name: name, path: "Sources/System/\(name)", pkgConfig: pkgConfig, providers: [.apt(packages)])
}

func tests(
    _ module: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [], resources: [Resource] = []
) -> Target {
    .testTarget(
        name: "\(module)Tests", dependencies: [.target(name: module), "TestSupport"] + dependencies,
        path: "Tests/\(module)Tests", exclude: exclude, resources: resources, swiftSettings: settings)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let tomlKit = Target.Dependency.product(name: "TOMLKit", package: "TOMLKit")

let system: [Target] = [
    library("CNcurses", apt: ["libncurses-dev"]),
    .target(name: "CTerminalGuard", path: "Sources/System/CTerminalGuard"),
    library(
        "CX11", pkgConfig: "x11 xext xrandr xfixes xdamage xcomposite",
        apt: ["libx11-dev", "libxext-dev", "libxrandr-dev", "libxfixes-dev", "libxdamage-dev", "libxcomposite-dev"]),
    // How the libraries below are loaded.
    .target(name: "CLibrary", path: "Sources/System/CLibrary"),
    // Not linked: loaded on first use, since libav brings a hundred libraries along. pkgConfig would link them.
    .target(name: "CLibAV", dependencies: ["CLibrary"], path: "Sources/System/CLibAV"),
    // Loaded on first use as well, and its macros are C's alone. Where the headers are elsewhere, CPATH says so.
    .target(
        name: "CPipeWire", dependencies: ["CLibrary"], path: "Sources/System/CPipeWire",
        cSettings: [.unsafeFlags(["-isystem", "/usr/include/pipewire-0.3", "-isystem", "/usr/include/spa-0.2"])]),
    // sd-bus. Loaded on first use: what only looks at an X11 screen asks nobody, and it brings six libraries along.
    .target(name: "CSystemd", dependencies: ["CLibrary"], path: "Sources/System/CSystemd"),
    // Loaded on first use: most chats show no picture, and it brings GLib along.
    .target(name: "CChafa", dependencies: ["CLibrary"], path: "Sources/System/CChafa"),
    // Loaded on first use: what only looks at the screen asks no engine, and it brings some thirty libraries along.
    .target(name: "CCurl", dependencies: ["CLibrary"], path: "Sources/System/CCurl"),
    // C++ behind a header of C. Loaded on first use: it brings Boost and ICU along. What knows the types of its classes at run
    // time would have to be linked.
    .target(
        name: "CSourceHighlight", dependencies: ["CLibrary"], path: "Sources/System/CSourceHighlight",
        cxxSettings: [.unsafeFlags(["-fno-rtti"])]),
    library("CDeflate", pkgConfig: "libdeflate", apt: ["libdeflate-dev"]),
    library("CMalloc", apt: ["libc6-dev"]),
    library("CMarkdown", pkgConfig: "libcmark-gfm", apt: ["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"]),
]

let domain: [Target] = [
    room("Conversation", in: "Domain"),
    room("Desktop", in: "Domain"),
    room("Evidence", in: "Domain", ["Desktop"]),
    room("Session", in: "Domain", ["Conversation", "Desktop", "Evidence"]),
]

let adapters: [Target] = [
    room("EngineClient", in: "Adapters", ["Conversation", "CCurl", logging]),
    room(
        "EngineHost", in: "Adapters", ["Conversation", subprocess, logging],
        resources: [.embedInCode("Launcher/engine.py")]),
    room("X11Desktop", in: "Adapters", ["Desktop", "CX11", logging]),
    room("PortalDesktop", in: "Adapters", ["Desktop", "CPipeWire", "CSystemd"]),
    room("Media", in: "Adapters", ["Desktop", "CDeflate", "CLibAV", logging]),
    room("Documents", in: "Adapters", ["Desktop", subprocess]),
    room("History", in: "Adapters", ["Conversation", grdb, logging]),
    room("Exchange", in: "Adapters", ["Conversation"]),
    room("ProcessMemory", in: "Adapters", ["CMalloc"]),
]

let interface: [Target] = [
    room("Cells", in: "Interface"),
    room(
        "Views", in: "Interface",
        ["Cells", "CMarkdown", "Conversation", "CSourceHighlight", "Desktop", "Evidence", "Session"],
        resources: [.embedInCode("Languages")]),
    room("Terminal", in: "Interface", ["Cells", "CChafa", "CNcurses", "CTerminalGuard"]),
]

// Exports nothing, and has its relocations packed where the C library can load such a program (2.36 and newer): it starts
// faster and in less memory.
let packing: [String] = {
    var name = [CChar](repeating: 0, count: 64)
    confstr(Int32(_CS_GNU_LIBC_VERSION), &name, name.count)
    let words = name.prefix { $0 != 0 }.split(separator: 0x20)
    let version = words.last.map {
        $0.split(separator: 0x2E).map { digits in digits.reduce(0) { $0 * 10 + Int($1) - 0x30 } }
    }
    guard let version, version.count >= 2, (version[0], version[1]) >= (2, 36) else { return [] }
    return ["-Xlinker", "-z", "-Xlinker", "pack-relative-relocs"]
}()
let linking = ["-use-ld=lld", "-Xlinker", "--no-export-dynamic", "-Xlinker", "--icf=safe"] + packing

let app: [Target] = [
    .executableTarget(
        name: "scry",
        dependencies: (domain + adapters + interface).map { .target(name: $0.name) } + [
            argumentParser, logging, tomlKit,
        ],
        path: "Sources/App/scry", resources: [.embedInCode("Resources/themes")], swiftSettings: settings,
        linkerSettings: [.unsafeFlags(linking, .when(configuration: .release))])
]

let testTargets: [Target] = [
    .target(
        name: "TestSupport", dependencies: ["Cells", "Conversation", "Desktop", "Evidence", "Session", "Views"],
        path: "Tests/TestSupport", swiftSettings: settings),
    tests("Conversation"),
    tests("Desktop"),
    tests("Evidence", ["Desktop"]),
    tests("Session", ["Conversation", "Desktop", "Evidence"]),
    tests("EngineClient", ["Conversation", logging], exclude: ["Recordings"]),
    tests("EngineHost", ["Conversation", "EngineClient"]),
    tests("X11Desktop", ["Desktop"]),
    tests("PortalDesktop", ["Desktop", "CPipeWire", "CSystemd"]),
    tests("Media", ["Desktop", "Evidence"]),
    tests("Documents", ["Desktop"]),
    // Written to by tests that kill it, and by the benchmarks.
    .executableTarget(
        name: "HistoryTool", dependencies: ["Conversation", "Exchange", "History", "TestSupport"],
        path: "Tests/HistoryTool", swiftSettings: settings),
    // A chat without a terminal, for the benchmarks.
    .executableTarget(
        name: "SessionTool", dependencies: ["Conversation", "EngineClient", "Session"], path: "Tests/SessionTool",
        swiftSettings: settings),
    // Made-up recordings with known events, for the benchmarks.
    .executableTarget(
        name: "EvidenceTool", dependencies: ["Desktop", "Documents", "Evidence", "Media"], path: "Tests/EvidenceTool",
        swiftSettings: settings),
    tests("History", ["Conversation", "HistoryTool", grdb]),
    tests("Exchange", ["Conversation"]),
    tests("Cells"),
    tests("Views", ["Cells", "Conversation", "Desktop", "Evidence", "Session"]),
    tests("Terminal", ["Cells"]),
    tests(
        "scry",
        [
            argumentParser, "Cells", "Conversation", "Desktop", "EngineClient", "EngineHost", "Evidence", "History",
            "Media", "PortalDesktop", "Session", "Terminal", "X11Desktop",
        ]),
    .testTarget(
        name: "EndToEndTests",
        dependencies: [
            "TestSupport", "Conversation", "Desktop", "EngineHost", "History", "HistoryTool", "Media", logging,
        ],
        path: "Tests/EndToEndTests", swiftSettings: settings),
]

let fuzzing: [Target] =
    fuzzer.map { library in
        [
            .executableTarget(
                name: "FuzzTool",
                dependencies: [
                    "Conversation", "Desktop", "Documents", "EngineClient", "Exchange", "Media", "Session", "Terminal",
                    "Views", tomlKit,
                ],
                path: "Tests/Fuzz", exclude: ["Corpus"], swiftSettings: settings,
                linkerSettings: [.unsafeFlags([library, "-lstdc++"])])
        ]
    } ?? []

let package = Package(
    name: "scry",
    products: [.executable(name: "scry", targets: ["scry"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0"),
    ],
    targets: system + domain + adapters + interface + app + testTargets + fuzzing
)
