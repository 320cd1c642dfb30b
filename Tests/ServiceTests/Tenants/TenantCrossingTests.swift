import Callers
import Foundation
import Networking
import Store
import Testing

@testable import Service

/// Everything that one tenant has, asked for at another.
@Suite("From one tenant to another", .serialized)
struct TenantCrossingTests {
    @Test("no operation of the API gives anything of one tenant at the other, and none changes anything there")
    func everyOperation() async throws {
        try await FilledTenant.run { tenants, filled in
            let (north, south) = (tenants.north, tenants.south)
            // Also before the first key was made, and on loopback.
            #expect(try await south.service.store.keys().isEmpty)
            #expect(try await south.api("GET", "/api/v1/calls").status == 401)
            let theirs = try await key(of: south)
            var told: [String] = []
            for operation in try DocumentedOperation.all() {
                guard let step = filled.step(operation.id) else {
                    Issue.record("\(operation.id) is not tried; say in FilledTenant how it is asked for")
                    continue
                }
                let path = "/api/v1" + (step.path ?? operation.path) + step.query
                let place: Comment = "\(operation.method) \(path)"
                #expect(!path.contains("{"), place)
                if operation.needsKey {
                    let answer = try await south.api(operation.method, path, json: step.json, headers: filled.headers)
                    #expect(answer.status == 401, place)
                    #expect(!filled.isTold(in: answer.body), place)
                }
                // A stream has no end; it is tried below.
                if operation.id == "events" { continue }
                let answer = try await south.api(
                    operation.method, path, json: step.json, headers: theirs, type: step.type)
                // What is made by its name is the south's own; that the north's is as it was is seen below.
                let made = operation.id == "putDocument" ? 201 : 404
                if operation.namesThing { #expect(answer.status == made, "\(place): \(answer.status)") }
                #expect(answer.status < 500, "\(place): \(answer.status)")
                // What was asked for may be named in the answer, what stands there may not.
                #expect(!filled.isTold(in: answer.body), "\(place): \(String(decoding: answer.body, as: UTF8.self))")
            }
            // It is all still there, and whoever may ask gets it: the words would have been seen.
            for operation in try DocumentedOperation.all() where FilledTenant.telling.contains(operation.id) {
                guard let step = filled.step(operation.id) else { continue }
                let path = "/api/v1" + (step.path ?? operation.path) + step.query
                let answer = try await north.api(operation.method, path, json: step.json, headers: filled.headers)
                #expect(
                    answer.status == 200 && filled.isTold(in: answer.body),
                    "\(operation.id) \(path): \(answer.status) \(String(decoding: answer.body, as: UTF8.self).prefix(600))"
                )
                told.append(operation.id)
            }
            #expect(Set(told) == FilledTenant.telling)
            let recording = try await north.api(
                "GET", "/api/v1/calls/\(filled.call)/recording", headers: filled.headers)
            #expect(recording.status == 200 && recording.body.count > 1000)
        }
    }

