/// What a walk along the audit log found.
package struct AuditVerdict: Sendable, Equatable, Encodable {
    /// Where a chain ends: who keeps it elsewhere can tell later whether it was made anew.
    package struct Head: Sendable, Equatable, Codable {
        package var number: Int
        package var hash: String

        package init(number: Int, hash: String) {
            self.number = number
            self.hash = hash
        }
    }

    /// The first row that does not fit.
    package struct Fault: Sendable, Equatable, Encodable {
        package enum Kind: String, Sendable, Encodable, CaseIterable {
            /// Its content is not what its hash was made of.
            case altered
            /// It does not follow the row before it.
            case unlinked
            /// There is no row of this number, but later ones.
            case missing
            /// Rows at the end are gone.
            case cut
            /// Rows at the beginning are gone, and no deletion of old rows says so.
            case unanchored
            /// The chain is whole, and another one than it was.
            case rewritten
            /// The expected row was deleted for its age.
            case tooOld

            package var words: String {
                switch self {
                case .altered: "its content was changed after it was written"
                case .unlinked: "it does not follow the row before it: one of the two was put there later"
                case .missing: "this row was deleted"
                case .cut: "the rows from here on were deleted"
                case .unanchored: "the rows before it were deleted, and not by \"store.audit_days\""
                case .rewritten: "the chain was made anew: this row's hash is not the one you kept"
                case .tooOld: "this row was deleted for its age (\"store.audit_days\"); take a newer one"
                }
            }
        }

        package var number: Int
        package var kind: Kind
    }

    /// Rows that fit.
    package var rows: Int
    /// The number of the first row that is kept.
    package var first: Int
    /// The last row that fits.
    package var head: Head
    package var fault: Fault?

    package init(rows: Int, first: Int, head: Head, fault: Fault? = nil) {
        self.rows = rows
        self.first = first
        self.head = head
        self.fault = fault
    }
}
