import Testing

@testable import Store

@Suite("When a flush is over")
struct FlushDeskTests {
    @Test("a round that had begun before does not count, the next one does")
    func nextRound() async {
        let desk = FlushDesk()
        await desk.roundBegan()
        async let flushed: Void = desk.settled {}
        while await desk.waitingCount == 0 { await Task.yield() }
        await desk.roundEnded()
        #expect(await desk.waitingCount == 1)
        await desk.roundBegan()
        await desk.roundEnded()
        await flushed
        #expect(await desk.waitingCount == 0)
    }

    @Test("a round of relief that runs is waited for")
    func relief() async {
        let desk = FlushDesk()
        async let flushed: Void = desk.settled {}
        while await desk.waitingCount == 0 { await Task.yield() }
        await desk.reliefBegan()
        await desk.roundBegan()
        await desk.roundEnded()
        #expect(await desk.waitingCount == 1)
        await desk.reliefEnded()
        await flushed
    }

    @Test("after the end nobody waits")
    func end() async {
        let desk = FlushDesk()
        async let flushed: Void = desk.settled {}
        async let finished: Void = desk.finished()
        while await desk.waitingCount < 2 { await Task.yield() }
        await desk.finish()
        _ = await (flushed, finished)
        await desk.settled {}
        await desk.finished()
    }
}
