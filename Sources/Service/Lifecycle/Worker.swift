import ServiceLifecycle

/// A component that runs until it is told to stop, as a member of a service group.
struct Worker: ServiceLifecycle.Service {
    let work: @Sendable () async -> Void
    /// Makes `work` return once it has finished what it holds.
    let stop: @Sendable () async -> Void

    func run() async throws {
        await withTaskGroup { group in
            group.addTask { await work() }
            group.addTask {
                // Waits in vain when the work ends by itself; then the group is cancelled below.
                if (try? await gracefulShutdown()) != nil { await stop() }
            }
            await group.next()
            group.cancelAll()
        }
    }
}
