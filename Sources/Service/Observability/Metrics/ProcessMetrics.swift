import Foundation
import Glibc

/// What this process takes from the machine, under the names that all Prometheus clients use.
package struct ProcessMetrics: Sendable {
    private let startTime = Date().timeIntervalSince1970

    package init() {}

    /// The values at this moment. Reads `/proc`; on systems without it there are fewer.
    package func samples() -> [PrometheusSample] {
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let time = [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
        var limit = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        var samples: [PrometheusSample] = [
            .counter("process_cpu_seconds_total", time),
            .gauge("process_start_time_seconds", startTime),
            .gauge("process_max_fds", Double(limit.rlim_cur)),
        ]
        if let pages = Self.residentPages() {
            samples.append(.gauge("process_resident_memory_bytes", pages * sysconf(Int32(_SC_PAGESIZE))))
        }
        if let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count {
            samples.append(.gauge("process_open_fds", descriptors))
        }
        if let threads = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count {
            samples.append(.gauge("process_threads", threads))
        }
        return samples
    }

    /// The second number of `/proc/self/statm` (proc(5)).
    private static func residentPages() -> Int? {
        let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        return text?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }
}
