import Foundation
import Store
import Testing

@testable import Service

@Suite("Who may be called, over the API")
struct ConsentAPITests {
    @Test("a consent is stored; a number on the list has none any more, and newer ones do not bring it back")
    func lists() async throws {
        try await ServiceUnderTest.run { test in
            let wish: [String: Any] = [
                "number": "(212) 555-0123", "seller": "Acme", "kind": "written", "source": "form 17",
                "givenAt": "2026-01-02T03:04:05.678Z",
            ]
            let stored = try await test.api("POST", "/api/v1/consents", json: wish)
            #expect(stored.status == 200 && stored.object["number"] as? String == "+12125550123")
            let lookup = ["number": "+1 212 555 0123"]
            func consents() async throws -> [[String: Any]] {
                let standing = try await test.api("POST", "/api/v1/do-not-call/lookup", json: lookup)
                return standing.object["consents"] as? [[String: Any]] ?? []
            }
            #expect(try await consents().map { $0["source"] as? String } == ["form 17"])
            #expect(try await consents().first?["revokedAt"] == nil)

            let never = try await test.api(
                "POST", "/api/v1/do-not-call",
                json: ["number": "+12125550123", "reason": " asked\n by letter "])
            let entries = try #require(never.object["lists"] as? [[String: Any]])
            #expect(entries.map { $0["list"] as? String } == ["internal"])
            #expect(entries.map { $0["reason"] as? String } == ["asked by letter"])
            _ = try await test.api("POST", "/api/v1/consents", json: wish)
            #expect(try await consents().first?["revokedAt"] != nil)

            let lists = try await test.api("GET", "/api/v1/do-not-call").object["lists"] as? [[String: Any]]
            #expect(lists?.count == 1 && lists?.first?["numbers"] as? Int == 1)
            #expect(!test.log.lines.contains { $0.contains("2125550123") })
        }
    }

    @Test(
        "what cannot be is refused, with what it takes",
        arguments: [
            (["number": "12"], "number"), (["country": "usa"], "country"), (["source": " "], "source"),
            (["givenAt": "yesterday"], "givenAt"), (["givenAt": "2999-01-01T00:00:00Z"], "future"),
            (["expiresAt": "2020-01-01T00:00:00Z"], "expiresAt"),
        ])
    func refused(change: [String: String], word: String) async throws {
        try await ServiceUnderTest.run { test in
            let wish = [
                "number": "+12125550123", "seller": "Acme", "kind": "express", "source": "form 17",
                "givenAt": "2026-01-02T03:04:05Z",
            ].merging(change) { $1 }
            let answer = try await test.api("POST", "/api/v1/consents", json: wish)
            #expect(answer.status == 422 && answer.detail.contains(word))
        }
    }

    @Test("numbers and who answers at them are listed, and who is no more is told apart")
    func numbers() async throws {
        try await ServiceUnderTest.run(
            configure: { configuration, _ in
                configuration.agents.numbers = ["+12125550123": "thermostat"]
            }
        ) { test in
            let list = try await test.api("GET", "/api/v1/numbers").object
            let routes = try #require(list["numbers"] as? [[String: Any]])
            #expect(routes.map { $0["agent"] as? String } == ["thermostat"])
            #expect(routes.map { $0["isAnswered"] as? Bool } == [true])
            #expect(list["defaultAgent"] as? String == test.service.configuration.agents.default)
        }
    }
}
