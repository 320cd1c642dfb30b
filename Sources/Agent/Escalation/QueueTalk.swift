/// A caller waits for a person: hears how it stands, is put through when it is their turn, and comes back when nobody
/// answered, until it has lasted too long.
struct QueueTalk: EscalationTalk {
    private let step: QueueStep
    private let language: SpokenLanguage
    private var since: Duration?
    private var lastTry: Duration?
    private var words = 0

    /// - Parameter language: the agent's.
    init(_ step: QueueStep, language: SpokenLanguage = .english) {
        self.step = step
        self.language = language
    }

    mutating func handle(_ event: TalkEvent, at now: Duration) -> [TalkAction] {
        switch event {
        case .begun:
            since = now
            return [.say(step.say), .look(destination: step.destination)]
        case .keys(let keys) where keys.contains(QueueStep.skipKey):
            return leave("the caller did not want to wait")
        case .said, .notUnderstood, .keys, .silent:
            return isOver(now) ? leave(tooLong) : [.look(destination: step.destination)]
        case .place(let place): return stand(place, at: now)
        case .notReached:
            if isOver(now) { return leave(tooLong) }
            return [.say(UsualSentence.stillBusy.text(in: language)), .look(destination: step.destination)]
        case .done, .failed: return holding
        }
    }

    private var tooLong: String { "nobody was free within \(step.longest.components.seconds) seconds" }

    private var holding: [TalkAction] {
        [
            .expect(
                Expectation(kind: .open, context: "queue", longestKeys: 1, hold: Int(step.every.components.seconds)))
        ]
    }

    private mutating func stand(_ place: QueuePlace?, at now: Duration) -> [TalkAction] {
        let isFirst = place.map { $0.position <= 1 } ?? true
        // The first one in line is put through at once, and again after each wait.
        if isFirst, lastTry.map({ now - $0 >= step.every }) ?? true {
            lastTry = now
            return [.say(step.connecting), .transfer(destination: step.destination)]
        }
        // Who has just come back has heard how it stands.
        if isFirst, place != nil { return holding }
        return hold(place).map { [.say($0)] + holding } ?? holding
    }

    private mutating func hold(_ place: QueuePlace?) -> String? {
        let known: [String: JSONValue] =
            place.map { place in
                var known: [String: JSONValue] = ["position": .integer(place.position)]
                if let wait = place.wait { known["wait"] = .string(spoken(wait)) }
                return known
            } ?? [:]
        let usable = step.hold.filter { $0.references.allSatisfy { $0.path.first.map { known[$0] != nil } ?? false } }
        guard !usable.isEmpty else { return nil }
        words += 1
        return usable[(words - 1) % usable.count].render(in: language) { $0.first.flatMap { known[$0] } }
    }

    private func leave(_ reason: String) -> [TalkAction] {
        [.leaveLine(destination: step.destination), .fail(reason: reason)]
    }

    private func isOver(_ now: Duration) -> Bool { since.map { now - $0 >= step.longest } ?? false }

    /// "one minute", "five minutes": nobody can tell it better.
    private func spoken(_ wait: Duration) -> String {
        language.minutes(max(1, Int((Double(wait.components.seconds) / 60).rounded(.up))))
    }
}
