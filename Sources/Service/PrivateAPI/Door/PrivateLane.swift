import NIOCore
import NIOPosix

/// The threads on which the private plane works: its sockets, and what its handlers do between two waits.
///
/// They are apart from those of the calls: in one line with their work, a handler that reads a long list would make every answer
/// wait that is asked for meanwhile. Apart, the system lets whoever has waited longest run.
///
/// They have no lower priority than others on purpose: threads inherit that of whoever makes them, and what the lane's work is the
/// first to need (a worker of the pool of all tasks, a connection's thread) would keep it for the calls.
final class PrivateLane: TaskExecutor {
    /// One for the whole process: threads are there as long as it is.
    static let shared = PrivateLane()

    /// So that one long piece of work, such as a definition's check, does not hold up every other request.
    private static let threads = 3

    /// For the sockets.
    let loops: MultiThreadedEventLoopGroup
    private let pool: NIOThreadPool

    private init() {
        loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        pool = NIOThreadPool(numberOfThreads: Self.threads)
        pool.start()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = unsafe asUnownedTaskExecutor()
        pool.submit { _ in unsafe job.runSynchronously(on: executor) }
    }
}
