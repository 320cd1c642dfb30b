import Foundation
import Glibc

/// How much of this process lies in memory.
enum ResidentMemory {
    /// Nil where the system does not tell.
    static var bytes: Int? {
        guard let line = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        let fields = line.split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
        return pages * Int(getpagesize())
    }
}
