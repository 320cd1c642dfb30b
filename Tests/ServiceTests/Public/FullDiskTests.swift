import Callers
import Foundation
import GRDB
import Networking
import Store
import Testing

@testable import Service

@Suite("Disks that take nothing")
struct FullDiskTests {
    @Test("a recording that cannot be written: the call goes on, is stored, and says what is missing")
    func recording() async throws {
        try await ServiceUnderTest.run { test in
            let neighbour = try await Neighbour(of: test)
            let folder = test.directory.appending(path: "recordings")
            // The neighbour's file is open by now and stays where it is; the next call finds no folder.
            try await test.waitUntil("the neighbour's recording began") {
                try !FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty
            }
            try FileManager.default.moveItem(at: folder, to: test.directory.appending(path: "elsewhere"))
            try Data().write(to: folder)
            #expect(try await test.call("CA1", saying: ["what is the temperature", "no thank you"]).contains("1000"))
            await neighbour.end()
        } afterwards: { store, _ in
            try await Neighbour.check(in: store)
            let story = try await store.story(ofCarrierCall: "CA1")
            #expect(story.call.endReason == "the caller said goodbye")
            #expect(story.call.recordingPath == nil)
            #expect(story.recordings.isEmpty)
            #expect(story.incidents.map(\.kind) == ["recording"])
            #expect(story.incidents.first?.detail.contains("recordings/") == true, "\(story.incidents)")
        }
    }

    @Test(
        "a database that takes nothing during a call: readiness says so, the call goes on, and all of it is stored after"
    )
    func database() async throws {
        try await ServiceUnderTest.run { test in
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            let other = try DatabaseQueue(
                path: test.directory.appending(path: "parley.db").path, configuration: configuration)
            let call = try await test.announce("CA1")
            try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
            #expect(await TestCaller(saying: ["no thank you"], on: test.loop).hold(call).contains("1000"))
            let readiness = try await test.ask("/readyz")
            #expect(readiness.status == 503)
            #expect(readiness.text.contains("locked"))
            try await other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
            try await test.waitUntil("it is ready again") { try await test.ask("/readyz").status == 200 }
        } afterwards: { store, _ in
            let story = try await store.story(ofCarrierCall: "CA1")
            #expect(story.call.endReason == "the caller said goodbye")
            #expect(story.turns.filter { $0.speaker == .caller }.map(\.text) == ["no thank you"])
            #expect(story.recordings.map(\.callerSamples) == [story.call.duration])
        }
    }
}
