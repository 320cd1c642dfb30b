import Foundation
import Store
import Testing

@testable import Service

@Suite("The API of the private plane")
struct OperatorAPITests {
    @Test("the API counts and times what it is asked, by operation, and tells no id")
    func requestMetrics() async throws {
        try await ServiceUnderTest.run { test in
            #expect(try await test.api("GET", "/api/v1/calls/secret17").status == 404)
            #expect(try await test.api("GET", "/api/v1/agents").status == 200)
            #expect(try await test.api("GET", "/api/v1/secret18").status == 404)
            #expect(try await test.api("POST", "/healthz", json: [:]).status == 405)
            let page = try await test.ask("/metrics").text
            #expect(page.contains(#"parley_api_requests_total{operation="GET /calls/{id}",status="4xx"} 1"#))
            #expect(page.contains(#"parley_api_requests_total{operation="GET /agents",status="2xx"} 1"#))
            #expect(page.contains(#"parley_api_requests_total{operation="none",status="4xx"} 1"#))
            #expect(page.contains(#"parley_api_request_seconds_count{operation="GET /agents"} 1"#))
            #expect(!page.contains("secret"))
        }
    }

    @Test("a call that is over is listed, told, journalled, drawn and played")
    func pastCall() async throws {
        try await ServiceUnderTest.run { test in
            let id = try await test.finishedCall(saying: ["what is the temperature", "no thank you"])
            let list = try await test.api("GET", "/api/v1/calls?agent=thermostat&limit=10")
            let calls = try #require(list.object["calls"] as? [[String: Any]])
            #expect(calls.map { $0["id"] as? String } == [id])
            #expect(calls[0]["hasRecording"] as? Bool == true)
            #expect(!String(decoding: list.body, as: UTF8.self).contains(test.directory.path))
            #expect(list.object["hits"] == nil)

            let search = try await test.api("GET", "/api/v1/calls?text=temp%20the").object
            #expect((search["calls"] as? [[String: Any]])?.isEmpty == true)
            let found = try await test.api("GET", "/api/v1/calls?text=the%20temp").object
            let hits = try #require(found["hits"] as? [[String: Any]])
            let hit = try #require(hits.first { $0["speaker"] as? String == "caller" })
            #expect(hit["callID"] as? String == id && hit["turn"] as? Int == 1)
            let pieces = try #require(hit["snippet"] as? [[String: Any]])
            #expect(pieces.compactMap { $0["text"] as? String } == ["what is ", "the", " ", "temperature"])
            #expect(pieces.compactMap { $0["isHit"] as? Bool } == [false, true, false, true])

            let story = try await test.api("GET", "/api/v1/calls/\(id)").object
            let turns = try #require(story["turns"] as? [[String: Any]])
            #expect(turns.contains { $0["text"] as? String == "what is the temperature" })
            #expect(turns.contains { $0["latency"] != nil })
            #expect(story["isLive"] as? Bool == false)

            let count = try #require(story["journalCount"] as? Int)
            var (entries, from) = ([[String: Any]](), 0 as Int?)
            while let start = from {
                let page = try await test.api("GET", "/api/v1/calls/\(id)/journal?limit=20&from=\(start)").object
                entries += page["entries"] as? [[String: Any]] ?? []
                from = page["next"] as? Int
            }
            #expect(entries.count == count)
            #expect(entries.prefix(2).compactMap { $0["kind"] as? String } == ["settings", "mediaStarted"])

            let outline = try await test.api("GET", "/api/v1/calls/\(id)/waveform?buckets=50").object
            #expect((outline["caller"] as? [Int])?.count == 50)
            #expect((outline["agent"] as? [Int])?.max() ?? 0 > 10)

            let whole = try await test.api("GET", "/api/v1/calls/\(id)/recording")
            #expect(whole.status == 200 && whole.header("content-type") == "audio/wav")
            #expect(whole.body.prefix(4) == Data("RIFF".utf8))
            let part = try await test.api(
                "GET", "/api/v1/calls/\(id)/recording", headers: [("Range", "bytes=100-299")])
            #expect(part.status == 206 && part.body == whole.body[100..<300])
            #expect(part.header("content-range") == "bytes 100-299/\(whole.body.count)")
            let beyond = try await test.api(
                "GET", "/api/v1/calls/\(id)/recording", headers: [("Range", "bytes=99999999-")])
            #expect(beyond.status == 416)
            let tag = try #require(whole.header("etag"))
            let again = try await test.api("GET", "/api/v1/calls/\(id)/recording", headers: [("If-None-Match", tag)])
            #expect(again.status == 304 && again.body.isEmpty)
        }
    }

