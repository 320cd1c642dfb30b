import Agent
import Foundation
import Testing

@Suite("What an agent's file says of recordings")
struct RecordingPolicyTests {
    private func read(_ recording: String, language: String = "en") -> (policy: RecordingPolicy?, faults: [String]) {
        let yaml = Faulty.sound + "\nlanguage: \(language)\nrecording: \(recording)\n"
        do throws(AgentFileErrors) {
            let agent = try AgentDefinition(yaml: Data(yaml.utf8), file: "small.yaml") { _ in Data() }
            return (agent.recording, [])
        } catch {
            return (nil, error.faults.map(\.reason))
        }
    }

    @Test("is a word, or words of its own; none is nothing")
    func read() {
        #expect(read("none") == (nil, []))
        #expect(read("announce").policy == RecordingPolicy(.announce))
        #expect(read("ask", language: "es").policy?.say == "¿Puedo grabar esta llamada? Diga sí o no, por favor.")
        let own = read(#"{consent: ask, say: "May I?", on_withdrawal: keep, agree_key: "5", refuse_key: "*"}"#).policy
        #expect(own?.say == "May I?" && own?.withdrawal == .keep)
        #expect(own?.agreeKey == "5" && own?.refuseKey == "*" && own?.again == RecordingPolicy(.ask).again)
    }

    @Test(
        "with its faults named",
        arguments: [
            ("always", "`recording` is `always`; it may be none, announce or ask"),
            ("{say: \"Hello.\"}", "lacks the key `consent`"),
            ("{consent: none, say: \"Hello.\"}", "does nothing without"),
            ("{consent: announce, agree_key: \"1\"}", "does nothing without `consent: ask`"),
            ("{consent: ask, agree_key: \"12\"}", "must be one key of a telephone"),
            ("{consent: ask, agree_key: \"2\"}", "are both `2`"),
            ("{consent: ask, on_withdrawal: burn}", "must be one of: delete, keep"),
        ])
    func faults(recording: String, reason: String) {
        let faults = read(recording).faults
        #expect(faults.contains { $0.contains(reason) }, "\(faults)")
    }
}
