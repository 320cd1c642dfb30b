import Agent
import Foundation
import Store

/// Makes what is sent, of what the store holds.
struct WebhookPayloads: Sendable {
    let store: Store
    let endpoints: [String: ParleyConfiguration.Webhooks.Endpoint]
    /// Arguments that nobody gets to see, by tool.
    let redacted: [String: Set<String>]
    /// What the store keeps of a call is masked; what waits for a person is not, so that it can be done.
    let mask: PersonalDataMask

    init(
        store: Store, endpoints: [String: ParleyConfiguration.Webhooks.Endpoint], tools: [ToolDefinition] = [],
        mask: PersonalDataMask = PersonalDataMask()
    ) {
        self.mask = mask
        self.store = store
        self.endpoints = endpoints
        redacted = Dictionary(tools.map { ($0.name, $0.redacted) }) { $0.union($1) }
    }

    /// The whole body; nil when what it tells of is not in the store any more.
    func payload(of delivery: WebhookDelivery) async throws(StoreError) -> String? {
        // A receiver that is not configured any more gets nothing, should it come back.
        let isOpen = endpoints[delivery.endpoint]?.showsPersonalData ?? false
        do {
            switch WebhookEvent(rawValue: delivery.event) {
            case .callStarted:
                let story = try await store.story(ofCall: delivery.subject)
                return Self.text(
                    delivery, CallStartedBody(call: CallBody(beginningOf: story.call, isOpen: isOpen)))
            case .callEnded:
                let story = try await store.story(ofCall: delivery.subject)
                return Self.text(delivery, CallEndedBody(story, isOpen: isOpen))
            case .callAnalyzed:
                let story = try await store.story(ofCall: delivery.subject)
                guard let record = try await store.analysis(ofCall: delivery.subject) else { return nil }
                return Self.text(delivery, CallAnalyzedBody(record, of: story.call, isOpen: isOpen))
            case .attemptFinished:
                guard let attempt = try await store.attempt(id: delivery.subject),
                    let contact = try await store.contact(id: attempt.contactID)
                else { return nil }
                let campaign = try await store.campaign(id: attempt.campaignID)
                return Self.text(
                    delivery, AttemptBody(attempt, contact, campaign: campaign?.name, isOpen: isOpen))
            case .campaignPaused:
                let subject = delivery.subject.split(separator: "/", maxSplits: 1).map(String.init)
                guard subject.count == 2, let campaign = try await store.campaign(id: subject[0]) else { return nil }
                return Self.text(
                    delivery, CampaignPausedBody(campaign, reason: subject[1], pausedAt: delivery.happenedAt))
            case .reviewRequested:
                guard let id = Int(delivery.subject) else { return nil }
                var review = try await store.review(id: id)
                review.arguments = mask.maskJSON(review.arguments)
                review.reason = mask.mask(review.reason)
                return Self.text(
                    delivery, ReviewBody(review, redacted: redacted[review.tool] ?? [], isOpen: isOpen))
            case .callbackPromised:
                return Self.text(
                    delivery, CallbackBody(try await store.callback(id: delivery.subject), isOpen: isOpen))
            case .voicemailTaken:
                return Self.text(
                    delivery, VoicemailBody(try await store.voicemail(call: delivery.subject), isOpen: isOpen))
            case .transferStarted:
                let subject = delivery.subject.split(separator: "/", maxSplits: 1).map(String.init)
                guard subject.count == 2 else { return nil }
                let story = try await store.story(ofCall: subject[0])
                guard let act = story.tools.first(where: { $0.invocationID == subject[1] }) else { return nil }
                return Self.text(delivery, TransferBody(act, of: story.call, isOpen: isOpen))
            case .versionBurnt:
                guard let id = Int(delivery.subject), let act = try await store.agentAct(id: id),
                    let number = act.number
                else { return nil }
                let version = try await store.version(number, of: act.agent)
                return Self.text(delivery, VersionBurntBody(version, act))
            case .test, nil: return nil
            }
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    /// The body of a test event.
    static func test(_ delivery: WebhookDelivery) -> String {
        text(delivery, ["message": "Parley can reach you."])
    }

    private static func text(_ delivery: WebhookDelivery, _ data: some Encodable) -> String {
        let body = WebhookEnvelope(id: delivery.id, type: delivery.event, timestamp: delivery.happenedAt, data: data)
        return String(decoding: APIJSON.encode(body), as: UTF8.self)
    }
}

/// What every event has.
private struct WebhookEnvelope<Body: Encodable>: Encodable {
    let id: String
    let type: String
    /// Of `data`: grows when a member changes its meaning or goes, not when one is added.
    var version = 1
    let timestamp: Date
    let data: Body
}
