import Logging
import Networking

/// Runs `body` with a started loop, and shuts it down whatever happens.
@discardableResult
func withLoop<Result>(
    _ configuration: EventLoopConfiguration = EventLoopConfiguration(), _ body: (EventLoop) async throws -> Result
) async throws -> Result {
    let loop = EventLoop(name: "test", configuration: configuration, logger: Logger(label: "test"))
    try loop.start()
    do {
        let result = try await body(loop)
        await loop.shutdown()
        return result
    } catch {
        await loop.shutdown()
        throw error
    }
}

extension EventLoop {
    /// Runs `body` on the loop's thread and returns what it makes.
    func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { done in post { done.resume(returning: body()) } }
    }
}
