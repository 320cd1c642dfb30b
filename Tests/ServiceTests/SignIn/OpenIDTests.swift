import Foundation
import Glibc
import Networking
import Store
import TestSupport
import Testing

@testable import Service

/// The whole way, with an identity provider that somebody else has written.
@Suite("Signing in with an identity provider")
struct OpenIDTests {
    private static let clerk =
        #"{"sub":"ann","email":"ann@example.org","email_verified":true,"groups":["night-shift","staff"]}"#
    private static let guest = #"{"sub":"guest","email":"guest@example.org","groups":["visitors"]}"#

    /// A provider on a free port, for as long as `body` runs.
    private func withProvider(_ body: (_ issuer: String) async throws -> Void) async throws {
        let python = try #require(TestPeers.python)
        let port = FreePort.any()
        let process = Process()
        process.executableURL = python
        process.arguments = [
            "-m", "oidc_provider_mock", "--port", "\(port)", "--require-nonce", "--user-claims", Self.clerk,
            "--user-claims", Self.guest,
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer {
            // Children of Foundation's are started with SIGTERM blocked.
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        try await body("http://127.0.0.1:\(port)")
    }

    private func run(
        issuer: String, console: String = "http://127.0.0.1:8080", _ body: (ServiceUnderTest) async throws -> Void
    ) async throws {
        try await ServiceUnderTest.run(
            configure: { configuration, _ in
                configuration.private.url = console
                configuration.private.openID.issuer = issuer
                configuration.private.openID.clientID = "parley"
                configuration.private.openID.clientSecret = "top-secret"
                configuration.private.openID.operators = ["night-shift"]
                configuration.private.openID.viewers = ["staff"]
            }, body)
    }

    /// Goes there, says who it is, and gives what comes back: the way to the console, and the browser's cookie.
    private func authorize(
        _ test: ServiceUnderTest, as subject: String, page: String = "%23%2Fcalls"
    ) async throws -> (path: String, cookie: String) {
        var there: ServiceUnderTest.Answer?
        try await test.waitUntil("the provider is there") {
            there = try await test.api("GET", "/api/v1/session/openid?page=\(page)")
            return there?.header("location")?.contains("/oauth2/authorize") ?? false
        }
        let away = try #require(there)
        #expect(away.status == 303)
        let address = try #require(away.header("location"))
        #expect(address.contains("code_challenge_method=S256") && address.contains("response_type=code"))
        let cookie = try #require(away.header("set-cookie"))
        #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"))
        let answer = try await test.client.send(
            HTTPClientRequest(
                method: "POST", url: address, headers: [("Content-Type", "application/x-www-form-urlencoded")],
                body: Array("sub=\(subject)".utf8)))
        _ = try await answer.body.collect(upTo: 100_000)
        #expect(answer.status == 302)
        let back = try #require(answer.headers.first { $0.name.lowercased() == "location" }?.value)
        let path = try #require(
            back.firstRange(of: "/api/v1/session/openid/callback").map { String(back[$0.lowerBound...]) })
        return (path, String(cookie.prefix { $0 != ";" }))
    }

    @Test(
        "who has a role is in, once, as themselves, and out again",
        .enabled(if: TestPeers.python != nil, "PARLEY_PEERS names no environment"))
    func signsIn() async throws {
        try await withProvider { issuer in
            try await run(issuer: issuer) { test in
                #expect(try await test.api("GET", "/api/v1/calls").status == 401, "no key, and not open either")
                #expect(try await test.api("GET", "/api/v1/session").object["signIn"] as? String == "your organisation")
                let (path, cookie) = try await authorize(test, as: "ann")
                // Another browser has got hold of the address.
                let stolen = try await test.api("GET", path)
                #expect(stolen.header("location") == "/#/live?sign-in=stale")
                let again = try await authorize(test, as: "ann")
                let answer = try await test.api("GET", again.path, headers: [("Cookie", again.cookie)])
                #expect(answer.status == 303 && answer.header("location") == "/#/calls")
                let cookies = answer.headers.filter { $0.0.lowercased() == "set-cookie" }.map(\.1)
                let session = try #require(cookies.first { $0.hasPrefix("parley_session=") })
                #expect(session.contains("HttpOnly") && session.contains("SameSite=Strict"))
                let signedIn = [("Cookie", String(session.prefix { $0 != ";" }))]
                let who = try await test.api("GET", "/api/v1/session", headers: signedIn).object
                #expect(who["name"] as? String == "ann@example.org" && who["scope"] as? String == "operator")
                #expect((who["signOut"] as? String)?.hasPrefix(issuer + "/oauth2/end_session?client_id=parley") == true)
                #expect(try await test.api("GET", "/api/v1/calls", headers: signedIn).status == 200)
                #expect(try await test.api("GET", "/api/v1/audit", headers: signedIn).status == 403)
                // Neither the state nor the code is good twice.
                let repeated = try await test.api("GET", again.path, headers: [("Cookie", again.cookie)])
                #expect(repeated.header("location") == "/#/live?sign-in=stale")
                _ = cookie
                let entry = try await test.service.store.audit(limit: 10).first { $0.act.contains("openid") }
                #expect(entry?.actor.hasPrefix("openid-") == true && entry?.actorName == "ann@example.org")
                #expect(try await test.api("DELETE", "/api/v1/session", headers: signedIn).status == 204)
                #expect(try await test.api("GET", "/api/v1/calls", headers: signedIn).status == 401)
                #expect(!test.log.contains("top-secret"))
            }
        }
    }

    @Test(
        "who has no role, comes with a forged code, or wants to be led elsewhere, is not",
        .enabled(if: TestPeers.python != nil, "PARLEY_PEERS names no environment"))
    func refused() async throws {
        try await withProvider { issuer in
            try await run(issuer: issuer) { test in
                let guest = try await authorize(test, as: "guest", page: "https:%2F%2Fevil.example")
                let turned = try await test.api("GET", guest.path, headers: [("Cookie", guest.cookie)])
                #expect(turned.header("location") == "/#/live?sign-in=role")
                #expect(!turned.headers.contains { $0.1.contains("parley_session=") })
                let led = try await authorize(test, as: "ann", page: "https:%2F%2Fevil.example")
                let home = try await test.api("GET", led.path, headers: [("Cookie", led.cookie)])
                #expect(home.header("location") == "/#/live")
                let (path, cookie) = try await authorize(test, as: "ann")
                let forged = path.replacing(/code=[^&]*/, with: "code=guessed")
                let answer = try await test.api("GET", forged, headers: [("Cookie", cookie)])
                #expect(answer.header("location") == "/#/live?sign-in=refused")
                let (other, mark) = try await authorize(test, as: "ann")
                let mixed = try await test.api(
                    "GET", other + "&iss=https:%2F%2Fevil.example", headers: [("Cookie", mark)])
                #expect(mixed.header("location") == "/#/live?sign-in=refused")
                let denied = try await test.api("GET", "/api/v1/session/openid/callback?error=access_denied&state=x")
                #expect(denied.header("location") == "/#/live?sign-in=stale")
            }
        }
    }

    @Test("a provider that cannot be reached, or is another than was named, signs nobody in")
    func unreachable() async throws {
        try await run(issuer: "http://127.0.0.1:9") { test in
            let answer = try await test.api("GET", "/api/v1/session/openid")
            #expect(answer.status == 303 && answer.header("location") == "/#/live?sign-in=provider")
            let (key, record) = KeyRing.make(name: "desk", scope: .viewer, at: Date())
            try await test.service.store.add(record)
            let keyed = try await test.api("GET", "/api/v1/calls", headers: [("Authorization", "Bearer \(key)")])
            #expect(keyed.status == 200, "keys go on working")
        }
    }

    @Test("without one, nothing is there")
    func absent() async throws {
        try await ServiceUnderTest.run { test in
            let there = try await test.api("GET", "/api/v1/session/openid")
            let back = try await test.api("GET", "/api/v1/session/openid/callback?state=a&code=b")
            #expect(there.status == 404 && back.status == 404)
        }
    }
}
