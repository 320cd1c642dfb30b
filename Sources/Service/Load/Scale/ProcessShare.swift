import Foundation

/// What this process has taken from the machine.
enum ProcessShare {
    /// Seconds of processor time, of user and system.
    static var cpu: Double {
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    /// MB that are resident now.
    static var memory: Double { status("VmRSS") }

    /// MB that were resident at most, since the last ``beginPeak()``.
    static var peakMemory: Double { status("VmHWM") }

    /// Lets the peak begin anew (proc(5)); where that is not allowed it is the peak since the start.
    static func beginPeak() { try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs")) }

    private static func status(_ name: String) -> Double {
        let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
        let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) }
        return (kilobytes ?? 0) / 1024
    }
}
