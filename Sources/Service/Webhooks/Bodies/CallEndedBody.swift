import Agent
import Store

/// What is told when a call is over.
struct CallEndedBody: Encodable {
    struct Turn: Encodable {
        let number: Int
        let speaker: TurnRecord.Speaker
        let startedMs: Int
        let endedMs: Int?
        let text: String?
        /// Agent: what reached the caller's ear.
        let heard: String?
        let confidence: Double?
        let intent: String?
        let entities: [String: String]?
        let interrupted: Bool
        /// Agent: from the caller's last word on.
        let latencyMs: Int?
    }

    struct Act: Encodable {
        let turn: Int
        let name: String
        let arguments: JSONValue?
        let result: JSONValue?
        let succeeded: Bool?
    }

    struct Recording: Encodable {
        let format: String
        let sampleRate: Int
        let durationMs: Int
        /// Of the file, hexadecimal; absent where there is none.
        let sha256: String?
        /// What of it is silence by intent, in samples at 8 kHz; absent where nothing is.
        let redactions: [RedactionRecord]?
        /// On the private listener.
        let path: String
    }

    /// Turns that are told at most: those of about three hours.
    private static let longest = 2_000

    let call: CallBody
    let turns: [Turn]
    /// Absent when all are there.
    let turnsOmitted: Int?
    /// What the caller said of each thing the agent asked for, the last word of it.
    let entities: [String: String]?
    let tools: [Act]
    let recording: Recording?
    /// Kinds of what went wrong.
    let incidents: [String]

    init(_ story: CallStory, isOpen: Bool) {
        call = CallBody(story.call, isOpen: isOpen)
        turns = story.turns.prefix(Self.longest).map {
            Turn(
                number: $0.number, speaker: $0.speaker, startedMs: $0.started.milliseconds,
                endedMs: $0.ended?.milliseconds, text: isOpen ? $0.text : nil, heard: isOpen ? $0.heard : nil,
                confidence: $0.confidence, intent: $0.intent, entities: isOpen ? $0.entities : nil,
                interrupted: $0.interrupted, latencyMs: $0.latency.map { $0.total / 1000 })
        }
        turnsOmitted = story.turns.count > Self.longest ? story.turns.count - Self.longest : nil
        var entities: [String: String] = [:]
        for turn in story.turns { entities.merge(turn.entities) { $1 } }
        self.entities = isOpen ? entities : nil
        tools = story.tools.map {
            Act(
                turn: $0.turn, name: $0.name, arguments: isOpen ? JSONValue(stored: $0.arguments) : nil,
                result: isOpen ? $0.outcome.map(JSONValue.init(stored:)) : nil, succeeded: $0.succeeded)
        }
        recording = story.recordings.first.map {
            Recording(
                format: $0.format, sampleRate: $0.sampleRate,
                durationMs: max($0.callerSamples, $0.agentSamples) * 1000 / max($0.sampleRate, 1),
                sha256: $0.sha256, redactions: $0.redactions,
                path: "\(ProblemMiddleware.prefix)/calls/\(story.call.id)/recording")
        }
        incidents = story.incidents.map(\.kind)
    }
}

extension JSONValue {
    /// What the store keeps as JSON text; a text that is none is itself.
    init(stored text: String) { self = (try? JSONValue(parsing: text)) ?? .string(text) }
}
