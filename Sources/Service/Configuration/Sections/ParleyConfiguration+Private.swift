import Foundation

extension ParleyConfiguration {
    /// The listener for operators: health, metrics and the API.
    package struct Private: Sendable, Equatable {
        package var host = "127.0.0.1"
        /// 0 takes a free port.
        package var port = 8080
        /// Requests that a key may make in a second, once its burst is used up.
        package var requestsPerSecond = 300.0
        /// Requests that a key may make at once.
        package var burst = 600
        package var tls = Public.TransportSecurity()
        /// Where browsers reach the console, without a slash at the end; nil where nobody needs to know.
        package var url: String?
        package var openID = OpenID()

        /// Whether only this machine can connect.
        package var isLoopback: Bool { LoopbackAddress.isLoopback(host) }

        /// Whether browsers reach the console over TLS: ours, or a proxy's before us. Then cookies go over TLS only.
        var isSecure: Bool {
            tls.isEnabled || url.flatMap { URLComponents(string: $0)?.scheme?.lowercased() } == "https"
        }

        package init() {}
    }
}
