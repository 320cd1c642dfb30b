import Agent
import Foundation
import Store
import Testing

@testable import Service

@Suite("Versions of agents over the API")
struct VersionAPITests {
    private static let path = "/api/v1/agents/thermostat"

    private static func source(greeting: String) throws -> String {
        try String(contentsOf: ServiceUnderTest.shippedAgents.appending(path: "thermostat.yaml"), encoding: .utf8)
            .replacing("Hello, this is the thermostat.", with: greeting)
    }

    @Test("are published from the file or a draft, compared, split, rolled back and taken off; each at once")
    func whole() async throws {
        try await ServiceUnderTest.run { test in
            let (secret, record) = KeyRing.make(name: "night shift", scope: .builder, at: Date())
            try await test.service.store.add(record)
            let headers = [("Authorization", "Bearer \(secret)")]
            func post(_ act: String, _ body: [String: Any], _ more: [(String, String)] = []) async throws
                -> ServiceUnderTest.Answer
            {
                try await test.api("POST", "\(Self.path)/\(act)", json: body, headers: headers + more)
            }
            func get(_ what: String) async throws -> ServiceUnderTest.Answer {
                try await test.api("GET", "\(Self.path)\(what)", headers: headers)
            }
            let none = try await get("/versions")
            #expect(none.status == 200 && none.object["live"] == nil)
            #expect(try await get("/diff").status == 404)

            let first = try await post("publish", ["note": "as it was"])
            #expect(first.status == 200 && first.object["live"] as? Int == 1, "\(first.detail)")
            let version = try #require((first.object["versions"] as? [[String: Any]])?.first)
            #expect(version["publishedBy"] as? String == "night shift" && version["note"] as? String == "as it was")
            #expect(test.service.roster.lane("thermostat")?.live.number == 1)

            let draft = try Self.source(greeting: "Hello, two.")
            let key = [("Idempotency-Key", "publish-two")]
            let second = try await post("publish", ["source": draft, "percent": 20], key)
            #expect(second.object["trial"] as? Int == 2 && second.object["percent"] as? Int == 20, "\(second.detail)")
            let again = try await post("publish", ["source": draft, "percent": 20], key)
            #expect(again.body == second.body && again.header("idempotency-replayed") == "true")
            #expect(test.service.roster.lane("thermostat")?.trial?.definition.greeting == "Hello, two.")

            let shown = try await get("/versions/2")
            #expect(shown.object["source"] as? String == draft && shown.object["hash"] as? String != nil)
            #expect(try await get("/versions/3").status == 404)
            let files = try await get("/diff?from=1&to=2").object["files"] as? [[String: Any]]
            #expect(files?.count == 1)
            #expect((files?[0]["diff"] as? String)?.contains("+greeting: \"Hello, two.\"") == true)
            #expect(try await (get("/diff").object["files"] as? [Any])?.isEmpty == true)

            let all = try await post("split", ["version": 2, "percent": 100])
            #expect(all.object["live"] as? Int == 2 && all.object["trial"] == nil)
            let agent = try #require(try await get("").object["agent"] as? [String: Any])
            #expect(agent["published"] as? Int == 2 && agent["greeting"] as? String == "Hello, two.")
            #expect(try await get("").object["source"] as? String == draft)
            let back = try await post("rollback", ["note": "too new"])
            #expect(back.object["live"] as? Int == 1)
            let acts = try #require(back.object["acts"] as? [[String: Any]])
            #expect(acts.map { $0["kind"] as? String } == ["rolled_back", "split", "published", "published"])
            #expect(acts[0]["by"] as? String == "night shift" && acts[0]["detail"] as? String == "too new")
            #expect(try await post("rollback", ["version": 2]).object["live"] as? Int == 2)
            let off = try await post("unpublish", [:])
            #expect(off.status == 200 && off.object["live"] == nil)
            #expect(test.service.roster.lane("thermostat")?.live.number == nil)
            #expect(try await post("unpublish", [:]).status == 404)
        }
    }

    @Test("are told in pages, each with what takes calls, and every version once")
    func pages() async throws {
        try await ServiceUnderTest.run { test in
            for number in 1...5 {
                let draft = try Self.source(greeting: "Hello \(number).")
                let made = try await test.api("POST", "\(Self.path)/publish", json: ["source": draft])
                #expect(made.status == 200, "\(made.detail)")
            }
            var (numbers, sizes, after): ([Int], [Int], String) = ([], [], "")
            repeat {
                let page = try await test.api("GET", "\(Self.path)/versions?limit=2\(after)")
                #expect(page.status == 200 && page.object["live"] as? Int == 5, "\(page.detail)")
                #expect((page.object["acts"] as? [Any])?.count == 5)
                let versions = try #require(page.object["versions"] as? [[String: Any]])
                numbers += versions.compactMap { $0["number"] as? Int }
                sizes.append(versions.count)
                after = (page.object["next"] as? String).map { "&after=\($0)" } ?? ""
            } while !after.isEmpty && sizes.count < 9
            #expect(numbers == [5, 4, 3, 2, 1] && sizes == [2, 2, 1])
            let whole = try await test.api("GET", "\(Self.path)/versions")
            #expect((whole.object["versions"] as? [Any])?.count == 5 && whole.object["next"] == nil)
            let behind = try await test.api("GET", "\(Self.path)/versions?after=1~thermostat")
            #expect(behind.status == 200 && (behind.object["versions"] as? [Any])?.isEmpty == true)
            let wrong = try await test.api("GET", "\(Self.path)/versions?after=two")
            #expect(wrong.status == 400 && wrong.detail.contains("page before"), "\(wrong.detail)")
            #expect(try await test.api("GET", "\(Self.path)/versions?limit=0").status == 400)
            #expect(try await test.api("GET", "/api/v1/agents/nobody/versions?after=1~nobody").status == 404)
        }
    }

