import Foundation
import Logging
import Networking

/// Takes up a certificate that was renewed: looks at its files again and again, and hands on what is new and fits together.
struct CertificateWatch: Sendable {
    /// Between two looks.
    static let pause = Duration.seconds(30)
    /// A certificate that ends sooner is warned of.
    static let soon = Duration.seconds(14 * 86_400)

    private let tls: ServerTLSConfiguration
    private let logger: Logger
    private var stamp: [Int]?

    init(_ tls: ServerTLSConfiguration, logger: Logger) {
        self.tls = tls
        self.logger = logger
        stamp = tls.stamp
    }

    /// Looks once.
    ///
    /// - Returns: whether there is another certificate, which fits its key. Files that are being written, or do not fit, are
    ///   looked at again when they change.
    mutating func look() -> Bool {
        guard let now = tls.stamp, now != stamp else { return false }
        stamp = now
        do {
            let rest = try tls.look()
            guard rest > .zero else {
                logger.error(
                    "a changed certificate has ended already; the one before stays",
                    metadata: ["file": "\(tls.certificateFile)"])
                return false
            }
            logger.notice(
                "a renewed certificate is taken up",
                metadata: ["file": "\(tls.certificateFile)", "days": "\(rest.days)"])
            return true
        } catch {
            logger.error(
                "a changed certificate is not taken up; the one before stays",
                metadata: ["reason": "\(error)"])
            return false
        }
    }

    /// Looks until it is cancelled.
    mutating func run(pause: Duration = Self.pause, renew: () async -> Void) async {
        while (try? await Task.sleep(for: pause)) != nil {
            if look() { await renew() }
        }
    }
}

extension Duration {
    /// Whole days.
    var days: Int { Int(self / .seconds(86_400)) }
}
