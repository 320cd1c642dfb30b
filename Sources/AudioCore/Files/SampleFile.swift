import Glibc

/// The only owner of a file descriptor, and the only place of this target that reads or writes files.
package struct SampleFile: ~Copyable, Sendable {
    package enum Mode: Sendable {
        case reading
        /// Created, or emptied if it exists.
        case writing
    }

    package let path: String
    private let descriptor: Int32

    /// Opens the file.
    package init(path: String, mode: Mode) throws(AudioError) {
        let flags = mode == .reading ? O_RDONLY | O_CLOEXEC : O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC
        let descriptor = unsafe Glibc.open(path, flags, 0o644)
        guard descriptor >= 0 else { throw Self.failure("open", path) }
        self.path = path
        self.descriptor = descriptor
    }

    deinit { Glibc.close(descriptor) }

    /// Bytes in the file.
    package func size() throws(AudioError) -> Int {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw Self.failure("read", path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw AudioError(.fileUnavailable, operation: "read", subject: path, reason: "it is not a regular file")
        }
        return Int(status.st_size)
    }

    /// Appends up to `count` bytes from `offset` on to `bytes`.
    ///
    /// - Returns: how many; fewer than `count` only at the end of the file.
    @discardableResult
    package func read(_ count: Int, at offset: Int, appendingTo bytes: inout [UInt8]) throws(AudioError) -> Int {
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: count))
        var done = 0
        while done < count {
            let result = unsafe bytes.withUnsafeMutableBytes { buffer in
                // SAFETY: `count` bytes follow `start`, of which `done` are filled.
                unsafe pread(descriptor, buffer.baseAddress! + start + done, count - done, offset + done)
            }
            if result > 0 {
                done += result
            } else if result == 0 {
                break
            } else if errno != EINTR {
                throw Self.failure("read", path)
            }
        }
        bytes.removeLast(count - done)
        return done
    }

    /// Writes all of `bytes` at `offset`.
    package func write(_ bytes: Span<UInt8>, at offset: Int) throws(AudioError) {
        var done = 0
        while done < bytes.count {
            let result = unsafe bytes.withUnsafeBufferPointer { buffer in
                // SAFETY: `done` is less than the buffer's count.
                unsafe pwrite(descriptor, buffer.baseAddress! + done, buffer.count - done, offset + done)
            }
            if result >= 0 {
                done += result
            } else if errno != EINTR {
                throw Self.failure("write", path)
            }
        }
    }

    /// Takes away what follows the first `size` bytes.
    package func cut(to size: Int) throws(AudioError) {
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw Self.failure("shorten", path) }
    }

    private static func failure(_ operation: String, _ path: String) -> AudioError {
        AudioError(
            .fileUnavailable, operation: operation, subject: path, reason: unsafe String(cString: strerror(errno)))
    }
}
