import Callers
import Networking

/// The callers' ends of all lines, on the carrier's loop.
final class Lines: @unchecked Sendable {
    // @unchecked: `lines` is used on the loop's thread only.
    private let url: String
    private let loop: EventLoop
    private var lines: [CarrierLine] = []

    init(url: String, on loop: EventLoop) {
        self.url = url
        self.loop = loop
    }

    /// - Parameters:
    ///   - words: what every caller says, over and over; nil for silence.
    ///   - period: samples at 8 kHz from its one beginning to the next.
    func dial(_ count: Int, saying words: [Int16]?, every period: Int) async {
        await perform(on: loop) { [self] in
            for number in 1...count {
                let call = CarrierLine.Call(url: url, callID: "CA\(number)", parameters: [:])
                let line = CarrierLine(call, on: loop) { _ in }
                if let words { line.mouth = Self.mouth(words, every: period, first: period * number / count) }
                lines.append(line)
                line.dial()
            }
        }
    }

    private static func mouth(_ words: [Int16], every period: Int, first: Int) -> (inout [UInt8]) -> Void {
        var mouth = CallerMouth(background: [])
        return { frame in
            if mouth.position >= first, (mouth.position - first) % period < frame.count { mouth.say(words, tag: "") }
            mouth.next(into: &frame)
        }
    }

    /// What was sent and received so far.
    func totals() async -> (frames: Int, agentSamples: Int) {
        await perform(on: loop) { [self] in
            var totals = (frames: 0, agentSamples: 0)
            for line in lines {
                totals.frames += line.framesSent
                totals.agentSamples += line.agentSamples
            }
            return totals
        }
    }
}
