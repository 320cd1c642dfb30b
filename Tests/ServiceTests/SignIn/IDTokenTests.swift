import Crypto
import CryptoExtras
import Foundation
import Store
import Testing

@testable import Service

@Suite("What an identity provider says")
struct IDTokenTests {
    private let forge: TokenForge
    private let keys: JSONWebKeySet

    init() throws {
        forge = try TokenForge()
        keys = try JSONWebKeySet(json: forge.keys())
    }

    private func fault(
        _ token: String, keys others: JSONWebKeySet? = nil, at now: TimeInterval = 1500
    ) -> IDToken.Fault? {
        do throws(IDToken.Fault) {
            _ = try read(token, keys: others ?? keys, at: now)
            return nil
        } catch { return error }
    }

    private func read(_ token: String, keys: JSONWebKeySet, at now: TimeInterval) throws(IDToken.Fault) -> IDToken {
        try IDToken(
            token, keys: keys,
            expecting: IDToken.Expectation(
                issuer: "https://login.example.org", clientID: "parley", nonce: "n1",
                now: Date(timeIntervalSince1970: now)))
    }

    @Test("is believed when it is signed with one of its keys", arguments: [("RS256", "r1"), ("ES256", "e1")])
    func good(algorithm: String, key: String) throws {
        let token = try read(try forge.token(algorithm, key: key), keys: keys, at: 1500)
        #expect(token.subject == "u1" && token.claims["groups"]?.texts == ["staff", "night-shift"])
        #expect(try fault(forge.token(algorithm, key: nil)) == nil)
    }

    @Test(
        "is not believed without a signature, however that is written",
        arguments: ["none", "None", "NONE", "", "HS256"])
    func unsigned(algorithm: String) throws {
        #expect(try fault(forge.token(algorithm) { _ in Data() }) == .algorithm)
        // A public key is no shared secret.
        let secret = SymmetricKey(data: Data(forge.rsa.publicKey.pemRepresentation.utf8))
        let forged = try forge.token(algorithm) { Data(HMAC<SHA256>.authenticationCode(for: $0, using: secret)) }
        #expect(fault(forged) == .algorithm)
    }

    @Test("is not believed when somebody else signed it")
    func strangers() throws {
        let stranger = try TokenForge()
        #expect(try fault(stranger.token()) == .signature)
        #expect(try fault(stranger.token("ES256", key: "e1")) == .signature)
        #expect(try fault(stranger.token(key: "r2")) == .unknownKey)
        // The key decides what it signs with, not the token.
        #expect(try fault(forge.token("ES256", key: "r1")) == .unknownKey)
        #expect(try fault(forge.token(key: "s1")) == .unknownKey)
        #expect(try fault(forge.token { _ in Data(count: 256) }) == .signature)
        #expect(try fault(forge.token("ES256", key: "e1") { _ in Data(count: 64) }) == .signature)
        // Neither a key nor an address that the token itself brings is looked at.
        let header = ["jku": "https://evil.example", "x5u": "https://evil.example"]
        #expect(try fault(stranger.token(header: header)) == .signature)
        #expect(try fault(forge.token(header: ["crit": ["exp"]])) == .malformed)
    }

    @Test("is not believed when anything of it was changed")
    func changed() throws {
        let parts = try forge.token().split(separator: ".").map(String.init)
        let other = try forge.token(changing: ["sub": "u2"]).split(separator: ".").map(String.init)
        #expect(fault([parts[0], other[1], parts[2]].joined(separator: ".")) == .signature)
        #expect(fault(parts.joined(separator: ".") + "A") == .signature)
        #expect(fault(parts.joined(separator: ".") + "=") == .malformed)
        for text in ["", "..", "a.b.c", parts[0] + "." + parts[1], parts.joined(separator: ".") + ".x"] {
            #expect(fault(text) == .malformed, "\(text)")
        }
    }

    @Test("is not believed when it is for somebody else, of another time, or of another sign-in")
    func claims() throws {
        let cases: [([String: Any?], IDToken.Fault?)] = [
            (["iss": "https://login.example.org/"], .issuer), (["iss": "https://evil.example"], .issuer),
            (["iss": nil], .issuer), (["aud": "other"], .audience), (["aud": ["other"]], .audience),
            (["aud": ["parley", "other"]], .audience), (["aud": ["parley", "other"], "azp": "parley"], nil),
            (["azp": "other"], .audience), (["aud": ["parley"]], nil), (["aud": nil], .audience),
            (["aud": 5], .audience),
            (["exp": 1439], .expired), (["exp": 1441], nil), (["exp": nil], .expired), (["exp": "2000"], .expired),
            (["exp": true], .expired), (["iat": 1561], .notYet), (["iat": nil], .notYet), (["nbf": 1561], .notYet),
            (["nonce": "n2"], .nonce), (["nonce": nil], .nonce), (["nonce": ["n1"]], .nonce), (["sub": ""], .subject),
            (["sub": nil], .subject),
        ]
        for (changes, expected) in cases {
            #expect(try fault(forge.token(changing: changes)) == expected, "\(changes)")
        }
    }

