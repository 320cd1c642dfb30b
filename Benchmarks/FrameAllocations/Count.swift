import CAllocations
import Callers
import Foundation
import Logging
import Networking
import Speech

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

    /// Samples from one sentence of a caller to the next.
    private static let period = 4 * 8000
    /// A turn is dozens of decisions and messages between a conversation, its recognizer, its dialogue and its voice. Each
    /// of their places may allocate so often; one that does so for frames comes to hundreds.
    private static let perTurn = 20
    /// ONNX Runtime itself takes memory for each run of the model: at its busiest place three times for each frame. No
    /// place may that it has no part in.
    private static let perFrame = 4

    /// What is done with the calls.
    enum Variant: String, CaseIterable {
        case silent = "silent callers"
        case bridged = "silent callers, joined in pairs"
        case recorded = "silent callers, recorded"
        case speaking = "speaking callers"
        case silero = "speaking callers, Silero"
    }

    let variant: Variant
    let allocations: Int
    /// Of the place that allocated most often, without those of ONNX Runtime.
    let most: Int
    /// Of ONNX Runtime's place that did.
    let mostNeural: Int
    /// Of the callers.
    let frames: Int
    let turns: Int

    /// Of all places together; where callers speak, of each.
    var allowed: Int {
        switch variant {
        case .silent, .bridged: Self.own
        case .recorded: Self.own + Self.calls * Self.window * Self.perBlock
        case .speaking, .silero: turns * Self.perTurn
        }
    }

    /// Of each of ONNX Runtime's places.
    var allowedNeural: Int { variant == .silero ? turns * Self.perTurn + frames * Self.perFrame : 0 }

    var isOver: Bool {
        switch variant {
        case .silent, .bridged, .recorded: allocations > allowed
        case .speaking, .silero: most > allowed || mostNeural > allowedNeural
        }
    }

    /// Watches the loop's thread while calls go on.
    ///
    /// - Parameter words: what callers say who speak.
    static func measure(_ variant: Variant, words: [Int16], models: String) async throws -> Count {
        let isRecording = variant != .silent && variant != .bridged
        let directory = FileManager.default.temporaryDirectory.appending(path: "parley-frames-\(getpid())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let logger = Logger(label: "frames") { _ in SwiftLogNoOpLogHandler() }
        let (media, carrier) = (EventLoop(name: "media", logger: logger), EventLoop(name: "carrier", logger: logger))
        for loop in [media, carrier] { try loop.start() }
        let files = NeuralFiles(directory: models)
        let detection =
            variant == .silero
            ? VoiceDetection.silero(
                try SileroBatch(
                    SileroModel(files, runtime: OnnxRuntime(library: files.library)) { error in
                        FileHandle.standardError.write(Data("the voice detector failed: \(error)\n".utf8))
                        exit(1)
                    })) : .builtIn
        let exchange = Exchange(
            seconds: warmUp + window + 4, isRecording: isRecording, isBridged: variant == .bridged,
            directory: directory.path(percentEncoded: false), detection: detection)
        let port = try await media.listen(ListenerConfiguration(), service: exchange)

        let lines = Lines(url: "ws://127.0.0.1:\(port)/", on: carrier)
        let speaks = variant == .speaking || variant == .silero
        await lines.dial(calls, saying: speaks ? words : nil, every: period)
        try await Task.sleep(for: .seconds(warmUp))
        let (before, turns) = (await lines.totals(), exchange.turns)
        await perform(on: media) { allocations_begin() }
        try await Task.sleep(for: .seconds(window))
        let allocations = await perform(on: media) { Int(allocations_end()) }
        let after = await lines.totals()
        let (most, mostNeural) = (Int(allocations_most(0)), Int(allocations_most(1)))
        let heard = exchange.turns - turns
        for loop in [carrier, media] { await loop.shutdown() }
        guard variant != .bridged || exchange.bridged == calls else {
            throw Failure(description: "of \(calls) calls \(exchange.bridged) were joined")
        }

        // Of 8,000 samples a second and a call a little may be under way; an agent that listens says less.
        let least = speaks ? 1000 : 7500
        guard after.agentSamples - before.agentSamples > calls * window * least, after.frames > before.frames,
            !speaks || heard >= calls
        else {
            throw Failure(description: "the calls did not go on: \(before), then \(after), \(heard) turns of callers")
        }
        return Count(
            variant: variant, allocations: allocations, most: most, mostNeural: mostNeural,
            frames: after.frames - before.frames, turns: heard)
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
