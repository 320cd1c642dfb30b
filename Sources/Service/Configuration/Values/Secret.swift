/// A value that must not be seen: it prints as a placeholder wherever it ends up.
package struct Secret: Sendable, Equatable, ExpressibleByStringLiteral {
    /// The secret itself, for the one place that needs it.
    package let value: String

    package init(_ value: String) { self.value = value }

    package init(stringLiteral value: String) { self.init(value) }

    /// What is shown in a secret's place.
    package static let placeholder = "<redacted>"
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { Self.placeholder }
    package var debugDescription: String { Self.placeholder }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
