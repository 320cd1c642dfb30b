import Foundation
import TestSupport
import Testing

@testable import CallSession

/// The reducer and the playout queue together, as a call has them, before a carrier that loses and doubles marks: events in
/// any order, against what must hold of what a caller hears.
///
/// `PARLEY_SEQUENCES=1000000 swift test --filter SpokenSequenceTests` runs a million sequences.
@Suite("Whatever the order of events, as the caller hears it")
struct SpokenSequenceTests {
    private static let sequences = ProcessInfo.processInfo.environment["PARLEY_SEQUENCES"].flatMap(Int.init) ?? 2000

    @Test(
        "one utterance at a time, nothing older once a newer one is heard or the old one is cut, heard ≤ sent ≤ synthesised"
    )
    func invariants() {
        var random = SplitMix64(state: 11)
        var faults: [String] = []
        var heard = 0
        var cuts = 0
        for sequence in 0..<Self.sequences where faults.count < 5 {
            var call = SpokenWatch(random: random)
            call.start()
            for _ in 0..<Int.random(in: 5...40, using: &random) { call.step() }
            random = call.random
            heard += call.heard
            cuts += call.cuts
            faults += call.faults.prefix(1).map { "sequence \(sequence): \($0) in \(call.log)" }
        }
        #expect(faults == [])
        // Most of them do speak, and are cut.
        #expect(heard > Self.sequences * 1000)
        #expect(cuts > Self.sequences / 4)
    }
}
