import Glibc

/// Runs a program to its end and returns what it printed.
///
/// Foundation's `Process` waits until nobody holds its descriptors any more; a server that the program leaves behind would
/// hold them, and so would every other program that is started meanwhile. Here it inherits the first three and no others.
func capture(_ words: [String]) throws -> String {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw Missing(description: "a pipe") }
    defer { close(ends[0]) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    for descriptor in Int32(3)..<256 { posix_spawn_file_actions_addclose(&actions, descriptor) }
    let strings = words.map { strdup($0) } + [nil]
    defer { strings.forEach { free($0) } }
    var process: pid_t = 0
    let status = posix_spawnp(&process, words[0], &actions, nil, strings, environ)
    close(ends[1])
    guard status == 0 else { throw Missing(description: "\(words[0]): error \(status)") }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = read(ends[0], &chunk, chunk.count)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { break }
        bytes += chunk[..<count]
    }
    var end: Int32 = 0
    while waitpid(process, &end, 0) < 0 && errno == EINTR {}
    return String(decoding: bytes, as: UTF8.self)
}
