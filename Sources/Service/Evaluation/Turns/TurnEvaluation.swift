import Callers
import Codecs
import Foundation
package import Logging
import Networking
import Speech

/// Asks the end-of-turn model at the true ends of recorded turns, and where their speakers only paused or were cut off.
package struct TurnEvaluation: Sendable {
    /// The room before a turn, in samples.
    private static let before = 4000
    /// The silence after which the model is asked, in samples: what the voice detector needs to report it.
    private static let silence = 1600
    /// Where a turn is cut, of its length: in the middle of the words.
    private static let cut = 0.6

    private let fixtures: String
    private let splits: [String]
    private let clips: String?
    private let files: NeuralFiles
    private let logger: Logger

    /// - Parameters:
    ///   - fixtures: the folder with `manifest.json`.
    ///   - splits: of `tune` and `held`.
    ///   - clips: a folder of WAV files, each a whole sentence of 2 to 7 seconds; nil for none.
    ///   - models: the folder with the neural models and their runtime.
    package init(fixtures: String, splits: [String], clips: String?, models: String, logger: Logger) {
        self.fixtures = fixtures
        self.splits = splits
        self.clips = clips
        files = NeuralFiles(directory: models)
        self.logger = logger
    }

    package func run() async throws -> TurnReport {
        var configuration = SmartTurnModel.Configuration()
        configuration.patience = .seconds(60)
        let model = try SmartTurnModel(
            files, runtime: OnnxRuntime(library: files.library), configuration: configuration, logger: logger)
        defer { model.close() }
        var times: [Double] = []
        func ask(_ audio: some Sequence<Int16>) async throws -> Double {
            let audio = Array(audio)
            let began = ContinuousClock.now
            // One question at a time: none is refused, and a failed one is the end of the evaluation.
            let answer = await Self.answer(model, audio)
            times.append((ContinuousClock.now - began) / .milliseconds(1))
            guard let answer else { throw DemoError(reason: "the model did not answer; the log says why") }
            return answer
        }
        var report = TurnReport()
        let manifest = try FixtureManifest(directory: fixtures)
        for split in splits {
            for condition in ["clean", "snr10"] {
                var pauses = TurnReport.Line(recordings: split, condition: condition, against: "pauses")
                var cuts = TurnReport.Line(recordings: split, condition: condition, against: "cuts")
                for fixture in manifest.fixtures where fixture.split == split && !fixture.text.isEmpty {
                    let audio = try manifest.clip(fixture, condition: condition)
                        .inItsRoom(before: Self.before, after: Self.silence, edge: 1920).audio.map(MuLaw.decode)
                    let start = Self.before + fixture.speechStart
                    let end = Self.before + fixture.speechEnd
                    let atEnd = try await ask(audio[..<min(end + Self.silence, audio.count)])
                    pauses.ends.append(atEnd)
                    cuts.ends.append(atEnd)
                    for pause in fixture.pauses {
                        pauses.others.append(try await ask(audio[..<(Self.before + pause[0] + Self.silence)]))
                    }
                    let middle = start + Int(Double(end - start) * Self.cut)
                    cuts.others.append(try await ask(audio[..<middle] + audio.suffix(Self.silence)))
                }
                report.lines += [pauses, cuts]
            }
        }
        if let clips {
            var line = TurnReport.Line(recordings: "clips", condition: "as recorded", against: "cuts")
            for file in try Self.sentences(in: clips) {
                let audio = try AudioClip(wavFile: file).samples
                guard let first = audio.firstIndex(where: Self.isLoud), let last = audio.lastIndex(where: Self.isLoud)
                else { continue }
                let speech = audio[first...last]
                let silence = [Int16](repeating: 0, count: Self.silence)
                line.ends.append(try await ask(speech + silence))
                line.others.append(
                    try await ask(speech.prefix(Int(Double(speech.count) * Self.cut)) + silence))
            }
            report.lines.append(line)
        }
        report.answerMedian = RankStatistic.quantile(times, 0.5)
        report.answer95 = RankStatistic.quantile(times, 0.95)
        return report
    }

    private static func answer(_ model: SmartTurnModel, _ audio: [Int16]) async -> Double? {
        let (answers, continuation) = AsyncStream.makeStream(of: Double.self)
        guard model.likelihood(of: audio, then: answering(continuation)) != nil else { return nil }
        for await answer in answers { return answer }
        return nil
    }

    private static func answering(_ continuation: AsyncStream<Double>.Continuation) -> @Sendable (Double) -> Void {
        let ending = Ending { continuation.finish() }
        return { likelihood in withExtendedLifetime(ending) { _ = continuation.yield(likelihood) } }
    }

    /// Tells when nobody will answer any more: a question that failed is let go of without a word.
    private final class Ending: Sendable {
        private let action: @Sendable () -> Void
        init(_ action: @escaping @Sendable () -> Void) { self.action = action }
        deinit { action() }
    }

    private static func isLoud(_ sample: Int16) -> Bool { sample > 200 || sample < -200 }

    /// The files below a folder that last 2 to 7 seconds, the first sixty by name.
    private static func sentences(in folder: String) throws -> [String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
        var files: [String] = []
        for name in names.sorted() where name.hasSuffix(".wav") && files.count < 60 {
            let path = folder + "/" + name
            let clip = try AudioClip(wavFile: path)
            if (16_000...56_000).contains(clip.samples.count) { files.append(path) }
        }
        return files
    }
}
