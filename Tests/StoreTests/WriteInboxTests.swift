import Testing

@testable import Store

@Suite("The writer's inbox")
struct WriteInboxTests {
    func write(_ number: Int) -> RevisedWrite { RevisedWrite(revision: number, write: .call(.sample("\(number)"))) }

    @Test("gives out everything once, oldest first")
    func order() {
        let inbox = WriteInbox(capacity: 10)
        #expect(inbox.isEmpty)
        for number in 1...3 { #expect(inbox.add(write(number)) == .added(count: number)) }
        #expect(!inbox.isEmpty)
        #expect(inbox.take().map(\.revision) == [1, 2, 3])
        #expect(inbox.isEmpty)
        #expect(inbox.take().isEmpty)
        #expect(inbox.count == 0)
    }

    @Test("refuses what is over its capacity, until somebody takes")
    func full() {
        let inbox = WriteInbox(capacity: 2)
        #expect([1, 2, 3].map { inbox.add(write($0)) } == [.added(count: 1), .added(count: 2), .full])
        #expect(inbox.take().count == 2)
        #expect(inbox.add(write(4)) == .added(count: 1))
    }

    @Test("closing gives out what waits and lets nothing in")
    func closing() {
        let inbox = WriteInbox(capacity: 2)
        _ = inbox.add(write(1))
        #expect(inbox.close().map(\.revision) == [1])
        #expect(inbox.add(write(2)) == .closed)
        #expect(inbox.isEmpty)
        #expect(inbox.count == 0)
        #expect(inbox.close().isEmpty)
    }

    @Test("with several threads adding and two taking, nothing is lost, doubled or out of a thread's order")
    func threads() async {
        let inbox = WriteInbox(capacity: 1_000_000)
        let adders = 4
        let each = 20_000
        let taken = await withTaskGroup(of: [[RevisedWrite]].self) { group in
            for adder in 0..<adders {
                group.addTask {
                    let record = CallRecord.sample("\(adder)")
                    for number in 0..<each { _ = inbox.add(RevisedWrite(revision: number, write: .call(record))) }
                    return []
                }
            }
            for _ in 0..<2 {
                group.addTask {
                    var rounds: [[RevisedWrite]] = []
                    for _ in 0..<1000 {
                        rounds.append(inbox.take())
                        await Task.yield()
                    }
                    return rounds
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        let rounds = taken + [inbox.take()]
        #expect(rounds.reduce(0) { $0 + $1.count } == adders * each)
        for adder in 0..<adders {
            let mine = rounds.map { $0.filter { $0.write.callID == "\(adder)" }.map(\.revision) }
            #expect(mine.allSatisfy { $0 == $0.sorted() })
            #expect(Set(mine.joined()).count == each)
        }
    }
}
