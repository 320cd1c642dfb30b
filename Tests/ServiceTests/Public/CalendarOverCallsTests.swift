import Callers
import Foundation
import GRDB
import Networking
import Store
import Testing

@testable import Service
@testable import Store

@Suite("The calendar, over calls")
struct CalendarOverCallsTests {
    @Test("two callers who book the same slot: one gets it, the other is told so, and both calls end well")
    func sameSlot() async throws {
        try await ServiceUnderTest.run(shipped: ["receptionist"]) { test in
            // Both have been offered the slot before either says yes to it.
            let ready = Lock<Set<String>>([])
            let callers = ["anna smith", "mary brown"].map { name in
                TestCaller(
                    saying: [
                        "i'd like to book an appointment", "next tuesday", "at ten", name, "yes please", "goodbye",
                    ],
                    on: test.loop,
                    mayAnswer: { number in
                        guard number == 4 else { return true }
                        return ready.withLock { ready in
                            ready.insert(name)
                            return ready.count == 2
                        }
                    })
            }
            for (index, caller) in callers.enumerated() { caller.dial(try await test.announce("CA\(index)")) }
            try await test.waitUntil("both are asked to confirm", within: .seconds(40)) {
                ready.withLock { $0.count == 2 }
            }
            for caller in callers { caller.goOn() }
            for caller in callers { #expect(await caller.ended().contains("1000")) }
        } afterwards: { store, _ in
            let stories = [try await store.story(ofCarrierCall: "CA0"), try await store.story(ofCarrierCall: "CA1")]
            let booking = stories.map { $0.tools.first { $0.name == "calendar_book" } }
            #expect(booking.count { $0?.succeeded == true } == 1)
            let told = stories.filter { $0.tools.contains { $0.name == "calendar_book" && $0.succeeded == false } }
            #expect(told.count == 1)
            for story in told {
                let said = story.turns.filter { $0.speaker == .agent }.map(\.text)
                #expect(said.contains { $0.contains("somebody else has just taken that time") })
                #expect(story.call.outcome == nil)
            }
            for story in stories {
                #expect(story.call.endReason == "the caller said goodbye")
                #expect(story.incidents.isEmpty)
            }
            let calendar = AppointmentCalendar(store: store, zone: .gmt)
            let found = try await calendar.find(name: "anna smith") + calendar.find(name: "mary brown")
            #expect(found.count == 1)
        }
    }

    @Test("a calendar that fails: the caller is told in words, and the call goes on")
    func failingCalendar() async throws {
        try await ServiceUnderTest.run(shipped: ["receptionist"]) { test in
            try await test.service.store.write("break the calendar", "") {
                try $0.execute(sql: "DROP TABLE appointments")
            }
            let lines = ["i'd like to book an appointment", "next tuesday", "what are your opening hours", "goodbye"]
            #expect(try await test.call("CA1", saying: lines).contains("1000"))
        } afterwards: { store, _ in
            let story = try await store.story(ofCarrierCall: "CA1")
            let said = story.turns.filter { $0.speaker == .agent }.map(\.text)
            #expect(
                said.contains { $0.contains("I cannot reach our calendar at the moment, so I have changed nothing.") })
            #expect(said.contains { $0.contains("open") })
            #expect(story.tools.map(\.succeeded) == [false])
            #expect(story.tools.first?.outcome?.contains("appointments") == true)
            #expect(story.call.endReason == "the caller said goodbye")
        }
    }
}
