import Glibc

/// Wakes one sleeping thread. Raising it never blocks and allocates nothing, so a media loop may do it.
@safe final class Signal: @unchecked Sendable {
    // @unchecked: a POSIX semaphore may be posted and waited on from any thread.
    private let semaphore: UnsafeMutablePointer<sem_t>

    init() {
        unsafe semaphore = .allocate(capacity: 1)
        unsafe semaphore.initialize(to: sem_t())
        unsafe sem_init(semaphore, 0, 0)
    }

    deinit {
        unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    func raise() { unsafe sem_post(semaphore) }

    /// Sleeps until raised; returns at once for every time it was raised before.
    func wait() {
        while unsafe sem_wait(semaphore) != 0 && errno == EINTR {}
    }
}
