import ServiceLifecycle

/// The part of the service that takes calls, as a member of a service group: prepares what calls need, listens, and says
/// at once that no more calls should come when the group is told to stop.
struct CallTaker: ServiceLifecycle.Service {
    let readiness: Readiness
    /// Told when no more calls should come.
    let draining: @Sendable () -> Void
    /// Returns when the last call has ended; cancelled when the service is told to stop before anybody could call.
    let takeCalls: @Sendable () async throws -> Void

    func run() async throws {
        try await withGracefulShutdownHandler {
            try await takeCalls()
        } onGracefulShutdown: {
            readiness.beginDraining()
            draining()
        }
    }
}
