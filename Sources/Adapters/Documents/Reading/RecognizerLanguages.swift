/// Which languages tesseract looks for in a picture: each costs time, and mistakes in the others.
struct RecognizerLanguages: Equatable {
    /// Their names as tesseract has them, the most likely first; empty where nothing that fits is installed.
    let names: [String]

    /// How many installed languages are tried where nobody said which.
    private static let most = 3

    /// Chooses.
    ///
    /// - Parameters:
    ///   - wanted: What the person set; empty for nothing.
    ///   - installed: What `tesseract --list-langs` says.
    ///   - locale: The value of LANG or LC_ALL, as "de_DE.UTF-8".
    init(wanted: [String], installed: [String], locale: String?) {
        // Not languages: where a page's top is, formulas, digits; and scripts, which have all their languages at once.
        let readable = installed.filter {
            !["osd", "equ", "snum"].contains($0) && !$0.contains("/") && !$0.hasSuffix("_vert")
        }
        let english = readable.filter { $0 == "eng" }
        let others: [String]
        if !wanted.isEmpty {
            others = wanted.filter { $0 != "eng" && installed.contains($0) }
        } else if readable.count <= Self.most {
            others = readable.filter { $0 != "eng" }
        } else {
            others = Self.named(by: locale).filter(readable.contains)
        }
        names = english + others
    }

    /// The languages of a locale.
    private static func named(by locale: String?) -> [String] {
        guard let locale else { return [] }
        if locale.hasPrefix("zh") {
            return ["TW", "HK", "MO", "Hant"].contains(where: locale.contains) ? ["chi_tra"] : ["chi_sim"]
        }
        let code = String(locale.prefix { $0.isASCII && $0.isLetter })
        return codes[code].map { [$0] } ?? []
    }

    private static let codes = [
        "ar": "ara", "bg": "bul", "bn": "ben", "ca": "cat", "cs": "ces", "da": "dan", "de": "deu", "el": "ell",
        "es": "spa", "et": "est", "eu": "eus", "fa": "fas", "fi": "fin", "fr": "fra", "gl": "glg", "he": "heb",
        "hi": "hin", "hr": "hrv", "hu": "hun", "id": "ind", "is": "isl", "it": "ita", "ja": "jpn", "ko": "kor",
        "lt": "lit", "lv": "lav", "nb": "nor", "nl": "nld", "nn": "nor", "no": "nor", "pl": "pol", "pt": "por",
        "ro": "ron", "ru": "rus", "sk": "slk", "sl": "slv", "sr": "srp", "sv": "swe", "ta": "tam", "th": "tha",
        "tr": "tur", "uk": "ukr", "vi": "vie",
    ]
}
