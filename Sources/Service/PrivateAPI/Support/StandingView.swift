import Foundation
import Store

/// What is stored of a number that decides whether it may be called.
struct StandingView: Encodable {
    struct Entry: Encodable {
        let list: String
        let reason: String
        let callID: String?
        let addedAt: Date
    }

    struct Consent: Encodable {
        let seller: String
        let kind: ConsentRecord.Kind
        let source: String
        let givenAt: Date
        let expiresAt: Date?
        let revokedAt: Date?
    }

    let number: String
    /// The lists of people not to call that it is on.
    let lists: [Entry]
    let consents: [Consent]

    init(number: String, _ standing: NumberStanding) {
        self.number = number
        lists = standing.suppressions.map {
            Entry(list: $0.list, reason: $0.reason, callID: $0.callID, addedAt: $0.addedAt)
        }
        consents = standing.consents.map {
            Consent(
                seller: $0.seller, kind: $0.kind, source: $0.source, givenAt: $0.givenAt, expiresAt: $0.expiresAt,
                revokedAt: $0.revokedAt)
        }
    }
}
