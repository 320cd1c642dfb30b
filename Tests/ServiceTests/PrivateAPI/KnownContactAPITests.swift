import Agent
import Foundation
import Store
import Testing

@testable import Service

@Suite("People of whom something is known, over the API")
struct KnownContactAPITests {
    private static let (search, lookup) = ("/api/v1/contacts/search", "/api/v1/contacts/lookup")

    private func numbers(_ answer: ServiceUnderTest.Answer) -> [String?] {
        (answer.object["contacts"] as? [[String: Any]] ?? []).map { $0["number"] as? String }
    }

    private func facts(_ answer: ServiceUnderTest.Answer) -> [String: String] {
        (answer.object["facts"] as? [[String: Any]] ?? []).reduce(into: [:]) { facts, fact in
            facts[fact["name"] as? String ?? ""] = fact["value"] as? String
        }
    }

    @Test("somebody is found by name, shown with campaign, consent and calls, and what is known of them is changed")
    func file() async throws {
        try await CampaignMakingAPITests.run { test in
            #expect(
                try await test.api("POST", "/api/v1/campaigns", json: CampaignMakingAPITests.definition).status == 201)
            let taken = try await test.api(
                "POST", "/api/v1/campaigns/checkups/contacts",
                json: [
                    "contacts": [["phone": "212 736 5000", "name": "Ann"], ["phone": "305 371 5000", "name": "Ben"]]
                ])
            #expect(taken.status == 201, "\(taken.detail)")
            let consent: [String: Any] = [
                "number": "+12127365000", "seller": "Acme", "kind": "written", "source": "form 17",
                "givenAt": "2026-01-02T03:04:05Z",
            ]
            #expect(try await test.api("POST", "/api/v1/consents", json: consent).status == 200)

            let first = try await test.api("POST", Self.search, json: ["limit": 1])
            #expect(first.status == 200 && numbers(first) == ["+12127365000"], "\(first.detail)")
            let next = try #require(first.object["next"] as? String)
            let second = try await test.api("POST", Self.search, json: ["limit": 1, "after": next] as [String: Any])
            #expect(numbers(second) == ["+13053715000"] && second.object["next"] == nil)
            #expect(numbers(try await test.api("POST", Self.search, json: ["text": "ann"])) == ["+12127365000"])
            #expect(numbers(try await test.api("POST", Self.search, json: ["text": "(305) 371"])) == ["+13053715000"])

            let changed = try await test.api(
                "PATCH", "/api/v1/contacts",
                json: ["number": "(212) 736-5000", "facts": ["language": "German", "card": "4111 1111 1111 1111"]]
                    as [String: Any])
            #expect(changed.status == 200, "\(changed.detail)")
            // Masked as everything is that is kept.
            #expect(facts(changed)["language"] == "German" && facts(changed)["card"]?.contains("4111") == false)
            let less = try await test.api(
                "PATCH", "/api/v1/contacts",
                json: ["number": "+12127365000", "facts": ["card": NSNull()]] as [String: Any])
            #expect(facts(less) == ["language": "German"])

            let file = try await test.api("POST", Self.lookup, json: ["number": "+1 212 736 5000"]).object
            let campaigns = file["campaigns"] as? [[String: Any]] ?? []
            #expect(campaigns.map { $0["campaign"] as? String } == ["checkups"])
            #expect(campaigns.first?["variables"] as? [String: String] == ["name": "Ann"])
            let standing = file["standing"] as? [String: Any]
            let consents = standing?["consents"] as? [[String: Any]] ?? []
            #expect(consents.map { $0["source"] as? String } == ["form 17"])
            #expect((standing?["lists"] as? [Any])?.isEmpty == true)
            // What it leads to is there: without a number it says so, and is not unknown.
            for link in ["exportAt", "eraseAt"] {
                let path = try #require(file[link] as? String)
                #expect(try await test.api("POST", path, json: ["number": "12"]).status == 422)
            }
            let nobody = try await test.api("POST", Self.lookup, json: ["number": "+12127360009"])
            #expect(nobody.status == 200 && facts(nobody).isEmpty)
            #expect(!test.log.lines.contains { $0.contains("2127365000") || $0.contains("736-5000") })
        }
    }

    @Test("a call is found with whom it was, and the agent's tools know what an operator noted")
    func calls() async throws {
        try await ServiceUnderTest.run { test in
            let call = try await test.finishedCall(saying: ["what is the temperature", "no thank you"])
            let wish: [String: Any] = ["number": "+15550100", "facts": ["pet": "a dog"]]
            let changed = try await test.api("PATCH", "/api/v1/contacts", json: wish)
            let calls = changed.object["calls"] as? [[String: Any]] ?? []
            #expect(calls.map { $0["id"] as? String } == [call], "\(changed.detail)")
            #expect(try await test.api("GET", "/api/v1/calls/\(call)").status == 200)
            #expect(try await test.service.store.facts(of: "+15550100").map(\.value) == ["a dog"])
        }
    }

    @Test(
        "what cannot be is refused, with what it takes",
        arguments: [
            ("PATCH", "/api/v1/contacts", #"{"number":"12","facts":{"a":"b"}}"#, "number"),
            ("PATCH", "/api/v1/contacts", #"{"number":"+12127365000","country":"usa","facts":{"a":"b"}}"#, "country"),
            ("PATCH", "/api/v1/contacts", #"{"number":"+12127365000","facts":{}}"#, "facts"),
            ("PATCH", "/api/v1/contacts", #"{"number":"+12127365000","facts":{"Pet":"b"}}"#, "small letters"),
            ("PATCH", "/api/v1/contacts", #"{"number":"+12127365000","facts":{"pet":""}}"#, "facts.pet"),
            ("PATCH", "/api/v1/contacts", #"{"number":"+12127365000","facts":{"pet":"a\u0000b"}}"#, "facts.pet"),
            ("POST", "/api/v1/contacts/search", #"{"limit":201}"#, "limit"),
            ("POST", "/api/v1/contacts/search", #"{"text":"\u0000"}"#, "text"),
            ("POST", "/api/v1/contacts/lookup", #"{"number":"anna"}"#, "number"),
        ])
    func refused(method: String, path: String, body: String, word: String) async throws {
        try await ServiceUnderTest.run { test in
            let answer = try await test.api(
                method, path, body: Array(body.utf8), headers: [("Content-Type", "application/json")])
            #expect(answer.status == 422 && answer.detail.contains(word), "\(answer.status) \(answer.detail)")
            #expect(try await test.service.store.knownContacts(matching: .everybody, limit: 10) == [])
        }
    }

    @Test("viewers are not shown who is known; operators change it, and are in the audit log")
    func roles() async throws {
        try await ServiceUnderTest.run { test in
            let (admin, op) = (try await headers(.admin, test), try await headers(.operator, test))
            let viewer = try await headers(.viewer, test)
            let wish: [String: Any] = ["number": "+12127365000", "facts": ["pet": "dog"]]
            #expect(try await test.api("PATCH", "/api/v1/contacts", json: wish, headers: viewer).status == 403)
            #expect(try await test.api("POST", Self.search, json: [String: Int](), headers: viewer).status == 403)
            #expect(try await test.api("POST", Self.lookup, json: wish, headers: viewer).status == 403)
            #expect(try await test.api("PATCH", "/api/v1/contacts", json: wish, headers: op).status == 200)
            let audit = try await test.api("GET", "/api/v1/audit", headers: admin).object
            let entries = try #require(audit["entries"] as? [[String: Any]])
            #expect(entries.map { $0["act"] as? String } == ["PATCH /contacts", "PATCH /contacts"])
            #expect(entries.map { $0["outcome"] as? String } == ["done", "refused"])
            #expect(entries.allSatisfy { $0["subject"] as? String == "/contacts" })
        }
    }

    @Test("what callers prove themselves with is set by builders, told to nobody, and nobody is found by it")
    func secrets() async throws {
        try await ServiceUnderTest.run(configure: { configuration, _ in
            let example = ServiceUnderTest.shippedAgents.appending(path: "../../docs/examples/verified/account.yaml")
            let copy = URL(fileURLWithPath: configuration.agents.directory).appending(path: "account.yaml")
            try? FileManager.default.copyItem(at: example.standardizedFileURL, to: copy)
        }) { test in
            #expect(test.service.agents.agents["account"] != nil)
            let (builder, op) = (try await headers(.builder, test), try await headers(.operator, test))
            let wish: [String: Any] = [
                "number": "+12127365000", "facts": ["date_of_birth": "2 may 1980", "pet": "dog"],
            ]
            let refused = try await test.api("PATCH", "/api/v1/contacts", json: wish, headers: op)
            #expect(refused.status == 403 && refused.detail.contains("date_of_birth"))
            #expect(try await test.service.store.facts(of: "+12127365000") == [])
            let set = try await test.api("PATCH", "/api/v1/contacts", json: wish, headers: builder)
            #expect(set.status == 200 && facts(set) == ["pet": "dog"], "\(set.detail)")
            let shown = set.object["facts"] as? [[String: Any]] ?? []
            #expect(shown.map { $0["isSecret"] as? Bool } == [true, false])
            #expect(try await test.service.store.facts(of: "+12127365000").map(\.value) == ["2 may 1980", "dog"])
            for (text, count) in [("may 1980", 0), ("1980", 0), ("dog", 1)] {
                let found = try await test.api("POST", Self.search, json: ["text": text], headers: op)
                #expect(numbers(found).count == count, "\(text)")
                #expect(!String(decoding: found.body, as: UTF8.self).contains("1980"))
            }
        }
    }

    private func headers(
        _ scope: APIKeyRecord.Scope, _ test: ServiceUnderTest
    ) async throws -> [(String, String)] {
        let (secret, record) = KeyRing.make(name: scope.rawValue, scope: scope, at: Date())
        try await test.service.store.add(record)
        return [("Authorization", "Bearer \(secret)")]
    }
}
