import CAllocations
import Callers
import Foundation
import Logging
import Networking

/// What one run has counted.
struct Count {
    /// Calls at a time.
    static let calls = 20
    /// Seconds that are watched after those of the warm-up.
    static let (warmUp, window) = (4, 8)
    /// The loop that is asked to begin and to end allocates what Swift needs to resume whoever asked: a fixed handful.
    private static let own = 8
    /// What a block of a recording costs that changes hands, once a second: its two halves and its place in a queue.
    private static let perBlock = 6

    let isRecording: Bool
    let allocations: Int
    /// Of the callers.
    let frames: Int

    var allowed: Int { Self.own + (isRecording ? Self.calls * Self.window * Self.perBlock : 0) }

    /// Watches the loop's thread while calls go on.
    static func measure(isRecording: Bool) async throws -> Count {
        let directory = FileManager.default.temporaryDirectory.appending(path: "parley-frames-\(getpid())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let logger = Logger(label: "frames") { _ in SwiftLogNoOpLogHandler() }
        let (media, carrier) = (EventLoop(name: "media", logger: logger), EventLoop(name: "carrier", logger: logger))
        for loop in [media, carrier] { try loop.start() }
        let exchange = Exchange(
            seconds: warmUp + window + 4, isRecording: isRecording, directory: directory.path(percentEncoded: false))
        let port = try await media.listen(ListenerConfiguration(), service: exchange)

        let lines = Lines(url: "ws://127.0.0.1:\(port)/", on: carrier)
        await lines.dial(calls)
        try await Task.sleep(for: .seconds(warmUp))
        let before = await lines.totals()
        await perform(on: media) { allocations_begin() }
        try await Task.sleep(for: .seconds(window))
        let allocations = await perform(on: media) { Int(allocations_end()) }
        let after = await lines.totals()
        for loop in [carrier, media] { await loop.shutdown() }

        // Of 8,000 samples a second and a call a little may be under way.
        guard after.agentSamples - before.agentSamples > calls * window * 7500, after.frames > before.frames else {
            throw Failure(description: "the calls did not go on: \(before), then \(after)")
        }
        return Count(isRecording: isRecording, allocations: allocations, frames: after.frames - before.frames)
    }
}

struct Failure: Error, CustomStringConvertible {
    let description: String
}

/// Runs `body` on a loop's thread.
@discardableResult
func perform<Result: Sendable>(on loop: EventLoop, _ body: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { done in loop.post { done.resume(returning: body()) } }
}
