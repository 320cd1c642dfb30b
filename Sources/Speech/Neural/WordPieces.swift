import Foundation

/// Cuts sentences into the pieces of words that BERT's uncased models know.
///
/// The longest known piece from the left, as Google's `bert/tokenization.py` does; punctuation stands alone, accents and
/// capitals are dropped. Scripts written without spaces are not cut into characters: such words become the unknown piece.
struct WordPieces: Sendable {
    private let numbers: [String: Int64]
    private let start: Int64
    private let end: Int64
    private let unknown: Int64

    /// Longer words are unknown, as in the original.
    private static let longestWord = 100

    /// Reads the vocabulary out of a `tokenizer.json` of the Hugging Face tokenizers library.
    ///
    /// - Throws: `invalidModel` when it is absent, or has no vocabulary of this kind.
    init(file: URL) throws(SpeechError) {
        let document: Document
        do { document = try JSONDecoder().decode(Document.self, from: Data(contentsOf: file)) } catch {
            throw OnnxRuntime.failure("read", .invalidModel, "\(file.path) is no vocabulary: \(error)")
        }
        let numbers = document.model.vocab
        guard let start = numbers["[CLS]"], let end = numbers["[SEP]"], let unknown = numbers["[UNK]"] else {
            throw OnnxRuntime.failure(
                "read", .invalidModel, "\(file.path) lacks [CLS], [SEP] or [UNK]; it is not of a BERT model")
        }
        (self.numbers, self.start, self.end, self.unknown) = (numbers, start, end, unknown)
    }

    /// The numbers of a sentence's pieces between those of its start and end.
    ///
    /// - Parameter limit: how many there may be, 2 or more; what is beyond them is cut.
    func numbers(of sentence: String, limit: Int) -> [Int64] {
        var result = [start]
        for word in words(of: sentence) { result += pieces(of: word) }
        return Array(result.prefix(limit - 1)) + [end]
    }

    private func words(of sentence: String) -> [String] {
        let plain = sentence.folding(options: [.diacriticInsensitive, .caseInsensitive], locale: nil)
        var words: [String] = []
        var word = ""
        func finish() {
            if !word.isEmpty { words.append(word) }
            word = ""
        }
        for character in plain.lowercased() {
            if character.isWhitespace {
                finish()
            } else if character.isPunctuation || (character.isASCII && character.isSymbol) {
                finish()
                words.append(String(character))
            } else {
                word.append(character)
            }
        }
        finish()
        return words
    }

    private func pieces(of word: String) -> [Int64] {
        guard word.count <= Self.longestWord else { return [unknown] }
        var found: [Int64] = []
        var rest = Substring(word)
        while !rest.isEmpty {
            var piece = rest
            let mark = found.isEmpty ? "" : "##"
            while !piece.isEmpty, numbers[mark + piece] == nil { piece = piece.dropLast() }
            guard !piece.isEmpty, let number = numbers[mark + piece] else { return [unknown] }
            found.append(number)
            rest = rest[piece.endIndex...]
        }
        return found
    }

    private struct Document: Decodable {
        struct Model: Decodable { var vocab: [String: Int64] }
        var model: Model
    }
}
