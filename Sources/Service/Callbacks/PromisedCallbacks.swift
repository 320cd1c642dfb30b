import Agent
import Campaigns
import Foundation
import Logging
import Store

/// Calls promised to people who called us. Each becomes a campaign of one contact, so that the gate, the pacing and the
/// placing exactly once of campaigns hold for it too.
struct PromisedCallbacks: Sendable {
    let store: Store
    let settings: ParleyConfiguration.Callbacks
    let rules: @Sendable () throws -> CallingRules
    /// By name, as they answer at this moment.
    let agents: @Sendable () -> [String: AgentDefinition]
    let webhooks: WebhookRoster
    var now: @Sendable () -> Date = { Date() }
    let logger: Logger

    private static let tool = "callback_schedule"
    /// Promises that are due within so much of each other are one: clocks of several nodes differ.
    private static let sameMoment: TimeInterval = 300

    /// Stores a promise and hands it to those who place calls.
    ///
    /// - Parameters:
    ///   - number: nil for the one that they call from.
    ///   - note: what it is about.
    ///   - onlyOnce: makes none where this number is called by then, or a moment later, anyway.
    /// - Throws: ``ToolError`` when nobody can be called back, or not this number.
    func promise(
        _ time: CallbackTime, number text: String?, note: String, call: CallFacts, onlyOnce: Bool = false
    ) async throws -> CallbackPlanner.Answer {
        let plan = try plan()
        guard let text = text ?? (call.callerNumber.isEmpty ? nil : call.callerNumber) else {
            throw ToolError(
                .invalidArguments, tool: Self.tool, detail: "the caller's number is withheld; ask for one")
        }
        let number: PhoneNumber
        do { number = try PhoneNumber(text, country: settings.country) } catch {
            throw ToolError(.invalidArguments, tool: Self.tool, detail: "the number \(error.rawValue)")
        }
        let definition = plan.definition
        let (rules, now) = (try rules(), now())
        let place = CalleePlace(
            e164: number.e164, country: number.country, state: "", timeZone: nil, zones: rules.zones)
        let answer = time.plan(zone: nil, place: place, campaign: definition, rules: rules, now: now)
        guard case .at(let moment, let zone) = answer else { return answer }
        let enough = moment + Self.sameMoment
        // Looked at first, so that most who ask again take no write.
        if onlyOnce, try await store.hasOpenCallback(to: number.e164, dueBy: enough) { return answer }
        let callback = CallbackRecord(
            id: CallID.new(), callID: call.callID, number: number.e164, note: note, dueAt: moment,
            timeZone: zone.identifier, promisedAt: now)
        let made: CallbackRecord?
        do throws(StoreError) {
            if onlyOnce {
                made = try await store.promise(callback, unlessDueBy: enough)
            } else {
                made = try await store.promise(callback)
            }
        } catch {
            guard error.code == .rejected else { throw error }
            throw ToolError(.conflict, tool: Self.tool, detail: error.detail)
        }
        // Somebody else was quicker.
        guard let stored = made else { return answer }
        do {
            try await queue(stored, plan, rules)
            // The deadline was quicker: the caller has been told no.
            try Task.checkCancellation()
        } catch {
            // Whoever hears that there is no promise must not be called all the same.
            do {
                _ = try await store.cancel(
                    callback: stored.id, because: "the promise was taken back", at: self.now())
            } catch {
                logger.error(
                    "a callback that was refused is not taken back",
                    metadata: ["callback": "\(stored.id)", "reason": "\(error)"])
            }
            throw error
        }
        return answer
    }

    /// Promises a call to somebody who waited for a line: as soon as it is lawful and there is one. Who waited with two calls
    /// is called once: whoever calls back is the same.
    ///
    /// - Returns: false when there is no lawful time.
    func promiseSoon(to call: CallFacts) async throws -> Bool {
        let answer = try await promise(
            .after(minutes: 1), number: nil, note: "They waited for a free line and asked to be called back.",
            call: call, onlyOnce: true)
        if case .at = answer { return true }
        return false
    }

    /// Hands over, again and again, what was only promised. Works until it is cancelled.
    func resume(every pause: Duration) async {
        while (try? await Task.sleep(for: pause)) != nil {
            do { try await resume() } catch {
                logger.error("promised callbacks are not handed over", metadata: ["reason": "\(error)"])
            }
        }
    }

