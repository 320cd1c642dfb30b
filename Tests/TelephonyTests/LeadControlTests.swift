import Telephony
import Testing

@Suite("How far ahead audio is sent")
struct LeadControlTests {
    /// The lead after messages that came so much later than their stamps, in samples.
    private func lead(after delays: [Int], calm: Int = 960, longest: Int = 1600) -> Int {
        var control = LeadControl(calm: calm, longest: longest)
        for delay in delays { control.arrived(late: delay) }
        return control.lead
    }

    @Test("stays where it is on a line that keeps time, however long its messages take")
    func calmLine() {
        #expect(lead(after: Array(repeating: 0, count: 1000)) == 960)
        #expect(lead(after: Array(repeating: 4000, count: 1000)) <= 962)
    }

    @Test("grows by as much as a message is late, at once, and never beyond the longest")
    func jitter() {
        let even = Array(repeating: 100, count: 50)
        #expect((1240...1290).contains(lead(after: even + [400])))
        #expect(lead(after: even + [4000]) == 1600)
        // The first message may have been the late one.
        #expect(lead(after: [400] + even) >= 960)
        #expect(lead(after: even + [4000], longest: 960) == 960)
    }

    @Test("goes back slowly when the line keeps time again")
    func recovery() {
        let even = Array(repeating: 0, count: 50)
        #expect(lead(after: even + [640] + Array(repeating: 0, count: 250)) > 1400)
        #expect(lead(after: even + [640] + Array(repeating: 0, count: 2500)) < 1000)
    }

    @Test("a clock that runs 500 parts in a million slow or fast is no jitter", arguments: [-1, 1])
    func drift(sign: Int) {
        // A message every 160 samples for ten minutes: 0.08 samples each.
        #expect(lead(after: (0..<30_000).map { sign * $0 * 8 / 100 }) <= 980)
    }

    @Test("what has run dry is sent earlier")
    func underrun() {
        var control = LeadControl(calm: 960, longest: 1600)
        control.ranDry()
        #expect(control.lead == 1280)
        for _ in 0..<5 { control.ranDry() }
        #expect(control.lead == 1600)
    }

    @Test(
        "a queue keeps as much at the carrier as it is told, up to its longest lead", arguments: [480, 960, 1600, 9000])
    func queue(lead: Int) {
        var configuration = PlayoutQueue.Configuration()
        configuration.lead = 960
        configuration.longestLead = 1600
        var queue = PlayoutQueue(configuration)
        queue.lead = lead
        queue.begin(generation: 1, at: 0)
        queue.append([UInt8](repeating: 5, count: 16_000).span, generation: 1)
        var audio: [UInt8] = []
        var most = 0
        for now in stride(from: 0, to: 8000, by: 160) {
            while queue.tick(now: now, audio: &audio) != nil {}
            most = max(most, queue.ahead(at: now))
        }
        #expect(most == min(lead, 1600))
        #expect(queue.underrunCount == 0)
    }
}
