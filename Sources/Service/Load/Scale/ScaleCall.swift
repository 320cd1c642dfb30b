import Foundation
import Store

/// The rows of one call, as the shipped receptionist's demo call makes them in 50 s: 13 turns, two tools, 181 inputs of the
/// journal with the sizes they have there, those that a voice makes which tells when it says each word among them.
struct ScaleCall {
    /// Inputs by kind: how many, bytes of one, and bytes of what followed from it.
    private static let inputs: [(kind: String, count: Int, payload: Int, decisions: Int)] = [
        ("settings", 1, 1287, 0), ("mediaStarted", 1, 19, 37), ("voiceStarted", 6, 33, 30), ("interim", 33, 55, 3),
        ("voiceStopped", 6, 38, 66), ("provisional", 6, 697, 31), ("previewed", 10, 111, 25),
        ("transcript", 6, 696, 146), ("replyUnderstood", 6, 117, 56), ("toolStarted", 2, 166, 92),
        ("toolFinished", 2, 325, 203), ("replySaid", 13, 81, 64), ("replyExpects", 6, 72, 29),
        ("synthesized", 28, 64, 2), ("paced", 13, 320, 2), ("synthesisFinished", 13, 55, 2),
        ("playoutStarted", 7, 35, 29),
        ("playoutDrained", 7, 49, 205), ("replyFinished", 7, 34, 2), ("timer", 6, 28, 25), ("replyHangsUp", 1, 68, 2),
        ("hungUp", 1, 47, 46),
    ]
    private static let turns = 6

    let id = CallID.new()
    let begun: Date
    let node: String

    /// In the order in which they are handed to the writer.
    func writes() -> [StoreWrite] {
        let journal = journal()
        var writes: [StoreWrite] = [.call(record(endedAfter: nil)), .turn(agentTurn(0))]
        var next = 0
        for turn in 1...Self.turns {
            let end = journal.count * turn / Self.turns
            writes += journal[next..<end]
            next = end
            writes += [.turn(callerTurn(turn)), .turn(agentTurn(turn))]
            if turn >= Self.turns - 1 { writes.append(.tool(tool(turn))) }
        }
        let path = "recordings/\(id).ogg"
        writes.append(
            .recording(
                RecordingRecord(
                    callID: id, path: path, format: "ogg-opus", callerSamples: 400_000, agentSamples: 400_000)))
        writes.append(.call(record(endedAfter: 50)))
        return writes
    }

    private func record(endedAfter seconds: Double?) -> CallRecord {
        var record = CallRecord(
            id: id, carrier: "twilio", carrierCallID: "CA30e352c8bef34f448ff413ba79d79d\(id.suffix(4))",
            direction: .inbound, from: "+12127365001", to: "+12125550199", agent: "receptionist",
            agentVersion: "c5e981a0c50ecd87", startedAt: begun, node: node)
        guard let seconds else { return record }
        record.endedAt = begun + seconds
        record.duration = Int(seconds * 8000)
        record.outcome = "booked"
        record.endReason = "the caller said goodbye"
        record.recordingPath = "recordings/\(id).ogg"
        return record
    }

    private func agentTurn(_ number: Int) -> TurnRecord {
        let text = "Your appointment is on Tuesday, the first of December, at ten. Anything else?"
        return TurnRecord(
            callID: id, number: number, speaker: .agent, started: number * 60_000 + 20_000,
            ended: number * 60_000 + 50_000,
            text: text, heard: text,
            latency: number == 0
                ? nil
                : TurnLatency(
                    endOfTurnWait: 420_000, recognition: 90_000, understanding: 2_000, synthesis: 30_000, own: 1_500,
                    total: 543_500))
    }

    private func callerTurn(_ number: Int) -> TurnRecord {
        TurnRecord(
            callID: id, number: number, speaker: .caller, started: number * 60_000, ended: number * 60_000 + 15_000,
            text: "tomorrow morning please", confidence: 0.94, intent: "book", entities: ["day": "2026-12-01"])
    }

    private func tool(_ turn: Int) -> ToolRecord {
        ToolRecord(
            callID: id, turn: turn, invocationID: "\(turn).1", name: "calendar_find_slots",
            arguments: #"{"day":"2026-12-01","time":"10:00"}"#,
            outcome: #"{"slots":["\#(String(repeating: "2026-12-01T10:00 ", count: 6))"]}"#, succeeded: true,
            started: turn * 60_000, finished: turn * 60_000 + 400)
    }

    private func journal() -> [StoreWrite] {
        var kinds: [(at: Double, kind: String, payload: Int, decisions: Int)] = []
        for input in Self.inputs {
            for index in 0..<input.count {
                kinds.append(((Double(index) + 0.5) / Double(input.count), input.kind, input.payload, input.decisions))
            }
        }
        kinds.sort { $0.at < $1.at }
        return kinds.enumerated().map { sequence, input in
            .journal(
                JournalRecord(
                    callID: id, sequence: sequence, position: sequence * 2400, kind: input.kind,
                    payload: Data(Self.text(input.payload).utf8), decisions: Self.text(input.decisions)))
        }
    }

    private static func text(_ bytes: Int) -> String {
        bytes < 2 ? "[]" : "\"" + String(repeating: "x", count: bytes - 2) + "\""
    }
}
