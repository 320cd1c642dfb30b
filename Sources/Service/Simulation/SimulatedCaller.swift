import Agent
import CallSession
import Callers
import Networking

/// What a simulated caller holds in the hand: a line of the bridge, or one in virtual time.
protocol CallerTelephone: AnyObject {
    func press(_ key: Character)
    func hangUp()
    /// The caller is gone; neither holds the other any longer.
    func letGo()
}

extension CarrierLine: CallerTelephone {
    func letGo() {
        mouth = nil
        ear = nil
    }
}

/// A scenario's caller on the line: answers when the agent has finished, and does what is to happen while it speaks.
///
/// Confined to its loop's thread, like its line.
final class SimulatedCaller: @unchecked Sendable {
    // @unchecked: made anywhere, used on its loop only.

    /// What a call sounded like from the caller's end.
    struct Heard: Sendable {
        var caller: [CallTimeline.Sound] = []
        var agent: [CallTimeline.Stretch] = []
        var length = 0
        var isOverdue = false
        /// Why the caller gave up.
        var fault: String?
        /// Why the line was closed.
        var reason = ""
    }

    /// Something that was said, for who must know what the sound means.
    struct Utterance: Sendable {
        var act: Scenario.Act
        var meaning: CallTimeline.Meaning
        /// From the sound's first sample to where it ended or was cut.
        var range: Range<Int>
    }

    /// A pause of the agent that is none: 200 ms.
    private static let breath = 1600
    /// Who has made a sound over the agent that was for nobody waits so long for it to go on: 1.5 s.
    private static let patience = 12_000

    private let scenario: Scenario
    private var sounds: [Scenario.Act: [Int16]]
    /// What the network does to the caller's frames.
    let impairment: LineImpairment?
    private let done: @Sendable (Heard) -> Void
    private var mouth: CallerMouth
    private var telephone: (any CallerTelephone)?
    /// In the order in which it was said.
    private(set) var utterances: [Utterance] = []
    private var asked = Expectation.Kind.open
    private var acted: [Expectation.Kind: Int] = [:]
    /// What was last done in answer to which question, and how often again.
    private var last: (kind: Expectation.Kind, number: Int, again: Int)?
    private var isUnderstood = true
    /// Whether an answer is being made up.
    private(set) var isThinking = false
    /// Told that one is wanted; nil for a caller whose answers are written down.
    var improvise: (() -> Void)?
    private var pending: [Scenario.Event]
    /// What whoever answers a placed call has still to say first.
    private var opening: Scenario.Act?
    private var stretch = -1
    private var stretchBegan = 0
    /// Where the caller stops waiting for an agent that fell silent over a sound.
    private var waitsUntil: Int?
    private var keys: [Character] = []
    private var nextKey = 0
    private var heard = Heard()

    /// - Parameters:
    ///   - sounds: of everything that the scenario says.
    ///   - background: heard behind the caller, all the time.
    ///   - done: told once, when the line is closed.
    init(
        _ scenario: Scenario, sounds: [Scenario.Act: [Int16]], background: [Int16], seed: UInt64,
        done: @escaping @Sendable (Heard) -> Void
    ) {
        self.scenario = scenario
        self.sounds = sounds
        self.done = done
        mouth = CallerMouth(background: background)
        pending = scenario.events
        opening = scenario.placed?.answer
        let jitter = Int(scenario.line.jitter / .milliseconds(20))
        impairment =
            scenario.line == Scenario.Line()
            ? nil : LineImpairment(loss: scenario.line.loss, jitter: jitter, seed: seed)
    }

    func dial(_ call: CarrierLine.Call, on loop: EventLoop) {
        let line = CarrierLine(call, on: loop) { [self] event in hear(event) }
        line.mouth = { [self] frame in beat(&frame) }
        line.ear = { [self] frame in hear(frame) }
        line.impairment = impairment
        take(line)
        line.dial()
    }

    func take(_ telephone: any CallerTelephone) { self.telephone = telephone }

    /// What the service says of the agent.
    func learn(_ hint: ScenarioCall.Hint) {
        switch hint {
        case .asks(let kind): asked = kind
        case .understood: isUnderstood = true
        }
    }

    func hangUp() { telephone?.hangUp() }

    // MARK: Ears

