/// What others can be told. The names and what they carry stay; `docs/webhooks.md` has an example of each.
package enum WebhookEvent: String, Sendable, Codable, CaseIterable {
    case callStarted = "call.started"
    /// Told when everything of the call is known, its recording too.
    case callEnded = "call.ended"
    /// What is written down of a call is there: told after `call.ended`, for a model may be asked first.
    case callAnalyzed = "call.analyzed"
    case attemptFinished = "campaign.attempt.finished"
    /// A campaign was paused by the service, and waits for somebody to look at it.
    case campaignPaused = "campaign.paused"
    /// Somebody who called was promised a call.
    case callbackPromised = "callback.promised"
    /// A caller has left a message.
    case voicemailTaken = "voicemail.taken"
    /// A person is called for a caller who holds the line.
    case transferStarted = "transfer.started"
    case reviewRequested = "review.requested"
    /// A version of an agent has spent its error budget.
    case versionBurnt = "version.burnt"
    /// Sent by `parley webhooks test`, and by nothing else.
    case test = "parley.test"

    /// Those that an endpoint may ask for.
    package static let subscribable = allCases.filter { $0 != .test }
}
