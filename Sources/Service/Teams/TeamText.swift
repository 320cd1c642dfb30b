import Agent
import Foundation
package import Store

/// Runs of teams in words.
package enum TeamText {
    /// What is told of a call at most, in characters: the beginning and the end matter most.
    private static let longestTranscript = 12_000

    /// A run in a line, and a line for each of its steps.
    package static func lines(_ run: TeamRunRecord) -> [String] {
        let reason = run.reason.map { "  (\($0))" } ?? ""
        let call = run.callID.map { "  call \($0)" } ?? ""
        return ["\(run.id)  \(run.state.rawValue)  \(run.agent)  \(run.beganAt.formatted(.iso8601))\(call)\(reason)"]
            + run.steps.map(line)
    }

    private static func line(_ step: TeamStepRecord) -> String {
        var line = "  \(step.name)  \(step.state.rawValue)"
        if let confidence = step.confidence { line += "  confidence \(share(confidence))" }
        if step.state == .waiting, let review = step.reviewID { line += "  review \(review)" }
        if step.attempts > 1 { line += "  begun \(step.attempts) times" }
        if step.state == .pending, let moment = step.notBefore { line += "  not before \(moment.formatted(.iso8601))" }
        if let reason = step.reason { line += "  (\(reason))" }
        if let result = step.result { line += "  → \(result.prefix(300))" }
        return line
    }

    static func share(_ value: Double) -> String { String(format: "%.2f", value) }

    /// What was said on a call, as it was kept: masked where the configuration masks.
    static func transcript(_ story: CallStory) -> String {
        let lines = story.turns.compactMap { turn -> String? in
            let text = turn.heard ?? turn.text
            guard !text.isEmpty else { return nil }
            return "\(turn.speaker == .caller ? "Caller" : "Agent"): \(text)"
        }
        let text = lines.joined(separator: "\n")
        guard text.count > longestTranscript else { return text.isEmpty ? "(nobody spoke)" : text }
        return text.prefix(longestTranscript / 2) + "\n…\n" + text.suffix(longestTranscript / 2)
    }

    /// A step's calls of tools as JSON.
    static func calls(_ reply: DialogueReply) -> String {
        JSONValue.array(
            reply.calls.map { call in
                var entry: [String: JSONValue] = [
                    "tool": .string(call.invocation.name), "arguments": call.invocation.arguments,
                ]
                switch call.outcome {
                case .result(let value): entry["result"] = .string(String(value.text.prefix(2000)))
                case .failure(let error): entry["error"] = .string("\(error.code.rawValue): \(error.detail)")
                case nil: break
                }
                return .object(entry)
            }
        ).text
    }
}
