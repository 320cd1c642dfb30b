import Foundation

/// Held by the one process that places the calls of a database. Goes with the process, however it ends.
package struct DialerLock: ~Copyable, Sendable {
    private let descriptor: Int32

    /// Nil when another process holds it.
    ///
    /// - Parameter path: of the database.
    package init?(database path: String) throws(StoreError) {
        let file = path + ".dialler"
        let opened = unsafe open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard opened >= 0 else {
            throw StoreError(
                .notWritable, operation: "make the dialler's lock", subject: file,
                detail: unsafe String(cString: strerror(errno)))
        }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            close(opened)
            return nil
        }
        descriptor = opened
    }

    deinit { close(descriptor) }
}
