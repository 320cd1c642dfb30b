import Agent
package import CallSession
import Speech

/// What other settings would have changed in a call that was.
///
/// What callers, carriers and engines did comes from the journal; every deadline is the trial's own, in virtual time. What
/// follows a decision that came out otherwise is a guess (the caller would have done something else), so each finding says
/// where it stands, and the first is the surest.
package struct SettingsTrial: Sendable {
    package struct Finding: Sendable, Equatable, Encodable {
        /// In samples since the media started.
        package var position: Int
        package var text: String
    }

    /// Deadlines are seen by the beat: 20 ms.
    private static let beat = 160

    private let replay: CallReplay
    private let settings: ConversationSettings

    package init(_ replay: CallReplay, with settings: ConversationSettings) {
        self.replay = replay
        self.settings = settings
    }

    package func findings() -> [Finding] {
        let before = Course(replay, settings: replay.settings)
        let after = Course(replay, settings: settings)
        var findings: [Finding] = []
        for (number, old) in before.turnEnds.sorted(by: { $0.key < $1.key }) {
            guard let new = after.turnEnds[number] else {
                findings.append(Finding(position: old, text: "utterance \(number) would not have ended where it did"))
                continue
            }
            if new != old {
                findings.append(
                    Finding(
                        position: min(old, new),
                        text:
                            "utterance \(number) would have ended \(abs(new - old) / 8) ms \(new < old ? "sooner" : "later")"
                    ))
            }
        }
        for number in after.turnEnds.keys.sorted() where before.turnEnds[number] == nil {
            findings.append(
                Finding(
                    position: after.turnEnds[number] ?? 0, text: "there would have been another utterance, \(number)"))
        }
        findings += Self.compare(before.interruptions, after.interruptions, "interruption of the agent")
        findings += Self.compare(before.holds, after.holds, "held breath")
        findings += Self.compare(before.prompts, after.prompts, "question into the silence")
        return findings.sorted { ($0.position, $0.text) < ($1.position, $1.text) }
    }

    /// Things that happen at moments: those of one list that have none near them in the other.
    private static func compare(_ old: [Int], _ new: [Int], _ what: String) -> [Finding] {
        func near(_ moment: Int, _ list: [Int]) -> Bool { list.contains { abs($0 - moment) <= 2 * beat } }
        return old.filter { !near($0, new) }.map { Finding(position: $0, text: "no \(what) here") }
            + new.filter { !near($0, old) }.map { Finding(position: $0, text: "one more \(what) here") }
    }

    /// What the reducer decides with these settings, its own deadlines and the journal's other inputs.
    private struct Course {
        /// Where the turn of an utterance was over, by its number.
        var turnEnds: [UInt32: Int] = [:]
        var interruptions: [Int] = []
        var holds: [Int] = []
        var prompts: [Int] = []

        init(_ replay: CallReplay, settings: ConversationSettings) {
            var conversation = Conversation(settings: settings)
            for input in replay.inputs {
                if case .timer = input.event { continue }
                while conversation.deadlines.soonest < input.position {
                    let moment = (conversation.deadlines.soonest + beat - 1) / beat * beat
                    guard moment < input.position, let due = conversation.dueTimer(at: moment) else { break }
                    take(conversation.handle(due, at: moment), at: moment)
                }
                take(conversation.handle(input.event, at: input.position), at: input.position)
            }
        }

        private mutating func take(_ actions: [ConversationAction], at position: Int) {
            for action in actions {
                switch action {
                case .finishRecognition(let id): turnEnds[id.rawValue] = position
                case .note(.interrupted): interruptions.append(position)
                case .pausePlayout: holds.append(position)
                case .startReply(_, .callerSilent(_)): prompts.append(position)
                default: break
                }
            }
        }
    }
}
