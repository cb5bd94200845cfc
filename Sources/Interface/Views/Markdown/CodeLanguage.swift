import CSourceHighlight
import Glibc
import Synchronization

/// A language that code is written in, as a block's label names it.
struct CodeLanguage: Hashable, Sendable {
    /// The language's definition, as the library calls it.
    let name: String

    /// Knows what people and models write behind a fence; nil for what is shown plain.
    init?(label: String) {
        let word = label.lowercased().prefix { $0 != "," && $0 != "{" && $0 != ":" }
        guard let name = Self.names[String(word)] else { return nil }
        self.name = name
    }

    private static let names: [String: String] = {
        let aliases: [String: String] = [
            "asm": "asm nasm s", "awk": "awk gawk", "bat": "bat batch cmd", "c": "c h", "caml": "ocaml ml caml",
            "conf": "conf nginx apache", "cpp": "cpp c++ cc cxx hpp hh arduino cuda", "csharp": "csharp c# cs",
            "css": "css scss less", "d": "d", "diff": "diff patch udiff",
            "dockerfile": "dockerfile docker containerfile",
            "erlang": "erlang erl", "fortran": "fortran f90", "glsl": "glsl", "go": "go golang",
            "groovy": "groovy gradle", "haskell": "haskell hs", "html": "html htm vue svelte", "java": "java",
            "javascript": "javascript js jsx mjs cjs node", "json": "json json5 jsonc jsonl", "kotlin": "kotlin kt kts",
            "latex": "latex tex", "lisp": "lisp elisp clojure clj", "lua": "lua", "makefile": "makefile make mk",
            "pascal": "pascal delphi", "perl": "perl pl", "php": "php", "prolog": "prolog",
            "properties": "properties ini cfg env dotenv editorconfig", "proto": "proto protobuf",
            "python": "python py py3 python3 ipython", "r": "r", "ruby": "ruby rb", "rust": "rust rs",
            "scala": "scala sbt", "scheme": "scheme racket",
            "sh": "sh bash shell console shellsession shell-session zsh fish ksh terminal",
            "sql": "sql mysql postgresql postgres sqlite plsql", "swift": "swift", "tcl": "tcl", "toml": "toml",
            "typescript": "typescript ts tsx mts", "vala": "vala", "vim": "vim viml", "xml": "xml svg xsl plist xaml",
            "yaml": "yaml yml",
        ]
        var names: [String: String] = [:]
        for (name, words) in aliases { for word in words.split(separator: " ") { names[String(word)] = name } }
        return names
    }()

    // MARK: - The definition

    /// A definition that was read, which stays for ever.
    ///
    /// @unchecked because the library takes one caller at a time.
    struct Definition: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    /// Where the library's definitions are.
    static let folder: String = {
        let named = getenv("SOURCE_HIGHLIGHT_DATADIR").map { String(cString: $0) } ?? ""
        return named.hasPrefix("/") ? named : "/usr/share/source-highlight"
    }()

    /// Whether the library and its definitions are installed.
    static var isInstalled: Bool { access(folder + "/python.lang", R_OK) == 0 && csourcehighlight_is_there() }

    private static let read = Mutex<[String: Definition?]>([:])

    /// The definition, read when it is needed for the first time; nil when it is not there.
    var definition: Definition? {
        Self.read.withLock { read in
            if let known = read[name] { return known }
            let definition = Self.definition(named: name)
            read[name] = .some(definition)
            return definition
        }
    }

    private static func definition(named name: String) -> Definition? {
        if let text = own[name] {
            let pointer = text.withUnsafeBytes { bytes in
                bytes.withMemoryRebound(to: CChar.self) { text in
                    text.baseAddress.flatMap { csourcehighlight_read_text(folder, $0, text.count) }
                }
            }
            return pointer.map { Definition(pointer: $0) }
        }
        return csourcehighlight_read(folder, name + ".lang").map { Definition(pointer: $0) }
    }

    /// Languages that the library does not know, or only in whole files.
    private static let own: [String: [UInt8]] = [
        "diff": PackageResources.diff_lang, "dockerfile": PackageResources.dockerfile_lang,
        "kotlin": PackageResources.kotlin_lang,
        "swift": PackageResources.swift_lang, "toml": PackageResources.toml_lang,
        "typescript": PackageResources.typescript_lang, "yaml": PackageResources.yaml_lang,
    ]
}
