import Foundation
import Networking
import TestSupport
import Testing

@testable import Service

@Suite("Who signs people in that an identity provider knows")
struct OpenIDOfficeTests {
    /// A provider that says what it is told to, and an office that believes it.
    private struct Desk {
        let issuer: String
        let receiver: HookReceiver
        let office: OpenIDOffice
        let token: Lock<String>
        let now: Lock<Date>
        let forge: TokenForge

        init() throws {
            let port = FreePort.any()
            let place = "http://127.0.0.1:\(port)"
            issuer = place
            let forge = try TokenForge()
            self.forge = forge
            let keys = String(decoding: try forge.keys(), as: UTF8.self)
            let token = Lock("")
            self.token = token
            receiver = try HookReceiver(port: port) { request, _ in
                switch request.path {
                case "/.well-known/openid-configuration":
                    .answer(
                        200,
                        body: """
                            {"issuer":"\(place)","authorization_endpoint":"\(place)/go","token_endpoint":"\(place)/token",
                            "jwks_uri":"\(place)/keys","end_session_endpoint":"\(place)/end"}
                            """)
                case "/keys": .answer(200, body: keys)
                case "/token": .answer(200, body: "{\"id_token\":\"\(token.withLock { $0 })\"}")
                default: .answer(404)
                }
            }
            var settings = ParleyConfiguration.Private()
            settings.url = "https://parley.example.org"
            settings.openID.issuer = place
            settings.openID.clientID = "parley"
            settings.openID.viewers = ["staff"]
            let now = Lock(Date(timeIntervalSince1970: 1500))
            self.now = now
            let clock: @Sendable () -> Date = { now.withLock(\.self) }
            office = try #require(OpenIDOffice(settings, logger: LogCollector().logger, now: clock))
        }

        /// - Parameter changes: what the token says, beside what all say.
        func signIn(saying changes: [String: Any?]) async throws -> Identity {
            let (address, cookie) = try await office.begin(page: "#/live")
            let items = URLComponents(string: address)?.queryItems ?? []
            func item(_ name: String) throws -> String {
                try #require(items.first { $0.name == name }?.value)
            }
            var claims = changes
            claims["iss"] = issuer
            claims["nonce"] = try item("nonce")
            let made = try forge.token(changing: claims)
            token.withLock { $0 = made }
            return try await office.finish(
                state: try item("state"), code: "c", refusal: nil, issuer: nil, browser: cookie
            ).identity
        }
    }

    @Test("calls people by their address only where the provider has verified it")
    func names() async throws {
        let desk = try Desk()
        #expect(try await desk.signIn(saying: ["email_verified": true]).name == "ann@example.org")
        #expect(try await desk.signIn(saying: [:]).name == "u1")
        let named = try await desk.signIn(saying: ["email_verified": false, "preferred_username": "ann"])
        #expect(named.name == "ann")
    }

    @Test("says where sessions end there by what it knows, and asks nobody")
    func signOut() async throws {
        let desk = try Desk()
        #expect(await desk.office.signOut() == nil)
        #expect(desk.receiver.requests.isEmpty)
        _ = try await desk.signIn(saying: [:])
        let asked = desk.receiver.requests.count
        // What it said of itself is too old to sign in by.
        desk.now.withLock { $0 += 7200 }
        #expect(await desk.office.signOut()?.hasPrefix("\(desk.issuer)/end?client_id=parley") == true)
        #expect(desk.receiver.requests.count == asked)
    }

    @Test(
        "browsers send cookies over TLS only where the console is reached over TLS, whoever speaks it",
        arguments: [
            (nil, false, false), (nil, true, true), ("http://parley.example.org", false, false),
            ("https://parley.example.org", false, true), ("HTTPS://parley.example.org", false, true),
            ("http://parley.example.org", true, true),
        ] as [(String?, Bool, Bool)])
    func secure(url: String?, hasTLS: Bool, isSecure: Bool) {
        var settings = ParleyConfiguration.Private()
        settings.url = url
        if hasTLS { (settings.tls.certificate, settings.tls.key) = ("/c", "/k") }
        #expect(settings.isSecure == isSecure)
    }
}
