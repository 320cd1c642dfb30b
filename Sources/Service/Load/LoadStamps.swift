import Emulators
import Networking

/// How long what vendors send takes through the service, told by what they send itself: the emulated recognizer ends its finals
/// with a word that says when, which comes back in the request to the model, and the emulated voice begins its audio with
/// it, which the caller receives.
///
/// Everything is in one process, so there is one clock. Both ways include two sockets, and the emulators' own lateness.
final class LoadStamps: Sendable {
    private struct Times {
        var finals: [Double] = []
        var audio: [Double] = []
        /// The newest stamp of the model's requests: a conversation repeats what was said before.
        var seen: Set<UInt64> = []
    }

    /// Begins a stamp in audio; codes that the emulated voice does not begin with.
    private static let mark: [UInt8] = [0x2A, 0xD5]
    /// Of a stamp, four bits each.
    private static let digits = 16
    private static let letters = Array("abcdefghijklmnop".utf8)

    private let times = Lock(Times())

    /// Has the emulators of a fleet stamp what they send.
    func put(into fleet: inout EmulatorFleet.Configuration) {
        fleet.deepgram.lastWord = { Self.word(EventLoop.nanoseconds) }
        fleet.elevenLabs.beginning = { Self.bytes(EventLoop.nanoseconds) }
        fleet.openAI.script = { [self] exchange in
            asked(exchange.userText)
            return OpenAIChatEmulatorConfiguration.Reply("You said: \(exchange.userText). What else can I do?")
        }
    }

    /// The model was asked with these words of the caller.
    private func asked(_ text: String) {
        let now = EventLoop.nanoseconds
        guard let last = text.split(separator: " ").last, let sent = Self.stamp(last.utf8.map { $0 }) else { return }
        times.withLock { times in
            if times.seen.insert(sent).inserted { times.finals.append(Double(now - sent) / 1e6) }
        }
    }

    /// The first message of an answer.
    func heard(_ audio: Span<UInt8>) {
        let now = EventLoop.nanoseconds
        let count = Self.mark.count + Self.digits
        guard audio.count >= count, audio[0] == Self.mark[0], audio[1] == Self.mark[1] else { return }
        var sent: UInt64 = 0
        for index in Self.mark.count..<count { sent = sent << 4 | UInt64(audio[index] & 0x0F) }
        times.withLock { $0.audio.append(Double(now - sent) / 1e6) }
    }

    /// Of the finals, and of the audio; in ms.
    var spreads: (LoadReport.Spread?, LoadReport.Spread?) {
        times.withLock { (LoadReport.Spread($0.finals), LoadReport.Spread($0.audio)) }
    }

    static func word(_ time: UInt64) -> String {
        String(decoding: (0..<digits).map { letters[Int(time >> UInt64(60 - 4 * $0) & 0x0F)] }, as: UTF8.self)
    }

    static func stamp(_ word: [UInt8]) -> UInt64? {
        guard word.count == digits else { return nil }
        var time: UInt64 = 0
        for letter in word {
            guard let digit = letters.firstIndex(of: letter) else { return nil }
            time = time << 4 | UInt64(digit)
        }
        return time
    }

    /// Loud codes, so that nothing takes them for silence.
    private static func bytes(_ time: UInt64) -> [UInt8] {
        mark + (0..<digits).map { 0x20 | UInt8(truncatingIfNeeded: time >> UInt64(60 - 4 * $0) & 0x0F) }
    }
}
