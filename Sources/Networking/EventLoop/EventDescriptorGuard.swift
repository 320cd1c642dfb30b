import CUV
import Glibc

/// Keeps libwebsockets' double close of its own event descriptor from hitting somebody else's file.
///
/// On libuv its 4.1 closes that descriptor when a context is destroyed and once more, a moment later, when uv is done
/// with the handle. If another thread opened a file in between, it could have been given the same number, and lost it.
/// The kernel gives out the lowest free number, so that cannot happen while enough lower ones are free: some are held
/// from before the context is made until right before it is destroyed. Then the number is taken back, for the second
/// close to close.
@safe struct EventDescriptorGuard: ~Copyable {
    private var lower: [CInt]

    /// Keeps loops that start from taking the lower numbers while another one ends. Around a value that has a size, for
    /// the thread sanitizer takes a lock around nothing for a race.
    private static let oneAtATime = Lock(false)
    /// More than other threads open in the few microseconds between the two closes.
    private static let count = 16

    /// Takes the lower numbers. Before the context is made.
    init() {
        lower = Self.oneAtATime.withLock { _ in Self.open() }
    }

    deinit { Self.close(lower) }

    private static func open() -> [CInt] {
        (0..<count).map { _ in eventfd(0, CInt(EFD_CLOEXEC)) }.filter { $0 >= 0 }
    }

    private static func close(_ descriptors: [CInt]) {
        for descriptor in descriptors { Glibc.close(descriptor) }
    }

    /// Runs `destroy`, which closes the event descriptor for the first time, if that is safe. It must call nobody back.
    ///
    /// - Returns: whether it ran. It does not if too few lower numbers are free, as may be when threads opened and
    ///   closed many files while the context was made; then the context must be left as it is.
    mutating func protect(_ loop: UnsafeMutablePointer<uv_loop_t>, during destroy: () -> Void) -> Bool {
        guard let descriptor = unsafe Self.eventDescriptor(of: loop) else { return false }
        let held = lower
        lower = []
        return Self.oneAtATime.withLock { _ in
            Self.close(held)
            return Self.protect(descriptor, during: destroy)
        }
    }

    private static func protect(_ descriptor: CInt, during destroy: () -> Void) -> Bool {
        let free = open()
        close(free)
        guard free.count == count, free.allSatisfy({ $0 < descriptor }) else { return false }
        destroy()
        guard fcntl(descriptor, F_GETFD) < 0 else { return true }
        let spare = eventfd(0, CInt(EFD_CLOEXEC))
        guard spare >= 0 else { return true }
        let taken = fcntl(spare, F_DUPFD_CLOEXEC, descriptor)
        Glibc.close(spare)
        if taken >= 0 && taken != descriptor { Glibc.close(taken) }
        return true
    }

    /// The descriptor by which other threads wake libwebsockets: the only event descriptor it has uv poll.
    private static func eventDescriptor(of loop: UnsafeMutablePointer<uv_loop_t>) -> CInt? {
        var found: CInt = -1
        unsafe withUnsafeMutablePointer(to: &found) { found in
            unsafe uv_walk(loop, noteEventDescriptor, found)
        }
        return found >= 0 ? found : nil
    }
}

private func noteEventDescriptor(_ handle: UnsafeMutablePointer<uv_handle_t>?, _ found: UnsafeMutableRawPointer?) {
    guard let handle = unsafe handle, unsafe uv_handle_get_type(handle) == UV_POLL else { return }
    var descriptor: CInt = -1
    guard unsafe uv_fileno(handle, &descriptor) == 0 else { return }
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
        guard let start = text.baseAddress else { return }
        let count = unsafe readlink("/proc/self/fd/\(descriptor)", start, 63)
        guard count > 0 else { return }
        unsafe text[count] = 0
        guard unsafe String(cString: start) == "anon_inode:[eventfd]" else { return }
        // SAFETY: `eventDescriptor` passes a `CInt`.
        unsafe found?.assumingMemoryBound(to: CInt.self).pointee = descriptor
    }
}
