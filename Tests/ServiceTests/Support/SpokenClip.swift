import Callers
import Emulators

/// Callers' speech that can be read: a tone into which the words are written as bytes. What travels to the recognizer is
/// the same as with real speech, byte for byte; only the recognizing is a matter of reading.
enum SpokenClip {
    private static let opening: [UInt8] = [1, 2, 3, 2]
    private static let closing: [UInt8] = [2, 3, 2, 1]

    /// Three syllables in which nothing is written, for lines whose codec would change it.
    static var wordless: CallerClip {
        // Breath around the syllables, as on any line: to the voice detector digital silence tells nothing of the background.
        let breath: [UInt8] = (0..<1600).map { [0xFC, 0x7D, 0xFE, 0x7B, 0xFB, 0x7E, 0xFD, 0x7C][$0 * 5 / 3 % 8] }
        return CallerClip(
            name: "wordless", audio: breath + SpeechLikeTone.muLaw(.milliseconds(720)) + breath, speechEnd: 7000)
    }

    /// Three syllables, for texts of up to 1,500 bytes.
    static func saying(_ text: String) -> CallerClip {
        var audio = wordless.audio
        let words = opening + Array(text.utf8) + closing
        audio.replaceSubrange(5500..<5500 + words.count, with: words)
        return CallerClip(name: text, audio: audio, speechEnd: 7000)
    }

    /// Everything that was written into `audio`, in order.
    static func all(in audio: ArraySlice<UInt8>) -> [String] {
        var (rest, found) = (audio, [String]())
        while let start = rest.firstRange(of: opening)?.upperBound,
            let end = rest[start...].firstRange(of: closing)?.lowerBound
        {
            found.append(String(decoding: rest[start..<end], as: UTF8.self))
            rest = rest[(end + closing.count)...]
        }
        return found
    }

    /// The words last written into `audio`.
    static func words(in audio: [UInt8]) -> String? {
        guard let start = audio.lastRange(of: opening)?.upperBound,
            let end = audio[start...].firstRange(of: closing)?.lowerBound
        else { return nil }
        return String(decoding: audio[start..<end], as: UTF8.self)
    }
}

extension Array<UInt8> {
    fileprivate func lastRange(of part: [UInt8]) -> Range<Int>? {
        guard count >= part.count else { return nil }
        return (0...count - part.count).reversed().first { self[$0..<$0 + part.count].elementsEqual(part) }
            .map { $0..<$0 + part.count }
    }
}

extension ArraySlice<UInt8> {
    fileprivate func firstRange(of part: [UInt8]) -> Range<Int>? {
        guard count >= part.count else { return nil }
        return (startIndex...endIndex - part.count).first { self[$0..<$0 + part.count].elementsEqual(part) }
            .map { $0..<$0 + part.count }
    }
}
