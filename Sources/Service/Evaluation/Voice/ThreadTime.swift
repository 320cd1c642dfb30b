import Glibc

/// The processor time of the present thread.
enum ThreadTime {
    /// Microseconds since the thread began.
    static func now() -> Double {
        var time = timespec()
        // SAFETY: the clock exists on Linux, and `time` outlives the call.
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
    }
}
