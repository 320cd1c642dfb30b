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
    /// Of what could not be taken up, which is said once.
    private var refused: [Int]?

    /// - Parameter tls: files that are read after this: what changes meanwhile is then taken up at the next look.
    init(_ tls: ServerTLSConfiguration, logger: Logger) {
        self.tls = tls
        self.logger = logger
        stamp = tls.stamp
    }

    /// Looks once.
    ///
    /// - Parameter renew: takes up what is in the files.
    /// - Returns: whether another certificate, which fits its key, was taken up. Files that are being written, do not fit or
    ///   could not be taken up are looked at again.
    mutating func look(_ renew: () async throws -> Void = {}) async -> Bool {
        guard let now = tls.stamp, now != stamp else { return false }
        do {
            let rest = try tls.look()
            guard rest > .zero else {
                stamp = now
                logger.error(
                    "a changed certificate has ended already; the one before stays",
                    metadata: ["file": "\(tls.certificateFile)"])
                return false
            }
            try await renew()
            stamp = now
            logger.notice(
                "a renewed certificate is taken up",
                metadata: ["file": "\(tls.certificateFile)", "days": "\(rest.days)"])
            return true
        } catch {
            if now != refused {
                logger.error(
                    "a changed certificate is not taken up; the one before stays",
                    metadata: ["reason": "\(error)"])
            }
            refused = now
            return false
        }
    }

    /// Looks until it is cancelled.
    mutating func run(pause: Duration = Self.pause, renew: () async throws -> Void) async {
        while (try? await Task.sleep(for: pause)) != nil { _ = await look(renew) }
    }
}

extension Duration {
    /// Whole days.
    var days: Int { Int(self / .seconds(86_400)) }
}
