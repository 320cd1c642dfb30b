import Foundation
import Store
import Testing

@testable import Service

@Suite("Keys and accounts, over the API")
struct AccessAPITests {
    private func bearer(_ key: String) -> [(String, String)] { [("Authorization", "Bearer \(key)")] }

    @Test("an admin makes, replaces and revokes keys; none but their holder sees what makes them work")
    func keys() async throws {
        try await ServiceUnderTest.run { test in
            let first = try await test.api("POST", "/api/v1/keys", json: ["name": "root", "scope": "admin"])
            #expect(first.status == 201 && first.header("cache-control") == "no-store")
            let root = bearer(try #require(first.object["key"] as? String))
            #expect(try await test.api("GET", "/api/v1/keys").status == 401)

            let made = try await test.api(
                "POST", "/api/v1/keys", json: ["name": "wall", "scope": "viewer"],
                headers: root + [("Idempotency-Key", "one")])
            let (id, key) = (made.object["id"] as? String ?? "", made.object["key"] as? String ?? "")
            #expect(try await test.api("GET", "/api/v1/calls", headers: bearer(key)).status == 200)
            #expect(try await test.api("GET", "/api/v1/keys", headers: bearer(key)).status == 403)
            let wanted = ["name": "mine", "scope": "admin"]
            #expect(try await test.api("POST", "/api/v1/keys", json: wanted, headers: bearer(key)).status == 403)

            let next = try await test.api(
                "POST", "/api/v1/keys/\(id)/rotate", json: ["graceHours": 1], headers: root)
            let newer = next.object["key"] as? String ?? ""
            #expect(next.status == 201 && next.object["scope"] as? String == "viewer")
            for one in [key, newer] {
                #expect(try await test.api("GET", "/api/v1/calls", headers: bearer(one)).status == 200)
            }
            #expect(try await test.api("POST", "/api/v1/keys/\(id)/revoke", headers: root).status == 204)
            #expect(try await test.api("GET", "/api/v1/calls", headers: bearer(key)).status == 401)
            let late = try await test.api("POST", "/api/v1/keys/\(id)/rotate", json: [String: Int](), headers: root)
            #expect(late.status == 409)
            #expect(try await test.api("POST", "/api/v1/keys/ffff/revoke", headers: root).status == 404)

            let list = try await test.api("GET", "/api/v1/keys", headers: root)
            #expect((list.object["keys"] as? [[String: Any]])?.count == 3)
            let audit = try await test.service.store.audit()
            #expect(
                audit.filter { $0.act.hasPrefix("keys ") }.map(\.act).sorted()
                    == ["keys create", "keys create", "keys revoke", "keys rotate"])
            // Each is one row, and what was refused is one, too.
            #expect(audit.filter { $0.act.contains("/keys") }.map(\.outcome) == [.refused])
            #expect(audit.count { $0.outcome == .done } == 4)
            // Neither lists, nor the audit log, nor stored answers, nor the log have it.
            let file = try Data(contentsOf: URL(fileURLWithPath: test.service.configuration.store.path))
            for one in [key, newer] {
                let text = String(decoding: list.body, as: UTF8.self)
                #expect(!text.contains(one) && !"\(audit)".contains(one) && !test.log.contains(one))
                #expect(file.range(of: Data(one.utf8)) == nil)
            }
        }
    }

