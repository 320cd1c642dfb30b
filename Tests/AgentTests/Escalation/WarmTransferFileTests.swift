import Foundation
import Testing

@testable import Agent

@Suite("What an agent's file says of people who are asked first")
struct WarmTransferFileTests {
    private static func read(_ warm: String) throws(AgentFileErrors) -> AgentDefinition {
        let yaml = Faulty.sound.replacing(
            "  - hang_up: true\n    say: \"Sorry.\"",
            with: "  - transfer: reception\n    say: \"One moment.\"\n    warm: \(warm)\n"
                + "  - hang_up: true\n    say: \"Sorry.\"")
        return try AgentDefinition(yaml: Data(yaml.utf8), file: "small.yaml") { path in
            throw CocoaError(.fileReadNoSuchFile, userInfo: [NSFilePathErrorKey: path])
        }
    }

    @Test(
        "both are joined with a sentence of the file's, with the usual one, or with none",
        arguments: [
            ("true", nil), ("{accept: \"2\"}", nil), ("{introduction: false}", nil),
            ("{introduction: true}", WarmTransfer.usualIntroduction),
            ("{introduction: \"Here you are. {reason}.\"}", "Here you are. {reason}."),
        ] as [(String, String?)]) func introduction(warm: String, sentence: String?) throws
    {
        let plan = try #require(try Self.read(warm).warmTransfers["reception"])
        #expect(plan.introduction == sentence)
    }

    @Test(
        "what cannot be said to two who wait is a fault",
        arguments: [
            ("{introduction: \"They said {said}.\"}", "{said} is not known here"),
            ("{introduction: \"\"}", "is empty"), ("{introduction: [a]}", "must be a text"),
            ("{introduction: \"\(String(repeating: "a word ", count: 60))\"}", "240 at most"),
        ]) func faults(warm: String, words: String)
    {
        do throws(AgentFileErrors) {
            _ = try Self.read(warm)
            Issue.record("it is taken")
        } catch {
            #expect(error.faults.contains { $0.reason.contains(words) }, "\(error.faults)")
        }
    }
}
