import Callers
import Networking

/// Somebody who answers whenever the agent falls silent, speaks over one of its replies, and notes what they hear of it.
final class InterruptingCaller: @unchecked Sendable {
    // @unchecked: made anywhere, used on its loop only; `heardOfLongReply` is read when the call is over.
    private let loop: EventLoop
    private let interrupts: Int
    private let patience: Duration
    private var line: CarrierLine?
    private var replies = 0
    private var isSpeaking = false
    private var hasInterrupted = false
    /// Samples of the emulated voice that were played to the caller in the reply they speak over.
    private(set) var heardOfLongReply = 0
    private let ending: AsyncStream<String>
    private let sink: AsyncStream<String>.Continuation

    /// - Parameters:
    ///   - number: which of the times the agent begins to speak is spoken over, from 1.
    ///   - patience: how long it is listened to before.
    init(on loop: EventLoop, interrupts number: Int, after patience: Duration) {
        self.loop = loop
        interrupts = number
        self.patience = patience
        (ending, sink) = AsyncStream.makeStream(of: String.self)
    }

    func hold(_ call: CarrierLine.Call) async -> String {
        loop.post { [self] in
            let line = CarrierLine(call, on: loop) { [weak self] in self?.hear($0) }
            line.ear = { [weak self] frame in self?.listen(frame) }
            self.line = line
            line.dial()
        }
        for await reason in ending { return reason }
        return "never dialled"
    }

    private func listen(_ frame: Span<UInt8>) {
        guard replies == interrupts else { return }
        for index in frame.indices where [0x30, 0xB0, 0xFD].contains(frame[index]) { heardOfLongReply += 1 }
    }

    private func hear(_ event: CarrierLine.Event) {
        switch event {
        case .agentBegan:
            replies += 1
            guard replies == interrupts, !hasInterrupted else { return }
            hasInterrupted = true
            loop.schedule(after: patience) { [weak self] in self?.say("over it") }
        case .agentFell: if !isSpeaking, replies != interrupts { say("go on") }
        case .clipEnded: isSpeaking = false
        case .closed(let reason):
            line = nil
            sink.yield(reason)
            sink.finish()
        case .opened, .cleared: break
        }
    }

    private func say(_ text: String) {
        isSpeaking = true
        line?.say(SpokenClip.saying(text))
    }
}
