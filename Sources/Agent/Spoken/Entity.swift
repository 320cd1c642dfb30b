/// What kind of value a piece of speech carries.
package enum EntityKind: Sendable, Hashable {
    /// Value `2026-12-01`.
    case date
    /// Value `10:30`.
    case time
    /// Value `72` or `21.5`.
    case number
    /// Value `50.00 USD`.
    case money
    /// Value `PT1H30M` or `P2W`, as in ISO 8601.
    case duration
    /// Value `maria.jones@example.com`.
    case email
    /// Value `5550123`.
    case digits
    /// Value `Maria Jones`.
    case name
    /// Value `Maria`: half a name.
    case firstName
    /// Value `Jones`: half a name.
    case lastName
    /// One of the values of a slot with choices.
    case choice(slot: String)

    /// The name under which it is reported and under which examples refer to it.
    package var label: String {
        switch self {
        case .date: "date"
        case .time: "time"
        case .number: "number"
        case .money: "money"
        case .duration: "duration"
        case .email: "email"
        case .digits: "phone"
        case .name, .firstName, .lastName: "name"
        case .choice(let slot): slot
        }
    }
}

/// A value found in a sentence.
package struct Entity: Sendable, Equatable {
    package var kind: EntityKind
    /// Normalised, see ``EntityKind``.
    package var value: String
    /// The words it was found in.
    package var range: Range<Int>
    /// The caller said that this is *not* it ("not thursday").
    package var isNegated = false
}
