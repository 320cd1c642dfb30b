import Foundation
package import Networking

extension ParleyConfiguration {
    /// Who is told what happens, and how hard it is tried.
    package struct Webhooks: Sendable, Equatable {
        /// Endpoints by the name that deliveries carry.
        package var endpoints: [String: Endpoint] = [:]
        /// Addresses that may be connected to although they are not of the public internet.
        package var allowedAddresses: [AddressBlock] = []
        /// Requests under way at a time, to all endpoints.
        package var concurrency = 16
        /// After the first failure; doubles with each.
        package var firstRetry = Duration.seconds(5)
        package var longestRetry = Duration.seconds(3600)
        /// From the event on.
        package var giveUpAfter = Duration.seconds(86_400)
        /// Days that finished deliveries are kept.
        package var retentionDays = 30

        /// Those that are told anything.
        var enabled: [String: Endpoint] { endpoints.filter { $0.value.isEnabled } }

        package struct Endpoint: Sendable, Equatable {
            package var url = ""
            /// `whsec_` and the key in base64.
            package var secret: Secret?
            /// The one before, for as long as the receiver may still know only that.
            package var previousSecret: Secret?
            package var events = EventNames(WebhookEvent.subscribable)
            package var isEnabled = true
            /// For the whole of one attempt.
            package var timeout = Duration.seconds(10)
            /// Whether what was said, and telephone numbers, are told.
            package var showsPersonalData = true

            package init() {}

            /// Without what may be a secret in its query.
            package var address: String { String(url.prefix { $0 != "?" }) }

            package var isPlainRemote: Bool {
                guard url.lowercased().hasPrefix("http://"), let host = URLComponents(string: url)?.host else {
                    return false
                }
                return !LoopbackAddress.isLoopback(host)
            }
        }

        /// The events that an endpoint is told.
        package struct EventNames: Sendable, Equatable {
            package var events: [WebhookEvent]

            package init(_ events: [WebhookEvent]) { self.events = events }

            package func contains(_ event: WebhookEvent) -> Bool { events.contains(event) }
        }
    }
}
