import AudioCore
import Logging
import Testing

@testable import Speech

@Suite("Flite synthesizer")
struct FliteSynthesizerTests {
    private func audio(
        of text: String, voice: String = "", format: AudioFormat = .telephone,
        configuration: FliteConfiguration = FliteConfiguration()
    ) async throws -> [[UInt8]] {
        let synthesizer = FliteSynthesizer(configuration: configuration, logger: Logger(label: "test"))
        defer { synthesizer.close() }
        let session = try await synthesizer.makeSession(voice: voice, format: format)
        var chunks: [[UInt8]] = []
        for try await chunk in session.synthesize(text) { chunks.append(chunk) }
        session.close()
        return chunks
    }

    @Test("speaks a sentence with every voice in chunks of 20 to 100 ms", arguments: FliteVoice.allCases)
    func voices(_ voice: FliteVoice) async throws {
        let chunks = try await audio(of: "Your appointment is on Tuesday at ten thirty.", voice: voice.rawValue)
        let seconds = Double(chunks.reduce(0) { $0 + $1.count }) / 8000
        #expect((1.5...5).contains(seconds))
        #expect(chunks.first?.count == 160)
        #expect(chunks.dropFirst().dropLast().allSatisfy { (160...800).contains($0.count) })
        #expect(Set(chunks.joined()).count > 50, "speech has many levels")
    }

    @Test("a faster voice takes less time")
    func speakingRate() async throws {
        var fast = FliteConfiguration()
        fast.speakingRate = 1.5
        let text = "We are open from eight to six."
        let usual = try await audio(of: text).reduce(0) { $0 + $1.count }
        let quick = try await audio(of: text, configuration: fast).reduce(0) { $0 + $1.count }
        #expect((1.3...1.7).contains(Double(usual) / Double(quick)))
    }

    @Test("linear samples have two bytes and last as long")
    func linear() async throws {
        let text = "Thank you for calling."
        let telephone = try await audio(of: text).reduce(0) { $0 + $1.count }
        let linear = try await audio(of: text, format: AudioFormat(encoding: .linear16, sampleRate: 16000))
            .reduce(0) { $0 + $1.count }
        #expect(telephone > 8000)
        #expect(abs(linear - 4 * telephone) < 3200)
    }

    @Test("an unknown voice is refused by name")
    func unknownVoice() async throws {
        let synthesizer = FliteSynthesizer(logger: Logger(label: "test"))
        defer { synthesizer.close() }
        await #expect {
            _ = try await synthesizer.makeSession(voice: "nobody", format: .telephone)
        } throws: { error in
            (error as? SpeechError)?.code == .refused && "\(error)".contains("nobody")
        }
    }

    @Test("text without words makes no audio and no error", arguments: ["", "...", " — "])
    func empty(_ text: String) async throws {
        #expect(try await audio(of: text).isEmpty)
    }

    @Test("sentences beyond the queue are refused and counted")
    func overload() async throws {
        var configuration = FliteConfiguration()
        configuration.workerCount = 1
        configuration.queueLimit = 1
        let synthesizer = FliteSynthesizer(configuration: configuration, logger: Logger(label: "test"))
        defer { synthesizer.close() }
        let session = try await synthesizer.makeSession(voice: "", format: .telephone)
        let text = String(repeating: "A rather long sentence that takes its time. ", count: 20)
        let streams = (0..<8).map { _ in session.synthesize(text) }
        var overloaded = 0
        for stream in streams {
            do {
                for try await _ in stream {}
            } catch let error as SpeechError where error.code == .overloaded {
                overloaded += 1
            }
        }
        #expect(overloaded >= 6)
        #expect(synthesizer.refusedCount == overloaded)
    }

    @Test("leaving the stream ends the work and frees the thread")
    func cancellation() async throws {
        var configuration = FliteConfiguration()
        configuration.workerCount = 1
        let synthesizer = FliteSynthesizer(configuration: configuration, logger: Logger(label: "test"))
        defer { synthesizer.close() }
        let session = try await synthesizer.makeSession(voice: "", format: .telephone)
        let endless = String(repeating: "This goes on and on without an end. ", count: 400)
        let clock = ContinuousClock()
        let began = clock.now
        for try await _ in session.synthesize(endless) { break }
        for try await _ in session.synthesize("Hello.") {}
        // Read to its end the first text would take ten seconds.
        #expect(clock.now - began < .seconds(3))
    }

    @Test("two threads read with one voice and make what one makes")
    func concurrency() async throws {
        let synthesizer = FliteSynthesizer(logger: Logger(label: "test"))
        defer { synthesizer.close() }
        let session = try await synthesizer.makeSession(voice: "slt", format: .telephone)
        let texts = ["Good morning.", "See you on Tuesday at half past ten.", "The doctor is away until December."]
        func length(_ text: String) async throws -> Int {
            var count = 0
            for try await chunk in session.synthesize(text) { count += chunk.count }
            return count
        }
        var alone: [Int] = []
        for text in texts { alone.append(try await length(text)) }
        #expect(alone.allSatisfy { $0 > 4000 })
        let together = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
            for round in 0..<24 { group.addTask { (round % 3, try await length(texts[round % 3])) } }
            return try await group.reduce(into: [(Int, Int)]()) { $0.append($1) }
        }
        for (index, length) in together { #expect(length == alone[index]) }
    }
}
