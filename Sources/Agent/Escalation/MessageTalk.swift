/// Takes a message: what is said is kept as it comes, so that a caller who hangs up has left it too.
struct MessageTalk: EscalationTalk {
    private let step: VoicemailStep
    private let reason: String
    private var since: Duration?
    private var words: [String] = []
    /// The caller spoke, understood or not.
    private var hasSpoken = false
    private var isOver = false
    private var prompts = 0

    init(_ step: VoicemailStep, reason: String) {
        self.step = step
        self.reason = Self.short(reason)
    }

    mutating func handle(_ event: TalkEvent, at now: Duration) -> [TalkAction] {
        guard !isOver else { return close(after: event) }
        switch event {
        case .begun:
            since = now
            return [.say(step.say), listening]
        case .said(let turn):
            hasSpoken = true
            if !turn.text.isEmpty { words.append(turn.text) }
            return goOn(at: now)
        case .notUnderstood:
            hasSpoken = true
            return goOn(at: now)
        case .keys(let keys) where keys.contains("#"): return hasSpoken ? finish(at: now) : promptAgain()
        case .silent: return hasSpoken ? finish(at: now) : promptAgain()
        // What could not be kept on the way is tried once more at the end.
        case .failed, .keys, .done, .place, .notReached: return [listening]
        }
    }

    private var listening: TalkAction {
        .expect(Expectation(kind: .open, context: "voicemail", hold: max(1, Int(step.pause.components.seconds))))
    }

    private mutating func goOn(at now: Duration) -> [TalkAction] {
        if let since, now - since >= step.longest { return finish(at: now) }
        return [.keep(message(at: now, isWhole: false))]
    }

    private mutating func finish(at now: Duration) -> [TalkAction] {
        isOver = true
        return [.keep(message(at: now, isWhole: true))]
    }

    private mutating func promptAgain() -> [TalkAction] {
        prompts += 1
        return prompts < 2 ? [.say(step.say), listening] : [.fail(reason: "the caller left no message")]
    }

    private func close(after event: TalkEvent) -> [TalkAction] {
        switch event {
        case .done: [.say(step.done), .hangUp(reason: "a message was taken")]
        case .failed(let reason): [.say(step.sorry), .fail(reason: "no message could be kept: \(reason)")]
        default: []
        }
    }

    private func message(at now: Duration, isWhole: Bool) -> JSONValue {
        [
            "words": .string(words.joined(separator: " ")), "reason": .string(reason),
            "from_ms": .integer(Self.milliseconds(since ?? now)), "to_ms": .integer(Self.milliseconds(now)),
            "whole": .bool(isWhole),
        ]
    }

    private static func milliseconds(_ time: Duration) -> Int {
        let (seconds, attoseconds) = time.components
        return Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
    }
}
