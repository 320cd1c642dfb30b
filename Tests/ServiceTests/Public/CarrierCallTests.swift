import Crypto
import Foundation
import Networking
import Store
import Telephony
import Testing

@testable import Service

/// Whole calls in each carrier's own words: webhook, answer, media socket, what comes after.
@Suite("Calls of other carriers")
struct CarrierCallTests {
    private static let key = Curve25519.Signing.PrivateKey()
    private static let silence = Data(repeating: 0xFF, count: 160).base64EncodedString()
    private static let linearSilence = [UInt8](repeating: 0, count: 320)

    private struct Answer {
        var status: Int
        var text: String
    }

    /// Posts a webhook as the carrier signs it.
    private static func post(
        _ test: ServiceUnderTest, _ carrier: String, _ action: String, _ call: String, status: String = "",
        isSigned: Bool = true
    ) async throws -> Answer {
        let url = "http://127.0.0.1:\(test.port)/\(carrier)/\(action)"
        let fields = FormBody(
            [carrier == "plivo" ? "CallUUID" : "CallSid", "From", "To"].enumerated().map {
                FormBody.Field($1, [call, "+15550100", "+15550199"][$0])
            })
        var body = fields.encoded()
        var headers = [("content-type", "application/x-www-form-urlencoded")]
        let now = Duration.seconds(Date().timeIntervalSince1970)
        switch carrier {
        case "telnyx":
            let time = "\(now.components.seconds)"
            let signature = try key.signature(for: Array("\(time)|".utf8) + body)
            headers += [
                (TelnyxSignature.header, Data(signature).base64EncodedString()), (TelnyxSignature.timeHeader, time),
            ]
        case "plivo":
            let signature = PlivoSignature(authToken: "plivo-secret").sign(url: url, form: fields, nonce: "n1")
            headers += [(PlivoSignature.header, signature), (PlivoSignature.nonceHeader, "n1")]
        case "signalwire":
            let signature = TwilioSignature(authToken: "signalwire-secret").sign(url: url, form: fields)
            headers += [(SignalWireCarrier.header, signature)]
        default:
            body = Array(
                #"{"conversation_uuid":"\#(call)","uuid":"leg","from":"15550100","to":"15550199","status":"\#(status)"}"#
                    .utf8)
            let token = VonageSignature(secret: "vonage-secret").token(body: body, id: "j", now: now)
            headers = [("content-type", "application/json"), ("authorization", "Bearer \(token)")]
        }
        if !isSigned { headers.removeLast() }
        let response = try await test.client.send(
            HTTPClientRequest(method: "POST", url: url, headers: headers, body: body))
        let text = String(decoding: try await response.body.collect(upTo: 100_000), as: UTF8.self)
        return Answer(status: response.status, text: text)
    }

