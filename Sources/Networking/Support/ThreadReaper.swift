import CUV
import Glibc

/// Joins a thread that is about to end, from a thread of its own, so that no task's thread waits for it.
enum ThreadReaper {
    static func join(_ thread: uv_thread_t, then completion: @escaping @Sendable () -> Void) {
        let status = DetachedThread.start {
            pthread_join(thread, nil)
            completion()
        }
        precondition(status == 0, "no thread could be made to join a stopped loop")
    }
}
