/// A whole Parley of its own beside others in one process: configuration, database, keys, agents, ports.
package struct Tenant: Sendable {
    /// Of its file, without the ending.
    package let name: String
    /// Where its configuration is.
    package let file: String
    package let loaded: LoadedConfiguration
    /// The variables that its configuration and the files of its tools may name.
    package let environment: [String: String]

    package var configuration: ParleyConfiguration {
        var configuration = loaded.configuration
        configuration.tenant = name
        return configuration
    }

    /// Lower-case letters and digits, in parts with one hyphen between them, 64 at most: so that no name's variables can be
    /// read as another's.
    static func isName(_ text: String) -> Bool {
        text.count <= 64 && text.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil
    }
}
