import AudioCore
import Codecs
import Foundation
import Testing

@testable import Speech

@Suite("Silero voice detector", .enabled(if: InstalledModels.files.hasSilero, InstalledModels.advice))
struct SileroDetectorTests {
    private let batch: SileroBatch

    init() throws {
        batch = try SileroBatch(SileroModel(InstalledModels.files, runtime: InstalledModels.runtime()))
    }

    /// A second of silence, then a caller, then a second of silence.
    private func caller(_ name: String) throws -> [Int16] {
        let silence = [Int16](repeating: 0, count: 8000)
        return try silence + AudioClip(wavFile: InstalledModels.recording(name)).samples + silence
    }

    /// What a detector says of each frame, asked again after each.
    private func listen(_ detector: inout CallerVoiceDetector, _ samples: [Int16]) -> [VoiceActivity] {
        var heard: [VoiceActivity] = []
        for start in stride(from: 0, through: samples.count - 160, by: 160) {
            heard.append(detector.process(samples.span.extracting(start..<start + 160)))
            if let late = detector.poll() { heard.append(late) }
        }
        return heard
    }

    @Test("A caller is heard once, and the edges are dated to where the words are")
    func edges() throws {
        var detector = VoiceDetection.silero(batch).makeDetector()
        let heard = listen(&detector, try caller("004-goodbye"))
        let edges = heard.compactMap(\.transition)
        // The manifest has the words in samples 2,420 to 13,240 of the recording.
        try #require(edges.count == 2)
        guard case .started(let start) = edges[0], case .stopped(let stop) = edges[1] else {
            Issue.record("expected a start and a stop, got \(edges)")
            return
        }
        #expect((10_420 - 800...10_420 + 800).contains(start))
        #expect((21_240 - 800...21_240 + 800).contains(stop))
        #expect(heard.last?.isSpeaking == false)
        #expect(heard.allSatisfy { (0...1).contains($0.probability) })
    }

    @Test("Silence and full scale harm nothing")
    func extremes() {
        var detector = VoiceDetection.silero(batch).makeDetector()
        #expect(listen(&detector, [Int16](repeating: 0, count: 24_000)).allSatisfy { !$0.isSpeaking })
        let square = (0..<16_000).map { $0 / 20 % 2 == 0 ? Int16.max : Int16.min }
        #expect(listen(&detector, square).allSatisfy { $0.probability.isFinite })
    }

    @Test("Calls that share a batch hear what each hears alone", arguments: [2, 5, 33])
    func batching(calls: Int) throws {
        let names = ["004-goodbye", "006-pause"]
        let recordings = try names.map(caller)
        let alone = recordings.map { samples in
            var detector = CallerVoiceDetector.silero(SileroDetector(batch: batch))
            return listen(&detector, samples).compactMap(\.transition)
        }
        let detectors = (0..<calls).map { _ in SileroDetector(batch: batch) }
        var together = [[VoiceActivity.Transition]](repeating: [], count: calls)
        let frames = recordings.map { $0.count / 160 }.max() ?? 0
        for frame in 0..<frames {
            for (index, detector) in detectors.enumerated() {
                let samples = recordings[index % 2]
                guard (frame + 1) * 160 <= samples.count else { continue }
                let activity = detector.process(samples.span.extracting(frame * 160..<(frame + 1) * 160))
                if let edge = activity.transition { together[index].append(edge) }
            }
            // Every third beat is missed; what waits must then be heard with the next frame.
            guard frame % 3 != 0 else { continue }
            for (index, detector) in detectors.enumerated() {
                if let edge = detector.poll()?.transition { together[index].append(edge) }
            }
        }
        for (index, edges) in together.enumerated() { #expect(edges == alone[index % 2], "call \(index)") }
    }

    @Test("A model that fails in a call ends the voice, and the built-in detector goes on")
    func failure() throws {
        let samples = try caller("004-goodbye")
        let model = SileroDetector(batch: batch)
        var detector = CallerVoiceDetector.silero(model)
        // Up to the middle of the words.
        #expect(listen(&detector, Array(samples[..<16_000])).last?.isSpeaking == true)
        model.result = .failed
        let after = listen(&detector, Array(samples[16_000...]))
        #expect(after.first?.transition == .stopped(at: 16_160))
        guard case .builtIn = detector else {
            Issue.record("the failed model still serves")
            return
        }
        #expect(after.compactMap(\.transition).count >= 3)
    }
}
