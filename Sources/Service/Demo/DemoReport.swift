import CallSession
import Foundation
import Store

/// What a demo call came to. Printed as JSON with `--json`.
package struct DemoReport: Sendable, Encodable {
    package struct Turn: Sendable, Encodable {
        package var caller: String
        package var confidence: Double
        package var understood: Bool
        package var intent: String?
        package var entities: [String: String]
        /// What the caller heard in answer.
        package var agent: String?
        /// From the caller's last voiced sample to the agent's first sample, in ms, by part.
        package var latency: Latency?
    }

    package struct Latency: Sendable, Encodable {
        package var endOfTurnWait: Double
        package var recognition: Double
        package var reply: Double
        package var synthesis: Double
        package var own: Double
        package var total: Double

        init(_ latency: TurnLatency) {
            endOfTurnWait = Double(latency.endOfTurnWait) / 1000
            recognition = Double(latency.recognition) / 1000
            reply = Double(latency.understanding) / 1000
            synthesis = Double(latency.synthesis) / 1000
            own = Double(latency.own) / 1000
            total = Double(latency.total) / 1000
        }
    }

    package struct Tool: Sendable, Encodable {
        package var name: String
        package var arguments: String
        package var outcome: String?
        package var succeeded: Bool
    }

    package var call: String
    package var turns: [Turn]
    package var tools: [Tool]
    package var recording: String?
    /// `ok`, or what was missing.
    package var outcome: String
    /// The goal as the store has it, in words.
    package var stored: String?
    package var samples: Int

    package var isSuccess: Bool { outcome == "ok" }

    /// Folds a stored call.
    init(_ story: CallStory) {
        call = story.call.id
        samples = story.call.duration
        recording = story.recordings.first?.path
        outcome = "ok"
        tools = story.tools.map {
            Tool(name: $0.name, arguments: $0.arguments, outcome: $0.outcome, succeeded: $0.succeeded ?? false)
        }
        turns = []
        for turn in story.turns {
            switch turn.speaker {
            case .caller:
                turns.append(
                    Turn(
                        caller: turn.text, confidence: turn.confidence ?? 0,
                        understood: turn.intent.map { $0 != "none" } ?? false,
                        intent: turn.intent, entities: turn.entities))
            case .operator: continue
            case .agent:
                guard !turns.isEmpty else { continue }
                let heard = turn.heard ?? turn.text
                turns[turns.count - 1].agent = [turns[turns.count - 1].agent, heard].compactMap(\.self).joined(
                    separator: " ")
                if let latency = turn.latency { turns[turns.count - 1].latency = Latency(latency) }
            }
        }
    }

    /// The median time to answer, in ms.
    package var medianResponse: Double? {
        let totals = turns.compactMap(\.latency?.total).sorted()
        return totals.isEmpty ? nil : totals[totals.count / 2]
    }
}
