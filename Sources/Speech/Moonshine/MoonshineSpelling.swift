import Foundation

/// How Moonshine's tokens are spelled, as letters of lower-case words without punctuation.
///
/// The model writes "I'd like Friday, the fifth." A transcript is lower-case words separated by single spaces, so case and
/// punctuation go. A hyphen stays, for whoever knows which words there are: "good-bye" is one, "sixty-six" is two. It can write "the 5th" as well, which says nothing about the words that
/// were spoken ("10:30"): tokens with digits are not used, and it spells the words instead.
struct MoonshineSpelling: Sendable {
    /// A piece of a word, or what ends the word before.
    static let boundary: UInt8 = 0
    /// Between the parts of a word such as "good-bye", which may be one word or two.
    static let hyphen: UInt8 = 45
    /// Stands for what is neither letter nor digit: part of no word.
    static let strange: UInt8 = 35
    /// All there is of a token with a digit.
    static let digit: UInt8 = 48
    /// Starts the text.
    static let start = 1
    /// Ends the text.
    static let end = 2
    /// Tokens below this are signs for the model, not text.
    static let firstText = 3

    /// All tokens' pieces behind each other.
    private let pieces: [UInt8]
    /// Where each token's pieces begin; one more than there are tokens.
    private let starts: [Int32]

    var tokenCount: Int { starts.count - 1 }

    /// - Parameter file: for each token the length of its text in bytes, and the text; a length of 128 or more takes two
    ///   bytes, the first with its highest bit set counting ones, the second counting 128s.
    /// - Throws: `invalidModel` when the file cannot be read or ends within a token.
    init(_ file: URL) throws(SpeechError) {
        let bytes: [UInt8]
        do { bytes = [UInt8](try Data(contentsOf: file)) } catch {
            throw Self.failure(file, "cannot be read: \(error.localizedDescription)")
        }
        var pieces: [UInt8] = []
        var starts: [Int32] = [0]
        var position = 0
        while position < bytes.count {
            var length = Int(bytes[position])
            position += 1
            if length >= 128 {
                guard position < bytes.count else { throw Self.failure(file, "ends within a token's length") }
                length += Int(bytes[position]) * 128 - 128
                position += 1
            }
            guard position + length <= bytes.count else {
                throw Self.failure(file, "ends within token \(starts.count - 1)")
            }
            Self.append(String(decoding: bytes[position..<position + length], as: UTF8.self), to: &pieces)
            position += length
            starts.append(Int32(pieces.count))
        }
        guard starts.count > Self.firstText else { throw Self.failure(file, "holds no tokens") }
        self.pieces = pieces
        self.starts = starts
    }

    /// Letters, apostrophes, ``hyphen``, ``strange`` and ``boundary``.
    subscript(token: Int) -> ArraySlice<UInt8> { pieces[Int(starts[token])..<Int(starts[token + 1])] }

    /// Whether a token is text that can stand in a transcript.
    func isSpoken(_ token: Int) -> Bool { token >= Self.firstText && self[token].first != Self.digit }

    private static func append(_ text: String, to pieces: inout [UInt8]) {
        guard !text.unicodeScalars.contains(where: { ("0"..."9").contains($0) }) else { return pieces.append(digit) }
        for character in text.lowercased().unicodeScalars {
            switch character {
            case "a"..."z", "'": pieces.append(UInt8(character.value))
            case "’": pieces.append(39)
            case "-": pieces.append(hyphen)
            case "▁", " ", ",", ".", "?", "!", ";", ":", "\"": pieces.append(boundary)
            default: pieces.append(strange)
            }
        }
    }

    private static func failure(_ file: URL, _ reason: String) -> SpeechError {
        SpeechError(.invalidModel, operation: "load", provider: "moonshine", detail: "\(file.path) \(reason)")
    }
}
