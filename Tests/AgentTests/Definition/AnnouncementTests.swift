import Agent
import Testing

@Suite("What an agent leaves on a machine")
struct AnnouncementTests {
    @Test("values are those given and the agent's facts; others are told, because they would be said as nothing")
    func values() throws {
        let agent = try Fixtures.agent("receptionist")
        let text = "This is {clinic} for {name}, calling about {offer}."
        #expect(agent.valuesMissing(inAnnouncement: text, ["name": "Ann"]) == ["offer"])
        #expect(agent.valuesMissing(inAnnouncement: text, ["name": "Ann", "offer": "tea"]) == [])
        #expect(
            agent.announcement(text, ["name": "Ann", "offer": "tea"])
                == "This is Lakeside Clinic for Ann, calling about tea.")
    }
}
