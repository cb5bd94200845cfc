import Glibc

/// A thread for work that blocks.
final class BlockingThread {
    private let body: @Sendable () -> Void

    private init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    /// Runs the body on a new thread.
    static func start(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(BlockingThread(body))
        guard pthread_create(&thread, nil, runThread, context.toOpaque()) == 0 else {
            // No thread to be had: the body still has to answer its reader.
            context.takeRetainedValue().body()
            return
        }
        pthread_detach(thread)
    }

    fileprivate static func run(_ context: UnsafeMutableRawPointer) {
        Unmanaged<BlockingThread>.fromOpaque(context).takeRetainedValue().body()
    }
}

private func runThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context { BlockingThread.run(context) }
    return nil
}