    @Test("an operator sees a call on the line, has a sentence said, mutes the agent, and ends the call")
    func operations() async throws {
        try await ServiceUnderTest.run { test in
            let caller = TestCaller(saying: ["never said"], on: test.loop, mayAnswer: { _ in false })
            caller.dial(try await test.announce("CA1"))
            let id = try await test.liveCall()
            let early = try await test.api("GET", "/api/v1/calls/\(id)/recording")
            #expect(early.status == 404 && early.detail.contains("still on the line"))
            let said = try await test.api("POST", "/api/v1/calls/\(id)/say", json: ["text": " One\nmoment, please. "])
            #expect(said.status == 202)
            try await test.waitUntil("the sentence is a turn") {
                // The wall is quicker than the store.
                let story = try? await test.service.store.story(ofCall: id)
                return story?.turns.contains { $0.heard == "One moment, please." } ?? false
            }
            #expect(try await test.api("POST", "/api/v1/calls/\(id)/mute", json: ["isMuted": true]).status == 202)
            try await test.waitUntil("the wall says that it is muted") {
                let live = try await test.api("GET", "/api/v1/live").object["calls"] as? [[String: Any]]
                return (live?.first?["state"] as? [String: Any])?["isMuted"] as? Bool == true
            }
            for (act, isPaused) in [("pause", true), ("resume", false), ("pause", true)] {
                #expect(try await test.api("POST", "/api/v1/calls/\(id)/recording/\(act)").status == 202)
                try await test.waitUntil("the wall says whether it is recorded") {
                    let live = try await test.api("GET", "/api/v1/live").object["calls"] as? [[String: Any]]
                    return (live?.first?["state"] as? [String: Any])?["isRecordingPaused"] as? Bool == isPaused
                }
            }
            #expect(try await test.api("POST", "/api/v1/calls/\(id)/hangup").status == 202)
            #expect(await caller.ended().contains("1000"))
            try await test.waitUntil("the call is over") {
                try await test.service.store.story(ofCall: id).call.endReason == "ended by operator"
            }
            try await test.waitUntil("the desk has let go of it") {
                try await test.api("POST", "/api/v1/calls/\(id)/hangup").status == 409
            }
            let journal = try await test.service.store.journal(ofCall: id)
            #expect(journal.filter { $0.kind == "operated" }.count == 6)
            try await test.waitUntil("the recording is stored") {
                try await !test.service.store.story(ofCall: id).recordings.isEmpty
            }
            let story = try await test.service.store.story(ofCall: id)
            let redactions = try #require(story.recordings.first?.redactions)
            #expect(redactions.map(\.reason) == ["operator", "operator"])
            // The second one lasted to the end.
            #expect(redactions.last?.to == story.call.duration)
            // Who did what is in the log; what was said is not.
            #expect(test.log.contains("an operator acts"))
            #expect(!test.log.contains("One moment"))
        }
    }

    @Test(
        "what cannot be done is said, with what to do, as a problem",
        arguments: [
            ("GET", "/api/v1/calls/nobody", 404, "lists those there are"),
            ("GET", "/api/v1/calls/nobody/journal", 404, "lists those there are"),
            ("GET", "/api/v1/calls/nobody/recording", 404, "lists those there are"),
            ("GET", "/api/v1/calls/..%2F..%2Fetc%2Fpasswd", 404, "lists those there are"),
            ("POST", "/api/v1/calls/nobody/hangup", 404, "lists those there are"),
            ("GET", "/api/v1/calls?limit=0", 400, "from 1 to 200"),
            ("GET", "/api/v1/calls?limit=many", 400, "from 1 to 200"),
            ("GET", "/api/v1/calls?direction=sideways", 400, "\"inbound\", \"outbound\""),
            ("GET", "/api/v1/calls?after=there", 400, "page before"),
            ("GET", "/api/v1/calls?ended=perhaps", 400, "true or false"),
            ("GET", "/api/v1/agents/nobody", 404, "lists those there are"),
            ("GET", "/api/v1/nothing", 404, "openapi.json"), ("DELETE", "/api/v1/calls", 405, "GET, HEAD"),
            ("GET", "/nothing", 404, "nothing here"),
        ])
    func problems(method: String, path: String, status: Int, advice: String) async throws {
        try await ServiceUnderTest.run { test in
            let answer = try await test.api(method, path)
            #expect(answer.status == status)
            #expect(answer.header("content-type") == "application/problem+json")
            #expect(answer.detail.contains(advice), "\(answer.detail)")
            #expect(answer.object["status"] as? Int == status)
        }
    }

