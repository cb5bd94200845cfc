import Exchange
import FoundationEssentials

/// A JSON schema that answers are checked against: the part of draft 2020-12 that people write for answers.
///
/// Understood are `type`, `enum`, `const`, `properties`, `required`, `additionalProperties`, `items`, the limits of numbers,
/// texts and lists, `pattern`, `uniqueItems`, `anyOf`, `oneOf`, `allOf`, `not` and `$ref` inside the schema. Other keywords
/// are taken for notes, as the specification has it for unknown ones.
struct JSONSchema: Sendable {
    /// The schema as it goes to the engine.
    let text: String
    private let root: JSONTree

    /// Takes a schema.
    ///
    /// - Throws: `CommandFailure` when the text is none.
    init(_ text: String, named name: String) throws {
        guard let root = JSONTree(text), root.object != nil else {
            throw CommandFailure(
                .usage, "\(name) is no JSON schema: it has to be a JSON object, as {\"type\": \"object\", …}.")
        }
        self.root = root
        self.text = text.trimmingWhitespace
    }

    /// Reads a file; a text that begins with a brace is the schema itself.
    init(file: String) throws {
        if file.trimmingWhitespace.hasPrefix("{") {
            try self.init(file, named: "What --schema says")
            return
        }
        guard let data = FileManager.default.contents(atPath: AttachmentLoader.expanded(file)), data.count < 1 << 20
        else {
            throw CommandFailure(
                .usage, "The schema \(file) cannot be read; check that it is there and that it is yours.")
        }
        try self.init(String(decoding: data, as: UTF8.self), named: file)
    }

    /// What the model is told.
    var instruction: String {
        "Answer with JSON that matches this JSON schema, and with nothing else:\n\(text)"
    }

    /// The JSON of an answer, without the fence that models put around it.
    static func json(in answer: String) -> String {
        let answer = answer.trimmingWhitespace
        return answer.hasPrefix("```") ? (CodeBlocks.first(in: answer) ?? answer).trimmingWhitespace : answer
    }

    /// What is wrong with an answer, in a sentence; nil when it matches.
    func problem(inAnswer answer: String) -> String? {
        guard let tree = JSONTree(Self.json(in: answer)) else { return "it is no JSON." }
        return problem(in: tree)
    }

    /// What is wrong with a value, in a sentence; nil when it matches.
    func problem(in value: JSONTree) -> String? { check(value, root, at: "", depth: 0).map { $0 + "." } }

    // MARK: - Checking

    private func check(_ value: JSONTree, _ schema: JSONTree, at path: String, depth: Int) -> String? {
        let place = path.isEmpty ? "it" : path
        if case .bool(let isAllowed) = schema { return isAllowed ? nil : "\(place) must not be there" }
        // A reference that refers to itself would be followed for ever.
        guard depth < 64 else { return "\(place) is nested too deeply" }
        if let reference = schema["$ref"]?.string {
            guard let target = resolve(reference) else {
                return "the schema refers to \(reference), which it does not have"
            }
            if let problem = check(value, target, at: path, depth: depth + 1) { return problem }
        }
        if let problem = checkKind(value, schema, place) { return problem }
        switch value {
        case .number(let number): if let problem = check(number, schema, place) { return problem }
        case .string(let string): if let problem = check(string, schema, place) { return problem }
        case .array(let items): if let problem = check(items, schema, path, place, depth) { return problem }
        case .object(let members): if let problem = check(members, schema, path, place, depth) { return problem }
        case .null, .bool: break
        }
        return checkCombinations(value, schema, path, place, depth)
    }

    private func checkKind(_ value: JSONTree, _ schema: JSONTree, _ place: String) -> String? {
        if let type = schema["type"] {
            let kinds = type.array?.compactMap(\.string) ?? type.string.map { [$0] } ?? []
            let isMatch = kinds.contains { kind in
                kind == value.kind || kind == "integer" && value.number.map { $0 == $0.rounded() } ?? false
            }
            if !isMatch, !kinds.isEmpty {
                return "\(place) is a \(value.kind), not a \(kinds.joined(separator: " or "))"
            }
        }
        if let allowed = schema["enum"]?.array, !allowed.contains(value) {
            return "\(place) is none of the values that the schema lists"
        }
        if let constant = schema["const"], constant != value {
            return "\(place) is not the value that the schema names"
        }
        return nil
    }

