import CallSession
import Foundation
import Store

/// The rows of one call, as the shipped receptionist's demo call makes them in 50 s: 13 turns, two tools, 181 inputs of the
/// journal.
struct ScaleCall {
    private static let turns = 6
    /// Of the call's 50 s.
    private static let samples = 400_000
    /// Entries of the journal in 2.5 s, for which they wait for each other on the way: the pause and a quarter more.
    private static let entriesAtOnce = 9

    let id = CallID.new()
    let begun: Date
    let node: String

    private var recording: String { "recordings/\(id)\(RecordingFormat.wave.suffix)" }

    /// In the order in which they are handed to the writer, cut where the writer would have stored what waits: every 2.5 s, and
    /// with each turn and tool.
    func portions() -> [[StoreWrite]] {
        var portions: [[StoreWrite]] = [[]]
        var entries = 0
        var wasEntry = false
        for write in writes() {
            let isEntry = if case .journal = write { true } else { false }
            if isEntry, !wasEntry || entries == Self.entriesAtOnce {
                portions.append([])
                entries = 0
            }
            portions[portions.count - 1].append(write)
            if isEntry { entries += 1 }
            wasEntry = isEntry
        }
        return portions
    }

    private func writes() -> [StoreWrite] {
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
        writes.append(
            .recording(
                RecordingRecord(
                    callID: id, path: recording, format: RecordingFormat.wave.rawValue, callerSamples: Self.samples,
                    agentSamples: Self.samples)
            ))
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
        record.recordingPath = recording
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
        var inputs = ScaleJournal(seed: UInt64(begun.timeIntervalSince1970))
        let entries = inputs.entries()
        return entries.enumerated().map { sequence, entry in
            .journal(
                JournalRecord(
                    callID: id, sequence: sequence, position: sequence * Self.samples / entries.count,
                    kind: entry.kind, payload: Data(entry.payload.utf8), decisions: entry.decisions))
        }
    }
}
