import Foundation
import Store
import Testing

@testable import Service

@Suite("Changing one's own password")
struct OwnPasswordTests {
    private static let old = "a dozen letters"
    private static let new = "another dozen"

    private func addMia(_ test: ServiceUnderTest) async throws {
        let moment = Date()
        try await test.service.store.add(
            AccountRecord(
                name: "mia", scope: .viewer, password: try Password.hash(Self.old), createdAt: moment,
                changedAt: moment))
    }

    private func signIn(_ password: String, _ test: ServiceUnderTest) async throws -> ServiceUnderTest.Answer {
        try await test.api("POST", "/api/v1/session", json: ["name": "mia", "password": password])
    }

    private func cookie(_ answer: ServiceUnderTest.Answer) throws -> [(String, String)] {
        [("Cookie", String(try #require(answer.header("set-cookie")).prefix { $0 != ";" }))]
    }

    private func change(
        _ old: String, _ new: String, _ headers: [(String, String)], _ test: ServiceUnderTest
    ) async throws -> ServiceUnderTest.Answer {
        try await test.api("POST", "/api/v1/session/password", json: ["old": old, "new": new], headers: headers)
    }

    @Test("takes the old one; all other sessions end, and the one that asked goes on under another cookie")
    func changes() async throws {
        try await ServiceUnderTest.run { test in
            try await addMia(test)
            let other = try cookie(try await signIn(Self.old, test))
            let own = try cookie(try await signIn(Self.old, test))
            let wrong = try await change("a dozen lettres", Self.new, own, test)
            #expect(wrong.status == 403 && wrong.detail.contains("old password"))
            let short = try await change(Self.old, "short", own, test)
            #expect(short.status == 422 && short.detail.contains("12"))
            #expect(try await test.api("GET", "/api/v1/live", headers: other).status == 200)

            let changed = try await change(Self.old, Self.new, own, test)
            #expect(changed.status == 204, "\(changed.detail)")
            let next = try cookie(changed)
            let session = try await test.api("GET", "/api/v1/session", headers: next).object
            #expect(session["name"] as? String == "mia" && session["hasPassword"] as? Bool == true)
            #expect(try await test.api("GET", "/api/v1/live", headers: next).status == 200)
            for gone in [other, own] {
                #expect(try await test.api("GET", "/api/v1/live", headers: gone).status == 401)
            }
            #expect(try await signIn(Self.old, test).status == 401)
            #expect(try await signIn(Self.new, test).status == 200)

            let rows = try await test.service.store.audit().filter { $0.actor == "account-mia" }
            let done = rows.filter { $0.act == "accounts password" }
            #expect(done.map(\.subject) == ["mia"] && done.map(\.outcome) == [.done])
            let tried = rows.filter { $0.act == "POST /session/password" }
            #expect(tried.map(\.outcome) == [.refused])
            #expect(!"\(rows)".contains("dozen") && !test.log.contains("dozen"))
        }
    }

    @Test("wrong old ones count as those of a sign-in: whoever has somebody's session cannot guess on")
    func guessing() async throws {
        try await ServiceUnderTest.run { test in
            try await addMia(test)
            let own = try cookie(try await signIn(Self.old, test))
            var statuses: [Int] = []
            for _ in 0..<6 { statuses.append(try await change("wrong wrong wrong", Self.new, own, test).status) }
            #expect(statuses.prefix(5) == [403, 403, 403, 403, 403] && statuses.last == 429)
            let late = try await change(Self.old, Self.new, own, test)
            #expect(late.status == 429 && Int(late.header("retry-after") ?? "") ?? 0 > 0)
            #expect(try await signIn(Self.old, test).status == 429)
        }
    }

    @Test("who has no password here has none to change")
    func others() async throws {
        try await ServiceUnderTest.run { test in
            #expect(try await change(Self.old, Self.new, [], test).status == 409)
            let (key, record) = KeyRing.make(name: "desk", scope: .admin, at: Date())
            try await test.service.store.add(record)
            #expect(try await change(Self.old, Self.new, [], test).status == 401)
            let answer = try await change(Self.old, Self.new, [("Authorization", "Bearer \(key)")], test)
            #expect(answer.status == 409 && answer.detail.contains("password"))
            let session = try await test.api("GET", "/api/v1/session", headers: [("Authorization", "Bearer \(key)")])
            #expect(session.object["scope"] as? String == "admin" && session.object["hasPassword"] == nil)
        }
    }
}
