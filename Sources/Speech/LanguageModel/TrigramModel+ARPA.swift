import Foundation

extension TrigramModel {
    /// The model in the ARPA format.
    func arpa() -> String {
        let spoken = words.indices.filter { unigrams[$0] > 0 || $0 == SentenceGrammar.start }
        var text = "\\data\\\nngram 1=\(spoken.count)\nngram 2=\(bigrams.count)\nngram 3=\(trigrams.count)\n"
        text += "\n\\1-grams:\n"
        for word in spoken {
            let backoff = Self.logarithm(bigramBackoffs[word, default: 1])
            text += "\(Self.logarithm(unigrams[word])) \(words[word]) \(backoff)\n"
        }
        text += "\n\\2-grams:\n"
        for (key, probability) in bigrams.sorted(by: { $0.key < $1.key }) {
            let (_, first, second) = key.words
            let backoff = Self.logarithm(trigramBackoffs[key, default: 1])
            text += "\(Self.logarithm(probability)) \(words[first]) \(words[second]) \(backoff)\n"
        }
        text += "\n\\3-grams:\n"
        for (key, probability) in trigrams.sorted(by: { $0.key < $1.key }) {
            let (first, second, third) = key.words
            text += "\(Self.logarithm(probability)) \(words[first]) \(words[second]) \(words[third])\n"
        }
        return text + "\n\\end\\\n"
    }

    private static func logarithm(_ probability: Double) -> String {
        probability > 0 ? "\((log10(probability) * 10000).rounded() / 10000)" : "-99"
    }
}
