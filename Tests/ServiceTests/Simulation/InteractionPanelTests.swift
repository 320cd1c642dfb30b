import Testing

@testable import Service

/// Times in the tests are milliseconds.
@Suite("The interaction panel")
struct InteractionPanelTests {
    @Test("a turn that is answered: latency from its end to the agent's first sound")
    func response() {
        let panel = InteractionPanel([call(caller: [(1000, 2000, .turn)], agent: [(0, 800), (2600, 4000)])])
        #expect(panel.responseLatencies == [600])
        #expect(panel.response == .init(count: 1, of: 1))
        #expect(panel.yield.of == 0)
    }

    @Test("a turn that is not answered within four seconds, or before the caller says more, is not answered")
    func noResponse() {
        let panel = InteractionPanel([
            call(caller: [(0, 1000, .turn)], agent: [(6000, 7000)]),
            call(caller: [(0, 1000, .turn), (2000, 3000, .turn)], agent: [(3500, 4000)]),
        ])
        #expect(panel.response == .init(count: 1, of: 3))
        #expect(panel.responseLatencies == [500])
    }

    @Test("what would have been answered after the end of the call is no case")
    func endOfCall() {
        #expect(InteractionPanel([call(caller: [(0, 1000, .turn)], agent: [], length: 3000)]).response.of == 0)
        #expect(InteractionPanel([call(caller: [(0, 1000, .turn)], agent: [], length: 6000)]).response.of == 1)
    }

    @Test("an interruption: latency from its beginning to the agent's silence, and a failure when it talks on")
    func yield() {
        let panel = InteractionPanel([
            call(caller: [(1000, 2000, .bargeIn)], agent: [(0, 1250), (2500, 3000)]),
            call(caller: [(1000, 2000, .bargeIn)], agent: [(0, 3000)]),
        ])
        #expect(panel.yieldLatencies == [250])
        #expect(panel.yield == .init(count: 1, of: 2))
    }

    @Test("what is said into the last words of a call that is ending interrupts nothing")
    func goodbye() {
        var before = call(caller: [(1000, 2000, .bargeIn)], agent: [(0, 3000)], length: 3100)
        before.ending = 1100 * 8
        var after = before
        after.ending = 900 * 8
        #expect(InteractionPanel([before]).yield == .init(count: 0, of: 1))
        #expect(InteractionPanel([after]).yield.of == 0)
    }

    @Test("an agent that begins in the middle of a turn interrupts; one that begins together with the caller does not")
    func agentInterrupts() {
        let panel = InteractionPanel([
            call(caller: [(1000, 3000, .turn)], agent: [(2000, 2500)]),
            call(caller: [(1000, 3000, .turn)], agent: [(1100, 1300), (3500, 4000)]),
        ])
        #expect(panel.agentInterrupts == .init(count: 1, of: 2))
    }

    @Test("a backchannel is ignored unless the agent gives up or takes it for a turn")
    func ignored() {
        var gaveUp = call(caller: [(1000, 1300, .backchannel)], agent: [(0, 3000)])
        gaveUp.abandoned = [1500 * 8]
        var taken = call(caller: [(1000, 1300, .backchannel)], agent: [(0, 3000)])
        taken.taken = [.init(start: 1050 * 8, end: 1250 * 8)]
        var later = call(
            caller: [(1000, 1300, .backchannel), (5000, 6000, .bargeIn)], agent: [(0, 5100), (6500, 7000)])
        later.abandoned = [5300 * 8]
        let panel = InteractionPanel([gaveUp, taken, later])
        #expect(panel.ignored[.backchannel] == InteractionPanel.Rate(count: 1, of: 3))
    }

    @Test("without cases there are no figures")
    func empty() {
        let panel = InteractionPanel([])
        #expect(panel.response.value == nil)
        #expect(panel.text.contains("no case"))
    }

    private func call(
        caller: [(Int, Int, CallTimeline.Meaning)], agent: [(Int, Int)], length: Int = 10_000
    ) -> CallTimeline {
        CallTimeline(
            caller: caller.map { .init(start: $0.0 * 8, end: $0.1 * 8, meaning: $0.2) },
            agent: agent.map { .init(start: $0.0 * 8, end: $0.1 * 8) }, length: length * 8)
    }
}
