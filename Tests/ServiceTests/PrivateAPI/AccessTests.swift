import Foundation
import Networking
import Store
import Testing

@testable import Service

@Suite("Who may ask the private plane")
struct AccessTests {
    private func bearer(_ key: String) -> [(String, String)] { [("Authorization", "Bearer \(key)")] }

    @Test("without any key, this machine may do everything and is told so; with one, nothing without it")
    func openUntilThereIsAKey() async throws {
        try await ServiceUnderTest.run { test in
            let open = try await test.api("GET", "/api/v1/session").object
            #expect(open["scope"] as? String == "admin")
            #expect((open["warning"] as? String)?.contains("parley keys create") == true)
            #expect(test.log.contains("the console asks for no key"))
            #expect(try await test.api("GET", "/api/v1/calls").status == 200)

            let (key, record) = KeyRing.make(name: "wall", scope: .viewer, at: Date())
            try await test.service.store.add(record)
            let refused = try await test.api("GET", "/api/v1/calls")
            #expect(refused.status == 401 && refused.detail.contains("parley keys create"))
            #expect(try await test.api("GET", "/api/v1/session").object["scope"] == nil)
            #expect(try await test.api("GET", "/api/v1/calls", headers: bearer(key)).status == 200)
            #expect(try await test.service.store.key(record.id)?.lastUsedAt != nil)

            for wrong in [key + "0", String(key.dropLast()) + "g", "parley_\(record.id)_", "parley_nobody_0", "x", ""] {
                #expect(try await test.api("GET", "/api/v1/calls", headers: bearer(wrong)).status == 401)
            }
            try await test.service.store.revokeKey(record.id, at: Date())
            #expect(try await test.api("GET", "/api/v1/calls", headers: bearer(key)).status == 401)
            #expect(try await test.api("GET", "/api/v1/calls").status == 401)
            // Health is for machines, and tells nothing about calls.
            #expect(try await test.api("GET", "/healthz").status == 200)
            #expect(!test.log.contains(key))
        }
    }

    @Test("a viewer looks and does not act")
    func scopes() async throws {
        try await ServiceUnderTest.run { test in
            let (viewer, record) = KeyRing.make(name: "wall", scope: .viewer, at: Date())
            let (operating, other) = KeyRing.make(name: "desk", scope: .operator, at: Date())
            try await test.service.store.add(record)
            try await test.service.store.add(other)
            let refused = try await test.api("POST", "/api/v1/calls/c1/hangup", headers: bearer(viewer))
            #expect(refused.status == 403 && refused.detail.contains("operator"))
            #expect(try await test.api("POST", "/api/v1/calls/c1/hangup", headers: bearer(operating)).status == 404)
            let call = try await test.api(
                "POST", "/api/v1/browser-calls", json: ["agent": "thermostat"], headers: bearer(viewer))
            #expect(call.status == 403)
        }
    }

    @Test("a console signs in with a key and gets a cookie that no script can read, good until it signs out")
    func session() async throws {
        try await ServiceUnderTest.run { test in
            let (key, record) = KeyRing.make(name: "desk", scope: .operator, at: Date())
            try await test.service.store.add(record)
            #expect(try await test.api("POST", "/api/v1/session", json: ["key": key + "x"]).status == 401)
            let answer = try await test.api("POST", "/api/v1/session", json: ["key": key])
            let cookie = try #require(answer.header("set-cookie"))
            #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
            #expect(!cookie.contains(key))
            let signedIn = [("Cookie", String(cookie.prefix { $0 != ";" }))]
            #expect(try await test.api("GET", "/api/v1/session", headers: signedIn).object["name"] as? String == "desk")
            #expect(try await test.api("GET", "/api/v1/calls", headers: signedIn).status == 200)
            #expect(try await test.api("DELETE", "/api/v1/session", headers: signedIn).status == 204)
            #expect(try await test.api("GET", "/api/v1/calls", headers: signedIn).status == 401)
        }
    }

