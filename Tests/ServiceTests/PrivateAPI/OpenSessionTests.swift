import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore
import Store
import Testing

@testable import Service

@Suite("Who is signed in, and putting somebody out")
struct OpenSessionTests {
    private static let start = Date(timeIntervalSince1970: 1_800_000_000)
    private static let person = Identity(keyID: "openid-0a1b2c", name: "ann@example.org", scope: .operator)

    private func key(_ name: String, _ scope: APIKeyRecord.Scope, _ store: Store) async throws -> String {
        let (secret, record) = KeyRing.make(name: name, scope: scope, at: Date())
        try await store.add(record)
        return secret
    }

    @Test("a session ends when nothing was heard of it for two hours, and after its whole time however busy it was")
    func idle() {
        let (desk, idle) = (SessionDesk(), SessionDesk.idle)
        let token = desk.open(.key("a"), now: Self.start)
        #expect(desk.holder(of: token, now: Self.start + idle - 1) == .key("a"))
        #expect(desk.holder(of: token, now: Self.start + 2 * idle - 2) == .key("a"))
        #expect(desk.open(at: Self.start + 3 * idle - 3).map(\.seen) == [Self.start + 2 * idle - 2])
        #expect(desk.open(at: Self.start + 3 * idle - 2).isEmpty)
        #expect(desk.holder(of: token, now: Self.start + 3 * idle - 2) == nil)
        // It does not come back with a clock that is set back.
        #expect(desk.holder(of: token, now: Self.start) == nil)
        let busy = desk.open(.key("b"), now: Self.start)
        for minute in 0..<720 { #expect(desk.holder(of: busy, now: Self.start + Double(minute) * 60) != nil) }
        #expect(desk.holder(of: busy, now: Self.start + SessionDesk.lifetime) == nil)
    }

    @Test("a session is ended by its id, once, and no other one with it; the id is not what opens it")
    func ends() {
        let desk = SessionDesk()
        let tokens = [desk.open(.key("a"), now: Self.start), desk.open(.person(Self.person), now: Self.start + 1)]
        let entries = desk.open(at: Self.start + 2)
        #expect(entries.map(\.holder) == [.person(Self.person), .key("a")])
        #expect(desk.id(of: tokens[1]) == entries[0].id && Set(entries.map(\.id)).count == 2)
        #expect(!entries.contains { entry in tokens.contains { $0.contains(entry.id) } })
        #expect(desk.holder(of: entries[0].id, now: Self.start + 2) == nil)
        #expect(desk.end(entries[0].id, now: Self.start + 3)?.holder == .person(Self.person))
        #expect(desk.end(entries[0].id, now: Self.start + 3) == nil)
        #expect(desk.holder(of: tokens[1], now: Self.start + 3) == nil)
        #expect(desk.holder(of: tokens[0], now: Self.start + 3) == .key("a"))
        #expect(desk.close(tokens[0]) && !desk.close(tokens[0]))
    }

    @Test("a stream that somebody reads keeps their session, and ends when the session is ended")
    func stream() async throws {
        try await ServiceUnderTest.run { test in
            _ = try await key("root", .admin, test.service.store)
            let (api, _) = test.unservedAPI()
            let token = api.sessions.open(.person(Self.person), now: Date() - SessionDesk.idle + 60)
            let head = HTTPRequest(
                method: .get, scheme: "http", authority: "127.0.0.1", path: "/api/v1/events",
                headerFields: [.cookie: "\(SessionDesk.cookie)=\(token)"])
            var pass = api.pass(of: Request(head: head, body: RequestBody(buffer: ByteBuffer())))
            let isGood = await pass.isGood(at: ContinuousClock.now + StreamPass.pause * 2)
            let entry = try #require(api.sessions.open(at: Date()).first)
            #expect(isGood && Date().timeIntervalSince(entry.seen) < 60)
            #expect(api.sessions.end(entry.id, now: Date()) != nil)
            let goesOn = await pass.isGood(at: ContinuousClock.now + StreamPass.pause * 4)
            #expect(!goesOn)
        }
    }

    @Test("an admin sees who is signed in and by what, and ends a session: its next request is refused")
    func overTheAPI() async throws {
        try await ServiceUnderTest.run { test in
            let store = test.service.store
            let rootKey = try await key("root", .admin, store)
            let root = [("Authorization", "Bearer \(rootKey)")]
            let desk = try await key("desk", .operator, store)
            let moment = Date()
            try await store.add(
                AccountRecord(
                    name: "mia", scope: .admin, password: try Password.hash("a dozen letters"), createdAt: moment,
                    changedAt: moment))
            var cookies: [[(String, String)]] = []
            for given in [["key": desk], ["name": "mia", "password": "a dozen letters"]] {
                let answer = try await test.api("POST", "/api/v1/session", json: given)
                let cookie = try #require(answer.header("set-cookie"))
                cookies.append([("Cookie", String(cookie.prefix { $0 != ";" }))])
            }
            func list(_ headers: [(String, String)]) async throws -> [[String: Any]] {
                let answer = try await test.api("GET", "/api/v1/sessions", headers: headers)
                #expect(answer.status == 200, "\(answer.detail)")
                let text = String(decoding: answer.body, as: UTF8.self)
                for cookie in cookies { #expect(!text.contains(cookie[0].1.dropFirst(SessionDesk.cookie.count + 1))) }
                return answer.object["sessions"] as? [[String: Any]] ?? []
            }
            #expect(try await test.api("GET", "/api/v1/sessions", headers: cookies[0]).status == 403)
            let found = try await list(cookies[1])
            #expect(found.compactMap { $0["name"] as? String }.sorted() == ["desk", "mia"])
            let own = try #require(found.first { $0["isOwn"] as? Bool == true })
            #expect(own["actor"] as? String == "account-mia" && own["signedInBy"] as? String == "password")
            let other = try #require(found.first { $0["isOwn"] as? Bool == false })
            #expect(other["signedInBy"] as? String == "key" && other["scope"] as? String == "operator")

            let id = try #require(other["id"] as? String)
            let path = "/api/v1/sessions/\(id)/end"
            #expect(try await test.api("POST", path, headers: cookies[0]).status == 403)
            #expect(try await test.api("GET", "/api/v1/live", headers: cookies[0]).status == 200)
            #expect(try await test.api("POST", path, headers: root).status == 204)
            #expect(try await test.api("GET", "/api/v1/live", headers: cookies[0]).status == 401)
            #expect(try await test.api("GET", "/api/v1/live", headers: cookies[1]).status == 200)
            #expect(try await test.api("POST", path, headers: root).status == 404)
            #expect(try await list(root).compactMap { $0["name"] as? String } == ["mia"])

            let rows = try await store.audit().filter { $0.act == "POST /sessions/{id}/end" && $0.outcome == .done }
            let actor = try #require(other["actor"] as? String)
            #expect(rows.map(\.subject) == ["/sessions/\(id)/end"])
            #expect(rows.map(\.detail) == [["whose": actor, "status": "204"]])
            // A session that opens nothing any more is not shown either.
            #expect(try await test.api("POST", "/api/v1/accounts/mia/remove", headers: root).status == 204)
            #expect(try await list(root).isEmpty)
        }
    }
}
