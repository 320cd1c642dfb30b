import Foundation
import Networking
import Store
import Telephony
import Testing

@testable import Service

@Suite("Webhooks of the carrier")
struct WebhookTests {
    private static let paths = ["/twilio/voice", "/twilio/status", "/twilio/after-stream"]
    private static let account = "AC" + String(repeating: "a", count: 32)

    @Test("without a signature, or with a wrong one, they are refused, and the log says why")
    func signatures() async throws {
        try await ServiceUnderTest.run { test in
            for path in Self.paths {
                let unsigned = try await test.post(path, ["CallSid": "CA1"], signed: false)
                #expect(unsigned.status == 403)
                #expect(test.log.contains("webhook refused", "path=\(path)", "reason=there is no x-twilio-signature"))
                let forged = try await test.post(path, ["CallSid": "CA1"], signature: "AAAAAAAAAAAAAAAAAAAAAAAAAAA=")
                #expect(forged.status == 403)
                #expect(forged.text.contains("public.url"))
                #expect(test.log.contains("webhook refused", "path=\(path)", "reason=the signature does not match"))
            }
            let name = "parley_carrier_webhooks_refused_total"
            #expect(try await test.metric(name + #"{carrier="twilio",reason="missing"}"#) == 3)
            #expect(try await test.metric(name + #"{carrier="twilio",reason="mismatch"}"#) == 3)
            #expect(try await test.metric(name + #"{carrier="telnyx",reason="mismatch"}"#) == 0)
            // What was refused has announced nothing, and the right signature still counts.
            #expect(try await test.call("CA1", saying: ["no thank you"]).contains("1000"))
        } afterwards: { store, _ in
            let calls = try await store.calls().calls
            #expect(calls.map(\.carrierCallID) == ["CA1"])
        }
    }

    @Test("where no secret of the carrier is configured nothing is accepted, whatever it is signed with")
    func noSecret() async throws {
        try await ServiceUnderTest.run(configure: { configuration, _ in
            configuration.carriers.twilio.authToken = nil
        }) { test in
            for path in Self.paths {
                let unsigned = try await test.post(path, ["CallSid": "CA1"], signed: false)
                let signed = try await test.post(path, ["CallSid": "CA1"])
                let url = "http://127.0.0.1:\(test.port)\(path)"
                let form = FormBody([FormBody.Field("CallSid", "CA1")])
                let emptyKey = try await test.post(
                    path, ["CallSid": "CA1"], signature: TwilioSignature(authToken: "").sign(url: url, form: form))
                for answer in [unsigned, signed, emptyKey] { #expect(answer.status == 403) }
            }
            #expect(test.log.contains("webhook refused", "reason=carriers.twilio.auth_token is not set"))
            #expect(
                try await test.metric(#"parley_carrier_webhooks_refused_total{carrier="twilio",reason="unset"}"#) == 9)
        } afterwards: { store, _ in
            let calls = try await store.calls().calls
            #expect(calls.isEmpty)
        }
    }

    @Test("of another account they are refused although the signature is right, where the account is configured")
    func otherAccount() async throws {
        try await ServiceUnderTest.run(configure: { configuration, _ in
            configuration.carriers.twilio.accountSID = Self.account
        }) { test in
            for path in Self.paths {
                let other = try await test.post(path, ["CallSid": "CA1", "AccountSid": "AC1"])
                let none = try await test.post(path, ["CallSid": "CA1"])
                #expect(other.status == 403)
                #expect(none.status == 403)
                #expect(test.log.contains("path=\(path)", "reason=AccountSid is AC1, not carriers.twilio.account_sid"))
                #expect(test.log.contains("path=\(path)", "reason=there is no AccountSid"))
            }
            let own = try await test.post("/twilio/voice", ["CallSid": "CA1", "AccountSid": Self.account])
            #expect(own.status == 200)
            #expect(own.text.contains("<Stream"))
        }
    }

    @Test("sent again they announce the same call: one place is taken, and one call is held and stored")
    func retried() async throws {
        try await ServiceUnderTest.run(configure: { configuration, _ in
            configuration.calls.maximum = 2
        }) { test in
            _ = try await test.announce("CA1")
            _ = try await test.announce("CA1")
            let again = try await test.announce("CA1")
            let other = try await test.announce("CA2")
            let third = try await test.post("/twilio/voice", ["CallSid": "CA3"])
            #expect(third.text.contains("<Reject reason=\"busy\"/>"))
            async let first = TestCaller(saying: ["no thank you"], on: test.loop).hold(again)
            async let second = TestCaller(saying: ["no thank you"], on: test.loop).hold(other)
            #expect(await first.contains("1000"))
            #expect(await second.contains("1000"))
            // The token is good for one stream.
            #expect(await TestCaller(saying: [], on: test.loop).hold(again).contains("the token was used before"))
        } afterwards: { store, _ in
            let calls = try await store.calls().calls.map { $0.carrierCallID ?? "" }
            #expect(calls.sorted() == ["CA1", "CA2"])
        }
    }

    @Test("that are no form, of another method or to another place are told so")
    func malformed() async throws {
        try await ServiceUnderTest.run { test in
            let noCall = try await test.post("/twilio/voice", ["From": "+15550100"])
            #expect(noCall.status == 400 && noCall.text.contains("CallSid"))
            let many = try await test.post(
                "/twilio/voice", Dictionary(uniqueKeysWithValues: (0..<300).map { ("f\($0)", "") }))
            #expect(many.status == 400 && many.text.contains("256 fields"))
            let nowhere = try await test.post("/healthz", [:])
            #expect(nowhere.status == 404)
            let get = try await test.client.send(
                HTTPClientRequest(method: "GET", url: "http://127.0.0.1:\(test.port)/twilio/voice"))
            #expect(get.status == 405)
        }
    }
}
