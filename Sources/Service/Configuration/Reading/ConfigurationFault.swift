/// One thing wrong with the configuration.
package struct ConfigurationFault: Sendable, Equatable, CustomStringConvertible {
    package let origin: ConfigurationOrigin
    /// The dotted path of the key, `public.port`; empty for faults of the file as a whole.
    package let key: String
    /// The text that was given; nil where none was, or where it is a secret.
    package let value: String?
    /// What is wrong, and what would be right.
    package let reason: String

    package init(_ origin: ConfigurationOrigin, key: String = "", value: String? = nil, _ reason: String) {
        self.origin = origin
        self.key = key
        self.value = value
        self.reason = reason
    }

    package var description: String {
        let place = origin == .standard ? "" : "\(origin): "
        if key.isEmpty { return place + reason }
        if let value { return "\(place)`\(key)` is `\(value)`: \(reason)" }
        return "\(place)`\(key)`: \(reason)"
    }
}

extension ConfigurationFault {
    /// The order of messages: down the file, then everything else by key.
    static func comesBefore(_ a: Self, _ b: Self) -> Bool {
        switch (a.origin, b.origin) {
        case (.file(_, let line, let column), .file(_, let otherLine, let otherColumn)):
            (line, column) < (otherLine, otherColumn)
        case (.file, _): true
        case (_, .file): false
        default: a.key < b.key
        }
    }
}
