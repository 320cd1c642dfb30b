import AudioCore
import Callers
import Codecs
import Testing

@testable import Service

@Suite("The truth of voice activity")
struct VoiceTruthTests {
    private let truth = VoiceTruth(speech: 1600..<8000, pauses: [3200..<4800])

    @Test("A frame is speech when its middle is, and a pause is none")
    func frames() {
        let speech = (0..<60).filter { truth.isSpeech(frame: $0) }
        #expect(speech == Array(10..<20) + Array(30..<50))
    }

    @Test("Edges are compared with the first and the last word; what lies between tells nothing")
    func edges() {
        var observation = VoiceTruth.Observation()
        observation.edges = [
            (.started(at: 1500), 2080), (.stopped(at: 3300), 4800), (.started(at: 4700), 5120),
            (.stopped(at: 8080), 9600), (.started(at: 9700), 9800), (.stopped(at: 9900), 12_000),
        ]
        #expect(
            truth.edges(observation)
                == .init(onset: 480, offset: 1600, onsetDating: -100, offsetDating: 80, falseStarts: 0))
    }

    @Test("A start before anybody speaks is false, and silence misses both edges")
    func misses() {
        var observation = VoiceTruth.Observation()
        #expect(truth.edges(observation) == .init())
        observation.edges = [(.started(at: 100), 480)]
        #expect(truth.edges(observation) == .init(falseStarts: 1))
    }

    @Test("5 dB are made of the noise of 10 dB")
    func noise() {
        let clean = CallerClip(name: "a", audio: [1000, -1000, 0].map(MuLaw.encode), speechEnd: 3)
        let noisy = CallerClip(name: "a", audio: [2000, -1000, 500].map(MuLaw.encode), speechEnd: 3)
        let louder = VoiceEvaluation.louderNoise(clean: clean, noisy: noisy).audio.map(MuLaw.decode)
        for (sample, expected) in zip(louder, [2778, -1000, 889]) { #expect(abs(Int(sample) - expected) < 80) }
    }
}
