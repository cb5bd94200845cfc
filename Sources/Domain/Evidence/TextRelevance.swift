/// How much texts have to do with a question, by the words that they share; rare words count for more.
public enum TextRelevance {
    /// How much each of some texts has to do with a question: BM25 with its usual constants, 1.2 and 0.75.
    ///
    /// - Returns: A number for each text, not below 0; 0 where no word of the question is found.
    public static func scores(of texts: [String], for question: String) -> [Double] {
        let wanted = Set(terms(of: question))
        guard !wanted.isEmpty else { return texts.map { _ in 0 } }
        var lengths: [Int] = []
        var counts: [[String: Int]] = []
        var spread: [String: Int] = [:]
        for text in texts {
            let terms = terms(of: text)
            var found: [String: Int] = [:]
            for term in terms where wanted.contains(term) { found[term, default: 0] += 1 }
            for term in found.keys { spread[term, default: 0] += 1 }
            lengths.append(terms.count)
            counts.append(found)
        }
        let mean = max(1, Double(lengths.reduce(0, +)) / Double(max(1, texts.count)))
        return texts.indices.map { index in
            // Summed in a fixed order: a dictionary's differs from run to run, and so would the last digit.
            counts[index].sorted { $0.key < $1.key }.reduce(0) { sum, entry in
                let having = Double(spread[entry.key] ?? 0)
                let rarity = logarithm(1 + (Double(texts.count) - having + 0.5) / (having + 0.5))
                let count = Double(entry.value)
                let length = 0.25 + 0.75 * Double(lengths[index]) / mean
                return sum + rarity * count * 2.2 / (count + 1.2 * length)
            }
        }
    }

    /// Words in lower case; of scripts that write no blanks, each two neighbours.
    static func terms(of text: String) -> [String] {
        var terms: [String] = []
        var word = ""
        var before: Unicode.Scalar?
        func end() {
            if word.utf8.count > 1 { terms.append(word) }
            word = ""
        }
        for scalar in text.lowercased().unicodeScalars {
            if isIdeograph(scalar) {
                end()
                if let before { terms.append(String(before) + String(scalar)) }
                before = scalar
                continue
            }
            before = nil
            if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                word.unicodeScalars.append(scalar)
            } else {
                end()
            }
        }
        end()
        return terms
    }

    private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isIdeographic || (0x3040...0x30FF).contains(scalar.value)
    }

    /// The natural logarithm, by the series of the inverse hyperbolic tangent: this module knows no C library.
    private static func logarithm(_ value: Double) -> Double {
        guard value > 0, value.isFinite else { return 0 }
        let exponent = value.exponent
        let ratio = (value.significand - 1) / (value.significand + 1)
        var power = ratio
        var sum = 0.0
        for odd in stride(from: 1.0, through: 21, by: 2) {
            sum += power / odd
            power *= ratio * ratio
        }
        return 2 * sum + Double(exponent) * 0.693147180559945
    }
}