    private func check(_ number: Double, _ schema: JSONTree, _ place: String) -> String? {
        if let least = schema["minimum"]?.number, number < least { return "\(place) is less than \(least)" }
        if let most = schema["maximum"]?.number, number > most { return "\(place) is more than \(most)" }
        if let least = schema["exclusiveMinimum"]?.number, number <= least {
            return "\(place) is not more than \(least)"
        }
        if let most = schema["exclusiveMaximum"]?.number, number >= most { return "\(place) is not less than \(most)" }
        if let step = schema["multipleOf"]?.number, step > 0 {
            let quotient = number / step
            if abs(quotient - quotient.rounded()) > 1e-9 * max(1, abs(quotient)) {
                return "\(place) is no multiple of \(step)"
            }
        }
        return nil
    }

    private func check(_ string: String, _ schema: JSONTree, _ place: String) -> String? {
        let length = string.unicodeScalars.count
        if let least = schema["minLength"]?.count, length < least {
            return "\(place) is shorter than \(least) characters"
        }
        if let most = schema["maxLength"]?.count, length > most { return "\(place) is longer than \(most) characters" }
        if let pattern = schema["pattern"]?.string, let regex = try? Regex(pattern),
            string.firstMatch(of: regex) == nil
        {
            return "\(place) does not match the pattern \(pattern)"
        }
        return nil
    }

    private func check(_ items: [JSONTree], _ schema: JSONTree, _ path: String, _ place: String, _ depth: Int)
        -> String?
    {
        if let least = schema["minItems"]?.count, items.count < least {
            return "\(place) has fewer than \(least) items"
        }
        if let most = schema["maxItems"]?.count, items.count > most { return "\(place) has more than \(most) items" }
        if schema["uniqueItems"] == .bool(true), Set(items).count < items.count {
            return "\(place) has the same item twice"
        }
        let first = schema["prefixItems"]?.array ?? []
        for (index, item) in items.enumerated() {
            guard let rule = index < first.count ? first[index] : schema["items"] else { continue }
            if let problem = check(item, rule, at: "\(path)[\(index)]", depth: depth + 1) { return problem }
        }
        return nil
    }

    private func check(
        _ members: [String: JSONTree], _ schema: JSONTree, _ path: String, _ place: String, _ depth: Int
    ) -> String? {
        for name in schema["required"]?.array?.compactMap(\.string) ?? [] where members[name] == nil {
            return "\(place) has no \"\(name)\""
        }
        let known = schema["properties"]?.object ?? [:]
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            if let rule = known[name] {
                if let problem = check(value, rule, at: "\(path).\(name)", depth: depth + 1) { return problem }
            } else if let rule = schema["additionalProperties"] {
                if rule == .bool(false) { return "\(place) has \"\(name)\", which the schema does not know" }
                if let problem = check(value, rule, at: "\(path).\(name)", depth: depth + 1) { return problem }
            }
        }
        return nil
    }

    private func checkCombinations(
        _ value: JSONTree, _ schema: JSONTree, _ path: String, _ place: String, _ depth: Int
    ) -> String? {
        for rule in schema["allOf"]?.array ?? [] {
            if let problem = check(value, rule, at: path, depth: depth + 1) { return problem }
        }
        func matches(_ rule: JSONTree) -> Bool { check(value, rule, at: path, depth: depth + 1) == nil }
        if let rules = schema["anyOf"]?.array, !rules.contains(where: matches) {
            return "\(place) matches none of anyOf"
        }
        if let rules = schema["oneOf"]?.array {
            let count = rules.count(where: matches)
            if count != 1 { return "\(place) matches \(count) of oneOf, not one" }
        }
        if let rule = schema["not"], matches(rule) { return "\(place) matches what the schema excludes" }
        return nil
    }

    /// What a reference inside the schema means.
    private func resolve(_ reference: String) -> JSONTree? {
        guard reference.hasPrefix("#") else { return nil }
        var tree = root
        for step in reference.dropFirst().split(separator: "/") {
            let name = step.replacing("~1", with: "/").replacing("~0", with: "~")
            guard let next = tree[String(name)] else { return nil }
            tree = next
        }
        return tree
    }
}

extension String {
    var trimmingWhitespace: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
