import Foundation
import Networking

/// Callers who choose a language, where the rule of the number has `languages`.
extension InboundDesk {
    /// How long a key is waited for.
    private static let seconds = 6

    /// Whom a caller has chosen, or what they are asked.
    enum Chosen {
        /// Nil is whom the rule has.
        case agent(String?)
        case ask(InboundReply)
    }

    /// Where a caller stands whom the rule of the number they called would give to its agent.
    func chosenLanguage(by call: InboundCall, now: Duration) -> Chosen {
        let choices = rules.languages(of: call)
        guard !choices.isEmpty else { return .agent(nil) }
        switch state.withLock({ $0.languages.look(call.id, at: now) }) {
        case .chosen(let key): return .agent(key.flatMap { choices[$0]?.agent })
        case .asked(let round):
            let messages = choices.sorted { $0.key < $1.key }
                .map { SpokenMessage($0.value.say, language: $0.value.language) }
            return .ask(.ask(KeyQuestion(.language, messages, seconds: Self.seconds, round: round)))
        }
    }

    /// Takes the answer of a caller who was asked for a language.
    func chooseLanguage(_ answer: KeyAnswer, of call: InboundCall) {
        let keys = Set(rules.languages(of: call).keys)
        let now = Duration.seconds(call.at.timeIntervalSince1970)
        state.withLock { $0.languages.answer(call.id, round: answer.round, key: answer.key, of: keys, at: now) }
    }
}