    func hear(_ event: CarrierLine.Event) {
        switch event {
        case .agentBegan:
            waitsUntil = nil
            // After a sound that was for nobody it goes on with what it was saying.
            if let last = soundOverAgent, last.lowerBound >= stretchBegan { break }
            stretch += 1
            stretchBegan = mouth.position
        case .agentFell:
            if let last = soundOverAgent, mouth.position < last.upperBound + Self.patience {
                waitsUntil = last.upperBound + Self.patience
            } else if !mouth.isSpeaking {
                answer()
            }
        case .closed(let reason):
            guard let telephone else { return }
            heard.reason = reason
            heard.length = mouth.position
            heard.caller = mouth.sounds.map {
                CallTimeline.Sound(
                    start: $0.range.lowerBound, end: $0.range.upperBound,
                    meaning: CallTimeline.Meaning(rawValue: $0.tag) ?? .turn)
            }
            // The line holds us and we hold the line.
            telephone.letGo()
            self.telephone = nil
            done(heard)
        case .opened, .cleared, .clipEnded: break
        }
    }

    /// 20 ms of what the agent says, as they are played.
    func hear(_ frame: Span<UInt8>) {
        // Both zeros of µ-law.
        guard frame.indices.contains(where: { frame[$0] & 0x7F != 0x7F }) else { return }
        let (start, end) = (mouth.position - frame.count, mouth.position)
        if let last = heard.agent.indices.last, start - heard.agent[last].end <= Self.breath {
            heard.agent[last].end = end
        } else {
            heard.agent.append(CallTimeline.Stretch(start: start, end: end))
        }
    }

    /// Where the last sound lies, if it is one that the agent should do nothing about.
    private var soundOverAgent: Range<Int>? {
        utterances.last.flatMap { $0.meaning.isToBeIgnored ? $0.range : nil }
    }

    /// Keys that the agent presses: whoever is at the other end has something to say about them a second later.
    func hear(keys: String) { waitsUntil = mouth.position + 8000 }

    // MARK: Mouth

    /// 20 ms of what the caller's telephone sends.
    func beat(_ frame: inout [UInt8]) {
        if let first = opening, let placed = scenario.placed, mouth.position >= placed.after.samples {
            opening = nil
            act(first, meaning: .turn)
        }
        if let end = waitsUntil, mouth.position >= end {
            waitsUntil = nil
            answer()
        }
        if let index = pending.firstIndex(where: { isDue($0) }) {
            let event = pending.remove(at: index)
            act(event.act, meaning: event.meaning)
        }
        if !keys.isEmpty, mouth.position >= nextKey {
            telephone?.press(keys.removeFirst())
            nextKey = mouth.position + 2400
        }
        if mouth.position > scenario.limit.samples, !heard.isOverdue {
            heard.isOverdue = true
            telephone?.hangUp()
        }
        mouth.next(into: &frame)
    }

    private func isDue(_ event: Scenario.Event) -> Bool {
        event.during == stretch && mouth.position >= stretchBegan + event.after.samples
    }

    /// Does what was made up.
    func does(_ answer: ImprovisedCaller.Answer) {
        isThinking = false
        if let fault = answer.fault { heard.fault = heard.fault ?? fault }
        sounds[answer.act] = answer.sound.samples
        act(answer.act, meaning: .turn)
    }

    private func answer() {
        if let improvise {
            guard !isThinking else { return }
            isThinking = true
            return improvise()
        }
        guard let acts = scenario.answers[asked] ?? scenario.answers[.open], !acts.isEmpty else { return }
        let kind = scenario.answers[asked] == nil ? Expectation.Kind.open : asked
        // Who was not understood says the same again, twice.
        if let last, last.kind == kind, !isUnderstood, last.again < 2 {
            self.last = (kind, last.number, last.again + 1)
            return act(acts[last.number], meaning: .turn)
        }
        let count = acted[kind, default: 0]
        acted[kind] = count + 1
        // Asked again and again the caller gives up.
        guard count < acts.count + 2 else { return hangUp() }
        let number = min(count, acts.count - 1)
        last = (kind, number, 0)
        act(acts[number], meaning: .turn)
    }

    private func act(_ act: Scenario.Act, meaning: CallTimeline.Meaning) {
        switch act {
        case .say, .fixture:
            if !meaning.isToBeIgnored { isUnderstood = false }
            let (start, sound) = (mouth.position, sounds[act] ?? [])
            if let last = utterances.indices.last, utterances[last].range.upperBound > start {
                utterances[last].range = utterances[last].range.lowerBound..<start
            }
            utterances.append(Utterance(act: act, meaning: meaning, range: start..<start + sound.count))
            mouth.say(sound, tag: meaning.rawValue)
        case .silence: isUnderstood = true
        case .press(let text):
            isUnderstood = true
            keys += text
            nextKey = mouth.position
        case .hangUp: hangUp()
        }
    }
}
