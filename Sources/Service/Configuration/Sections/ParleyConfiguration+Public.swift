package import Networking

extension ParleyConfiguration {
    /// The listener that carriers reach: webhooks and media.
    package struct Public: Sendable, Equatable {
        package var host = "127.0.0.1"
        /// 0 takes a free port.
        package var port = 8081
        /// The address under which carriers reach this listener, without a slash at the end; nil derives it from where it
        /// listens.
        package var url: String?
        /// The address under which carriers reach this node alone, where several share ``url``; without a slash at the end.
        package var nodeURL: String?
        package var auth = Authentication.signature
        /// How long after the webhook's answer the media connection may claim its call.
        package var tokenLifetime = Duration.seconds(60)
        package var maximumConnections = 2000
        package var tls = TransportSecurity()

        /// How a carrier proves who it is.
        package enum Authentication: String, Sendable, CaseIterable {
            /// Webhooks carry the carrier's signature, media connections the token that the webhook's answer gave.
            case signature
            /// Nobody proves anything. For load drivers on the same machine.
            case none
        }

        /// PEM files; both or none.
        package struct TransportSecurity: Sendable, Equatable {
            package var certificate: String?
            package var key: String?

            package var isEnabled: Bool { files != nil }

            /// Nil where it is plain.
            package var files: ServerTLSConfiguration? {
                guard let certificate, let key else { return nil }
                return ServerTLSConfiguration(certificateFile: certificate, privateKeyFile: key)
            }
        }

        /// The base URL for signatures and for the addresses in answers to carriers.
        ///
        /// - Parameter boundPort: the port that the listener really has, which differs from ``port`` when that is 0.
        package func baseURL(boundPort: Int) -> String {
            if let url { return url }
            let name = host.contains(":") ? "[\(host)]" : host
            return "\(tls.isEnabled ? "https" : "http")://\(name):\(boundPort)"
        }

        /// Whether only this machine can connect.
        package var isLoopback: Bool { LoopbackAddress.isLoopback(host) }
    }
}
