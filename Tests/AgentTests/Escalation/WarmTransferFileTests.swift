import Foundation
import Testing

@testable import Agent

@Suite("What an agent's file says of people who are asked first")
struct WarmTransferFileTests {
    private static func read(
        _ warm: String, to destination: String = "reception"
    ) throws(AgentFileErrors) -> AgentDefinition {
        let yaml = Faulty.sound.replacing(
            "  - hang_up: true\n    say: \"Sorry.\"",
            with: "  - transfer: \(destination)\n    say: \"One moment.\"\n    warm: \(warm)\n"
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

    @Test("what a caller on hold is told: the usual, with the place of the step, or sentences of the file's")
    func hold() throws {
        let usual = try #require(try Self.read("true").warmTransfers["reception"])
        #expect(usual.hold == ["I am still trying to reach reception for you. Please stay on the line."])
        #expect(usual.deciding == [WarmTransfer.usualDeciding] && usual.music == .between)
        let own = try Self.read("{hold: [\"I call {who}.\", \"Wait.\"], who: the front desk, music: none, every: 10}")
        let plan = try #require(own.warmTransfers["reception"])
        #expect(plan.hold == ["I call the front desk.", "Wait."] && plan.deciding == [])
        #expect(plan.music == .never && plan.every == 10)
        let both = try Self.read("{hold: One moment., deciding: \"I talk with {who}.\", music: under}")
        let told = try #require(both.warmTransfers["reception"])
        #expect(told.hold == ["One moment."] && told.deciding == ["I talk with reception."] && told.music == .under)
    }

    @Test("nobody hears the number or the address at which somebody is called")
    func addresses() throws {
        for address in ["\"+493012345678\"", "\"sip:desk@pbx.example\""] {
            let plan = try #require(try Self.read("true", to: address).warmTransfers.values.first)
            #expect(plan.hold == WarmTransfer().hold, "\(address)")
        }
        let plan = try #require(try Self.read("true", to: "front_desk").warmTransfers["front_desk"])
        #expect(plan.hold == [WarmTransfer.usualHold(for: "front desk")])
    }

    @Test(
        "what cannot be said to two who wait is a fault",
        arguments: [
            ("{introduction: \"They said {said}.\"}", "{said} is not known here"),
            ("{hold: \"They said {said}.\"}", "{said} is not known here"),
            ("{hold: []}", "is an empty list"), ("{music: loud}", "must be one of: between, under, none"),
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
