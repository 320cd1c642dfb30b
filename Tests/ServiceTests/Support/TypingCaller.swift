import Callers
import Networking

/// What a caller with a telephone does next.
enum CallerDeed: Sendable {
    case say(String)
    case type(String)
}

/// A caller over a real socket, who speaks or types whenever the agent has fallen silent.
final class TypingCaller: @unchecked Sendable {
    // @unchecked: made anywhere, used on its loop only.
    private var deeds: [CallerDeed]
    private var line: CarrierLine?
    private var isSpeaking = false
    private let loop: EventLoop
    private let ending: AsyncStream<String>
    private let sink: AsyncStream<String>.Continuation

    init(_ deeds: [CallerDeed], on loop: EventLoop) {
        self.deeds = deeds
        self.loop = loop
        (ending, sink) = AsyncStream.makeStream(of: String.self)
    }

    func hold(_ call: CarrierLine.Call) async -> String {
        loop.post { [self] in
            let line = CarrierLine(call, on: loop) { [weak self] in self?.hear($0) }
            self.line = line
            line.dial()
        }
        var iterator = ending.makeAsyncIterator()
        return await iterator.next() ?? "never dialled"
    }

    private func hear(_ event: CarrierLine.Event) {
        switch event {
        case .agentFell: act()
        case .clipEnded: isSpeaking = false
        case .closed(let reason):
            line = nil
            sink.yield(reason)
            sink.finish()
        case .opened, .cleared, .agentBegan: break
        }
    }

    private func act() {
        guard !isSpeaking, let line else { return }
        guard !deeds.isEmpty else { return line.hangUp() }
        switch deeds.removeFirst() {
        case .say(let words):
            isSpeaking = true
            line.say(SpokenClip.saying(words))
        case .type(let keys): for key in keys { line.press(key) }
        }
    }
}
