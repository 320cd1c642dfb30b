import Agent
import ArgumentParser
import Foundation
import Service
import Store

/// `parley agent publish`
struct AgentPublish: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish", abstract: "Keeps an agent's file as a version and gives it the new calls.",
        discussion: """
            The file is checked first, as by `parley agent check`, and refused with file and line where it has a fault. A running \
            service follows within a second or two; calls under way go on as they began. From then on the file is a draft.
            """)

    @OptionGroup var common: CommonOptions
    @Argument(help: "The agent.")
    var name: String
    @Option(help: "A note for the record.")
    var note: String?
    @Option(help: "Who publishes.")
    var by = ProcessInfo.processInfo.userName
    @Option(help: "Of a hundred new calls, how many it gets; the others stay with the live version.")
    var percent = 100

    func validate() throws {
        guard (1...100).contains(percent) else { throw ValidationError("--percent must be from 1 to 100") }
    }

    func run() async throws {
        try await Versions.act(common) { office in
            let version = try await office.publish(
                try office.file(of: name), by: by, note: try Versions.checked(note), percent: percent)
            await Versions.note(
                "publish", of: name, ["version": "\(version.number)", "percent": "\(percent)", "by": by], in: office)
            let share = percent == 100 ? "takes new calls" : "takes \(percent) of 100 new calls"
            Terminal.say("\(version.agent): version \(version.number) (\(version.hash)) \(share)")
        }
    }
}
