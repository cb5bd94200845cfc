/// The messages of foreign chats lie in a tree, by their ids; what is read is the branch that was open.
enum MessageTree {
    /// The ids from the root to a leaf.
    ///
    /// - Parameters:
    ///   - leaf: The last message of the branch that was open; nil takes the last one that is anybody's leaf.
    ///   - parents: The parent of each; unknown ones and circles end the branch.
    static func branch(to leaf: String?, parents: [String: String?]) -> [String] {
        var branch: [String] = []
        var seen: Set<String> = []
        var next = leaf
        while let id = next, let parent = parents[id], seen.insert(id).inserted {
            branch.append(id)
            next = parent
        }
        return branch.reversed()
    }
}
