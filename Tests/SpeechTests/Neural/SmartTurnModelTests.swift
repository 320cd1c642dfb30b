import AudioCore
import Codecs
import Foundation
import Logging
import Testing

@testable import Speech

@Suite("Smart Turn", .enabled(if: InstalledModels.files.hasSmartTurn, InstalledModels.advice))
struct SmartTurnModelTests {
    private func engine() throws -> SmartTurnEngine {
        let runtime = try InstalledModels.runtime()
        return try SmartTurnEngine(OnnxSession(model: InstalledModels.files.smartTurn, runtime: runtime))
    }

    private func model(_ configuration: SmartTurnModel.Configuration = .init()) throws -> SmartTurnModel {
        try SmartTurnModel(
            InstalledModels.files, runtime: InstalledModels.runtime(), configuration: configuration,
            logger: Logger(label: "test"))
    }

    /// The reference: pipecat-ai 1.14.0's features of the same audio, doubled by a Fourier transform, through the same model.
    ///
    /// The model computes in 8 bits, and how that is rounded is the processor's: with AVX512-VNNI it says what the reference
    /// says, with AVX-VNNI 0.046 and 0.811.
    @Test("says what the reference says", arguments: [("004-goodbye", 0.0151), ("006-pause", 0.9697)])
    func reference(name: String, expected: Double) throws {
        let audio = try AudioClip(wavFile: InstalledModels.recording(name)).samples
        #expect(abs(try engine().likelihood(of: audio) - expected) < 0.2)
    }

    @Test("answers on a thread of its own, and takes audio of any length", arguments: [0, 800, 100_000])
    func answer(samples: Int) async throws {
        var configuration = SmartTurnModel.Configuration()
        configuration.patience = .seconds(60)
        let model = try model(configuration)
        defer { model.close() }
        let likelihood = await withCheckedContinuation { continuation in
            let request = model.likelihood(of: [Int16](repeating: 0, count: samples)) {
                continuation.resume(returning: $0)
            }
            #expect(request != nil)
        }
        #expect((0...1).contains(likelihood))
        #expect(model.refusedCount == 0 && model.lateCount == 0 && model.failedCount == 0)
    }

    @Test("What was cancelled is not answered, what is too much is refused and counted")
    func admission() async throws {
        var configuration = SmartTurnModel.Configuration()
        configuration.queueLimit = 2
        configuration.patience = .seconds(60)
        let model = try model(configuration)
        defer { model.close() }
        // The first answer holds the only thread, so that what follows must wait.
        let gate = Gate()
        let (events, continuation) = AsyncStream.makeStream(of: String.self)
        _ = model.likelihood(of: []) { _ in
            continuation.yield("first")
            gate.pass()
        }
        var arrivals = events.makeAsyncIterator()
        #expect(await arrivals.next() == "first")
        let cancelled = try #require(model.likelihood(of: []) { _ in continuation.yield("cancelled") })
        let second = model.likelihood(of: []) { _ in continuation.yield("second") }
        #expect(second != nil)
        #expect(model.likelihood(of: []) { _ in continuation.yield("refused") } == nil)
        #expect(model.refusedCount == 1)
        cancelled.cancel()
        // The cancelled one gives way.
        let third = model.likelihood(of: []) { _ in continuation.yield("third") }
        #expect(third != nil)
        gate.open()
        #expect(await arrivals.next() == "second")
        #expect(await arrivals.next() == "third")
    }

    @Test("A question that nobody came to in time is dropped and counted")
    func lateness() async throws {
        var configuration = SmartTurnModel.Configuration()
        configuration.patience = .zero
        let model = try model(configuration)
        defer { model.close() }
        #expect(model.likelihood(of: [], then: { _ in Issue.record("it was answered") }) != nil)
        while model.lateCount == 0 { await Task.yield() }
        #expect(model.lateCount == 1)
    }
}

/// Holds one thread until it is opened.
private final class Gate: Sendable {
    private let signal = Signal()
    func pass() { signal.wait() }
    func open() { signal.raise() }
}
