package import Foundation

/// Something that should not happen did: a silent line, a provider that failed, a call that had to be ended by force.
package struct IncidentRecord: Sendable, Equatable, Codable {
    /// Unique; a second record with the same id is ignored.
    package var id: String
    /// `nil` for what concerns no single call. The call's own record may be gone already.
    package var callID: String?
    package var happenedAt: Date
    /// In samples at 8 kHz since the call's media began.
    package var position: Int?
    /// `silentLine`, `providerFailed`, …
    package var kind: String
    package var detail: String

    package init(
        id: String = UUID().uuidString, callID: String? = nil, happenedAt: Date, position: Int? = nil, kind: String,
        detail: String
    ) {
        self.id = id
        self.callID = callID
        self.happenedAt = happenedAt
        self.position = position
        self.kind = kind
        self.detail = detail
    }
}
