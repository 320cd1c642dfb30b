import CAllocations
import Foundation

/// Counts what the media loop's thread allocates while calls go on: callers' frames in over real sockets (decoding, ring, voice
/// detection, recording), agents' frames out (queue, encoding, sending), a beat every 20 ms. docs/performance.md says how to run it.
@main
enum Program {
    static func main() async throws {
        var hasFailed = false
        for isRecording in [false, true] {
            let count = try await Count.measure(isRecording: isRecording)
            let isOver = count.allocations > count.allowed
            print(
                "\(isRecording ? "with" : "without") recording: \(count.allocations) allocations in \(count.frames) "
                    + "frames each way, \(count.allowed) allowed\(isOver ? ": FAILED" : "")")
            guard isOver else { continue }
            hasFailed = true
            allocations_report()
        }
        exit(hasFailed ? 1 : 0)
    }
}
