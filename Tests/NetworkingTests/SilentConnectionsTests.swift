import Networking
import Testing

@Suite("Who makes room for a new connection")
struct SilentConnectionsTests {
    @Test("those that never asked anything go first, the one that has waited longest before the others")
    func order() {
        var silent = SilentConnections<Int>()
        for id in 1...3 { silent.waits(id, hasAsked: false) }
        silent.waits(10, hasAsked: true)
        // A head came on 1, was answered, and it waits again: behind 10, and behind all strangers.
        silent.isBusy(1)
        silent.waits(1, hasAsked: true)
        silent.waits(4, hasAsked: false)
        #expect(silent.count == 5)
        let order = (0..<6).map { _ in silent.makeRoom() }
        #expect(order == [2, 3, 4, 10, 1, nil])
        #expect(silent.count == 0)
    }

    @Test("where nearly all have asked once, new ones are given a while to ask, too")
    func spared() {
        var silent = SilentConnections<Int>()
        for id in 0..<80 { silent.waits(id, hasAsked: true) }
        for id in 100..<111 { silent.waits(id, hasAsked: false) }
        let order = (0..<5).map { _ in silent.makeRoom() }
        #expect(order == [100, 101, 0, 102, 1])
        #expect(silent.count == 86)
    }

    @Test("one on which a request is under way makes no room, nor one that is gone")
    func busy() {
        var silent = SilentConnections<Int>()
        silent.waits(1, hasAsked: false)
        silent.waits(2, hasAsked: true)
        silent.isBusy(1)
        silent.isBusy(2)
        silent.isBusy(3)
        #expect(silent.makeRoom() == nil)
        silent.waits(2, hasAsked: true)
        #expect(silent.makeRoom() == 2)
        #expect(silent.makeRoom() == nil)
    }

    @Test("one that asks again and again is kept once, and keeps the order of the others")
    func again() {
        var silent = SilentConnections<Int>()
        silent.waits(1, hasAsked: true)
        for _ in 0..<10_000 {
            silent.isBusy(2)
            silent.waits(2, hasAsked: true)
        }
        silent.waits(3, hasAsked: true)
        #expect(silent.count == 3)
        let order = (0..<4).map { _ in silent.makeRoom() }
        #expect(order == [1, 2, 3, nil])
    }
}
