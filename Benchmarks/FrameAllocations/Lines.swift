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

    func dial(_ count: Int) async {
        await perform(on: loop) { [self] in
            for number in 1...count {
                let call = CarrierLine.Call(url: url, callID: "CA\(number)", parameters: [:])
                let line = CarrierLine(call, on: loop) { _ in }
                lines.append(line)
                line.dial()
            }
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