    @Test("keys that are short, for something else or of another kind are left out")
    func keySets() throws {
        #expect(try JSONWebKeySet(json: forge.keys(use: "enc")).isEmpty)
        let short =
            #"{"keys":[{"kty":"RSA","kid":"r1","n":"\#(Base64URL.encode(Data(repeating: 0xC5, count: 128)))","e":"AQAB"}]}"#
        #expect(try JSONWebKeySet(json: Data(short.utf8)).isEmpty)
        let off =
            #"{"keys":[{"kty":"EC","crv":"P-256","x":"\#(Base64URL.encode(Data(repeating: 1, count: 32)))","y":"\#(Base64URL.encode(Data(repeating: 2, count: 32)))"},{"kty":"new"}]}"#
        #expect(try JSONWebKeySet(json: Data(off.utf8)).isEmpty)
        #expect(throws: (any Error).self) { try JSONWebKeySet(json: Data("[]".utf8)) }
        // Two keys of one kind, and a token that names none.
        let (first, second) = (try forge.keys(), try TokenForge().keys(named: ("r2", "e2")))
        let both = try [first, second].map { try #require(JSONSerialization.jsonObject(with: $0) as? [String: [Any]]) }
            .flatMap { $0["keys"] ?? [] }
        let rotated = try JSONWebKeySet(json: JSONSerialization.data(withJSONObject: ["keys": both]))
        #expect(try fault(forge.token(), keys: rotated) == nil)
        #expect(try fault(forge.token(key: nil), keys: rotated) == .unknownKey)
    }

    @Test(
        "Base64 of URLs is read only as it is written",
        arguments: [("", ""), ("AQ", "01"), ("AQAB", "010001"), ("-_8", "fbff")])
    func base64(text: String, hex: String) {
        #expect(Base64URL.decode(text).map { $0.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() } == hex)
        #expect(Base64URL.decode(text + "=") == nil && Base64URL.decode(text + "+/") == nil)
        #expect(Base64URL.decode("AR") == nil && Base64URL.decode("A") == nil)
    }

    @Test(
        "roles are what the claim says, the most of them",
        arguments: [
            ("groups", "staff", "none", "none", APIKeyRecord.Scope.viewer),
            ("groups", "staff", "night-shift", "none", .operator), ("groups", "staff", "none", "night-shift", .admin),
            ("groups", "STAFF", "", "", nil), ("email", "ann@example.org", "", "", .viewer),
            ("realm.roles", "boss", "", "", .viewer), ("https://x.example/roles", "r", "", "", .viewer),
            ("realm.nothing", "boss", "", "", nil), ("exp", "2000", "", "", nil),
        ] as [(String, String, String, String, APIKeyRecord.Scope?)])
    func roles(claim: String, viewer: String, operating: String, admin: String, expected: APIKeyRecord.Scope?) throws {
        let token = try read(
            try forge.token(
                changing: [
                    "realm": ["roles": ["boss"]], "https://x.example/roles": ["r"], "email_verified": true,
                ]), keys: keys, at: 1500)
        let roles = OpenIDRoles(claim: claim, viewers: [viewer], operators: [operating], builders: [], admins: [admin])
        #expect(roles.scope(of: token) == expected)
    }

    @Test("an address gives a role only where the provider has verified that it is theirs")
    func unverified() throws {
        let roles = OpenIDRoles(claim: "email", viewers: [], operators: [], builders: [], admins: ["ann@example.org"])
        let cases: [([String: Any?], APIKeyRecord.Scope?)] = [
            ([:], nil), (["email_verified": false], nil), (["email_verified": "no"], nil),
            (["email_verified": 1.5], nil), (["email_verified": true], .admin), (["email_verified": "true"], .admin),
            (["email_verified": true, "email": "eve@example.org"], nil),
        ]
        for (changes, expected) in cases {
            let token = try read(try forge.token(changing: changes), keys: keys, at: 1500)
            #expect(roles.scope(of: token) == expected, "\(changes)")
        }
    }
}

@Suite("Sign-ins under way")
struct SignInDeskTests {
    private let now = Date(timeIntervalSince1970: 1000)

    @Test("are ended once, in time, in the browser that began them")
    func once() {
        let desk = SignInDesk()
        let (state, attempt) = desk.begin(page: "#/calls", browser: "b1", now: now)
        #expect(desk.take(state: "other", browser: "b1", now: now) == nil)
        #expect(desk.take(state: state, browser: "b1", now: now + 599) == attempt)
        #expect(desk.take(state: state, browser: "b1", now: now) == nil, "again")
        let (late, _) = desk.begin(page: "", browser: "b1", now: now)
        #expect(desk.take(state: late, browser: "b1", now: now + 600) == nil)
        let (stolen, _) = desk.begin(page: "", browser: "b1", now: now)
        #expect(desk.take(state: stolen, browser: "b2", now: now) == nil)
        let (bare, _) = desk.begin(page: "", browser: "b1", now: now)
        #expect(desk.take(state: bare, browser: nil, now: now) == nil)
    }

    @Test("are bounded, and no two are alike")
    func bounded() {
        let desk = SignInDesk(maximum: 3)
        let begun = (0..<4).map { desk.begin(page: "", browser: "b", now: now + Double($0)) }
        #expect(Set(begun.map(\.state)).count == 4 && Set(begun.map(\.attempt.verifier)).count == 4)
        #expect(begun.allSatisfy { (43...128).contains($0.attempt.verifier.utf8.count) })
        #expect(
            begun.map { desk.take(state: $0.state, browser: "b", now: now + 5) != nil } == [false, true, true, true])
    }

    @Test(
        "lead back to a page of the console, never to another address",
        arguments: [
            ("#/calls?text=a", "#/calls?text=a"), ("https://evil.example", "#/live"), ("//evil.example", "#/live"),
            ("/\\evil.example", "#/live"), ("#/\\evil", "#/live"), ("#/a\r\nSet-Cookie: x=y", "#/live"), ("", "#/live"),
            ("javascript:alert(1)", "#/live"), ("#/" + String(repeating: "a", count: 600), "#/live"),
        ])
    func pages(given: String, page: String) { #expect(SignInDesk.page(given) == page) }

    @Test("the challenge is the verifier's hash, as RFC 7636 (appendix B) has it")
    func challenge() {
        let attempt = SignInAttempt(
            nonce: "", verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", page: "", browser: Data(), ends: now)
        #expect(attempt.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    }
}
