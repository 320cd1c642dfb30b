/// What a signature says of the record of a decision.
package enum DecisionVerdict: Sendable, Equatable {
    /// There is none: it was made without a key, or was taken away.
    case unsigned
    /// The record is as it was signed, with this key.
    case holds(key: String)
    /// The record, or the signature, was changed afterwards.
    case changed(key: String)
    /// It was made with a key that is not known here.
    case unknownKey(String)
    /// What stands in its place is no signature.
    case unreadable
}

extension DecisionVerdict: Encodable {
    private enum CodingKeys: String, CodingKey {
        case state, key
    }

    /// `state` is `unsigned`, `holds`, `changed`, `unknown_key` or `unreadable`; `key` is its id.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        let (state, key): (String, String?) =
            switch self {
            case .unsigned: ("unsigned", nil)
            case .holds(let key): ("holds", key)
            case .changed(let key): ("changed", key)
            case .unknownKey(let key): ("unknown_key", key)
            case .unreadable: ("unreadable", nil)
            }
        try container.encode(state, forKey: .state)
        try container.encodeIfPresent(key, forKey: .key)
    }
}
