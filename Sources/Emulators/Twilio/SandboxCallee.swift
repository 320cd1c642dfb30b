import Callers
import Networking

/// The person or machine on one call of the sandbox carrier: listens to the agent, and does what it is there for.
final class SandboxCallee: @unchecked Sendable {
    // @unchecked: made anywhere, used on its loop only.
    private let loop: EventLoop
    private let behaviour: SandboxCarrierConfiguration.Callee
    private let acted: @Sendable (String) -> Void
    private let ending: AsyncStream<String>
    private let sink: AsyncStream<String>.Continuation
    private var line: CarrierLine?
    private var said = 0
    private var isSpeaking = false
    private var isEndWanted = false

    /// - Parameter acted: told of everything done, on the loop.
    init(
        _ behaviour: SandboxCarrierConfiguration.Callee, on loop: EventLoop, acted: @escaping @Sendable (String) -> Void
    ) {
        self.behaviour = behaviour
        self.loop = loop
        self.acted = acted
        (ending, sink) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingOldest(1))
    }

    /// Opens the media stream and returns why it was closed.
    func hold(_ call: CarrierLine.Call) async -> String {
        loop.post { [self] in
            guard !isEndWanted else { return end("ended before it began") }
            let line = CarrierLine(call, on: loop) { [weak self] in self?.hear($0) }
            self.line = line
            line.dial()
        }
        var iterator = ending.makeAsyncIterator()
        return await iterator.next() ?? "never connected"
    }

    /// The carrier ends the call.
    func hangUp() {
        loop.post { [self] in
            isEndWanted = true
            line?.hangUp()
        }
    }

    private func hear(_ event: CarrierLine.Event) {
        switch event {
        case .opened: open()
        case .agentFell: agentFinished()
        case .clipEnded:
            isSpeaking = false
            if case .voicemail = behaviour { acted("beep") }
        case .closed(let reason): end(reason)
        case .cleared, .agentBegan: break
        }
    }

    private func open() {
        switch behaviour {
        case .presses(let key, let delay):
            loop.schedule(after: delay) { [self] in
                line?.press(key)
                acted("pressed \(key)")
            }
        case .hangsUp(let delay):
            loop.schedule(after: delay) { [self] in
                acted("hung up")
                line?.hangUp()
            }
        case .voicemail(let greeting):
            isSpeaking = true
            line?.say(greeting)
            // A machine records for a while and hangs up.
            loop.schedule(after: .seconds(20)) { [self] in line?.hangUp() }
        case .talks, .busy, .noAnswer, .fails: break
        }
    }

    private func agentFinished() {
        guard case .talks(let clips) = behaviour, !isSpeaking, let line else { return }
        guard said < clips.count else {
            acted("hung up")
            return line.hangUp()
        }
        isSpeaking = true
        acted("said \(clips[said].name)")
        line.say(clips[said])
        said += 1
    }

    private func end(_ reason: String) {
        line = nil
        sink.yield(reason)
        sink.finish()
    }
}
