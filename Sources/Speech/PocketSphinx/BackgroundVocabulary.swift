import CPocketSphinx
import Foundation

/// The commonest words of general English with their probabilities, taken from the installed language model.
struct BackgroundVocabulary: Sendable {
    let probabilities: [String: Double]

    /// Reads the list from `cache`, or makes it from the language model at `file`.
    ///
    /// - Parameter count: how many words; zero for none.
    init(languageModel file: URL, count: Int, cache: URL) throws(SpeechError) {
        guard count > 0 else {
            probabilities = [:]
            return
        }
        let size = (try? FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int) ?? 0
        let list = cache.appending(path: "background-\(count)-\(size).txt")
        try CacheFile.write(list) { () throws(SpeechError) in try Self.commonest(count, of: file) }
        let text = (try? String(contentsOf: list, encoding: .utf8)) ?? ""
        var probabilities: [String: Double] = [:]
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: " ")
            if fields.count == 2, let probability = Double(fields[1]) { probabilities[String(fields[0])] = probability }
        }
        self.probabilities = probabilities
    }

    private static func commonest(_ count: Int, of file: URL) throws(SpeechError) -> String {
        let failure = SpeechError(
            .invalidModel, operation: "ngram_model_read \(file.path)", provider: "pocketsphinx",
            detail: "cannot be read; install the package pocketsphinx-en-us")
        guard let logarithms = unsafe logmath_init(1.0001, 0, 0) else { throw failure }
        defer { unsafe logmath_free(logarithms) }
        guard let model = unsafe ngram_model_read(nil, file.path, NGRAM_AUTO, logarithms) else { throw failure }
        defer { unsafe ngram_model_free(model) }
        guard let counts = unsafe ngram_model_get_counts(model) else { throw failure }
        var scored: [(word: String, score: Int32)] = []
        for number in unsafe 0..<Int32(counts[0]) {
            guard let pointer = unsafe ngram_word(model, number) else { continue }
            let word = unsafe String(cString: pointer)
            guard word.utf8.allSatisfy({ (97...122).contains($0) || $0 == 39 }) else { continue }
            var used: Int32 = 0
            scored.append((word, unsafe ngram_ng_prob(model, number, nil, 0, &used)))
        }
        let lines = scored.sorted { $0.score > $1.score }.prefix(count).map { word, score in
            "\(word) \(unsafe logmath_exp(logarithms, score))\n"
        }
        return lines.joined()
    }
}
