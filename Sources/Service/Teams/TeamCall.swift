import Agent
package import Campaigns
import Foundation
package import Store

/// The call in the middle of a run: placed once, however often the process ends meanwhile.
struct TeamCall: Sendable {
    /// Begins the names of the campaigns of one call that runs place.
    static let prefix = "team-"
    /// How long a service that places calls may take to begin.
    static let patience: TimeInterval = 600

    let office: CampaignOffice

    static func campaign(ofRun id: String) -> String { prefix + id }

    /// Asks the gate, and leaves the call to the service that places calls. Begun again it is the same call.
    func begin(_ run: TeamRunRecord, brief: String, now: Date) async throws -> TeamStepOutcome {
        guard let dial = run.dial else { return TeamStepOutcome(.failed, reason: "nobody said whom to call") }
        var request = try JSONDecoder().decode(TeamDial.self, from: Data(dial.utf8)).request(
            agent: run.agent, variables: run.variables)
        request.name = Self.campaign(ofRun: run.id)
        if !brief.isEmpty { request.variables["brief"] = brief }
        do {
            switch try await SingleDial(office: office).begin(request) {
            case .begun: return TeamStepOutcome(.waiting)
            case .refused(_, _, let decision):
                let reason = CampaignText.refusal(decision)
                if case .wait(let moment) = decision.verdict {
                    // Never at once: the gate's clock and the run's need not be the same.
                    return TeamStepOutcome(.pending, reason: reason, notBefore: max(moment, now.addingTimeInterval(5)))
                }
                return TeamStepOutcome(.failed, reason: reason)
            }
        } catch let error as CampaignError {
            return TeamStepOutcome(.failed, reason: "\(error)")
        }
    }

    /// How the call of a run has gone; nil while it goes on, is to be tried again, or was put off.
    func outcome(
        _ run: TeamRunRecord, now: Date
    ) async throws -> (outcome: TeamStepOutcome, attempt: AttemptRecord?)? {
        let name = Self.campaign(ofRun: run.id)
        let record = try await office.store.campaign(named: name)
        guard let contact = try await office.store.contacts(campaign: record.id, after: 0).first else {
            return (TeamStepOutcome(.failed, reason: "its campaign has lost whom to call"), nil)
        }
        switch contact.state {
        case .calling: return nil
        case .waiting:
            // Not from when the step was begun: the gate may have let it wait for days.
            let since = max(record.changedAt, contact.nextAt)
            guard now.timeIntervalSince(since) > Self.patience else { return nil }
            let reason = "no service placed the call"
            // Whoever has just begun to call goes first.
            guard try await office.store.withdraw(campaign: name, because: reason, now: now) else { return nil }
            let cause =
                record.state == .paused
                ? "the campaign \(name) is paused: \(record.reason ?? "nobody said why")"
                : "is `parley serve` placing calls?"
            return (TeamStepOutcome(.failed, reason: "\(reason); \(cause)"), nil)
        case .done: break
        }
        let attempts = try await office.store.attempts(contact: contact.id)
        guard let attempt = attempts.last(where: { $0.outcome != AttemptOutcome.notPlaced.rawValue }) else {
            let why = attempts.last?.detail ?? contact.outcome ?? "nobody said why"
            return (TeamStepOutcome(.failed, reason: "the call was not placed: \(why)"), nil)
        }
        let outcome = attempt.outcome ?? "failed"
        return (TeamStepOutcome(.done, confidence: 1, result: outcome, reason: attempt.detail), attempt)
    }
}

/// How the call of a run is to be placed.
package struct TeamDial: Sendable, Codable, Equatable {
    package var number: String
    package var callerID: String
    package var seller: String
    package var purpose: CallPurpose
    package var consent: ConsentRecord.Kind
    package var consentSource: String
    package var country: String

    package init(
        number: String, callerID: String, seller: String, purpose: CallPurpose, consent: ConsentRecord.Kind,
        consentSource: String, country: String
    ) {
        self.number = number
        self.callerID = callerID
        self.seller = seller
        self.purpose = purpose
        self.consent = consent
        self.consentSource = consentSource
        self.country = country
    }

    func request(agent: String, variables: [String: String]) -> SingleDial.Request {
        SingleDial.Request(
            number: number, agent: agent, callerID: callerID, seller: seller, purpose: purpose, consent: consent,
            consentSource: consentSource, variables: variables, country: country)
    }
}
