import Foundation
import Store
import Testing

@testable import Service

@Suite("What is kept of a person, over the API")
struct PersonAPITests {
    @Test(
        "is handed out and erased after a real call, with its recording and the phrases on disk; both are in the audit log"
    )
    func erased() async throws {
        try await ServiceUnderTest.run { test in
            let (secret, record) = KeyRing.make(name: "privacy", scope: .admin, at: Date())
            try await test.service.store.add(record)
            let headers = [("Authorization", "Bearer \(secret)")]
            let id = try await test.finishedCall(saying: ["set it to seventy"])
            let story = try await test.service.store.story(ofCall: id)
            let number = story.call.from
            let recording = try #require(story.recordings.first?.path)
            let phrases = URL(fileURLWithPath: test.service.configuration.speech.phraseStore)
            try FileManager.default.createDirectory(at: phrases, withIntermediateDirectories: true)
            try Data("x".utf8).write(to: phrases.appending(path: "a.phrase"))

            let wish = ["number": number]
            let bundle = try await test.api("POST", "/api/v1/people/export", json: wish, headers: headers)
            let tables = try #require(bundle.object["tables"] as? [String: [[String: Any]]])
            #expect(bundle.status == 200 && tables["turns"]?.isEmpty == false && tables["journal"]?.isEmpty == false)
            #expect(bundle.object["recordings"] as? [String] == [recording])

            let keyed = headers + [("Idempotency-Key", "once")]
            let erased = try await test.api("POST", "/api/v1/people/erase", json: wish, headers: keyed)
            #expect(erased.status == 200 && erased.object["recordings"] as? Int == 1)
            #expect(erased.object["phrases"] as? Int == 1)
            #expect(!FileManager.default.fileExists(atPath: recording))
            #expect(!FileManager.default.fileExists(atPath: phrases.appending(path: "a.phrase").path))
            await #expect(throws: StoreError.self) { try await test.service.store.story(ofCall: id) }
            let again = try await test.api("POST", "/api/v1/people/export", json: wish, headers: headers)
            #expect((again.object["tables"] as? [String: Any])?.isEmpty == true)

            let audit = try await test.service.store.audit()
            #expect(audit.filter { $0.act == "person erase" }.map(\.subject) == [erased.object["receipt"] as? String])
            #expect(audit.count { $0.act == "person export" } == 2)
            #expect(!"\(audit)".contains(number.dropFirst()))
            #expect(!test.log.lines.contains { $0.contains(number.dropFirst()) })
        }
    }

    @Test("the digits of a number without its country are this person's only in that country")
    func countries() throws {
        let abroad = try PersonOffice.number("+49 30 12345678", country: "US")
        #expect(abroad == PersonNumber(e164: "+493012345678"))
        let home = try PersonOffice.number("+49 30 12345678", country: "DE")
        #expect(home == PersonNumber(e164: "+493012345678", national: "3012345678"))
    }

    @Test("is for admins, and takes a whole number")
    func refused() async throws {
        try await ServiceUnderTest.run { test in
            let (secret, record) = KeyRing.make(name: "night shift", scope: .operator, at: Date())
            let (admin, adminRecord) = KeyRing.make(name: "privacy", scope: .admin, at: Date())
            try await test.service.store.add(record)
            try await test.service.store.add(adminRecord)
            for path in ["export", "erase"] {
                let mine = try await test.api(
                    "POST", "/api/v1/people/\(path)", json: ["number": "+12125550142"],
                    headers: [("Authorization", "Bearer \(secret)")])
                #expect(mine.status == 403)
                for wish in [["number": "5550"], ["number": "+1 x"], ["number": "+12125550142", "country": "usa"]] {
                    let answer = try await test.api(
                        "POST", "/api/v1/people/\(path)", json: wish, headers: [("Authorization", "Bearer \(admin)")])
                    #expect(answer.status == 422 && !answer.detail.isEmpty, "\(wish)")
                }
            }
        }
    }

    @Test("what waits in a spill file that no service has comes into the database first, and is erased with the rest")
    func spilled() async throws {
        let directory = NSTemporaryDirectory() + "parley-person-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var configuration = ParleyConfiguration()
        configuration.store.path = directory + "/parley.sqlite"
        configuration.recordings.directory = directory
        configuration.speech.phraseStore = directory + "/phrases"
        let store = try Store(path: configuration.store.path)
        let call = CallRecord(
            id: "c1", carrier: "twilio", direction: .inbound, from: "+12125550142", to: "+12125550100", agent: "a",
            agentVersion: "1", startedAt: Date(), endedAt: Date())
        let line = try JSONEncoder().encode(RevisedWrite(revision: 1, write: .call(call)))
        let spill = configuration.store.path + ".spill.jsonl"
        try (line + Data("\n".utf8)).write(to: URL(fileURLWithPath: spill))
        let fixed = configuration
        let office = PersonOffice(fixed, store: store) { await SpillDrain.run(fixed.store, into: store) }
        let erasure = try await office.erase(
            PersonOffice.number("(212) 555-0142", country: "US"), audit: .terminal("person erase"))
        #expect(erasure.rows["calls"] == 1)
        #expect(try Data(contentsOf: URL(fileURLWithPath: spill)).range(of: Data("5550142".utf8)) == nil)
        // A service that has the file and has spilled nothing is no obstacle; lines in it are one.
        let writer = try StoreWriter(
            store: store, options: StoreWriterOptions(spillPath: spill), logger: LogCollector().logger)
        #expect(await SpillDrain.run(fixed.store, into: store))
        let handle = try #require(FileHandle(forWritingAtPath: spill))
        try handle.write(contentsOf: line)
        #expect(await !SpillDrain.run(fixed.store, into: store))
        await writer.close()
    }
}
