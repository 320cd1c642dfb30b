import Crypto
import Foundation

/// The ids of a call's trace and of its spans.
///
/// All are derived from the call's own id, which is random: whatever tells of a call (a node, the outbox after a restart)
/// names the same trace without having been told.
struct TraceIdentity: Sendable, Equatable {
    private let callID: String
    /// 32 hexadecimal digits.
    let traceID: String

    init(callID: String) {
        self.callID = callID
        traceID = Self.hex(of: "parley trace \(callID)", bytes: 16)
    }

    /// The span of the whole call, 16 hexadecimal digits.
    var root: String { span("call") }

    /// The id of a span within the trace; the same for the same name.
    func span(_ name: String) -> String { Self.hex(of: "parley span \(callID) \(name)", bytes: 8) }

    /// What a receiver continues the trace by (W3C Trace Context, level 1), below the call's span.
    func traceparent(isSampled: Bool) -> String { "00-\(traceID)-\(root)-\(isSampled ? "01" : "00")" }

    private static func hex(of text: String, bytes: Int) -> String {
        let digest = Array(SHA256.hash(data: Data(text.utf8)).prefix(bytes))
        let digits = Array("0123456789abcdef")
        return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
