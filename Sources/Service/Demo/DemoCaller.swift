import Agent
import Callers
import Networking

/// The caller of a demo: listens, and answers what is asked when the agent has finished.
///
/// Confined to its loop's thread, like its line.
final class DemoCaller: @unchecked Sendable {
    // @unchecked: made anywhere, used on its loop only.
    private let scenario: DemoScenario
    private let sharesAnswers: Bool
    private var said: [Expectation.Kind: Int] = [:]
    private var line: CarrierLine?
    private var asked = Expectation.Kind.open
    private var isSpeaking = false
    private var answers = 0
    private var interruptsGreeting: Bool
    private var loop: EventLoop?
    private let report: @Sendable (Report) -> Void

    enum Report: Sendable {
        case speaks(clip: String)
        /// The time from the caller's last voiced sample to the agent's first one on the wire.
        case answered(after: Duration)
        case ended(reason: String)
    }

    /// - Parameters:
    ///   - sharesAnswers: the answers are one list, whatever is asked.
    ///   - interruptsGreeting: the first one is given in the middle of the agent's first words.
    init(
        _ scenario: DemoScenario, sharesAnswers: Bool, interruptsGreeting: Bool = false,
        report: @escaping @Sendable (Report) -> Void
    ) {
        self.interruptsGreeting = interruptsGreeting
        self.scenario = scenario
        self.sharesAnswers = sharesAnswers
        self.report = report
    }

    func dial(_ call: CarrierLine.Call, on loop: EventLoop) {
        let line = CarrierLine(call, on: loop) { [weak self] event in self?.hear(event) }
        self.line = line
        self.loop = loop
        line.dial()
    }

    /// What the agent waits for, as the service says it.
    func isAsked(_ kind: Expectation.Kind) { asked = kind }

    func hangUp() { line?.hangUp() }

    private func hear(_ event: CarrierLine.Event) {
        switch event {
        case .agentBegan(let response?): report(.answered(after: response))
        case .agentBegan(nil) where interruptsGreeting:
            interruptsGreeting = false
            // Past what of a greeting is protected, and well within it.
            loop?.schedule(after: .milliseconds(1800)) { [weak self] in self?.answer() }
        case .agentFell: if !isSpeaking { answer() }
        case .clipEnded: isSpeaking = false
        case .closed(let reason):
            report(.ended(reason: reason))
            line = nil
        case .opened, .cleared, .agentBegan(nil): break
        }
    }

    private func answer() {
        guard !isSpeaking else { return }
        let kind = sharesAnswers ? Expectation.Kind.open : asked
        guard let clips = scenario.answers[kind] ?? scenario.answers[.open] else { return }
        let next = said[kind, default: 0]
        // Asked again and again the caller gives up; so does one who has said all there was to say.
        guard answers < 20, next < clips.count + (sharesAnswers ? 0 : 2) else { return hangUp() }
        let clip = clips[min(next, clips.count - 1)]
        said[kind] = next + 1
        answers += 1
        isSpeaking = true
        report(.speaks(clip: clip.name))
        line?.say(clip)
    }
}
