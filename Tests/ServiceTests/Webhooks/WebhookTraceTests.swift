import Foundation
import Logging
import Networking
import Store
import Testing

@testable import Service

@Suite("Events and the trace of a call")
struct WebhookTraceTests {
    private static let call = "c0123456789abcdef"
    /// Ids of attempts look like those of calls.
    private static let attempt = "c1123456789abcdef"

    @Test(
        "what tells of a call continues its trace; an attempt that came to none has no trace",
        arguments: [
            (.callEnded, call, call, true), (.attemptFinished, call, attempt, true),
            (.attemptFinished, attempt, attempt, false), (.versionBurnt, "version_desk", "3", false),
        ] as [(WebhookEvent, String, String, Bool)])
    func trace(event: WebhookEvent, stream: String, subject: String, continues: Bool) throws {
        var configuration = ParleyConfiguration()
        configuration.telemetry.url = "http://127.0.0.1:4318"
        let logger = Logger(label: "test")
        let traces = try #require(CallTraces(configuration, node: "n1", logger: logger))
        let sender = WebhookSender(client: HTTPClient(logger: logger), traces: traces)
        let delivery = WebhookDelivery(
            sequence: 1, id: "msg_1", endpoint: "desk", event: event.rawValue, stream: stream, subject: subject,
            happenedAt: Date(timeIntervalSince1970: 0))
        let expected = continues ? [traces.traceparent(ofCall: Self.call)] : []
        #expect(sender.trace(of: delivery).map(\.1) == expected)
    }
}
