/// One key as it is in effect.
package struct EffectiveSetting: Sendable, Equatable {
    /// The names from the root down.
    package let path: [String]
    /// Nil when the key has no value; a placeholder when it is secret.
    package let value: String?
    package let origin: ConfigurationOrigin
    package let isSecret: Bool

    /// The dotted path.
    package var key: String { path.joined(separator: ".") }
}
