import Foundation

enum ProcessorCount {
    /// The cores of this machine, `limit` at most.
    static func upTo(_ limit: Int) -> Int {
        min(max(ProcessInfo.processInfo.activeProcessorCount, 1), limit)
    }
}