    @Test("somebody signs in by name and password, and is signed out by another password, or when they are removed")
    func accounts() async throws {
        try await ServiceUnderTest.run { test in
            let (secret, record) = KeyRing.make(name: "root", scope: .admin, at: Date())
            try await test.service.store.add(record)
            let root = bearer(secret)
            let wish = ["name": "mia", "scope": "builder", "password": "a dozen letters"]
            #expect(try await test.api("POST", "/api/v1/accounts", json: wish, headers: root).status == 201)
            #expect(try await test.api("POST", "/api/v1/accounts", json: wish, headers: root).status == 409)
            let short = ["name": "bo", "scope": "admin", "password": "short"]
            let refused = try await test.api("POST", "/api/v1/accounts", json: short, headers: root)
            #expect(refused.status == 422 && refused.detail.contains("12"))

            func signIn(_ password: String, as name: String = "mia") async throws -> ServiceUnderTest.Answer {
                try await test.api("POST", "/api/v1/session", json: ["name": name, "password": password])
            }
            let wrong = try await signIn("a dozen lettres")
            let stranger = try await signIn("a dozen letters", as: "nobody")
            #expect(wrong.status == 401 && stranger.status == 401 && wrong.detail == stranger.detail)
            func session() async throws -> [(String, String)] {
                let answer = try await signIn("a dozen letters")
                let cookie = answer.header("set-cookie") ?? ""
                #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
                return [("Cookie", String(cookie.prefix { $0 != ";" }))]
            }
            let mia = try await session()
            let known = try await test.api("GET", "/api/v1/session", headers: mia).object
            #expect(known["name"] as? String == "mia" && known["scope"] as? String == "builder")
            #expect(try await test.api("GET", "/api/v1/keys", headers: mia).status == 403)

            let other = ["password": "a dozen letters"]
            #expect(
                try await test.api("POST", "/api/v1/accounts/mia/password", json: other, headers: root).status == 204)
            #expect(try await test.api("GET", "/api/v1/calls", headers: mia).status == 401)
            let again = try await session()
            #expect(try await test.api("POST", "/api/v1/accounts/mia/remove", headers: root).status == 204)
            #expect(try await test.api("GET", "/api/v1/calls", headers: again).status == 401)
            #expect(try await signIn("a dozen letters").status == 401)

            let list = try await test.api("GET", "/api/v1/accounts", headers: root)
            #expect((list.object["accounts"] as? [Any])?.isEmpty == true)
            #expect(!test.log.contains("a dozen letters"))
            let audit = try await test.service.store.audit()
            #expect(!"\(audit)".contains("dozen"))
            #expect(audit.contains { $0.outcome == .refused && $0.subject == "account mia" })
            #expect(audit.contains { $0.outcome == .done && $0.actor == "account-mia" && $0.actorName == "mia" })
        }
    }

    @Test("whoever guesses is told to wait; the right password does not help then")
    func guessing() async throws {
        try await ServiceUnderTest.run { test in
            let account = AccountRecord(
                name: "mia", scope: .admin, password: try Password.hash("a dozen letters"), createdAt: Date(),
                changedAt: Date())
            try await test.service.store.add(account)
            var statuses: [Int] = []
            for _ in 0..<7 {
                let answer = try await test.api(
                    "POST", "/api/v1/session", json: ["name": "mia", "password": "wrong wrong wrong"])
                statuses.append(answer.status)
            }
            #expect(statuses.prefix(5) == [401, 401, 401, 401, 401] && statuses.last == 429)
            let late = try await test.api(
                "POST", "/api/v1/session", json: ["name": "mia", "password": "a dozen letters"])
            #expect(late.status == 429 && Int(late.header("retry-after") ?? "") ?? 0 > 0)
            // Who is not checked at all leaves nothing behind.
            for _ in 0..<7 {
                let answer = try await test.api(
                    "POST", "/api/v1/session", json: ["name": "No Name\u{0}", "password": "wrong wrong wrong"])
                #expect(answer.status == 401)
            }
            let refused = try await test.service.store.audit().filter { $0.outcome == .refused }
            #expect(refused.map(\.subject) == Array(repeating: "account mia", count: statuses.count { $0 == 401 }))
        }
    }

    @Test("only builders publish")
    func builders() async throws {
        try await ServiceUnderTest.run { test in
            for (scope, status) in [(APIKeyRecord.Scope.operator, 403), (.builder, 404)] {
                let (key, record) = KeyRing.make(name: "k", scope: scope, at: Date())
                try await test.service.store.add(record)
                let answer = try await test.api("POST", "/api/v1/agents/nobody/unpublish", headers: bearer(key))
                #expect(answer.status == status)
            }
        }
    }
}
