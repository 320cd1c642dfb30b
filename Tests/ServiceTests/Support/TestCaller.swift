import Callers
import Foundation
import Networking

/// Somebody who calls: answers whenever the agent has fallen silent, and hangs up when there is nothing left to say.
final class TestCaller: @unchecked Sendable {
    // @unchecked: made anywhere, used on its loop only.
    private var lines: [String]
    private let mayAnswer: (Int) -> Bool
    private let speak: (String) -> CallerClip
    private let ear: ((Span<UInt8>) -> Void)?
    private var said = 0
    private var isSpeaking = false
    private var line: CarrierLine?
    private let loop: EventLoop
    private let ending: AsyncStream<String>
    private let sink: AsyncStream<String>.Continuation

    /// - Parameters:
    ///   - lines: said in this order.
    ///   - mayAnswer: asked with the number of the answer, on the loop; while it says no the caller keeps quiet and is
    ///     asked again when the agent has fallen silent again, or by ``goOn()``.
    ///   - speak: how a line sounds.
    ///   - ear: given what the caller hears, on the loop.
    init(
        saying lines: [String], on loop: EventLoop, mayAnswer: @escaping @Sendable (Int) -> Bool = { _ in true },
        speak: @escaping @Sendable (String) -> CallerClip = SpokenClip.saying,
        ear: (@Sendable (Span<UInt8>) -> Void)? = nil
    ) {
        self.lines = lines
        self.loop = loop
        self.speak = speak
        self.ear = ear
        self.mayAnswer = mayAnswer
        (ending, sink) = AsyncStream.makeStream(of: String.self)
    }

    /// Dials, and returns why the line was closed.
    func hold(_ call: CarrierLine.Call) async -> String {
        dial(call)
        return await ended()
    }

    func dial(_ call: CarrierLine.Call) {
        loop.post { [self] in
            let line = CarrierLine(call, on: loop) { [weak self] in self?.hear($0) }
            line.ear = ear
            self.line = line
            line.dial()
        }
    }

    func ended() async -> String {
        var iterator = ending.makeAsyncIterator()
        return await iterator.next() ?? "never dialled"
    }

    func goOn() { loop.post { [self] in answer() } }

    private func hear(_ event: CarrierLine.Event) {
        switch event {
        case .agentFell: answer()
        case .clipEnded: isSpeaking = false
        case .closed(let reason):
            line = nil
            sink.yield(reason)
            sink.finish()
        case .opened, .cleared, .agentBegan: break
        }
    }

    private func answer() {
        guard !isSpeaking, let line, mayAnswer(said) else { return }
        guard said < lines.count else { return line.hangUp() }
        isSpeaking = true
        line.say(speak(lines[said]))
        said += 1
    }
}
