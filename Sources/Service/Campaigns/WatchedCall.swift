import Agent
import CallSession
import Networking

/// A call that we placed, watched for what its campaign must know. Used on the call's loop.
final class WatchedCall: Sendable {
    private let call: OutboundCall
    private let callID: String
    private let runner: CampaignRunner?
    private let watch: Lock<OutboundWatch>

    init(_ call: OutboundCall, callID: String, runner: CampaignRunner?) {
        self.call = call
        self.callID = callID
        self.runner = runner
        watch = Lock(OutboundWatch(call))
    }

    /// The agent's dialogue, with a way out that the agent cannot close.
    ///
    /// - Parameters:
    ///   - language: the agent's, in which the goodbye is said.
    ///   - languages: of the agents who may have the person later, by name.
    func wrap(
        _ dialogue: any Dialogue, in language: SpokenLanguage, _ languages: [String: SpokenLanguage] = [:]
    ) -> any Dialogue {
        OptOutDialogue(
            agent: dialogue, spoken: language, languages: languages,
            hasOptedOut: { [self] in watch.withLock(\.optOut) },
            isSingleKey: { [self] in watch.withLock(\.isSingleKey) }
        ) { [runner, call, callID] reason in
            try await runner?.optOut(call, callID: callID, reason: reason)
        }
    }

    func see(_ event: CallEvent) {
        guard let finding = watch.withLock({ $0.see(event) }) else { return }
        runner?.note(finding, of: call, callID: callID)
    }
}
