package import Foundation
package import Store

/// Who is told what: makes the drafts that are written beside what they tell of. A value.
package struct WebhookRoster: Sendable {
    private let endpoints: [(name: String, events: ParleyConfiguration.Webhooks.EventNames)]

    /// Nobody is told anything.
    package init() { endpoints = [] }

    package init(_ configuration: ParleyConfiguration.Webhooks) {
        endpoints = configuration.enabled.sorted { $0.key < $1.key }.map { ($0.key, $0.value.events) }
    }

    /// Whether anybody is told of it.
    package func tells(_ event: WebhookEvent) -> Bool { endpoints.contains { $0.events.contains(event) } }

    package func callStarted(_ call: CallRecord) -> [WebhookDraft] {
        drafts(.callStarted, "started_\(call.id)", stream: call.id, subject: call.id, at: call.startedAt)
    }

    package func callEnded(_ call: CallRecord) -> [WebhookDraft] {
        guard let endedAt = call.endedAt else { return [] }
        return drafts(.callEnded, "ended_\(call.id)", stream: call.id, subject: call.id, at: endedAt)
    }

    /// - Parameter fence: tells what is written down anew from what was before.
    func callAnalyzed(_ id: String, fence: Int, at now: Date) -> [WebhookDraft] {
        drafts(.callAnalyzed, "analyzed_\(id)_\(fence)", stream: id, subject: id, at: now)
    }

    /// An attempt that came to a call is told in the order of that call.
    package func attemptFinished(_ attempt: AttemptRecord, at now: Date) -> [WebhookDraft] {
        drafts(
            .attemptFinished, "attempt_\(attempt.id)", stream: attempt.callID ?? attempt.id, subject: attempt.id,
            at: now)
    }

    /// - Parameter reason: goes with the subject, since the campaign's own is another one when it runs again.
    package func campaignPaused(_ campaign: CampaignRecord, reason: String, at now: Date) -> [WebhookDraft] {
        drafts(
            .campaignPaused, "paused_\(campaign.id)_\(Int(now.timeIntervalSince1970 * 1000))",
            stream: "campaign_\(campaign.id)", subject: "\(campaign.id)/\(reason)", at: now)
    }

    package func reviewRequested(_ review: ReviewRecord) -> [WebhookDraft] {
        drafts(
            .reviewRequested, "review_\(review.callID)_\(review.id)", stream: review.callID, subject: "\(review.id)",
            at: review.filedAt)
    }

    /// A promise that was changed is told again.
    package func callbackPromised(_ callback: CallbackRecord, at now: Date) -> [WebhookDraft] {
        drafts(
            .callbackPromised, "callback_\(callback.id)_\(Int(callback.dueAt.timeIntervalSince1970))",
            stream: callback.callID, subject: callback.id, at: now)
    }

    package func voicemailTaken(_ message: VoicemailRecord) -> [WebhookDraft] {
        drafts(
            .voicemailTaken, "voicemail_\(message.callID)", stream: message.callID, subject: message.callID,
            at: message.endedAt)
    }

    /// - Parameter act: the transfer's id among the call's acts.
    package func transferStarted(callID: String, act: String, at now: Date) -> [WebhookDraft] {
        drafts(.transferStarted, "transfer_\(callID)_\(act)", stream: callID, subject: "\(callID)/\(act)", at: now)
    }

    /// - Parameter act: the number of the act that took it off: a version that got a fresh budget can burn again.
    package func versionBurnt(_ version: AgentVersionRecord, act: Int, at now: Date) -> [WebhookDraft] {
        drafts(
            .versionBurnt, "burnt_\(act)", stream: "version_\(version.agent)", subject: "\(act)", at: now)
    }

    private func drafts(
        _ event: WebhookEvent, _ key: String, stream: String, subject: String, at moment: Date
    ) -> [WebhookDraft] {
        endpoints.filter { $0.events.contains(event) }.map {
            WebhookDraft(
                id: "msg_\(key)_\($0.name)", endpoint: $0.name, event: event.rawValue, stream: stream, subject: subject,
                happenedAt: moment)
        }
    }
}
