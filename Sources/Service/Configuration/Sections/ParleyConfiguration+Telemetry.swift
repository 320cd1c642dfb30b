import Foundation
package import Networking

extension ParleyConfiguration {
    /// Where traces of calls go; nowhere unless told.
    package struct Telemetry: Sendable, Equatable {
        /// The collector's OTLP/HTTP receiver, without `/v1/traces`.
        package var url: String?
        /// `name=value` with commas between.
        package var headers: Secret?
        /// Addresses that may be connected to although they are not of the public internet.
        package var allowedAddresses: [AddressBlock] = []
        /// Of calls that are traced, 0...1.
        package var sampleRatio = 1.0
        /// For the whole of one request.
        package var timeout = Duration.seconds(10)
        /// What the service is called there.
        package var serviceName = "parley"

        package init() {}

        var tracesURL: String { (url ?? "") + "/v1/traces" }

        var headerFields: [(String, String)] { headers.flatMap { Self.fields($0.value) } ?? [] }

        var isPlainRemote: Bool {
            guard let url, url.lowercased().hasPrefix("http://"), let host = URLComponents(string: url)?.host else {
                return false
            }
            return !LoopbackAddress.isLoopback(host)
        }

        /// The headers of a text as in OTEL_EXPORTER_OTLP_HEADERS; nil where it is none.
        static func fields(_ text: String) -> [(String, String)]? {
            var fields: [(String, String)] = []
            for part in text.split(separator: ",") {
                let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard pair.count == 2, let value = pair[1].removingPercentEncoding else { return nil }
                let name = pair[0].trimmingCharacters(in: .whitespaces)
                let isToken =
                    !name.isEmpty
                    && name.utf8.allSatisfy {
                        $0 > 0x20 && $0 < 0x7F && !"\"(),/:;<=>?@[\\]{}".utf8.contains($0)
                    }
                let trimmed = value.trimmingCharacters(in: .whitespaces)
                guard isToken, trimmed.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
                fields.append((name, trimmed))
            }
            return fields.isEmpty ? nil : fields
        }
    }
}
