import Foundation

/// A second recognizer for what PocketSphinx has heard: Moonshine, led by the task's language and by those words.
///
/// PocketSphinx streams, times its words and knows the telephone; Moonshine has heard far more people, and noise. It costs
/// some 70 ms for each second of speech, at the pause.
struct SecondHearing: Sendable {
    let model: MoonshineModel
    var settings = MoonshineSearch.Settings()
    private let doubler = RateDoubler()

    init(model: MoonshineModel) { self.model = model }

    /// - Parameters:
    ///   - samples: the utterance at 8 kHz, noise taken out.
    ///   - first: what the first recognizer heard; at least one word.
    ///   - decoder: of the first recognizer, for its languages.
    /// - Returns: nil where the model could make nothing of it: the first recognizer's words stand.
    func hear(
        _ samples: [Int16], heard first: [Transcript.Word], decoder: SphinxDecoder, context: String
    ) -> (words: [Transcript.Word], evidence: SecondEvidence)? {
        guard let language = decoder.likelihoods(in: context) else { return nil }
        let search = MoonshineSearch(
            settings, language: language, beginnings: decoder.beginnings, heard: first.map(\.text))
        let findings: [MoonshineSearch.Finding]
        do { findings = try search.find(in: prepared(samples), model: model) } catch {
            model.onFailure(error)
            return nil
        }
        guard let best = findings.first, !best.words.isEmpty else { return nil }
        let (words, matches) = Self.timed(best.words, by: first, end: samples.count)
        let count = Double(best.words.count)
        let seconds = Double(samples.count) / 8_000
        let evidence = SecondEvidence(
            sound: best.sound / count, language: best.language / count,
            agreement: Double(matches) / Double(max(best.words.count, first.count)),
            unknownShare: Double(best.unknown) / count,
            strangeShare: Double(best.words.count { !decoder.task.words.contains($0) }) / count,
            lead: findings.count > 1 ? min(best.total - findings[1].total, 10) : 10, words: count,
            rate: count / seconds)
        return (words, evidence)
    }

    /// At 16 kHz, and as loud as the recordings that the model was trained with.
    private func prepared(_ samples: [Int16]) -> [Float] {
        var audio = [Float](repeating: 0, count: 2 * samples.count)
        doubler.fill(&audio, from: samples)
        let frame = 320
        var energies = stride(from: 0, to: audio.count - frame + 1, by: frame).map { start in
            audio[start..<start + frame].reduce(Float(0)) { $0 + $1 * $1 } / Float(frame)
        }
        energies.sort(by: >)
        let loud = energies.prefix(max(energies.count / 2, 1))
        let level = (loud.reduce(0, +) / Float(max(loud.count, 1))).squareRoot()
        guard level > 0.0001 else { return audio }
        let gain = Self.level / level
        return audio.map { min(max($0 * gain, -1), 1) }
    }

    /// Of the louder half of an utterance: root mean square.
    private static let level: Float = 0.15

    /// Gives words the places of those they match, and the room between to the others.
    ///
    /// - Returns: the words, and how many matched.
    static func timed(
        _ words: [String], by first: [Transcript.Word], end: Int
    ) -> (words: [Transcript.Word], matches: Int) {
        let matches = alignment(words, first.map(\.text))
        var timed: [Transcript.Word] = []
        var index = 0
        while index < words.count {
            if let match = matches[index] {
                timed.append(first[match])
                index += 1
                continue
            }
            let next = (index..<words.count).first { matches[$0] != nil } ?? words.count
            let start = timed.last?.end ?? first.first?.start ?? 0
            let stop = max(next < words.count ? first[matches[next]!].start : first.last?.end ?? end, start)
            for place in index..<next {
                let (before, after) = (place - index, place - index + 1)
                timed.append(
                    Transcript.Word(
                        text: words[place], start: start + (stop - start) * before / (next - index),
                        end: start + (stop - start) * after / (next - index), confidence: unmatchedConfidence))
            }
            index = next
        }
        return (timed, matches.count { $0 != nil })
    }

    /// Of a word that only one of two recognizers heard.
    private static let unmatchedConfidence = 0.5

    /// For each of `words` the place of the same word in `others`, in order, as many as possible.
    private static func alignment(_ words: [String], _ others: [String]) -> [Int?] {
        // Length of the longest common sequence of what follows each pair of places.
        var lengths = [[Int]](repeating: [Int](repeating: 0, count: others.count + 1), count: words.count + 1)
        for i in words.indices.reversed() {
            for j in others.indices.reversed() {
                lengths[i][j] =
                    words[i] == others[j]
                    ? lengths[i + 1][j + 1] + 1 : max(lengths[i + 1][j], lengths[i][j + 1])
            }
        }
        var (i, j) = (0, 0)
        var matches = [Int?](repeating: nil, count: words.count)
        while i < words.count, j < others.count {
            if words[i] == others[j] {
                matches[i] = j
                (i, j) = (i + 1, j + 1)
            } else if lengths[i + 1][j] >= lengths[i][j + 1] {
                i += 1
            } else {
                j += 1
            }
        }
        return matches
    }
}
