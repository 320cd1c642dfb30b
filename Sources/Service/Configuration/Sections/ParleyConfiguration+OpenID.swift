import Foundation

extension ParleyConfiguration.Private {
    /// An identity provider that people sign in to the console with.
    package struct OpenID: Sendable, Equatable {
        /// As the provider writes itself, to the letter; nil where nobody signs in so.
        package var issuer: String?
        package var clientID: String?
        package var clientSecret: Secret?
        /// What the console calls it.
        package var name = "your organisation"
        package var scopes = "openid profile email"
        /// What says which roles somebody has; members of members have dots between.
        package var claim = "groups"
        package var viewers: [String] = []
        package var operators: [String] = []
        package var builders: [String] = []
        package var admins: [String] = []

        package init() {}

        /// Whether what is told there stays between us and it: https, or on this machine.
        static func isSafe(_ address: String) -> Bool {
            guard let parts = URLComponents(string: address), let host = parts.host, !host.isEmpty,
                parts.user == nil, parts.password == nil, parts.fragment == nil
            else { return false }
            let scheme = parts.scheme?.lowercased()
            return scheme == "https" || scheme == "http" && LoopbackAddress.isLoopback(host)
        }
    }
}
