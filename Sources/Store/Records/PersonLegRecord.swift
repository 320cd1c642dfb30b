package import Foundation

/// The call to a person for whom a caller holds the line.
package struct PersonLegRecord: Sendable, Equatable {
    /// Of the call that is held with them.
    package var id: String
    /// Of the caller's.
    package var callID: String
    /// That holds the caller.
    package var node: String
    package var carrier: String
    /// Nil until the carrier has named it.
    package var carrierCallID: String?
    package var number: String
    package var callerID: String
    /// When the carrier was asked for it, or a moment before.
    package var askedAt: Date
    /// How often its end was asked for, since nobody waits for it any more.
    package var tries: Int

    package init(
        id: String, callID: String, node: String, carrier: String, carrierCallID: String? = nil, number: String,
        callerID: String, askedAt: Date, tries: Int = 0
    ) {
        self.id = id
        self.callID = callID
        self.node = node
        self.carrier = carrier
        self.carrierCallID = carrierCallID
        self.number = number
        self.callerID = callerID
        self.askedAt = askedAt
        self.tries = tries
    }

    init(row: SQLRow) {
        self.init(
            id: row["id"], callID: row["call_id"], node: row["node"], carrier: row["carrier"],
            carrierCallID: row["carrier_call_id"], number: row["number"], callerID: row["caller_id"],
            askedAt: Date(storedMilliseconds: row["asked_at"]), tries: row["tries"])
    }
}
