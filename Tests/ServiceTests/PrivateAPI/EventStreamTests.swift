import Foundation
import Networking
import ServiceLifecycle
import Testing

@testable import Service

@Suite("The stream of events")
struct EventStreamTests {
    /// Reads events until `enough` of them have come.
    private func read(
        _ test: ServiceUnderTest, _ query: String = "", lastEventID: String? = nil,
        until enough: ([ServerSentEvent]) -> Bool
    ) async throws -> [ServerSentEvent] {
        let headers = lastEventID.map { [("Last-Event-ID", $0)] } ?? []
        let response = try await test.client.send(
            HTTPClientRequest(
                method: "GET", url: "http://127.0.0.1:\(test.privatePort)/api/v1/events\(query)", headers: headers))
        #expect(response.status == 200)
        var parser = ServerSentEventParser()
        var events: [ServerSentEvent] = []
        for try await chunk in response.body {
            events += parser.push(chunk.span)
            if enough(events) { break }
        }
        return events
    }

    @Test("a whole call is told from its start to its end, and who resumes gets what came after")
    func wholeCall() async throws {
        try await ServiceUnderTest.run { test in
            let place = try #require(try await test.api("GET", "/api/v1/live").object["lastEventID"] as? String)
            let before = Date()
            let id = try await test.finishedCall(saying: ["what is the temperature", "no thank you"])
            let events = try await read(test, "?after=\(place)") { $0.last?.type == "call.ended" }
            #expect(events.first?.type == "call.started")
            let kinds = Set(events.map(\.type))
            #expect(kinds.isSuperset(of: ["call.started", "call.state", "call.turn", "call.tool", "call.ended"]))
            #expect(events.contains { $0.type == "call.turn" && $0.data.contains("what is the temperature") })
            #expect(events.allSatisfy { $0.data.contains(id) })
            let (first, last) = (Int(before.timeIntervalSince1970 * 1000), Int(Date().timeIntervalSince1970 * 1000) + 1)
            for event in events {
                let told = try JSONSerialization.jsonObject(with: Data(event.data.utf8)) as? [String: Any]
                let at = try #require(told?["at"] as? Int, "\(event.data)")
                #expect(first <= at && at <= last, "\(event.type) at \(at)")
            }
            // Where there are several, whose call it is.
            let ended =
                try JSONSerialization.jsonObject(with: Data(events[events.count - 1].data.utf8)) as? [String: Any]
            let nodes = try await test.api("GET", "/api/v1/nodes").object["nodes"] as? [[String: Any]]
            let node = try #require(nodes?.first?["id"] as? String)
            #expect(ended?["node"] as? String == node)

            let middle = events[events.count / 2]
            let rest = try await read(test, lastEventID: middle.id) { $0.last?.type == "call.ended" }
            #expect(rest.map(\.id) == events[(events.count / 2 + 1)...].map(\.id))
            let other = try await read(test, "?call=\(id)&after=\(place)") { $0.last?.type == "call.ended" }
            #expect(other.map(\.id) == events.map(\.id))
        }
    }

    @Test("a reader of one call keeps its place while other calls happen, so that it is told of no losses later")
    func placeOfOneCall() async throws {
        try await ServiceUnderTest.run { test in
            let place = try #require(try await test.api("GET", "/api/v1/live").object["lastEventID"] as? String)
            _ = try await test.finishedCall(saying: ["no thank you"])
            let response = try await test.client.send(
                HTTPClientRequest(
                    method: "GET", url: "http://127.0.0.1:\(test.privatePort)/api/v1/events?call=c1&after=\(place)"))
            var bytes: [UInt8] = []
            for try await chunk in response.body {
                let span = chunk.span
                for index in span.indices { bytes.append(span[index]) }
                if String(decoding: bytes, as: UTF8.self).contains("id: ") { break }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            let told = try #require(text.split(separator: "id: ").last?.prefix { $0 != "\n" })
            #expect(told != place && told.split(separator: "-").first == place.split(separator: "-").first)
            #expect(!text.contains("event:") && !text.contains("data:"), "nothing happened on this call")
        }
    }

    @Test("its place is told when it was behind for a while, whatever else it is told meanwhile, and never twice")
    func placeIsDue() {
        var known = ToldPlace(7)
        var due: [Int] = []
        let places = [(7, 100), (9, 100), (12, ToldPlace.patience - 1)].flatMap { Array(repeating: $0, count: $1) }
        for (beat, place) in places.enumerated() {
            if known.isDue(at: place) { due.append(beat) }
        }
        #expect(due == [100 + ToldPlace.patience - 1])
        // An event of its own tells the place, and whoever falls behind again waits as long again.
        known.told(13)
        due = []
        for beat in 0..<200 {
            if known.isDue(at: beat < 100 ? 13 : 14) { due.append(beat) }
        }
        #expect(due == [100 + ToldPlace.patience - 1])
    }

    @Test("a place of another run of the service is answered with a reset")
    func reset() async throws {
        try await ServiceUnderTest.run { test in
            let events = try await read(test, lastEventID: "c0-17") { !$0.isEmpty }
            #expect(events.map(\.type) == ["reset"])
        }
    }

    @Test("readers do not keep the service from stopping")
    func stops() async throws {
        try await ServiceUnderTest.run { test in
            await withThrowingTaskGroup { tasks in
                for _ in 0..<5 { tasks.addTask { _ = try await read(test) { _ in false } } }
                // Each has been answered when the service stops under it.
                try? await test.waitUntil("a call is told") {
                    try await test.api("GET", "/api/v1/live").status == 200
                }
                await test.group.triggerGracefulShutdown()
                for _ in 0..<5 { _ = await tasks.nextResult() }
            }
        }
    }
}
