import Agent
import Foundation

/// What an agent's loop costs by itself: time for each step, with a model and a tool that answer at once, and memory of a thousand
/// runs at the same time. docs/performance.md says how to run it.
@main
enum Program {
    /// Wanted: at the 99th percentile, of a step.
    private static let wantedStep = Duration.milliseconds(1)
    /// Wanted: of a thousand runs at once, the whole process.
    private static let wantedMemory = 300 * 1_048_576
    private static let calls = 4

    static func main() async throws {
        let desk = try Desk()
        let steps = try await stepTimes(desk, conversations: 400, turns: 5)
        let p99 = steps[steps.count * 99 / 100]
        print(
            "\(steps.count) steps of the loop: median \(text(steps[steps.count / 2])), p99 \(text(p99)), "
                + "worst \(text(steps[steps.count - 1])); wanted p99 \(text(wantedStep))"
                + (p99 > wantedStep ? ": MORE" : ""))
        let (before, during) = try await memory(desk, runs: 1000)
        print(
            "1000 runs at once: \(during / 1_048_576) MB resident, \(before / 1_048_576) MB before them; wanted "
                + "\(wantedMemory / 1_048_576) MB" + (during > wantedMemory ? ": MORE" : ""))
        exit(p99 > wantedStep || during > wantedMemory ? 1 : 0)
    }

    /// From each question to the model to the next, and from the last one of a turn to the end of the reply; sorted.
    private static func stepTimes(_ desk: Desk, conversations: Int, turns: Int) async throws -> [Duration] {
        var times: [Duration] = []
        for number in 0..<conversations {
            let model = InstantModel(calls: calls)
            var conversation = try desk.conversation(model, number)
            _ = try await conversation.start()
            for turn in 0..<turns {
                let reply = try await conversation.say("How do I send back what I ordered, question \(turn)?")
                let end = ContinuousClock.now
                let asked = model.takeTimes()
                guard reply.calls.count == calls, asked.count == calls + 1 else { throw Unexpected(reply: reply) }
                // The first conversations fill caches that a service has filled.
                if number >= 20 { times += zip(asked, asked.dropFirst() + [end]).map { $1 - $0 } }
            }
        }
        return times.sorted()
    }

    /// Resident bytes before, and while all runs wait for their model's next answer, each with three turns behind it.
    private static func memory(_ desk: Desk, runs: Int) async throws -> (before: Int, during: Int) {
        let before = try residentBytes()
        let model = SwitchedModel(calls: calls)
        var conversations: [TextConversation] = []
        for number in 0..<runs {
            var conversation = try desk.conversation(model, number)
            _ = try await conversation.start()
            for turn in 0..<3 { _ = try await conversation.say("How do I send back what I ordered, question \(turn)?") }
            conversations.append(conversation)
        }
        model.beginWaiting()
        var during = 0
        try await withThrowingTaskGroup(of: Void.self) { group in
            for conversation in conversations {
                group.addTask {
                    var conversation = conversation
                    _ = try await conversation.say("And how long does it take?")
                }
            }
            while model.waiting.count < runs { try await Task.sleep(for: .milliseconds(5)) }
            during = try residentBytes()
            model.waiting.release()
            try await group.waitForAll()
        }
        return (before, during)
    }

    private static func residentBytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        guard let kilobytes = line?.split(whereSeparator: { !$0.isNumber }).first.flatMap({ Int($0) }) else {
            throw NoStatus()
        }
        return kilobytes * 1024
    }

    private static func text(_ duration: Duration) -> String {
        String(format: "%.3f ms", duration / .milliseconds(1))
    }

    private struct Unexpected: Error { let reply: DialogueReply }
    private struct NoStatus: Error {}
}
