import Testing

@testable import CallSession

@Suite("What of a call's sound is kept")
struct RecordingGateTests {
    private func block(at position: Int, _ count: Int = 100) -> StereoBlock {
        StereoBlock(
            position: position, caller: [UInt8](repeating: 1, count: count), agent: [UInt8](repeating: 2, count: count))
    }

    /// Positions of the block that are kept; both sides have the same.
    private func kept(_ gate: RecordingGate, _ block: StereoBlock) -> Range<Int>? {
        guard let passed = gate.pass(block) else { return nil }
        let loud = passed.caller.indices.filter { passed.caller[$0] == 1 }
        #expect(loud == passed.agent.indices.filter { passed.agent[$0] == 2 })
        #expect(passed.caller.count == block.caller.count && passed.agent.count == block.agent.count)
        guard let first = loud.first, let last = loud.last else { return block.position..<block.position }
        #expect(loud.count == last - first + 1)
        return block.position + first..<block.position + last + 1
    }

    @Test("nothing before it opens, sample by sample")
    func opening() {
        var gate = RecordingGate(isOpen: false)
        #expect(kept(gate, block(at: 0)) == nil && !gate.hasOpened)
        gate.open(at: 150)
        #expect(kept(gate, block(at: 0)) == nil)
        #expect(kept(gate, block(at: 50)) == nil)
        #expect(kept(gate, block(at: 51)) == 150..<151)
        #expect(kept(gate, block(at: 100)) == 150..<200)
        #expect(kept(gate, block(at: 150)) == 150..<250)
    }

    @Test("a pause is silence of its length, as long as there is a reason for it")
    func pauses() {
        var gate = RecordingGate(isOpen: true)
        gate.pause(at: 30, for: .withheld)
        gate.pause(at: 40, for: .operator)
        gate.pause(at: 45, for: .operator)
        gate.resume(at: 60, after: .withheld)
        #expect(kept(gate, block(at: 0)) == 0..<30)
        gate.resume(at: 130, after: .operator)
        gate.resume(at: 140, after: .operator)
        #expect(kept(gate, block(at: 0)) == 0..<30 && kept(gate, block(at: 100)) == 130..<200)
        #expect(kept(gate, block(at: 40, 60)) == 40..<40)
        #expect(gate.redactions(ofCall: 500) == [RecordingRedaction(from: 30, to: 130, reason: .withheld)])
        gate.pause(at: 450, for: .operator)
        #expect(gate.redactions(ofCall: 500).last == RecordingRedaction(from: 450, to: 500, reason: .operator))
        var late = RecordingGate(isOpen: false)
        late.pause(at: 10, for: .withheld)
        late.resume(at: 90, after: .withheld)
        late.open(at: 50)
        #expect(late.redactions(ofCall: 500) == [RecordingRedaction(from: 50, to: 90, reason: .withheld)])
        for start in 0..<2000 {
            late.pause(at: 100 + start * 4, for: .operator)
            late.resume(at: 102 + start * 4, after: .operator)
        }
        #expect(late.redactions(ofCall: 100_000).count == RecordingGate.mostRedactions)
        #expect(kept(late, block(at: 4000, 8)) == 4000..<4000)
    }

    @Test("nothing after it closes, and the recording ends there")
    func closing() {
        var gate = RecordingGate(isOpen: true)
        #expect(kept(gate, block(at: 0)) == 0..<100 && gate.end(ofCall: 500) == 500)
        gate.close(at: 130)
        gate.close(at: 400)
        #expect(kept(gate, block(at: 100)) == 100..<130)
        #expect(kept(gate, block(at: 130)) == nil && kept(gate, block(at: 300)) == nil)
        #expect(gate.end(ofCall: 500) == 130 && gate.end(ofCall: 90) == 90)
    }
}
