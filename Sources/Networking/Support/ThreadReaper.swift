import CUV
import Glibc

/// Joins a thread that is about to end, from a thread of its own, so that no task's thread waits for it.
enum ThreadReaper {
    private final class Errand: Sendable {
        let thread: uv_thread_t
        let completion: @Sendable () -> Void

        init(thread: uv_thread_t, completion: @escaping @Sendable () -> Void) {
            self.thread = thread
            self.completion = completion
        }
    }

    static func join(_ thread: uv_thread_t, then completion: @escaping @Sendable () -> Void) {
        let errand = unsafe Unmanaged.passRetained(Errand(thread: thread, completion: completion))
        var identity = uv_thread_t()
        let status = unsafe uv_thread_create(
            &identity,
            { context in
                guard let context = unsafe context else { return }
                // SAFETY: retained below for this thread.
                let errand = unsafe Unmanaged<Errand>.fromOpaque(context).takeRetainedValue()
                pthread_join(errand.thread, nil)
                errand.completion()
            }, errand.toOpaque())
        precondition(status == 0, "no thread could be made to join a stopped loop")
        pthread_detach(identity)
    }
}
