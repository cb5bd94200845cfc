import CMalloc

/// The memory of the program itself, so that a chat that stays open all day does not grow.
public enum Heap {
    /// Lets all threads share one heap: each of several keeps what it once needed.
    ///
    /// Counts for threads that have not taken memory yet, so it is called first.
    public static func shareAmongThreads() { cmalloc_use_one_heap() }

    /// Gives what is free back to the system.
    ///
    /// Takes some milliseconds for a hundred megabytes; other threads may wait.
    public static func giveBack() { cmalloc_give_back() }
}
