import Testing

@testable import Service

@Suite("The count of webhooks that are not believed")
struct WebhookRefusalsTests {
    @Test("has a number for each carrier and reason from the start, and one more for each refusal")
    func counted() {
        let refusals = WebhookRefusals()
        refusals.watch("twilio")
        #expect(refusals.samples.count == WebhookFault.allCases.count)
        #expect(refusals.samples.allSatisfy { $0.value == 0 })
        refusals.add(.mismatch, of: "twilio")
        refusals.add(.mismatch, of: "twilio")
        refusals.add(.stale, of: "telnyx")
        // Watching again takes nothing back.
        refusals.watch("twilio")
        #expect(refusals.samples.map(\.value).sorted().suffix(2) == [1, 2])
        #expect(refusals.samples.count == WebhookFault.allCases.count + 1)
    }
}