    @Test("who signs in anew leaves no session behind, and signing out is in the audit log")
    func oneSession() async throws {
        try await ServiceUnderTest.run { test in
            let (key, record) = KeyRing.make(name: "desk", scope: .admin, at: Date())
            try await test.service.store.add(record)
            func signIn(_ headers: [(String, String)] = []) async throws -> [(String, String)] {
                let answer = try await test.api("POST", "/api/v1/session", json: ["key": key], headers: headers)
                return [("Cookie", String(try #require(answer.header("set-cookie")).prefix { $0 != ";" }))]
            }
            let first = try await signIn()
            let elsewhere = try await signIn()
            let second = try await signIn(first)
            #expect(try await test.api("GET", "/api/v1/live", headers: first).status == 401)
            #expect(try await test.api("GET", "/api/v1/live", headers: elsewhere).status == 200)
            #expect(try await test.api("DELETE", "/api/v1/session", headers: second).status == 204)
            #expect(try await test.api("DELETE", "/api/v1/session", headers: second).status == 204)
            #expect(try await test.api("GET", "/api/v1/live", headers: second).status == 401)
            let rows =
                try await test.api("GET", "/api/v1/audit", headers: elsewhere).object["entries"] as? [[String: Any]]
            let ends = try #require(rows).filter { $0["act"] as? String == "DELETE /session" }
            #expect(ends.count == 1 && ends.first?["actorName"] as? String == "desk")
        }
    }

    @Test("a revoked key ends the sessions that were opened with it")
    func revokedSession() async throws {
        try await ServiceUnderTest.run { test in
            let (key, record) = KeyRing.make(name: "desk", scope: .operator, at: Date())
            try await test.service.store.add(record)
            let answer = try await test.api("POST", "/api/v1/session", json: ["key": key])
            let signedIn = [("Cookie", String(try #require(answer.header("set-cookie")).prefix { $0 != ";" }))]
            #expect(try await test.api("GET", "/api/v1/live", headers: signedIn).status == 200)
            try await test.service.store.revokeKey(record.id, at: Date())
            #expect(try await test.api("GET", "/api/v1/live", headers: signedIn).status == 401)
        }
    }

    @Test("pages of other sites get nothing, by whatever name they reach this machine")
    func otherSites() async throws {
        try await ServiceUnderTest.run { test in
            // A name of theirs that resolves to this machine.
            let rebound = try await test.api("GET", "/api/v1/calls", headers: [("Host", "evil.example")])
            #expect(rebound.status == 403 && rebound.detail.contains("localhost"))
            // A form or script of theirs.
            for origin in ["http://evil.example", "null", "http://127.0.0.1:1"] {
                let forged = try await test.api("POST", "/api/v1/calls/c1/hangup", headers: [("Origin", origin)])
                #expect(forged.status == 403 && forged.detail.contains("another site"))
            }
            let own = [("Origin", "http://127.0.0.1:\(test.privatePort)")]
            #expect(try await test.api("POST", "/api/v1/calls/c1/hangup", headers: own).status == 404)
        }
    }

    @Test("off loopback a key is needed even before the first one was made")
    func offLoopback() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "parley-keys-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        let store = try Store(path: directory.appending(path: "parley.db").path)
        #expect(try await !KeyRing(store: store, isLoopback: false).isOpen())
        #expect(try await KeyRing(store: store, isLoopback: true).isOpen())
        try store.close()
    }

    @Test("sessions end after their time, and the oldest makes room")
    func sessionDesk() {
        let desk = SessionDesk(maximum: 2)
        let start = Date(timeIntervalSince1970: 0)
        let first = desk.open(.key("a"), now: start)
        let second = desk.open(.key("b"), now: start + 1)
        #expect(desk.holder(of: first, now: start + 2) == .key("a"))
        let third = desk.open(.key("c"), now: start + 2)
        #expect(desk.holder(of: first, now: start + 3) == nil)
        #expect(desk.holder(of: second, now: start + 3) == .key("b"))
        #expect(desk.holder(of: third, now: start + 2 + SessionDesk.lifetime) == nil)
        #expect(desk.holder(of: "guess", now: start) == nil)
    }
}