    @Test("sessions, repeated requests, places in streams and lists, searches and metrics are each tenant's own")
    func handles() async throws {
        try await FilledTenant.run { tenants, filled in
            let (north, south) = (tenants.north, tenants.south)
            let theirs = try await key(of: south)
            // A session, by a key and by a name and a password.
            for who in [["key": filled.key], ["name": filled.account, "password": filled.password]] {
                let signIn = try await north.api("POST", "/api/v1/session", json: who)
                let cookie = try #require(signIn.header("set-cookie")).prefix { $0 != ";" }
                let session = [("Cookie", String(cookie))]
                #expect(try await north.api("GET", "/api/v1/calls", headers: session).status == 200)
                #expect(try await south.api("GET", "/api/v1/calls", headers: session).status == 401)
                #expect(try await south.api("POST", "/api/v1/session", json: who).status == 401)
            }
            // A request that was sent to the north before.
            let once = [("Idempotency-Key", "same-for-both")]
            let first = try await north.api(
                "POST", "/api/v1/browser-calls", json: ["agent": filled.agent], headers: filled.headers + once)
            let again = try await north.api(
                "POST", "/api/v1/browser-calls", json: ["agent": filled.agent], headers: filled.headers + once)
            #expect(first.status == 201 && again.body == first.body)
            #expect(again.header("idempotency-replayed") == "true")
            let other = try await south.api(
                "POST", "/api/v1/browser-calls", json: ["agent": filled.agent], headers: theirs + once)
            #expect(other.status == 404 && other.header("idempotency-replayed") == nil)
            let own = try await south.api(
                "POST", "/api/v1/browser-calls", json: ["agent": "thermostat"], headers: theirs + once)
            #expect(own.status == 201 && own.header("idempotency-replayed") == nil && own.body != first.body)
            // A place in a stream.
            let live = try await north.api("GET", "/api/v1/live", headers: filled.headers)
            let place = try #require(live.object["lastEventID"] as? String)
            let stream = try await south.client.send(
                HTTPClientRequest(
                    method: "GET", url: "http://127.0.0.1:\(south.privatePort)/api/v1/events",
                    headers: theirs + [("Last-Event-ID", place)]))
            var parser = ServerSentEventParser()
            var events: [ServerSentEvent] = []
            for try await chunk in stream.body {
                events += parser.push(chunk.span)
                if !events.isEmpty { break }
            }
            #expect(events.map(\.type) == ["reset"])
            // A place in a list.
            let page = try await north.api("GET", "/api/v1/calls?limit=1", headers: filled.headers)
            let next = try #require(page.object["next"] as? String)
            let rest = try await south.api("GET", "/api/v1/calls?after=\(next)", headers: theirs)
            #expect(rest.status == 200 && (rest.object["calls"] as? [Any])?.isEmpty == true)
            // A search.
            for search in ["text=\(filled.mark)", "number=%2B15550111", "agent=\(filled.agent)"] {
                let found = try await north.api("GET", "/api/v1/calls?\(search)", headers: filled.headers)
                #expect((found.object["calls"] as? [Any])?.isEmpty == false, "\(search)")
                let missing = try await south.api("GET", "/api/v1/calls?\(search)", headers: theirs)
                #expect((missing.object["calls"] as? [Any])?.isEmpty == true, "\(search)")
            }
            // Knowledge, facts and whom not to call.
            for (store, isThere) in [(north.service.store, true), (south.service.store, false)] {
                #expect(try await !store.passages(about: filled.mark).isEmpty == isThere)
                #expect(try await !store.facts(of: "+15550100").isEmpty == isThere)
                #expect(try await store.isSuppressed(filled.suppressed) == isThere)
            }
            // Metrics.
            #expect(try await north.metric("parley_calls_started_total") == 2)
            #expect(try await south.metric("parley_calls_started_total") == 0)
            #expect(try await south.metric("parley_calls_ended_total") == 0)
            let process = try await tenants.health("/metrics").text
            #expect(process.contains("parley_tenant_up{tenant=\"north\"} 1"), "\(process)")
            for text in [process, try await south.ask("/metrics").text, try await tenants.health("/readyz").text] {
                #expect(!filled.isTold(in: Data(text.utf8)) && !text.contains(filled.agent))
            }
        }
    }

