import Foundation

/// Words and their pronunciations in CMU phones, all variants.
struct PronunciationDictionary: Sendable {
    private(set) var variants: [String: [String]] = [:]

    /// Reads the pronunciations of `words` from a dictionary file in the format of cmudict (`word`, `word(2)` …).
    init(contentsOf file: URL, words: Set<String>) throws(SpeechError) {
        let data: Data
        do {
            data = try Data(contentsOf: file)
        } catch {
            throw SpeechError(
                .invalidModel, operation: "read \(file.path)", provider: "pocketsphinx",
                detail: "\(error.localizedDescription); install the package pocketsphinx-en-us")
        }
        for line in data.split(separator: UInt8(ascii: "\n")) {
            guard let space = line.firstIndex(where: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) else {
                continue
            }
            let entry = line[..<space]
            let head = entry.last == UInt8(ascii: ")") ? entry.prefix { $0 != UInt8(ascii: "(") } : entry
            let word = String(decoding: head, as: UTF8.self)
            guard words.contains(word) else { continue }
            variants[word, default: []].append(
                String(decoding: line[space...], as: UTF8.self).split(whereSeparator: \.isWhitespace)
                    .joined(separator: " "))
        }
    }

    init(_ variants: [String: [String]]) { self.variants = variants }

    /// Adds or replaces pronunciations.
    mutating func override(with pronunciations: [String: String]) {
        for (word, phones) in pronunciations { variants[word] = [phones] }
    }

    /// Adds words that keep what they have.
    mutating func add(_ pronunciations: [String: [String]]) {
        variants.merge(pronunciations) { old, new in old + new.filter { !old.contains($0) } }
    }

    /// The words of `wanted` without a pronunciation, sorted.
    func missing(_ wanted: some Sequence<String>) -> [String] {
        wanted.filter { variants[$0] == nil }.sorted()
    }

    /// In the format the decoder reads.
    func file() -> String {
        variants.sorted { $0.key < $1.key }.map { word, pronunciations in
            pronunciations.enumerated().map { index, phones in
                index == 0 ? "\(word) \(phones)\n" : "\(word)(\(index + 1)) \(phones)\n"
            }.joined()
        }.joined()
    }
}
