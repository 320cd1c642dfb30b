import Foundation
import Testing

@testable import Service

@Suite("Signatures of Standard Webhooks")
struct WebhookSignatureTests {
    private let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private let payload = #"{"test": 2432232314}"#
    private let moment = Date(timeIntervalSince1970: 1_614_265_330)

    @Test("are those of the specification's own example")
    func vector() {
        let headers = WebhookSignature(secrets: [secret]).headers(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", payload: payload, at: moment)
        #expect(headers.map(\.0) == ["webhook-id", "webhook-timestamp", "webhook-signature"])
        #expect(
            headers.map(\.1) == [
                "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            ])
    }

    @Test("there are two of them while a secret is changed, the newer one's first")
    func rotation() {
        let other = WebhookSignature.makeSecret()
        let both = WebhookSignature(secrets: [other, secret]).headers(id: "m", payload: payload, at: moment)[2].1
        let old = WebhookSignature(secrets: [secret]).headers(id: "m", payload: payload, at: moment)[2].1
        #expect(both.split(separator: " ").count == 2 && both.hasSuffix(" " + old))
    }

    @Test("a secret has the prefix and 24 to 64 bytes")
    func secrets() {
        for bad in ["", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_a2V5", "whsec_not base64 at all!!"] {
            #expect(WebhookSignature.key(of: bad) == nil, "\(bad)")
        }
        let made = (0..<20).map { _ in WebhookSignature.makeSecret() }
        #expect(Set(made).count == 20 && made.allSatisfy { WebhookSignature.key(of: $0)?.count == 32 })
        #expect(WebhookSignature.key(of: "whsec_" + Data(count: 65).base64EncodedString()) == nil)
    }
}
