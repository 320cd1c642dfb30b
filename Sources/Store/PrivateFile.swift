import Foundation

/// The only owner of an open file that nobody else on the machine may read; reading and writing at positions.
struct PrivateFile: ~Copyable, Sendable {
    private let descriptor: Int32
    private let path: String

    /// Opens the file for reading and writing, and makes it if it is not there.
    init(path: String) throws(StoreError) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure("open the file", path) }
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    /// Makes an empty file; one that is there is left alone, not even opened.
    static func make(_ path: String) throws(StoreError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 || errno == EEXIST else { throw failure("make the file", path) }
        if descriptor >= 0 { close(descriptor) }
    }

    /// Keeps other processes out until the file is closed.
    borrowing func lock() throws(StoreError) {
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw Self.failure("lock the file", path) }
    }

    /// Lets others have it, who locked it.
    borrowing func unlock() { flock(descriptor, LOCK_UN) }

    /// Takes `size` bytes of the disk for this file. Space it has already is kept as it is.
    borrowing func reserve(_ size: Int) throws(StoreError) {
        let status = posix_fallocate(descriptor, 0, size)
        guard status == 0 else { throw Self.failure("reserve space for the file", path, status: status) }
    }

    /// - Returns: `count` bytes, fewer at the end of the file.
    borrowing func read(at position: Int, count: Int) throws(StoreError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        // SAFETY: the buffer has `count` bytes for the time of the call.
        let got = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, count, position) }
        guard got >= 0 else { throw Self.failure("read the file", path) }
        bytes.removeLast(count - got)
        return bytes
    }

    borrowing func write(_ bytes: [UInt8], at position: Int) throws(StoreError) {
        var written = 0
        while written < bytes.count {
            // SAFETY: offset and length stay inside the array, which lives for the time of the call.
            let count = unsafe bytes.withUnsafeBytes {
                unsafe pwrite(
                    descriptor, $0.baseAddress?.advanced(by: written), bytes.count - written, position + written)
            }
            guard count > 0 else { throw Self.failure("write the file", path) }
            written += count
        }
    }

    borrowing func writeZeros(at position: Int, count: Int) throws(StoreError) {
        try write([UInt8](repeating: 0, count: count), at: position)
    }

    private static func failure(_ operation: String, _ path: String, status: Int32 = errno) -> StoreError {
        let code: StoreError.Code =
            switch status {
            case ENOSPC, EDQUOT, EFBIG: .diskFull
            case EWOULDBLOCK: .locked
            case EACCES, EPERM, EROFS, ENOENT, ENOTDIR, EISDIR: .notWritable
            default: .failed
            }
        let text = unsafe String(cString: strerror(status))
        return StoreError(code, operation: operation, subject: path, detail: text)
    }
}
