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
        let model = try GeneralEnglish(file)
        let scored = model.words.map { (word: $0, probability: model.probability(of: $0)) }
        return scored.sorted { ($0.probability, $1.word) > ($1.probability, $0.word) }.prefix(count)
            .map { "\($0.word) \($0.probability)\n" }.joined()
    }
}
