import Foundation
import Store
import Testing

@testable import Service

@Suite("The audit log over the API")
struct AuditAPITests {
    private func key(
        _ name: String, _ scope: APIKeyRecord.Scope, _ test: ServiceUnderTest
    ) async throws -> (id: String, headers: [(String, String)]) {
        let (secret, record) = KeyRing.make(name: name, scope: scope, at: Date())
        try await test.service.store.add(record)
        return (record.id, [("Authorization", "Bearer \(secret)")])
    }

    @Test("tells who acted on what and who tried, not who asked wrongly, and that it is whole")
    func acts() async throws {
        try await ServiceUnderTest.run { test in
            let admin = try await key("head of service", .admin, test)
            let viewer = try await key("wall", .viewer, test)
            let review = try await test.service.store.file(
                ReviewDraft(
                    idempotencyKey: "a", callID: "c1", agent: "thermostat", agentVersion: "v", contact: "+15550100",
                    tool: "refund", arguments: "{}", reason: "policy", expiresAt: Date() + 3600))
            let path = "/api/v1/reviews/\(review.id)/reject"
            let none = [String: String]()
            #expect(try await test.api("POST", path, json: none, headers: viewer.headers).status == 403)
            #expect(try await test.api("POST", path, json: none, headers: admin.headers).status == 200)
            #expect(try await test.api("POST", path, json: none, headers: admin.headers).status == 409)
            #expect(try await test.api("GET", "/api/v1/reviews", headers: viewer.headers).status == 200)
            #expect(try await test.api("POST", path, json: none).status == 401)
            let secret = admin.headers[0].1.dropFirst("Bearer ".count)
            #expect(try await test.api("POST", "/api/v1/session", json: ["key": String(secret)]).status == 200)

            let list = try await test.api("GET", "/api/v1/audit?limit=2", headers: admin.headers).object
            let entries = try #require(list["entries"] as? [[String: Any]])
            #expect(entries.map { $0["act"] as? String } == ["POST /session", "POST /reviews/{id}/reject"])
            #expect(entries[1]["actor"] as? String == "key \(admin.id)")
            #expect(entries[1]["actorName"] as? String == "head of service")
            #expect(entries[1]["subject"] as? String == "/reviews/\(review.id)/reject")
            #expect(entries[1]["detail"] as? [String: String] == ["status": "200"])
            let next = try #require(list["next"] as? Int)
            let rest = try await test.api("GET", "/api/v1/audit?before=\(next)", headers: admin.headers).object
            let refused = try #require(rest["entries"] as? [[String: Any]])
            #expect(refused.map { $0["outcome"] as? String } == ["refused"] && rest["next"] == nil)
            #expect(refused[0]["actor"] as? String == "key \(viewer.id)")

            let verdict = try await test.api("GET", "/api/v1/audit/verification", headers: admin.headers).object
            #expect(verdict["isWhole"] as? Bool == true && verdict["rows"] as? Int == 3)
            let head = try #require(verdict["head"] as? [String: Any])
            let text = "\(head["number"] ?? ""):\(head["hash"] ?? "")"
            let again = try await test.api(
                "GET", "/api/v1/audit/verification?expect=\(text)", headers: admin.headers)
            #expect(again.object["isWhole"] as? Bool == true)
            let other = text.prefix(text.count - 4) + (text.hasSuffix("0000") ? "1111" : "0000")
            let broken = try await test.api(
                "GET", "/api/v1/audit/verification?expect=\(other)", headers: admin.headers)
            let fault = broken.object["fault"] as? [String: Any]
            #expect(fault?["kind"] as? String == "rewritten")
        }
    }

    @Test("is for admins, and takes what it can understand")
    func refused() async throws {
        try await ServiceUnderTest.run { test in
            let admin = try await key("head of service", .admin, test)
            let operatorKey = try await key("night shift", .operator, test)
            for path in ["audit", "audit/verification"] {
                #expect(try await test.api("GET", "/api/v1/\(path)", headers: operatorKey.headers).status == 403)
                #expect(try await test.api("GET", "/api/v1/\(path)").status == 401)
            }
            for query in ["audit?limit=0", "audit?before=x", "audit/verification?expect=7:abc"] {
                let answer = try await test.api("GET", "/api/v1/\(query)", headers: admin.headers)
                #expect(answer.status == 400 && !answer.detail.isEmpty, "\(query)")
            }
        }
    }

    @Test("an act is done although the log cannot be written, and that is counted and said")
    func unwritten() async throws {
        let log = LogCollector()
        let directory = NSTemporaryDirectory() + "parley-audit-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = try Store(path: directory + "/parley.sqlite")
        let desk = AuditDesk(store: store, logger: log.logger)
        try store.close()
        await desk.note(.anybodyHere, "POST /calls/{id}/hangup", of: "/calls/c1/hangup")
        #expect(desk.samples.map(\.value) == [1])
        #expect(log.lines.contains { $0.contains("an act is not in the audit log") })
    }
}
