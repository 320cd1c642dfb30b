/// An opt-out of which it is not known yet that it is stored.
struct OwedOptOut: Sendable {
    let call: OutboundCall
    let callID: String
    let reason: String
    /// What the carrier said meanwhile of how the call ended.
    var report: CarrierReport?
}
