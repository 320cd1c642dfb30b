import AudioCore

/// The file of one phrase: what it is, its audio, and a sum that tells whether it is whole.
enum PhraseFile {
    static let pathExtension = "phrase"
    private static let mark = Array("parley phrase 1\n".utf8)

    static func name(of key: PhraseCache.Key) -> String {
        var hash = StableHash()
        hash.combine(text(of: key))
        return "\(hash.hexadecimal).\(pathExtension)"
    }

    static func bytes(_ audio: [UInt8], of key: PhraseCache.Key) -> [UInt8] {
        let text = Array(text(of: key).utf8)
        return mark + number(text.count) + text + number(audio.count) + number(sum(audio)) + audio
    }

    /// - Returns: nil for a file that is damaged, or of another phrase.
    static func audio(in bytes: [UInt8], of key: PhraseCache.Key) -> [UInt8]? {
        var rest = bytes[...]
        guard rest.starts(with: mark) else { return nil }
        rest = rest.dropFirst(mark.count)
        guard let length = number(&rest), rest.count >= length, length >= 0,
            rest.prefix(length).elementsEqual(text(of: key).utf8)
        else { return nil }
        rest = rest.dropFirst(length)
        guard let count = number(&rest), let expected = number(&rest), rest.count == count else { return nil }
        let audio = Array(rest)
        return sum(audio) == expected ? audio : nil
    }

    private static func text(of key: PhraseCache.Key) -> String {
        [key.engine, key.voice, key.format.description, key.text].joined(separator: "\u{1F}")
    }

    private static func sum(_ audio: [UInt8]) -> Int {
        var hash = StableHash()
        hash.combine(audio)
        return Int(truncatingIfNeeded: hash.value)
    }

    private static func number(_ value: Int) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) -> Int? {
        guard rest.count >= 8 else { return nil }
        let value = rest.prefix(8).reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        rest = rest.dropFirst(8)
        return Int(truncatingIfNeeded: value)
    }
}
