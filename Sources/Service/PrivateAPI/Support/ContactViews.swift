import Foundation
import Store

/// Something known of somebody across calls.
struct ContactFactView: Encodable {
    let name: String
    /// Nil of a secret.
    let value: String?
    /// Whether callers prove with it who they are; then it is told to nobody.
    let isSecret: Bool
    /// Who said so.
    let source: String
    let notedAt: Date

    /// - Parameter secrets: names of facts that are told to nobody.
    init(_ fact: ContactFact, secrets: Set<String>) {
        name = fact.name
        isSecret = secrets.contains(fact.name)
        value = isSecret ? nil : fact.value
        source = fact.source
        notedAt = fact.notedAt
    }
}

/// Somebody in a campaign.
struct ContactPlaceView: Encodable {
    let campaign: String
    let state: ContactRecord.State
    let outcome: String?
    /// Those that count.
    let attempts: Int
    /// When they are called next; nil of one that is done.
    let nextAt: Date?
    let variables: [String: String]

    init(_ place: KnownContact.Place) {
        let contact = place.contact
        campaign = place.campaign
        state = contact.state
        outcome = contact.outcome
        attempts = contact.attempts
        nextAt = contact.state == .waiting ? contact.callbackAt ?? contact.nextAt : nil
        variables = contact.variables
    }
}

/// Somebody of whom something is known.
struct KnownContactView: Encodable {
    let number: String
    let facts: [ContactFactView]
    let campaigns: [ContactPlaceView]

    init(_ contact: KnownContact, secrets: Set<String>) {
        number = contact.number
        facts = contact.facts.map { ContactFactView($0, secrets: secrets) }
        campaigns = contact.places.map(ContactPlaceView.init)
    }
}

/// A page of those who are known.
struct KnownContactPageView: Encodable {
    let contacts: [KnownContactView]
    /// Goes on after the last of them; absent at the end.
    let next: String?

    /// - Parameter found: one more than `limit` where there are more.
    init(_ found: [KnownContact], limit: Int, secrets: Set<String>) {
        let page = found.prefix(limit)
        contacts = page.map { KnownContactView($0, secrets: secrets) }
        next = found.count > limit ? page.last?.number : nil
    }
}

/// Everything about one person that helps somebody who has them on the line, or is about to call.
struct ContactFileView: Encodable {
    struct Attempt: Encodable {
        /// As `GET /dials/{id}` takes it.
        let id: String
        /// Nil where the campaign is gone.
        let campaign: String?
        let agent: String
        let state: AttemptRecord.State
        let outcome: String?
        let detail: String?
        let intendedAt: Date
        let endedAt: Date?
        /// As `GET /calls/{id}` takes it; nil where no call was held.
        let callID: String?
    }

    struct Call: Encodable {
        /// As `GET /calls/{id}` takes it.
        let id: String
        let direction: CallRecord.Direction
        let agent: String
        let startedAt: Date
        let outcome: String?
    }

    let number: String
    let facts: [ContactFactView]
    let campaigns: [ContactPlaceView]
    let attempts: [Attempt]
    let calls: [Call]
    /// Lists of people not to call that the number is on, and consents.
    let standing: StandingView
    /// Where everything that is kept of the number is given out, and where it is erased.
    let exportAt = "\(ProblemMiddleware.prefix)/people/export"
    let eraseAt = "\(ProblemMiddleware.prefix)/people/erase"

    init(_ file: ContactFile, standing: NumberStanding, secrets: Set<String>) {
        let contact = file.contact
        number = contact.number
        facts = contact.facts.map { ContactFactView($0, secrets: secrets) }
        campaigns = contact.places.map(ContactPlaceView.init)
        let names = Dictionary(contact.places.map { ($0.contact.campaignID, $0.campaign) }) { first, _ in first }
        attempts = file.attempts.map {
            Attempt(
                id: $0.id, campaign: names[$0.campaignID], agent: $0.agent, state: $0.state, outcome: $0.outcome,
                detail: $0.detail, intendedAt: $0.intendedAt, endedAt: $0.endedAt, callID: $0.callID)
        }
        calls = file.calls.map {
            Call(id: $0.id, direction: $0.direction, agent: $0.agent, startedAt: $0.startedAt, outcome: $0.outcome)
        }
        self.standing = StandingView(number: contact.number, standing)
    }
}
