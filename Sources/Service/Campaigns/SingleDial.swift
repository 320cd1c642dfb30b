import Agent
package import Campaigns
package import Foundation
package import Store

/// One call, on the same path as a campaign's: a campaign of one contact, called once.
package struct SingleDial: Sendable {
    package struct Request: Sendable {
        package var number: String
        package var agent: String
        package var callerID: String
        package var seller: String
        package var purpose: CallPurpose
        package var consent: ConsentRecord.Kind
        /// Where the proof of the consent is.
        package var consentSource: String
        package var variables: [String: String]
        package var country: String
        /// What to do when a machine answers.
        package var machine: CampaignDefinition.MachinePolicy
        package var message: String?
        package var introduction: String?
        /// Of its campaign: begun again under the same name it is the same call. Nil makes a new one.
        package var name: String?

        package init(
            number: String, agent: String, callerID: String, seller: String, purpose: CallPurpose,
            consent: ConsentRecord.Kind, consentSource: String, variables: [String: String], country: String,
            machine: CampaignDefinition.MachinePolicy = .hangUp, message: String? = nil, introduction: String? = nil
        ) {
            self.number = number
            self.agent = agent
            self.callerID = callerID
            self.seller = seller
            self.purpose = purpose
            self.consent = consent
            self.consentSource = consentSource
            self.variables = variables
            self.country = country
            self.machine = machine
            self.message = message
            self.introduction = introduction
        }
    }

    package struct Report: Sendable, Encodable {
        package var campaign: String
        package var number: String
        /// Nil when no call was placed.
        package var outcome: String?
        package var detail: String?
        /// Who or what answered, by our own ears.
        package var answerer: String?
        package var callID: String?
        package var carrierCallID: String?
        /// When they are called again, because they were promised it on this call.
        package var callbackAt: Date?
        /// What the gate said, when it let no call be placed.
        package var refusal: GateDecision?
    }

    private let office: CampaignOffice

    package init(office: CampaignOffice) { self.office = office }

    /// Places the call and returns when it is over.
    ///
    /// - Parameters:
    ///   - patience: how long a service may take to begin.
    ///   - progress: told of every change.
    /// - Throws: ``CampaignError`` also when no service places the call.
    package func run(
        _ request: Request, patience: Duration = .seconds(20), progress: (String) -> Void
    ) async throws -> Report {
        switch try await begin(request) {
        case .refused(let campaign, let number, let decision):
            return Report(campaign: campaign, number: number, refusal: decision)
        case .begun(let campaign, let contact): return try await follow(campaign, contact, patience, progress)
        }
    }

    /// What came of a request.
    enum Beginning: Sendable {
        /// A service that places calls will place it, within a second unless its lines are taken.
        case begun(campaign: String, ContactRecord)
        /// The gate lets no call be placed now.
        case refused(campaign: String, number: String, GateDecision)
    }

    /// Asks the gate, and leaves the call to the service.
    func begin(_ request: Request) async throws -> Beginning {
        let number: PhoneNumber
        do { number = try PhoneNumber(request.number, country: request.country) } catch {
            throw CampaignError(.badDefinition, request.number, error.rawValue)
        }
        var definition = CampaignDefinition()
        definition.name = request.name ?? CampaignRecord.dialPrefix + CallID.new()
        definition.agent = request.agent
        definition.purpose = request.purpose
        definition.seller = request.seller
        definition.callerIDs = [request.callerID]
        definition.countries = Array(Set([request.country, number.country])).sorted()
        // No hours of its own: the law's hold.
        definition.hours = WeekHours(days: Array(repeating: WeekHours.Span(opens: 0, closes: 1440), count: 7))
        definition.machine = request.machine
        definition.message = request.message
        definition.introduction = request.introduction
        definition.frequency.attempts = 1
        definition.pacing.ramp = .zero
        if try await !office.store.hasCampaign(named: definition.name) {
            // Another process may have made it meanwhile.
            do { _ = try await office.create(definition) } catch let error as StoreError where error.code == .exists {}
        }
        let record = try await office.store.campaign(named: definition.name)
        let consent = ConsentRecord(
            number: number.e164, seller: request.seller, kind: request.consent, source: request.consentSource,
            givenAt: office.now())
        _ = try await office.store.addContacts(
            [NewContact(number: number.e164, variables: request.variables, consent: consent)],
            toCampaign: record.id, at: office.now())
        // Asked now, so that a refusal is told at once and nobody is called hours later by surprise.
        let contact = try await office.store.contact(campaign: record.id, number: number.e164)
        guard record.state == .created else {
            guard let decision = Self.refusal(of: contact) else { return .begun(campaign: definition.name, contact) }
            return .refused(campaign: definition.name, number: number.e164, decision)
        }
        let facts = try await office.facts(
            contact, in: definition, isRunning: true, callerID: request.callerID,
            abandonment: try await office.abandonment(of: record))
        let (decision, permit) = Gate.decide(facts, under: office.rules, at: office.now())
        guard permit != nil else {
            // Begun again under the same name it may be let through later; any other one nobody will begin again.
            if request.name == nil || decision.verdict == .never { try await end(record, contact, decision) }
            return .refused(campaign: definition.name, number: number.e164, decision)
        }
        // Where another process has started it meanwhile it is begun as well; one that somebody has ended stays so.
        _ = try await office.store.moveCampaign(id: record.id, from: [.created], to: .running, at: office.now())
        return .begun(campaign: definition.name, contact)
    }

    /// With what the gate has ended the call before anybody was called; nil where it was placed, or may still be.
    private static func refusal(of contact: ContactRecord) -> GateDecision? {
        guard contact.state == .done, contact.attempts == 0, let stored = contact.decision,
            let decision = try? JSONDecoder().decode(GateDecision.self, from: Data(stored.utf8)),
            decision.verdict == .never, contact.outcome == decision.rule?.rawValue
        else { return nil }
        return decision
    }

    /// Ends the campaign of a call that is not placed, with the rule that said no.
    private func end(_ record: CampaignRecord, _ contact: ContactRecord, _ decision: GateDecision) async throws {
        let found = decision.checks.last { $0.rule == decision.rule }?.detail ?? ""
        let moment = office.now()
        try await office.store.postpone(
            [
                Store.Postponement(
                    contact: contact.id, until: nil, outcome: decision.rule?.rawValue,
                    decision: try decision.stored())
            ], at: moment)
        _ = try await office.store.moveCampaign(
            id: record.id, from: [.created], to: .finished,
            reason: "no call, by the rule \"\(decision.rule?.rawValue ?? "gate")\": \(found)", at: moment)
    }

    private func follow(
        _ name: String, _ contact: ContactRecord, _ patience: Duration, _ progress: (String) -> Void
    ) async throws -> Report {
        var end = ContinuousClock.now + patience
        var seen: (id: String, state: AttemptRecord.State)?
        while true {
            let attempt = try await office.store.attempts(contact: contact.id).last
            if let attempt, seen?.id != attempt.id || seen?.state != attempt.state {
                seen = (attempt.id, attempt.state)
                end = ContinuousClock.now + patience
                progress(attempt.state == .ended ? "ended: \(attempt.outcome ?? "")" : attempt.state.rawValue)
            }
            // One that the carrier never had is tried again, and is not the call.
            let wasPlaced = attempt.map { $0.outcome != AttemptOutcome.notPlaced.rawValue } ?? false
            let now = try await office.store.contact(id: contact.id)
            if let attempt, attempt.state == .ended, wasPlaced || now?.state == .done {
                // Who was promised another call on this one gets it: the campaign goes on for that.
                let promised = now?.state == .waiting ? now?.callbackAt : nil
                // With nobody left to call the service finishes the campaign: one that is paused would stay so for ever.
                if promised == nil, now?.state != .done {
                    _ = try? await office.pause(name, reason: "the one call is over")
                }
                var report = Report(
                    campaign: name, number: contact.number, outcome: attempt.outcome, detail: attempt.detail,
                    answerer: attempt.answerer, callID: attempt.callID, carrierCallID: attempt.carrierCallID)
                report.callbackAt = promised
                return report
            }
            guard attempt?.state != .ended && attempt != nil || ContinuousClock.now < end else {
                _ = try? await office.pause(name, reason: "no service placed the call")
                let cause = attempt?.detail.map { "the carrier did not take it: \($0)" }
                throw CampaignError(
                    .wrongState, name,
                    cause
                        ?? "no service took the call within \(patience); is `parley serve` running on this database, with an account at a carrier?"
                )
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }
}