    @Test("the numbers of an error budget lead to as many calls")
    func budgets() async throws {
        try await ServiceUnderTest.run { test in
            let store = test.service.store
            let before = Date() - 60
            let draft =
                try Self.source(greeting: "Hello.") + "\nerror_budget: {allowed: 0.9, min_calls: 3, on_burn: alert}\n"
            let made = try await test.api("POST", "\(Self.path)/publish", json: ["source": draft])
            let hash = try #require((made.object["versions"] as? [[String: Any]])?.first?["hash"] as? String)
            let faults: [[String: Int]?] = [["dead_air": 1], ["reasks": 2], ["reasks": 3, "escalations": 1], nil, nil]
            var calls = faults.enumerated().map { index, faults in
                var call = CallRecord(
                    id: "e\(index)", carrier: "twilio", carrierCallID: "CAe\(index)", direction: .inbound,
                    from: "+15550001", to: "+15550002", agent: "thermostat", agentVersion: hash, startedAt: Date() + 1)
                call.endedAt = call.startedAt + 5
                call.faults = faults
                return call
            }
            // One of before it was published counts for nothing.
            var early = calls[0]
            early.id = "early"
            early.carrierCallID = "CAearly"
            early.startedAt = before
            calls.append(early)
            try await store.apply(
                calls.enumerated().map { RevisedWrite(revision: $0.offset + 1, write: .call($0.element)) })
            let review = try await store.file(
                ReviewDraft(
                    idempotencyKey: "k", callID: "e3", agent: "thermostat", agentVersion: hash, contact: "",
                    tool: "thermostat_set", arguments: "{}", reason: "r", expiresAt: Date() + 60))
            _ = try await store.decide(review: review.id, .rejected, by: "ann")
            let list = try await test.api("GET", "\(Self.path)/versions").object
            let version = try #require((list["versions"] as? [[String: Any]])?.first)
            let budget = try #require(version["budget"] as? [String: Any])
            #expect(budget["calls"] as? Int == 5 && budget["badCalls"] as? Int == 3, "\(budget)")
            let since = try #require(budget["since"] as? Int)
            let endedSince = try #require(budget["endedSince"] as? Int)
            let counts = try #require(budget["counts"] as? [String: Int])
            let words = counts.map { "\($0.key):\($0.value)" }.joined(separator: ",")
            let query = "agent=thermostat&version=\(hash)&since=\(since)&endedSince=\(endedSince)"
            for (more, number) in [("", 5), ("&faults=\(words)", 3), ("&faults=reasks:3", 1)] {
                let page = try await test.api("GET", "/api/v1/calls?\(query)\(more)")
                #expect((page.object["calls"] as? [Any])?.count == number, "\(more): \(page.detail)")
            }
            for wrong in ["luck:1", "reasks", "reasks:0", "reasks:1,", "reasks:10000"] {
                let answer = try await test.api("GET", "/api/v1/calls?faults=\(wrong)")
                #expect(answer.status == 400 && answer.detail.contains("dead_air"), "\(wrong)")
            }
        }
    }

    @Test("are refused with every fault and its line, and nothing is kept of them")
    func refused() async throws {
        try await ServiceUnderTest.run { test in
            func post(_ act: String, _ body: [String: Any]) async throws -> ServiceUnderTest.Answer {
                try await test.api("POST", "\(Self.path)/\(act)", json: body)
            }
            let source = try Self.source(greeting: "Hello.")
            let bad = try await post(
                "publish", ["source": source.replacing("max_reasks: 2", with: "max_reasks: twelve")])
            #expect(bad.status == 422 && bad.object["code"] as? String == "faulty_agent")
            #expect(bad.detail.contains("thermostat.yaml:12:"), "\(bad.detail)")
            let missing = try await post("publish", ["source": source.replacing("thermostat_set", with: "boil")])
            #expect(missing.status == 422 && missing.detail.contains("no tool `boil`"), "\(missing.detail)")
            let other = try await post(
                "publish", ["source": source.replacing("name: thermostat", with: "name: other")])
            #expect(other.status == 422 && other.detail.contains("\"other\""))
            #expect(try await test.service.store.versions(of: "thermostat").isEmpty)
            for (act, body, status) in [
                ("publish", ["percent": 10], 404), ("publish", ["percent": 0], 400),
                ("publish", ["percent": "all"], 400),
                ("publish", ["note": String(repeating: "x", count: 501)], 400), ("rollback", [:], 404),
                ("split", ["version": 1, "percent": 5], 404), ("split", ["version": 1, "percent": 101], 400),
                ("split", ["version": 1], 400),
            ] as [(String, [String: Any], Int)] {
                let answer = try await post(act, body)
                #expect(answer.status == status && !answer.detail.isEmpty, "\(act) \(body): \(answer.detail)")
            }
            #expect(try await test.api("GET", "/api/v1/agents/nobody/versions").status == 404)
            let unknown = try await test.api("POST", "/api/v1/agents/nobody/publish", json: [String: String]())
            #expect(unknown.status == 404 && unknown.detail.contains("thermostat"), "\(unknown.detail)")

            let (secret, record) = KeyRing.make(name: "wall", scope: .viewer, at: Date())
            try await test.service.store.add(record)
            let headers = [("Authorization", "Bearer \(secret)")]
            for act in ["publish", "rollback", "split", "unpublish"] {
                let answer = try await test.api(
                    "POST", "\(Self.path)/\(act)", json: [String: String](), headers: headers)
                #expect(answer.status == 403, "\(act)")
            }
            #expect(try await test.api("GET", "\(Self.path)/versions", headers: headers).status == 200)
        }
    }
}
