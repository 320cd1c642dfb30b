import Agent
import Foundation
import Testing

@Suite("Intents whose examples overlap")
struct OverlapTests {
    @Test("are found with the line of the second example")
    func found() {
        let yaml = """
            intents:
              book:
                - "i want to book a visit"
                - "visit"
              cancel:
                - "i want a visit to book please"
                - "cancel {date}"
                - "visit"
              move:
                - "cancel it on {date}"
            """
        let faults = AgentDefinition.overlaps(yaml: Data(yaml.utf8), file: "a.yaml")
        #expect(faults.map(\.line) == [6, 10])
        #expect(
            faults.first?.reason
                == "\"i want a visit to book please\" of the intent cancel overlaps \"i want to book a visit\" of book in line 3; keep one of the two or make them differ"
        )
    }

    @Test("are none in the agents that ship", arguments: ["receptionist", "thermostat"])
    func shipped(name: String) throws {
        let bytes = try Data(contentsOf: Fixtures.directory.appendingPathComponent("\(name).yaml"))
        #expect(AgentDefinition.overlaps(yaml: bytes, file: name) == [])
    }
}