    @Test(
        "what lets somebody into a call of one tenant lets nobody in at the other, and is still good where it is from")
    func publicPlane() async throws {
        try await FilledTenant.run { tenants, filled in
            let (north, south) = (tenants.north, tenants.south)
            func atSouth(_ url: String) -> String { url.replacing(":\(north.port)/", with: ":\(south.port)/") }
            // A webhook that the carrier signed for the north.
            let form = ["CallSid": "CAcross", "From": "+15550100", "To": filled.number, "AccountSid": "AC0"]
            for path in ["/twilio/voice", "/twilio/fallback", "/twilio/after-stream"] {
                for target in [north.port, south.port] {
                    let forged = try await south.post(
                        path, form, signature: filled.signature(path, form, port: target))
                    #expect(forged.status == 403, "\(path): \(forged.text)")
                }
            }
            // A call that is the north's, about which the south's own carrier asks what is to become of it.
            let lost = try await tenants.postToSouth(
                "/twilio/fallback", form.merging(["CallSid": "CAlive"]) { $1 })
            #expect(!lost.text.contains(":\(north.port)/") && !filled.isTold(in: Data(lost.text.utf8)), "\(lost)")
            let live = try await north.api("GET", "/api/v1/live", headers: filled.headers).object["calls"]
            #expect((live as? [[String: Any]])?.contains { $0["id"] as? String == filled.live } == true)
            // A socket's token.
            var announced = try await north.announce("CAtoken", to: filled.number)
            let atNorth = announced.url
            announced.url = atSouth(atNorth)
            #expect(announced.url != atNorth)
            let refused = await TestCaller(saying: ["no thank you"], on: south.loop).hold(announced)
            #expect(refused.contains("token"), "\(refused)")
            announced.url = atNorth
            let taken = await TestCaller(saying: ["no thank you"], on: north.loop).hold(announced)
            #expect(taken.contains("1000"), "\(taken)")
            // A call from the browser.
            let invitation = try north.service.browserCalls.invite(agent: filled.agent, from: "Ann")
            let start = #"{"event":"start","call":"\#(invitation.call)","token":"\#(invitation.token)","rate":8000}"#
            let stranger = await BrowserCaller(start: start).hold(atSouth(invitation.url), on: south.loop)
            #expect(stranger.reason.contains("not for this call"), "\(stranger.reason)")
            #expect(stranger.count(of: "started") == 0)
            let guest = await BrowserCaller(start: start).hold(invitation.url, on: north.loop)
            #expect(guest.reason.contains("1000") && guest.count(of: #""event":"started""#) == 1, "\(guest.reason)")
            // An operator's invitation to the call that is live.
            var takeover = try await north.api(
                "POST", "/api/v1/calls/\(filled.live)/takeover", headers: filled.headers
            ).object
            let url = try #require(takeover["url"] as? String)
            takeover["url"] = atSouth(url)
            let intruder = OperatorBrowser(takeover, on: south.loop)
            try await south.waitUntil("the intruder is turned away") { intruder.state.withLock { $0.reason } != nil }
            #expect(intruder.state.withLock { !$0.messages.contains { $0.contains("started") } })
            takeover["url"] = url
            let person = OperatorBrowser(takeover, on: north.loop)
            try await north.waitUntil("the operator is let in") {
                person.state.withLock { $0.messages.contains { $0.contains("started") } }
            }
            person.leave()
            // A number of the north's that is called at the south is the south's own matter.
            let answer = try await tenants.postToSouth("/twilio/voice", form)
            let stream = try #require(answer.text.part(between: "<Stream url=\"", and: "\""), "\(answer)")
            let token = try #require(answer.text.part(between: "name=\"token\" value=\"", and: "\""))
            #expect(stream.contains(":\(south.port)/"))
            _ = await TestCaller(saying: ["no thank you"], on: south.loop).hold(
                CarrierLine.Call(url: stream, callID: "CAcross", parameters: ["token": token]))
            try await south.waitUntil("the south's call is stored") {
                try await south.service.store.calls(matching: CallFilter(hasEnded: true)).calls.count == 1
            }
            let calls = try await south.service.store.calls().calls
            #expect(calls.map(\.carrierCallID) == ["CAcross"] && calls.map(\.agent) == ["thermostat"])
            #expect(try await !north.service.store.calls().calls.contains { $0.carrierCallID == "CAcross" })
            #expect(try await south.metric("parley_calls_started_total") == 1)
            // Files: each folder holds its own tenant's things only.
            for file in try Self.files(in: south.directory) {
                #expect(!filled.isTold(in: (try? Data(contentsOf: file)) ?? Data()), "\(file.path)")
            }
            #expect(try Self.files(in: north.directory).contains { filled.isTold(in: try Data(contentsOf: $0)) })
            // Logs: each line has its tenant's name, and the north's words are in no other's.
            let lines = tenants.lines.withLock { $0 }
            let names = lines.map { line in
                (try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?["tenant"] as? String
            }
            #expect(Set(names) == ["north", "south"])
            for (name, line) in zip(names, lines) where name != "north" {
                #expect(!filled.isTold(in: Data(line.utf8)) && !line.contains(filled.agent), "\(line)")
            }
            #expect(zip(names, lines).contains { $0 == "north" && $1.contains(filled.live) })
        }
    }

    private static func files(in folder: URL) throws -> [URL] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        return paths.map { folder.appending(path: $0) }.filter {
            let type = try? FileManager.default.attributesOfItem(atPath: $0.path)[.type] as? FileAttributeType
            return type == .typeRegular
        }
    }

    /// What somebody shows who may do everything at the tenant.
    private func key(of tenant: ServiceUnderTest) async throws -> [(String, String)] {
        let (key, record) = KeyRing.make(name: "head of the south", scope: .admin, at: Date())
        try await tenant.service.store.add(record)
        return [("Authorization", "Bearer \(key)")]
    }
}

extension Store {
    fileprivate func isSuppressed(_ number: String) async throws -> Bool {
        try await !standing(of: number, conversations: [], now: Date()).suppressions.isEmpty
    }
}
