/// An actor whose `unownedExecutor` is a loop's runs on that loop's thread, and callbacks on the loop may enter it with
/// `assumeIsolated`:
///
/// ```swift
/// actor Leg {
///     nonisolated let loop: EventLoop
///     nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
/// }
/// ```
extension EventLoop: SerialExecutor {
    package func enqueue(_ job: consuming ExecutorJob) {
        submit(.job(UnownedJob(job)))
    }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        unsafe UnownedSerialExecutor(ordinary: self)
    }

    package func checkIsolated() {
        preconditionCurrent()
    }

    package func isIsolatingCurrentContext() -> Bool? {
        isCurrent
    }
}
