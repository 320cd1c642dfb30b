import Glibc
import NIOCore
import NIOPosix

/// The threads on which the private plane works: its sockets, and what its handlers do between two waits.
///
/// They are apart from those of the calls, and the system runs them after those: where a core is short, an operator waits a
/// little longer, and no caller does. With the calls' threads a handler that reads a long list would make every answer wait
/// that is asked for meanwhile.
final class PrivateLane: TaskExecutor {
    /// One for the whole process: threads are there as long as it is.
    static let shared = PrivateLane()

    /// Of a thread, above the usual 0 (`setpriority(2)`): it gets a third of the time that a thread of a call gets which
    /// wants to work at the same moment, never nothing.
    private static let niceness: CInt = 5
    /// So that one long piece of work, such as the check of a password, does not hold up every other request.
    private static let threads = 3

    /// For the sockets.
    let loops: MultiThreadedEventLoopGroup
    private let pool: NIOThreadPool

    private init() {
        loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        pool = NIOThreadPool(numberOfThreads: Self.threads)
        pool.start()
        loops.next().execute { Self.yieldToCalls() }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = unsafe asUnownedTaskExecutor()
        pool.submit { _ in
            Self.yieldToCalls()
            unsafe job.runSynchronously(on: executor)
        }
    }

    /// Lowers the priority of the calling thread; on Linux it is a thread's own. Cheap, and for a thread that has it already
    /// without effect.
    private static func yieldToCalls() { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness) }
}
