import CallSession
import Codecs
import Telephony

/// The line behind which a greeting is said and nobody listens: it plays what the agent says, and hangs up at its end.
final class GreetingLine: VirtualCarrier {
    private static let frame = 160

    private let audio: [UInt8]
    /// Given every frame before the call is, as a recognizer's inlet is.
    private let hear: ([UInt8]) -> Void
    /// Samples of the agent that came, and that were played.
    private var taken = 0
    private var played = 0
    private var marks: [(after: Int, mark: PlayoutMark)] = []

    init(_ audio: [UInt8], hear: @escaping ([UInt8]) -> Void) {
        self.audio = audio
        self.hear = hear
    }

    func beat(at now: Int) -> [VirtualArrival] {
        guard now <= audio.count else { return [.stopped] }
        let frame = Array(audio[now - Self.frame..<now])
        hear(frame)
        played = min(played + Self.frame, taken)
        var arrivals = [VirtualArrival.audio(frame, timestamp: (now - Self.frame) / 8)]
        while let first = marks.first, first.after <= played {
            marks.removeFirst()
            arrivals.append(.mark(first.mark))
        }
        return arrivals
    }

    func play(_ audio: Span<UInt8>, at now: Int) { taken += audio.count }

    func mark(_ mark: PlayoutMark, at now: Int) { marks.append((taken, mark)) }

    func clear(at now: Int) { played = taken }

    func closed(reason: String, at now: Int) {}
}
