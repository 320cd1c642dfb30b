import AudioCore
import Codecs
import Glibc
import Logging
import Testing

@testable import Speech

@Suite("Voices as loud as one another")
struct LevellingSynthesizerTests {
    private static let target = -21.0
    private let sentences = [
        "I have Tuesday at half past ten or Thursday at two. Which one would you like?",
        "Your appointment is booked for Tuesday, the first of December, at half past ten.",
        "Is there anything else that I can do for you today?",
    ]

    /// What the embedded voice makes of the sentences.
    private func speech() async throws -> [[UInt8]] {
        let engine = FliteSynthesizer(configuration: FliteConfiguration(), logger: Logger(label: "test"))
        defer { engine.close() }
        let session = try await engine.makeSession(voice: "", format: .telephone)
        defer { session.close() }
        var all: [[UInt8]] = []
        for sentence in sentences {
            var audio: [UInt8] = []
            for try await chunk in session.synthesize(sentence) { audio += chunk }
            all.append(audio)
        }
        return all
    }

    private func loudness(_ codes: [UInt8]) throws -> Double {
        let meter = LoudnessMeter(sampleRate: 8000)
        meter.add(codes.map { MuLaw.decode($0) })
        return try #require(meter.loudness)
    }

    private func said(
        by session: any SynthesisSession, as text: String = "anything"
    ) async throws -> [UInt8] {
        var audio: [UInt8] = []
        for try await chunk in session.synthesize(text) { audio += chunk }
        return audio
    }

    @Test("from the second sentence on, whatever the engine makes of them", arguments: [-15.0, -8, 0, 4])
    func levels(difference: Double) async throws {
        let levels = VoiceLevels(target: Self.target)
        let whole = try await speech().flatMap(\.self)
        var changed = whole
        MuLawGain(decibels: difference).apply(to: &changed)
        let chunks = stride(from: 0, to: changed.count, by: 1600).map {
            Array(changed[$0..<min($0 + 1600, changed.count)])
        }
        let engine = ScriptedSynthesizer(chunks: chunks)
        let session = try await LevellingSynthesizer(engine, levels: levels)
            .makeSession(voice: "a", format: .telephone)
        // Nothing is known of the voice yet.
        #expect(try await said(by: session) == changed)
        let level = try loudness(try await said(by: session))
        let raw = try loudness(changed)
        let meter = LoudnessMeter(sampleRate: 8000)
        meter.add(changed.map { MuLaw.decode($0) })
        // No further than 12 dB, and the loudest sample stays below the loudest there is.
        let room = 20 * log10(0.9 / meter.peak)
        let wanted = min(Self.target, raw + min(12, room))
        #expect(level <= wanted + 0.3 && level >= wanted - 0.8, "\(raw) became \(level), not \(wanted)")
        let measured = try #require(levels.measured.first)
        #expect(measured.voice == "a" && abs(measured.loudness - raw) < 0.5)
        session.close()
    }

    @Test("two engines end up within a decibel of each other")
    func alike() async throws {
        let whole = try await speech().flatMap(\.self)
        var results: [Double] = []
        for difference in [-9.0, 2] {
            var changed = whole
            MuLawGain(decibels: difference).apply(to: &changed)
            let session = try await LevellingSynthesizer(
                ScriptedSynthesizer(chunks: [changed]), levels: VoiceLevels(target: Self.target)
            ).makeSession(voice: "", format: .telephone)
            _ = try await said(by: session)
            results.append(try loudness(try await said(by: session)))
        }
        #expect(abs(results[0] - results[1]) < 1)
    }

    @Test("less than three seconds say too little; silence says nothing")
    func tooLittle() {
        let short = VoiceLoudness(target: Self.target)
        short.hear([UInt8](repeating: 0x20, count: 23_000))
        #expect(short.gain == 0 && short.loudness == nil)
        let silent = VoiceLoudness(target: Self.target)
        silent.hear([UInt8](repeating: 0xFF, count: 80_000))
        #expect(silent.gain == 0 && silent.loudness == nil)
    }

    @Test("a voice with loud peaks is not made to clip")
    func peaks() {
        // Quiet, with one sample in a thousand at half of the loudest.
        var codes = (0..<80_000).map { MuLaw.encode($0 % 2 == 0 ? 500 : -500) }
        for index in stride(from: 0, to: codes.count, by: 1000) { codes[index] = MuLaw.encode(16_384) }
        let voice = VoiceLoudness(target: -14)
        voice.hear(codes)
        #expect(voice.gain > 0 && voice.gain <= 5.1)
    }

    @Test("what is kept is as loud as what is made")
    func kept() async throws {
        let whole = try await speech().flatMap(\.self)
        let cached = PhraseCachingSynthesizer(
            ScriptedSynthesizer(chunks: [whole]), cache: PhraseCache(capacity: 1 << 20))
        let session = try await LevellingSynthesizer(cached, levels: VoiceLevels(target: -26))
            .makeSession(voice: "", format: .telephone)
        _ = try await said(by: session)
        let again = try await said(by: session)
        #expect(again != whole)
        #expect(session.keptAudio(of: "anything") == again)
        #expect(session.keptAudio(of: "something else") == nil)
    }
}