    /// Longer than the tool has for a promise: what is younger may still be taken back.
    private static let patience: TimeInterval = 60

    /// Hands over what a process that died had only promised.
    func resume() async throws {
        let left = try await store.leftPromises(since: now() - Self.patience)
        guard !left.isEmpty else { return }
        let (plan, rules) = (try plan(), try rules())
        for callback in left {
            do { try await queue(callback, plan, rules) } catch {
                // The others are not to wait for it. What the gate lets be placed never is cancelled, the rest tried again.
                logger.error(
                    "a promised callback is not handed over",
                    metadata: ["callback": "\(callback.id)", "reason": "\(error)"])
            }
        }
    }

    /// Who calls, in whose name and from where.
    private struct Plan {
        let agent: String
        let seller: String
        let callerID: String
        let settings: ParleyConfiguration.Callbacks

        var definition: CampaignDefinition {
            var definition = CampaignDefinition()
            definition.agent = agent
            definition.purpose = .informational
            definition.seller = seller
            definition.callerIDs = [callerID]
            // Never that of the number: a caller may name any, and the gate is to refuse those overseas.
            definition.countries = [settings.country]
            // No hours of its own: the law's hold.
            definition.hours = WeekHours(days: Array(repeating: WeekHours.Span(opens: 0, closes: 1440), count: 7))
            definition.frequency.attempts = settings.attempts
            definition.pacing.ramp = .zero
            return definition
        }
    }

    private func plan() throws(ToolError) -> Plan {
        guard let agent = settings.agent, let seller = settings.seller, let callerID = settings.callerID else {
            let missing = [
                ("callbacks.agent", settings.agent), ("callbacks.seller", settings.seller),
                ("callbacks.caller_id", settings.callerID),
            ].filter { $0.1 == nil }.map(\.0)
            throw ToolError(
                .unavailable, tool: Self.tool,
                detail: "nobody who called can be called back: set \(missing.joined(separator: ", "))")
        }
        return Plan(agent: agent, seller: seller, callerID: callerID, settings: settings)
    }

    /// The law's hours and the retries may put off the last attempt by so much.
    private static let consentLasts: TimeInterval = 7 * 86_400

    /// Makes the campaign of one contact, once, and lets it run. Begun again it is the same one.
    private func queue(_ callback: CallbackRecord, _ plan: Plan, _ rules: CallingRules) async throws {
        let office = CampaignOffice(store: store, rules: rules, current: agents, now: now)
        var definition = plan.definition
        definition.name = callback.campaign
        if try await !store.hasCampaign(named: definition.name) {
            do { _ = try await office.create(definition) } catch let error as StoreError where error.code == .exists {
                // Another process was quicker.
            }
        }
        let record = try await store.campaign(named: definition.name)
        // Whoever asks to be called agrees to it, to this call and no other; of how they did the call's record is the proof.
        let consent = ConsentRecord(
            number: callback.number, seller: plan.seller, kind: .express, source: callback.consentSource,
            givenAt: callback.promisedAt, expiresAt: callback.dueAt + Self.consentLasts)
        let isOpen = try await store.enlist(
            callback: callback.id, campaign: record.id,
            variables: ["callback_note": callback.note, "callback_of": callback.callID], consent: consent, at: now())
        guard isOpen else { throw takenBack }
        let facts = try await office.facts(
            try await store.contact(campaign: record.id, number: callback.number), in: definition, isRunning: true,
            callerID: plan.callerID, abandonment: try await office.abandonment(of: record))
        let (decision, _) = Gate.decide(facts, under: rules, at: now())
        guard decision.verdict != .never else {
            let why = decision.checks.first { $0.verdict == .never }?.detail ?? "nobody said why"
            let rule = decision.rule?.rawValue ?? "gate"
            _ = try await store.cancel(
                callback: callback.id, because: "no call, by the rule \"\(rule)\": \(why)", at: now())
            throw ToolError(.conflict, tool: Self.tool, detail: "this number may not be called: \(why)")
        }
        try Task.checkCancellation()
        let moment = now()
        let isQueued = try await store.handOver(callback: callback.id, at: moment) { [webhooks] in
            webhooks.callbackPromised($0, at: moment)
        }
        guard isQueued else { throw takenBack }
    }

    private var takenBack: ToolError {
        ToolError(.conflict, tool: Self.tool, detail: "the callback was cancelled meanwhile")
    }
}
