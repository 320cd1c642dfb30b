import Foundation

extension UtteranceEvidence {
    /// - Parameters:
    ///   - result: holds at least one word.
    ///   - samples: the utterance, 8 kHz.
    ///   - taskWords: the words of the task's sentences.
    init(_ result: DecodedUtterance, samples: Span<Int16>, taskWords: Set<String>, languageWeight: Double) {
        let words = result.words
        let count = Double(words.count)
        let frames = Double(words.reduce(0) { $0 + $1.frames.count })
        let posteriors = words.map { min(exp($0.posterior), 1) }
        acoustic = words.reduce(0) { $0 + $1.acoustic } / max(frames, 1)
        path = result.posterior / count
        meanWord = posteriors.reduce(0, +) / count
        weakestWord = posteriors.min() ?? 0
        language = words.reduce(0) { $0 + $1.language } / languageWeight / count
        strangeShare = Double(words.count { !taskWords.contains($0.word) }) / count
        backedOffShare = Double(words.count { $0.order <= 1 }) / count
        self.words = count
        framesPerWord = frames / count
        filled = frames / Double(max(result.frameCount, 1))
        contrast = Self.contrast(samples)
    }

    /// The loudest tenth of the 10 ms pieces against the quietest tenth, dB.
    private static func contrast(_ samples: Span<Int16>) -> Double {
        let size = DecodedUtterance.samplesPerFrame
        var levels: [Double] = []
        for start in stride(from: 0, to: samples.count - size + 1, by: size) {
            var energy = 1.0
            for index in start..<start + size { energy += Double(samples[index]) * Double(samples[index]) }
            levels.append(10 * log10(energy / Double(size)))
        }
        guard !levels.isEmpty else { return 0 }
        levels.sort()
        return levels[levels.count * 9 / 10] - levels[levels.count / 10]
    }
}
