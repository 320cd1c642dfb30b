import Crypto
import Foundation
import Telephony
import Testing

@Suite("Signatures of Genesys")
struct AudioHookSignatureTests {
    private static let secret = Data("a client secret".utf8)
    private static let target = "/genesys/media?agent=receptionist"
    private static let now: Int64 = 1_790_000_000

    /// The headers of an upgrade as Genesys signs it.
    private func headers(
        created: Int64 = now, expires: Int64 = now + 10, key: String = "the-key", keyID: String = "the-key",
        nonce: String = "VGhpc0lzQVVuaXF1ZU5vbmNl", algorithm: String = "hmac-sha256", dropping: String = "",
        target: String = target, secret: Data = secret
    ) -> [String: String] {
        var headers = [
            "audiohook-organization-id": "o-1", "audiohook-session-id": "s-1", "audiohook-correlation-id": "c-1",
            "x-api-key": key,
        ]
        let names = [
            "@request-target", "@authority", "audiohook-organization-id", "audiohook-session-id",
            "audiohook-correlation-id", "x-api-key",
        ].filter { $0 != dropping }
        let list = names.map { "\"\($0)\"" }.joined(separator: " ")
        let input =
            "(\(list));keyid=\"\(keyID)\";nonce=\"\(nonce)\";alg=\"\(algorithm)\";created=\(created);expires=\(expires)"
        var lines = names.map { name in
            let value =
                name == "@request-target" ? target : name == "@authority" ? "voice.example.org" : headers[name] ?? ""
            return "\"\(name)\": \(value)"
        }
        lines.append("\"@signature-params\": \(input)")
        let code = HMAC<SHA256>.authenticationCode(
            for: Data(lines.joined(separator: "\n").utf8), using: SymmetricKey(data: secret))
        headers["signature-input"] = "sig1=" + input
        headers["signature"] = "sig1=:\(Data(code).base64EncodedString()):"
        return headers
    }

    private func verdict(_ headers: [String: String], now: Int64 = now) throws -> AudioHookSignature.Verdict {
        let signature = try #require(AudioHookSignature(clientSecret: Self.secret.base64EncodedString()))
        return signature.verdict(
            target: Self.target, authority: "Voice.Example.org", now: .seconds(now)
        ) { headers[$0] }
    }

    @Test("a request that is signed and young is believed")
    func right() throws {
        #expect(try verdict(headers()) == .valid(nonce: "VGhpc0lzQVVuaXF1ZU5vbmNl"))
        #expect(try verdict(headers(created: Self.now - 9)) == .valid(nonce: "VGhpc0lzQVVuaXF1ZU5vbmNl"))
        #expect(try verdict(headers(created: Self.now + 3)) == .valid(nonce: "VGhpc0lzQVVuaXF1ZU5vbmNl"))
    }

    @Test("one that is old, ahead of time or expired is not")
    func stale() throws {
        #expect(try verdict(headers(created: Self.now - 11)) == .stale)
        #expect(try verdict(headers(created: Self.now + 4)) == .stale)
        #expect(try verdict(headers(expires: Self.now - 4)) == .stale)
    }

    @Test(
        "one of the end of all times is stale or expired, seen from now or from the other end, and takes nobody down",
        arguments: [Int64.min, Int64.min + 1, Int64.max - 1, Int64.max])
    func oddTimes(end: Int64) throws {
        #expect(try verdict(headers(created: end)) == .stale)
        #expect(try verdict(headers(), now: end) == .stale)
        let other: Int64 = end < 0 ? .max : .min
        #expect(try verdict(headers(created: end), now: other) == .stale)
        let lasting: AudioHookSignature.Verdict = end < 0 ? .stale : .valid(nonce: "VGhpc0lzQVVuaXF1ZU5vbmNl")
        #expect(try verdict(headers(expires: end)) == lasting)
        // The clock stands where the signature was made, wherever that is.
        #expect(try verdict(headers(created: end, expires: end), now: end) != .invalid)
        #expect(try verdict(headers(created: end, expires: other), now: end) != .invalid)
    }

    @Test("one that covers too little, is of another key or was changed is not")
    func wrong() throws {
        for name in ["@request-target", "@authority", "audiohook-session-id", "x-api-key"] {
            #expect(try verdict(headers(dropping: name)) == .invalid, "without \(name)")
        }
        #expect(try verdict(headers(keyID: "other")) == .invalid)
        #expect(try verdict(headers(nonce: "short")) == .invalid)
        #expect(try verdict(headers(algorithm: "none")) == .invalid)
        #expect(try verdict(headers(target: "/genesys/media?agent=other")) == .invalid)
        #expect(try verdict(headers(secret: Data("another".utf8))) == .invalid)
        for name in ["signature", "signature-input", "audiohook-session-id"] {
            var headers = headers()
            headers[name] = nil
            #expect(try verdict(headers) == .invalid, "without \(name)")
            headers[name] = "sig1=:AAAA:"
            #expect(try verdict(headers) == .invalid, "\(name) is another")
        }
        for text in ["", "sig1", "sig1=", "sig1=)(", "sig1=()", "=();;;=", "sig1=(\"x\")"] {
            var headers = headers()
            headers["signature-input"] = text
            #expect(try verdict(headers) == .invalid)
        }
        #expect(AudioHookSignature(clientSecret: "%") == nil && AudioHookSignature(clientSecret: "") == nil)
    }
}