    private static func script(_ carrier: String, call: String) -> DialectCaller.Script {
        let isMedia: @Sendable (String?) -> Bool = { $0?.contains("payload") == true }
        let silence = silence
        switch carrier {
        case "telnyx":
            return .init(
                opening: [
                    .text(#"{"event":"connected","version":"1.0.0"}"#),
                    .text(
                        #"{"event":"start","stream_id":"s","start":{"call_control_id":"\#(call)","media_format":{"encoding":"PCMU","sample_rate":8000,"channels":1}}}"#
                    ),
                ],
                frame: { number in
                    // Every other pair of messages overtakes each other.
                    let chunk = number % 4 == 1 ? number + 2 : number % 4 == 2 ? number : number + 1
                    return .text(
                        #"{"event":"media","stream_id":"s","media":{"track":"inbound","chunk":"\#(chunk)","timestamp":"\#(chunk * 20)","payload":"\#(silence)"}}"#
                    )
                }, isAudio: isMedia, goodbye: [.text(#"{"event":"stop","stream_id":"s"}"#)])
        case "plivo":
            return .init(
                opening: [
                    .text(
                        #"{"event":"start","sequenceNumber":0,"start":{"callId":"\#(call)","streamId":"s","mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000}}}"#
                    )
                ],
                frame: { number in
                    .text(
                        #"{"event":"media","streamId":"s","media":{"timestamp":"\#(1_700_000_000_000 + number * 20)","payload":"\#(silence)"}}"#
                    )
                }, isAudio: isMedia)
        case "signalwire":
            return .init(
                opening: [
                    .text(#"{"event":"connected","version":"0.2.0"}"#),
                    .text(#"{"event":"start","streamSid":"s","start":{"callSid":"\#(call)"}}"#),
                ],
                frame: { number in
                    .text(
                        #"{"event":"media","media":{"track":"inbound","timestamp":"\#(number * 20)","payload":"\#(silence)"}}"#
                    )
                }, isAudio: isMedia, goodbye: [.text(#"{"event":"stop"}"#)])
        default:
            let frame = linearSilence
            return .init(
                opening: [.text(#"{"event":"websocket:connected","content-type":"audio/l16;rate=8000"}"#)],
                frame: { _ in .binary(frame) }, isAudio: { $0 == nil })
        }
    }

    @Test(
        "are announced by a signed webhook, held over their own socket, and asked about afterwards",
        arguments: ["telnyx", "plivo", "signalwire", "vonage"])
    func webhooks(carrier: String) async throws {
        try await ServiceUnderTest.run(configure: { configuration, _ in
            configuration.carriers.telnyxPublicKey = Data(Self.key.publicKey.rawRepresentation).base64EncodedString()
            configuration.carriers.plivoAuthToken = Secret("plivo-secret")
            configuration.carriers.vonageSignatureSecret = Secret("vonage-secret")
            configuration.carriers.signalWireSigningKey = Secret("signalwire-secret")
        }) { test in
            let call = "v3:call/1 \(carrier)"
            let unsigned = try await Self.post(test, carrier, "voice", call, isSigned: false)
            #expect(unsigned.status == 403)
            #expect(test.log.contains("webhook refused", "path=/\(carrier)/voice"))

            let answer = try await Self.post(test, carrier, "voice", call)
            #expect(answer.status == 200)
            let start = try #require(answer.text.range(of: "ws://"))
            let url = String(answer.text[start.lowerBound...].prefix { !"\"< ".contains($0) })
            #expect(url.hasPrefix("ws://127.0.0.1:\(test.port)/\(carrier)/media/"), "\(answer.text)")

            // Another token opens nothing.
            let forged = await DialectCaller(Self.script(carrier, call: call))
                .hold(WebSocketRequest(url: url + "0"), on: test.loop)
            #expect(forged.reason.contains("1008"), "\(forged.reason)")
            #expect(test.log.contains("media stream refused", "carrier=\(carrier)", "the token is not for this call"))

            let story = await DialectCaller(Self.script(carrier, call: call))
                .hold(WebSocketRequest(url: url), on: test.loop)
            #expect(story.audioMessages >= 3, "\(story)")
            if carrier == "vonage" { #expect(Set(story.sizes) == [320]) }

            // The same webhook again, once the call was taken, changes nothing.
            let again = try await Self.post(test, carrier, "voice", call)
            #expect(!again.text.contains("ws://"), "\(again.text)")
            let replay = await DialectCaller(Self.script(carrier, call: call))
                .hold(WebSocketRequest(url: url), on: test.loop)
            #expect(replay.reason.contains("used before"), "\(replay.reason)")
            let refusals = try await test.refusals(carrier, "stale")
            #expect(refusals == 1)

            let afterwards = try await Self.post(test, carrier, "after-stream", call, status: "disconnected")
            #expect(carrier == "vonage" ? afterwards.text == "[]" : afterwards.text.contains("<Hangup/>"))
            #expect(try await Self.post(test, carrier, "status", call, isSigned: false).status == 403)
            #expect(try await Self.post(test, carrier, "status", call).status == 204)
            // The forged token, and what two webhooks without a signature show.
            let unproven = ["missing", "mismatch"]
            var count = 0.0
            for fault in unproven { count += try await test.refusals(carrier, fault) }
            #expect(count == 3)
        } afterwards: { store, _ in
            let calls = try await store.calls().calls
            #expect(calls.map(\.carrier) == [carrier])
            #expect(calls.first?.from == "+15550100" && calls.first?.to == "+15550199")
            #expect(calls.first?.carrierCallID == "v3:call/1 \(carrier)")
        }
    }

    @Test(
        "that ask nothing beforehand show their secret when they connect, and are refused without it",
        arguments: ["exotel", "jambonz", "asterisk", "genesys", "audiofork", "audiostream"])
    func tokens(carrier: String) async throws {
        try await ServiceUnderTest.run(configure: { configuration, _ in
            configuration.carriers.exotelToken = Secret("s3cret")
            configuration.carriers.jambonzToken = Secret("s3cret")
            configuration.carriers.asteriskToken = Secret("s3cret")
            configuration.carriers.genesysToken = Secret("s3cret")
            configuration.carriers.audioForkToken = Secret("s3cret")
            configuration.carriers.audioStreamToken = Secret("s3cret")
        }) { test in
            let url = "ws://127.0.0.1:\(test.port)/\(carrier)/media"
            for query in ["", "?token=", "?token=s3cre", "?token=s3cret2"] {
                let story = await DialectCaller(Self.connecting(carrier))
                    .hold(WebSocketRequest(url: url + query), on: test.loop)
                #expect(story.reason.contains("401") && story.audioMessages == 0, "\(story.reason)")
            }
            for (fault, reason) in [("missing", "there is no token"), ("mismatch", "the token is not carriers.")] {
                let refusals = try await test.refusals(carrier, fault)
                #expect(refusals == 2, "\(fault)")
                #expect(test.log.contains("media stream refused", "carrier=\(carrier)", reason), "\(reason)")
            }
            #expect(!test.log.contains("s3cre"))
            let basic = Data("anyone:s3cret".utf8).base64EncodedString()
            let shown: [WebSocketRequest] = [
                WebSocketRequest(url: url + "?token=s3cret", subprotocols: Self.subprotocols(carrier)),
                WebSocketRequest(
                    url: url, headers: [("Authorization", "Basic \(basic)")], subprotocols: Self.subprotocols(carrier)),
                WebSocketRequest(
                    url: url, headers: [("X-API-KEY", "s3cret")], subprotocols: Self.subprotocols(carrier)),
            ]
            for request in shown {
                let story = await DialectCaller(Self.connecting(carrier)).hold(request, on: test.loop)
                #expect(story.audioMessages >= 3, "\(story)")
                if carrier == "audiofork" { #expect(story.sizes.allSatisfy { $0 >= 1280 }, "\(story.sizes)") }
                if carrier == "genesys" { #expect(story.texts.first?.contains(#""type":"opened""#) == true) }
            }
        } afterwards: { store, _ in
            let calls = try await store.calls().calls
            #expect(calls.map(\.carrier) == [carrier, carrier, carrier])
            for call in calls {
                let story = try await store.story(ofCall: call.id)
                // These peers echo no marks.
                #expect(story.incidents.allSatisfy { $0.kind == "playout" }, "\(story.incidents)")
            }
        }
    }

    @Test(
        "Asterisk's chan_websocket is sent silence while nothing is to be said, in whichever format it speaks",
        arguments: [("ulaw", 160, 0xFF), ("alaw", 160, 0xD5), ("slin", 320, 0)] as [(String, Int, UInt8)])
    func silence(format: String, frame: Int, silence: UInt8) async throws {
        try await ServiceUnderTest.run(configure: { configuration, _ in
            configuration.carriers.asteriskToken = Secret("s3cret")
        }) { test in
            // Two seconds after the greeting; the agent asks again after seven.
            let peer = AsteriskPeer(.init(name: format, frame: frame, silence: silence), untilSilent: 100)
            let story = await peer.hold(
                WebSocketRequest(
                    url: "ws://127.0.0.1:\(test.port)/asterisk/media?token=s3cret",
                    subprotocols: Self.subprotocols("asterisk")), on: test.loop)
            #expect(story.loudFrames >= 10 && story.silentFrames >= 100, "\(story)")
        } afterwards: { store, _ in
            let calls = try await store.calls().calls
            #expect(calls.map(\.carrier) == ["asterisk"])
            let story = try await store.story(ofCall: try #require(calls.first?.id))
            #expect(!story.incidents.contains { $0.kind == "media" }, "\(story.incidents)")
        }
    }

    private static func subprotocols(_ carrier: String) -> [String] {
        MediaDialects.named(carrier)?.capabilities.subprotocol.map { [$0] } ?? []
    }

    private static func connecting(_ carrier: String) -> DialectCaller.Script {
        let linear = linearSilence
        switch carrier {
        case "exotel":
            let payload = Data(linear).base64EncodedString()
            return .init(
                opening: [
                    .text(#"{"event":"connected"}"#),
                    .text(#"{"event":"start","stream_sid":"s","start":{"call_sid":"c","from":"1","to":"2"}}"#),
                ],
                frame: { number in
                    .text(
                        #"{"event":"media","stream_sid":"s","media":{"timestamp":"\#(number * 20)","payload":"\#(payload)"}}"#
                    )
                }, isAudio: { $0?.contains("payload") == true },
                goodbye: [.text(#"{"event":"stop","stream_sid":"s"}"#)])
        case "jambonz":
            return .init(
                opening: [.text(#"{"callSid":"c","from":"1","to":"2","sampleRate":8000}"#)],
                frame: { _ in .binary(linear) }, isAudio: { $0 == nil })
        case "audiofork":
            return .init(
                opening: [.text(#"{"call":"c","from":"1","to":"2"}"#)], frame: { _ in .binary(linear) },
                isAudio: { $0 == nil })
        case "audiostream":
            // Says nothing of the call; the module's frames may be of 40 ms.
            return .init(
                opening: [], frame: { $0 % 2 == 0 ? .binary(linear + linear) : nil },
                isAudio: { $0?.contains("streamAudio") == true })
        case "asterisk":
            let frame = [UInt8](repeating: 0xFF, count: 160)
            return .init(
                opening: [
                    .text(
                        #"{"event":"MEDIA_START","channel_id":"c","format":"ulaw","optimal_frame_size":160,"ptime":20}"#
                    )
                ], frame: { _ in .binary(frame) }, isAudio: { $0 == nil })
        default:
            let frame = [UInt8](repeating: 0xFF, count: 160)
            let (head, tail) = (
                #"{"version":"2","id":"s","type":""#, #","serverseq":1,"position":"PT1S","parameters":"#
            )
            return .init(
                opening: [
                    .text(
                        head + #"open","seq":1"# + tail
                            + #"{"conversationId":"k","media":[{"type":"audio","format":"PCMU","channels":["external"],"rate":8000}]}}"#
                    )
                ],
                frame: { _ in .binary(frame) }, isAudio: { $0 == nil },
                goodbye: [.text(head + #"close","seq":2"# + tail + #"{"reason":"end"}}"#)],
                waitsFor: #""type":"opened""#)
        }
    }
}
