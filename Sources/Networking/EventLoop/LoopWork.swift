/// One thing for a loop's thread to do.
enum LoopWork: Sendable {
    case closure(@Sendable () -> Void)
    /// A step of an actor pinned to the loop.
    case job(UnownedJob)
}
