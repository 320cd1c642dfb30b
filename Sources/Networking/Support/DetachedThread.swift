import Glibc

/// A thread of its own for one piece of work, which nobody joins.
package enum DetachedThread {
    private final class Errand: Sendable {
        let work: @Sendable () -> Void

        init(_ work: @escaping @Sendable () -> Void) { self.work = work }
    }

    /// Begins `work` on a new thread, and lets go of it when it returns.
    ///
    /// - Returns: 0, or the number of the error for which there is none (pthread_create(3)); then nothing was begun.
    package static func start(_ work: @escaping @Sendable () -> Void) -> CInt {
        let errand = unsafe Unmanaged.passRetained(Errand(work))
        var identity = pthread_t()
        let status = unsafe pthread_create(
            &identity, nil,
            { context in
                guard let context = unsafe context else { return nil }
                // SAFETY: retained above for this thread.
                unsafe Unmanaged<Errand>.fromOpaque(context).takeRetainedValue().work()
                return nil
            }, errand.toOpaque())
        guard status == 0 else {
            unsafe errand.release()
            return status
        }
        pthread_detach(identity)
        return 0
    }
}
