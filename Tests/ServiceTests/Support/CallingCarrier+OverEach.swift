import Service
import TestSupport
import Testing

extension ParleyConfiguration.CallingCarrier {
    /// Does something over every carrier, some at the same time, each with a service, a sandbox and ports of its own: most of it
    /// is waiting.
    ///
    /// - Parameters:
    ///   - carriers: all of them, unless told otherwise.
    ///   - width: how many at a time: with more of them two cores are late, and people hang up before they have heard.
    ///   - body: what goes wrong in it must name the carrier.
    static func overEach(
        of carriers: [Self] = Self.allCases, atMost width: Int = 3,
        _ body: @escaping @Sendable (Self) async throws -> Void
    ) async {
        await AtOnce.each(carriers, atMost: width, body, failed: { Issue.record($1, "over \($0)") })
    }
}
