import CUV
import Glibc

/// How other threads end a loop's wait: a byte in a pipe that uv watches.
///
/// uv's own way, `uv_async_send`, has the loop's thread spin until the sender has left the call. With the loop at a
/// real-time priority and both on one core the sender cannot leave it, and the loop stands for the 950 ms after which the
/// kernel stops the real-time thread (measured; libuv 1.44). Here the sender makes one system call and nobody waits for it.
@safe struct LoopWaker: ~Copyable {
    private let handle: UnsafeMutablePointer<uv_poll_t>
    private let readEnd: CInt
    private let writeEnd: CInt

    /// - Parameters:
    ///   - context: what `woken` finds in the handle's `data`; must outlive the waker.
    ///   - woken: called on the loop's thread after a wake; calls ``drain(_:)``.
    init(
        _ loop: UnsafeMutablePointer<uv_loop_t>, name: String, context: UnsafeMutableRawPointer,
        woken: @escaping uv_poll_cb
    ) throws(NetworkError) {
        var ends: (CInt, CInt) = (-1, -1)
        let status = unsafe withUnsafeMutableBytes(of: &ends) { bytes in
            unsafe pipe(bytes.bindMemory(to: CInt.self).baseAddress)
        }
        guard status == 0 else {
            throw NetworkError(
                .unavailable, operation: "pipe", subject: name, detail: unsafe String(cString: strerror(errno)))
        }
        for end in [ends.0, ends.1] {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        guard let handle = unsafe makePollHandle(loop, ends.0, context: context) else {
            close(ends.0)
            close(ends.1)
            throw NetworkError(.unavailable, operation: "uv_poll_init", subject: name, detail: "for the loop's waker")
        }
        unsafe uv_poll_start(handle, CInt(UV_READABLE.rawValue), woken)
        unsafe self.handle = handle
        (readEnd, writeEnd) = ends
    }

    /// Any thread. A full pipe has woken the loop already.
    func wake() {
        var byte: UInt8 = 1
        _ = unsafe write(writeEnd, &byte, 1)
    }

    /// Empties the pipe of a waker whose handle this is. The loop's thread.
    static func drain(_ handle: UnsafeMutablePointer<uv_poll_t>) {
        var descriptor: CInt = -1
        // SAFETY: a poll handle begins with the fields of `uv_handle_t`.
        unsafe uv_fileno(UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self), &descriptor)
        var bytes: InlineArray<64, UInt8> = .init(repeating: 0)
        unsafe withUnsafeMutableBytes(of: &bytes) { buffer in
            while unsafe read(descriptor, buffer.baseAddress, buffer.count) == buffer.count {}
        }
    }

    /// Lets go of it; uv frees the handle in its next turn. The loop's thread.
    consuming func finish() {
        unsafe uv_poll_stop(handle)
        unsafe closeAndFree(handle)
        close(readEnd)
        close(writeEnd)
    }
}
