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

    @Test("consents are listed in pages that name nobody, and one that is taken back is kept as a withdrawal")
    func taken() async throws {
        try await ServiceUnderTest.run { test in
            for (index, day) in ["02", "03", "03", "03", "04"].enumerated() {
                let stored = try await test.api(
                    "POST", "/api/v1/consents",
                    json: [
                        "number": "+1212555012\(index)", "seller": "Acme", "kind": "express", "source": "form \(index)",
                        "givenAt": "2026-01-\(day)T00:00:00Z",
                    ])
                #expect(stored.status == 200)
            }
            var sources: [String] = []
            var after = ""
            for _ in 0..<5 {
                let page = try await test.api("GET", "/api/v1/consents?limit=2" + after)
                #expect(page.status == 200, "\(page.detail)")
                let consents = page.object["consents"] as? [[String: Any]] ?? []
                sources += consents.compactMap { $0["source"] as? String }
                guard let next = page.object["next"] as? String else { break }
                #expect(!next.contains("555"))
                after = "&after=\(next)"
            }
            #expect(sources == ["form 4", "form 1", "form 2", "form 3", "form 0"])
            let wish = ["number": "(212) 555-0121", "seller": "Acme", "kind": "express"]
            let back = try await test.api("POST", "/api/v1/consents/revoke", json: wish)
            let consents = back.object["consents"] as? [[String: Any]]
            let moment = consents?.first?["revokedAt"] as? String
            #expect(back.status == 200 && consents?.count == 1 && moment != nil)
            let again = try await test.api("POST", "/api/v1/consents/revoke", json: wish)
            #expect((again.object["consents"] as? [[String: Any]])?.first?["revokedAt"] as? String == moment)
            let other = try await test.api(
                "POST", "/api/v1/consents/revoke", json: wish.merging(["kind": "written"]) { $1 })
            #expect(other.status == 404 && other.detail.contains("do-not-call/lookup"))
        }
    }

    @Test("a list of people not to call is taken over from a file; one of the registry needs its day")
    func imported() async throws {
        try await ServiceUnderTest.run(configure: { configuration, directory in
            configuration.campaigns.imports = directory.appending(path: "imports").path
        }) { test in
            func bring(_ query: String, _ text: String, type: String = "text/csv") async throws
                -> ServiceUnderTest.Answer
            {
                try await test.api(
                    "POST", "/api/v1/do-not-call/import" + query, body: Array(text.utf8),
                    headers: [("Content-Type", type)])
            }
            let taken = try await bring(
                "?reason=by%20letter", "phone,name\n(212) 555-0123,Ann\n12,Ben\n2125550124,Cy\n")
            #expect(taken.status == 200, "\(taken.detail)")
            #expect(taken.object["numbers"] as? Int == 2 && taken.object["unreadableCount"] as? Int == 1)
            let lookup = try await test.api(
                "POST", "/api/v1/do-not-call/lookup", json: ["number": "+12125550124"])
            let entries = lookup.object["lists"] as? [[String: Any]]
            #expect(entries?.map { $0["reason"] as? String } == ["by letter"])
            let national = try await bring("?list=national&version=2026-11-01", "2125550125\n")
            #expect(national.object["version"] as? String == "2026-11-01")
            let none = try await bring("?list=national&version=2026-11-20", "number\n12\n")
            #expect(none.object["numbers"] as? Int == 0 && none.object["version"] == nil)
            // The first line may name the column; a number that nobody can read is no name.
            let first = try await bring("", "12,Ben\n2125550124,Cy\n")
            #expect(first.object["numbers"] as? Int == 1 && first.object["unreadableCount"] as? Int == 1)
            for query in ["?list=national", "?version=2026-11-01", "?list=national&version=2026-13-01", "?country=us"] {
                #expect(try await bring(query, "2125550126\n").status == 422, "\(query)")
            }
            #expect(try await bring("?list=mine", "2125550126\n").status == 400)
            #expect(try await bring("", "2125550126\n", type: "text/plain").status == 415)
            let lists = try await test.api("GET", "/api/v1/do-not-call").object["lists"] as? [[String: Any]]
            #expect(lists?.compactMap { $0["numbers"] as? Int } == [2, 1])
            #expect(lists?.compactMap { $0["version"] as? String } == ["2026-11-01"])
        }
    }

    @Test(
        "what cannot be is refused, with what it takes",
        arguments: [
            (["number": "12"], "number"), (["country": "usa"], "country"), (["source": " "], "source"),
            (["seller": "A\0"], "seller"),
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
