import Conversation

/// The messages of a foreign chat as a tree, while its nodes are read from the root on.
///
/// Some nodes are nobody's words, and some answers are several nodes, with calls of tools between them.
struct ForeignTree {
    /// The node of a foreign tree.
    struct Node {
        var parent: String?
        /// Its children in their order, as far as the export says; others come after them.
        var children: [String] = []
    }

    /// What a node has to say.
    enum Words {
        case nothing
        /// A message of its own.
        case message(Message)
        /// Thoughts that go with the answer that comes.
        case thoughts(String)
    }

    /// The messages, parents first.
    private(set) var messages: [BranchedMessage] = []

    /// Where a branch has come to.
    private struct Branch {
        var last: Int?
        var thoughts = ""
        /// Whether nothing else hangs on the last message, so that a further piece of it may be added.
        var isAlone = true
    }

    /// Reads a tree.
    ///
    /// - Parameters:
    ///   - nodes: The nodes by their names; missing parents make roots.
    ///   - leaf: The end of the branch that was open; nil takes the last message.
    ///   - words: Says what a node is.
    init(_ nodes: [String: Node], shown leaf: String?, words: (String) -> Words) {
        let order = Self.order(nodes)
        var children: [String: Int] = [:]
        for (name, node) in nodes { if let parent = node.parent, name != parent { children[parent, default: 0] += 1 } }
        var branches: [String: Branch] = [:]
        var ends: [String: Int] = [:]
        for name in order {
            let parent = nodes[name]?.parent.flatMap { nodes[$0] == nil ? nil : $0 }
            var branch = parent.flatMap { branches[$0] } ?? Branch()
            if let parent, children[parent, default: 0] > 1 { branch.isAlone = false }
            add(words(name), to: &branch)
            branches[name] = branch
            if let last = branch.last { ends[name] = last }
        }
        show(leaf.flatMap { ends[$0] } ?? messages.indices.last)
    }

    private mutating func add(_ words: Words, to branch: inout Branch) {
        switch words {
        case .nothing: break
        case .thoughts(let text): branch.thoughts += (branch.thoughts.isEmpty ? "" : "\n\n") + text
        case .message(var message):
            if message.role == .assistant, !branch.thoughts.isEmpty {
                message.parts.insert(.reasoning(Reasoning(text: branch.thoughts)), at: 0)
                branch.thoughts = ""
            }
            if message.role == .assistant, branch.isAlone, let last = branch.last,
                messages[last].message.role == .assistant
            {
                messages[last].message.join(message.parts)
                messages[last].message.outcome = message.outcome
                return
            }
            messages.append(
                BranchedMessage(
                    message: message, parent: branch.last.map { messages[$0].message.id }, isShown: false))
            branch.last = messages.count - 1
            branch.isAlone = true
        }
    }

    /// Marks the branch that ends with a message.
    private mutating func show(_ leaf: Int?) {
        var places: [Message.ID: Int] = [:]
        for (place, node) in messages.enumerated() { places[node.message.id] = place }
        var next = leaf
        while let place = next, !messages[place].isShown {
            messages[place].isShown = true
            next = messages[place].parent.flatMap { places[$0] }
        }
    }

    /// The nodes, parents first, children in their order; those of a ring are begun somewhere.
    private static func order(_ nodes: [String: Node]) -> [String] {
        var children: [String: [String]] = [:]
        var roots: [String] = []
        for name in nodes.keys.sorted() {
            if let parent = nodes[name]?.parent, parent != name, nodes[parent] != nil {
                children[parent, default: []].append(name)
            } else {
                roots.append(name)
            }
        }
        for (parent, names) in children {
            let places = Dictionary((nodes[parent]?.children ?? []).enumerated().map { ($1, $0) }) { first, _ in first }
            children[parent] = names.sorted { (places[$0] ?? .max, $0) < (places[$1] ?? .max, $1) }
        }
        var order: [String] = []
        var seen: Set<String> = []
        for root in roots + nodes.keys.sorted() {
            // A stack of our own: a chat may be thousands of messages deep.
            var stack = [root]
            while let name = stack.popLast() {
                guard seen.insert(name).inserted else { continue }
                order.append(name)
                stack += (children[name] ?? []).reversed()
            }
        }
        return order
    }
}
