import Foundation
import Networking
import Telephony
import Testing

@testable import Service

/// Carriers whose sockets prove themselves by a signature in the upgrade.
@Suite("Media sockets that are signed wrongly")
struct RefusedMediaTests {
    private static let silent = DialectCaller.Script(opening: [], frame: { _ in nil }, isAudio: { _ in false })

    @Test("of Genesys are refused, counted and logged: without a signature, and with one that is another's")
    func genesys() async throws {
        try await ServiceUnderTest.run(configure: { configuration, _ in
            configuration.carriers.genesysToken = Secret("s3cret")
            configuration.carriers.genesysClientSecret = Secret(Data("a client secret".utf8).base64EncodedString())
        }) { test in
            let url = "ws://127.0.0.1:\(test.port)/genesys/media"
            let forged = [
                ("X-API-KEY", "s3cret"), ("Signature-Input", "sig1=(\"x-api-key\");keyid=\"s3cret\""),
                ("Signature", "sig1=:AAAA:"),
            ]
            for headers in [Array(forged.prefix(1)), forged] {
                let story = await DialectCaller(Self.silent)
                    .hold(WebSocketRequest(url: url, headers: headers), on: test.loop)
                #expect(story.reason.contains("401"), "\(story.reason)")
            }
            for (fault, reason) in [
                ("missing", "there is no signature"), ("mismatch", "the signature does not match"),
            ] {
                let refusals = try await test.refusals("genesys", fault)
                #expect(refusals == 1, "\(fault)")
                #expect(test.log.contains("media stream refused", "carrier=genesys", reason), "\(reason)")
            }
            #expect(!test.log.contains("s3cret"))
        }
    }

    @Test("of Twilio are refused, counted and logged")
    func twilio() async throws {
        try await ServiceUnderTest.run { test in
            let story = await DialectCaller(Self.silent).hold(
                WebSocketRequest(
                    url: "ws://127.0.0.1:\(test.port)/twilio/media", headers: [("X-Twilio-Signature", "AAAA")]),
                on: test.loop)
            #expect(story.reason.contains("403"), "\(story.reason)")
            let refusals = try await test.refusals("twilio", "mismatch")
            #expect(refusals == 1)
            #expect(test.log.contains("media stream refused", "carrier=twilio", "the signature of the upgrade"))
        }
    }
}
