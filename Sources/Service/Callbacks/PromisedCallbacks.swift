import Agent
import Campaigns
import Foundation
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

    private static let tool = "callback_schedule"

    /// Stores a promise and hands it to those who place calls.
    ///
    /// - Parameters:
    ///   - number: nil for the one that they call from.
    ///   - note: what it is about.
    /// - Throws: ``ToolError`` when nobody can be called back, or not this number.
    func promise(
        _ time: CallbackTime, number text: String?, note: String, call: CallFacts
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
        let definition = plan.definition(callbackTo: number)
        let (rules, now) = (try rules(), now())
        let place = CalleePlace(
            e164: number.e164, country: number.country, state: "", timeZone: nil, zones: rules.zones)
        let answer = time.plan(zone: nil, place: place, campaign: definition, rules: rules, now: now)
        guard case .at(let moment, let zone) = answer else { return answer }
        let stored = try await store.promise(
            CallbackRecord(
                id: CallID.new(), callID: call.callID, number: number.e164, note: note, dueAt: moment,
                timeZone: zone.identifier, promisedAt: now))
        do { try await queue(stored, number, plan, rules) } catch {
            // Whoever hears that there is no promise must not be called all the same.
            _ = try? await store.cancel(callback: stored.id, at: self.now())
            throw error
        }
        return answer
    }

    /// Hands over what a process that died had only promised.
    func resume() async throws {
        for callback in try await store.callbacks(in: .promised, limit: 1000) {
            let plan = try plan()
            guard let number = try? PhoneNumber(callback.number, country: settings.country) else { continue }
            do { try await queue(callback, number, plan, try rules()) } catch is ToolError {
                // The gate lets it be placed never; the record says so.
            }
        }
    }

    /// Who calls, in whose name and from where.
    private struct Plan {
        let agent: String
        let seller: String
        let callerID: String
        let settings: ParleyConfiguration.Callbacks

        func definition(callbackTo number: PhoneNumber) -> CampaignDefinition {
            var definition = CampaignDefinition()
            definition.agent = agent
            definition.purpose = .informational
            definition.seller = seller
            definition.callerIDs = [callerID]
            definition.countries = Array(Set([settings.country, number.country])).sorted()
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

    /// Makes the campaign of one contact, once, and lets it run. Begun again it is the same one.
    private func queue(
        _ callback: CallbackRecord, _ number: PhoneNumber, _ plan: Plan, _ rules: CallingRules
    ) async throws {
        let office = CampaignOffice(store: store, rules: rules, current: agents, now: now)
        var definition = plan.definition(callbackTo: number)
        definition.name = callback.campaign
        if try await store.campaigns().contains(where: { $0.name == definition.name }) == false {
            do { _ = try await office.create(definition) } catch let error as StoreError where error.code == .exists {
                // Another process was quicker.
            }
        }
        let record = try await store.campaign(named: definition.name)
        // Whoever asks to be called agrees to it; of how they did the call's record is the proof.
        let consent = ConsentRecord(
            number: callback.number, seller: plan.seller, kind: .express,
            source: "asked for it on the call \(callback.callID)", givenAt: callback.promisedAt)
        _ = try await store.addContacts(
            [
                NewContact(
                    number: callback.number,
                    variables: ["callback_note": callback.note, "callback_of": callback.callID], consent: consent)
            ], toCampaign: record.id, at: now())
        let contact = try await store.contact(campaign: record.id, number: callback.number)
        try await store.plan(contact: contact.id, callAt: callback.dueAt, at: now())
        let facts = try await office.facts(
            try await store.contact(campaign: record.id, number: callback.number), in: definition, isRunning: true,
            callerID: plan.callerID, abandonment: try await office.abandonment(of: record))
        let (decision, _) = Gate.decide(facts, under: rules, at: now())
        guard decision.verdict != .never else {
            _ = try await store.cancel(callback: callback.id, at: now())
            let why = decision.checks.first { $0.verdict == .never }?.detail ?? "nobody said why"
            throw ToolError(.conflict, tool: Self.tool, detail: "this number may not be called: \(why)")
        }
        _ = try await store.moveCampaign(id: record.id, from: [.created, .finished, .paused], to: .running, at: now())
        let moment = now()
        try await store.settle(callback: callback.id, .queued, at: moment) { [webhooks] in
            webhooks.callbackPromised($0, at: moment)
        }
    }
}
