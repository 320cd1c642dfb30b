import Foundation

/// Held while a database is opened: of all processes on the machine only one at a time opens in a directory.
///
/// The engine waits for others where it reads and writes, but not where it changes a new file to WAL mode or finds its
/// schema changed under its feet: there several processes that begin together would fail instead of waiting. The lock
/// is on the directory, for closing any other descriptor of the database would take the engine's own locks away.
struct OpeningLock: ~Copyable {
    private let descriptor: Int32

    /// Waits for those who open in `directory`, at most for `patience`.
    init(directory: String, patience: Duration) throws(StoreError) {
        descriptor = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // Where a directory cannot be locked, opening still works for all but those who begin together.
        guard descriptor >= 0 else { return }
        let end = ContinuousClock.now + patience
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK || errno == EINTR {
            guard ContinuousClock.now < end else {
                throw StoreError(
                    .locked, operation: "open the database", subject: directory,
                    detail: "another process has been opening a database there for \(patience)")
            }
            usleep(2000)
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }
}
