import Agent
import Foundation
import TestSupport
import Testing

@testable import CallSession

/// Events in any order whatever, also in orders that no call could bring about, against what must hold all the same.
///
/// `PARLEY_SEQUENCES=1000000 swift test --filter ReducerSequenceTests` runs a million sequences.
@Suite("Whatever the order of events")
struct ReducerSequenceTests {
    private static let sequences = ProcessInfo.processInfo.environment["PARLEY_SEQUENCES"].flatMap(Int.init) ?? 20_000

    @Test("one reply at most, nothing older spoken, heard ≤ synthesised, silence named and bounded, the end final")
    func invariants() {
        var random = SplitMix64(state: 7)
        var faults: [String] = []
        for sequence in 0..<Self.sequences where faults.count < 5 {
            var settings = ConversationSettings()
            if sequence % 2 == 1 {
                let policies = PlacedCall.MachinePolicy.allCases
                settings.placed = PlacedCall(
                    machine: policies[sequence / 2 % policies.count], message: "Please call us.",
                    introduction: "This is the clinic.")
            }
            switch sequence % 3 {
            case 0: settings.recording = RecordingPolicy(.ask)
            case 1: settings.recording = RecordingPolicy(.announce)
            default: break
            }
            var watch = ReducerWatch(settings)
            watch.handle(.mediaStarted, at: 0)
            var position = 0
            for _ in 0..<Int.random(in: 5...40, using: &random) {
                position += Int.random(in: 0...3000, using: &random)
                watch.handle(watch.event(using: &random, at: position), at: position)
                // Most of the time the clock runs: what is due is told.
                if Bool.random(using: &random) { watch.tick(at: position) }
            }
            faults += watch.faults.prefix(1).map { "sequence \(sequence): \($0) in \(watch.log)" }
        }
        #expect(faults == [])
    }
}