    @Test("bodies are refused that are no JSON, of another type, wrong or too large")
    func bodies() async throws {
        try await ServiceUnderTest.run { test in
            let path = "/api/v1/agents/validate"
            #expect(try await test.api("POST", path, json: ["source": "x"], type: "text/plain").status == 415)
            #expect(try await test.api("POST", path).status == 415)
            let missing = try await test.api("POST", path, json: ["sauce": "x"])
            #expect(missing.status == 400 && missing.detail.contains("\"source\" is missing"))
            let wrong = try await test.api("POST", path, json: ["source": 5])
            #expect(wrong.status == 400 && wrong.detail.contains("\"source\" must be a text"))
            let large = try await test.api("POST", path, json: ["source": String(repeating: "x", count: 1_200_000)])
            #expect(large.status == 413)
            #expect(try await test.api("POST", path, json: [1, 2]).status == 400)
        }
    }

    @Test("an agent's source is shown and a draft is read as the loader reads it, with the line of each fault")
    func agents() async throws {
        try await ServiceUnderTest.run { test in
            let list = try await test.api("GET", "/api/v1/agents").object["agents"] as? [[String: Any]]
            #expect(list?.map { $0["name"] as? String } == ["thermostat"])
            let shown = try await test.api("GET", "/api/v1/agents/thermostat").object
            let source = try #require(shown["source"] as? String)
            #expect(((shown["graph"] as? [String: Any])?["nodes"] as? [Any])?.isEmpty == false)
            let good = try await test.api("POST", "/api/v1/agents/validate", json: ["source": source]).object
            #expect(good["isValid"] as? Bool == true && good["name"] as? String == "thermostat")
            #expect((good["faults"] as? [Any])?.isEmpty == true)
            let bad = source.replacingOccurrences(of: "reask_below:", with: "reask_belo:")
            let verdict = try await test.api("POST", "/api/v1/agents/validate", json: ["source": bad]).object
            let faults = try #require(verdict["faults"] as? [[String: Any]])
            let line = 1 + (bad.components(separatedBy: "reask_belo:").first ?? "").filter { $0 == "\n" }.count
            #expect(verdict["isValid"] as? Bool == false)
            #expect(faults.contains { $0["line"] as? Int == line }, "\(faults)")
        }
    }

    @Test("a draft that hands callers over to an agent that cannot take them is refused, as `parley check` refuses it")
    func colleagues() async throws {
        var provider = ParleyConfiguration.Provider(kind: .openAISpeechToSpeech)
        provider.apiKey = Secret("k")
        provider.model = "m"
        try await ServiceUnderTest.run(
            shipped: ["thermostat", "assistant"],
            configure: { configuration, _ in configuration.providers["openai"] = provider }
        ) { test in
            let shown = try await test.api("GET", "/api/v1/agents/thermostat").object
            let source = try #require(shown["source"] as? String)
            let draft = source.replacing(
                #"- hang_up: "the caller said goodbye""#, with: #"- transfer: "agent:assistant""#)
            #expect(draft != source)
            let verdict = try await test.api("POST", "/api/v1/agents/validate", json: ["source": draft]).object
            #expect(verdict["isValid"] as? Bool == false)
            let faults = try #require(verdict["faults"] as? [[String: Any]])
            #expect((faults.first?["reason"] as? String)?.contains("cannot be handed over to it") == true, "\(faults)")
            let published = try await test.api(
                "POST", "/api/v1/agents/thermostat/publish", json: ["source": draft])
            #expect(published.status == 422 && published.detail.contains("cannot be handed over to it"))
        }
    }

    @Test("a draft reads no file outside the directory of agents")
    func confinedDrafts() async throws {
        try await ServiceUnderTest.run(shipped: ["receptionist"]) { test in
            let secret = test.directory.appending(path: "secret.txt")
            try Data("peter\n".utf8).write(to: secret)
            let source = try String(
                contentsOf: ServiceUnderTest.shippedAgents.appending(path: "receptionist.yaml"), encoding: .utf8)
            let link = test.directory.appending(path: "agents/names/link.txt")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: secret)
            for path in ["../secret.txt", "names/link.txt", "names/../../secret.txt"] {
                let draft = source.replacingOccurrences(of: "names/us-first.txt", with: path)
                let verdict = try await test.api("POST", "/api/v1/agents/validate", json: ["source": draft])
                #expect(verdict.object["isValid"] as? Bool == false)
                #expect(String(decoding: verdict.body, as: UTF8.self).contains("outside the directory of agents"))
            }
        }
    }

    @Test("every answer keeps a browser from doing with it what it is not for")
    func headers() async throws {
        try await ServiceUnderTest.run { test in
            for path in ["/", "/app.js", "/api/v1/live", "/api/v1/nothing", "/healthz"] {
                let answer = try await test.api("GET", path)
                let policy = try #require(answer.header("content-security-policy"))
                #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
                #expect(policy.contains("connect-src 'self' ws://127.0.0.1:\(test.port);"))
                #expect(!policy.contains("unsafe"))
                #expect(answer.header("x-content-type-options") == "nosniff")
                #expect(answer.header("referrer-policy") == "no-referrer")
                #expect(answer.header("cache-control") != nil)
            }
        }
    }
}
