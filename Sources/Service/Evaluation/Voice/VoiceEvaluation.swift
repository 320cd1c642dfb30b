import AudioCore
import Callers
import Codecs
import Foundation
import Speech

/// Plays recorded callers to the voice detectors, without a call around them, and compares with when somebody spoke.
package struct VoiceEvaluation: Sendable {
    /// `snr5` is made here: the noise of `snr10`, 5 dB louder.
    package static let conditions = ["clean", "snr20", "snr10", "snr5"]
    /// Calls on a loop for which the cost is measured.
    private static let crowds = [1, 4, 32]

    private struct Detector {
        let name: String
        let detection: VoiceDetection
    }

    private struct Recording {
        let split: String
        let samples: [Int16]
        /// Nil when nobody speaks.
        let truth: VoiceTruth?
    }

    private let fixtures: String
    private let splits: [String]
    private let files: NeuralFiles

    /// - Parameters:
    ///   - fixtures: the folder with `manifest.json`.
    ///   - splits: of `tune` and `held`.
    ///   - models: the folder with the neural models and their runtime.
    package init(fixtures: String, splits: [String], models: String) {
        self.fixtures = fixtures
        self.splits = splits
        files = NeuralFiles(directory: models)
    }

    package func run() throws -> VoiceReport {
        var report = VoiceReport()
        var detectors = [Detector(name: "built-in", detection: .builtIn)]
        do {
            let model = try SileroModel(files, runtime: OnnxRuntime(library: files.library))
            detectors.append(Detector(name: "silero", detection: .silero(try SileroBatch(model))))
        } catch {
            report.absent = "silero was left out: \(error)"
        }
        let manifest = try FixtureManifest(directory: fixtures)
        for condition in Self.conditions {
            let recordings = try manifest.fixtures.filter { splits.contains($0.split) }.map { fixture in
                try recording(fixture, condition, manifest)
            }
            for detector in detectors {
                for split in splits {
                    report.lines.append(
                        line(detector, split, condition, recordings.filter { $0.split == split }))
                }
            }
            if condition == "clean" {
                for detector in detectors {
                    report.costs += Self.crowds.map { cost(detector, calls: $0, recordings) }
                }
            }
        }
        report.lines.sort {
            ($0.detector, splits.firstIndex(of: $0.split) ?? 0) < ($1.detector, splits.firstIndex(of: $1.split) ?? 0)
        }
        return report
    }

    private func recording(
        _ fixture: FixtureManifest.Fixture, _ condition: String, _ manifest: FixtureManifest
    ) throws -> Recording {
        var clip: CallerClip
        if condition == "snr5" {
            clip = try Self.louderNoise(
                clean: manifest.clip(fixture), noisy: manifest.clip(fixture, condition: "snr10"))
        } else {
            clip = try manifest.clip(fixture, condition: condition)
        }
        clip = clip.inItsRoom(before: VoiceTruth.before, after: VoiceTruth.after, edge: 1920)
        func moved(_ start: Int, _ end: Int) -> Range<Int> { start + VoiceTruth.before..<end + VoiceTruth.before }
        let truth = VoiceTruth(
            speech: moved(fixture.speechStart, fixture.speechEnd), pauses: fixture.pauses.map { moved($0[0], $0[1]) })
        return Recording(
            split: fixture.split, samples: clip.audio.map(MuLaw.decode), truth: fixture.text.isEmpty ? nil : truth)
    }

    /// 5 dB of speech over noise, of a recording without and one with noise at 10 dB.
    static func louderNoise(clean: CallerClip, noisy: CallerClip) -> CallerClip {
        let gain = pow(10, 5.0 / 20)
        let audio = zip(clean.audio, noisy.audio).map { clean, noisy in
            let (voice, both) = (Double(MuLaw.decode(clean)), Double(MuLaw.decode(noisy)))
            return MuLaw.encode(Int16(clamping: Int((voice + gain * (both - voice)).rounded())))
        }
        return CallerClip(name: clean.name, audio: audio, speechEnd: clean.speechEnd)
    }

    private func line(
        _ detector: Detector, _ split: String, _ condition: String, _ recordings: [Recording]
    ) -> VoiceReport.Line {
        var line = VoiceReport.Line(detector: detector.name, split: split, condition: condition)
        var scored: [(score: Double, isPositive: Bool)] = []
        var edges: [VoiceTruth.Edges] = []
        var time = 0.0
        var frames = 0
        for recording in recordings {
            var listener = detector.detection.makeDetector()
            let start = ThreadTime.now()
            let observation = Self.listen(&listener, recording.samples)
            time += ThreadTime.now() - start
            frames += observation.probabilities.count
            guard let truth = recording.truth else {
                line.sounds += 1
                if observation.edges.contains(where: { if case .started = $0.edge { true } else { false } }) {
                    line.soundsTaken += 1
                }
                continue
            }
            line.recordings += 1
            for (frame, probability) in observation.probabilities.enumerated() {
                scored.append((probability, truth.isSpeech(frame: frame)))
            }
            edges.append(truth.edges(observation))
        }
        line.frames = scored.count
        line.area = RankStatistic.area(scored)
        func milliseconds(_ values: [Int?], _ fraction: Double) -> Double? {
            RankStatistic.quantile(values.compactMap { $0.map { Double($0) / 8 } }, fraction)
        }
        line.onsetMedian = milliseconds(edges.map(\.onset), 0.5)
        line.onset95 = milliseconds(edges.map(\.onset), 0.95)
        line.offsetMedian = milliseconds(edges.map(\.offset), 0.5)
        line.offset95 = milliseconds(edges.map(\.offset), 0.95)
        line.onsetDatingMedian = milliseconds(edges.map(\.onsetDating), 0.5)
        line.offsetDatingMedian = milliseconds(edges.map(\.offsetDating), 0.5)
        line.missedOnsets = edges.count { $0.onset == nil }
        line.missedOffsets = edges.count { $0.offset == nil }
        line.falseStarts = edges.map(\.falseStarts).reduce(0, +)
        line.microsecondsPerFrame = frames > 0 ? time / Double(frames) : nil
        return line
    }

    private static func listen(_ listener: inout CallerVoiceDetector, _ samples: [Int16]) -> VoiceTruth.Observation {
        var observation = VoiceTruth.Observation()
        let size = VoiceTruth.frameSize
        for start in stride(from: 0, through: samples.count - size, by: size) {
            let activity = listener.process(samples.span.extracting(start..<start + size))
            observation.probabilities.append(activity.probability)
            if let edge = activity.transition { observation.edges.append((edge, activity.position)) }
        }
        return observation
    }

    /// Lets as many calls as a loop might have hear the same ten recordings, frame by frame, with a beat after each.
    private func cost(_ detector: Detector, calls: Int, _ recordings: [Recording]) -> VoiceReport.Cost {
        var listeners = (0..<calls).map { _ in detector.detection.makeDetector() }
        let size = VoiceTruth.frameSize
        var (time, frames) = (0.0, 0)
        for recording in recordings.prefix(10) {
            for start in stride(from: 0, through: recording.samples.count - size, by: size) {
                let frame = recording.samples.span.extracting(start..<start + size)
                let began = ThreadTime.now()
                for index in listeners.indices { _ = listeners[index].process(frame) }
                for index in listeners.indices { _ = listeners[index].poll() }
                time += ThreadTime.now() - began
                frames += calls
            }
        }
        return VoiceReport.Cost(
            detector: detector.name, calls: calls, microsecondsPerFrame: time / Double(max(frames, 1)))
    }
}
