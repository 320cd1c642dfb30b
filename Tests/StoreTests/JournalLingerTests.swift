import Foundation
import Testing

@testable import Store

@Suite("Entries that wait for more of their call")
struct JournalLingerTests {
    private let begun = ContinuousClock.now

    private func entry(_ number: Int, of call: String = "a") -> RevisedWrite {
        RevisedWrite(revision: number, write: .journal(StoreWrite.entry(number, of: call)))
    }

    private func ended(_ call: String) -> RevisedWrite {
        var record = CallRecord.sample(call)
        record.endedAt = record.startedAt + 1
        return RevisedWrite(revision: 1000, write: .call(record))
    }

    private func names(_ writes: [RevisedWrite]) -> [String] {
        writes.map { write in
            if case .journal(let entry) = write.write { "\(entry.callID)\(entry.sequence)" } else { "row" }
        }
    }

    @Test("go when the first of them has waited for the pause, those of one call together; all else goes at once")
    func pause() {
        var linger = JournalLinger(pause: .seconds(2), capacity: 1000)
        let call = RevisedWrite(revision: 0, write: .call(.sample("a")))
        #expect(names(linger.take([call, entry(0), entry(0, of: "b")], at: begun)) == ["row"])
        #expect(linger.take([entry(1)], at: begun + .seconds(1)) == [])
        #expect(linger.count == 3)
        let due = linger.take([entry(2)], at: begun + .seconds(2))
        #expect(Set(names(due)) == ["a0", "a1", "a2", "b0"])
        #expect(names(due).filter { $0.hasPrefix("a") } == ["a0", "a1", "a2"])
        #expect(linger.count == 0)
        #expect(linger.take([], at: begun + .seconds(9)) == [])
    }

    @Test("go before the row that says that their call has ended, and when they fill a row")
    func ends() {
        var linger = JournalLinger(pause: .seconds(2), capacity: 1000)
        #expect(linger.take([entry(0), entry(0, of: "b")], at: begun) == [])
        #expect(names(linger.take([entry(1), ended("a")], at: begun)) == ["a0", "a1", "row"])
        let many = linger.take((1..<200).map { entry($0, of: "b") }, at: begun)
        #expect(names(many) == (0..<192).map { "b\($0)" })
        #expect(linger.count == 8)
        #expect(names(linger.releaseAll()) == (192..<200).map { "b\($0)" })
        #expect(linger.count == 0 && linger.releaseAll() == [])
    }

    @Test("go before a turn's and a tool's row, so that whoever goes on with the call knows what led to them")
    func turnsAndActs() {
        var linger = JournalLinger(pause: .seconds(2), capacity: 1000)
        let turn = StoreWrite.turn(TurnRecord(callID: "a", number: 1, speaker: .caller, started: 0, text: "yes please"))
        let tool = StoreWrite.tool(
            ToolRecord(callID: "a", turn: 1, invocationID: "t1", name: "calendar_book", arguments: "{}", started: 0))
        let writes = [entry(0), entry(0, of: "b"), entry(1), RevisedWrite(revision: 2, write: turn), entry(2)]
        #expect(names(linger.take(writes, at: begun)) == ["a0", "a1", "row"])
        #expect(names(linger.take([RevisedWrite(revision: 3, write: tool)], at: begun)) == ["a2", "row"])
        #expect(names(linger.releaseAll()) == ["b0"])
    }

    @Test("are no more than may wait, and none without a pause")
    func bounds() {
        var linger = JournalLinger(pause: .seconds(2), capacity: 10)
        #expect(linger.take((0..<10).map { entry(0, of: "c\($0)") }, at: begun) == [])
        #expect(linger.take([entry(0, of: "x")], at: begun).count == 11)
        #expect(linger.count == 0)
        var none = JournalLinger(pause: .zero, capacity: 10)
        #expect(none.take([entry(0)], at: begun) == [entry(0)])
    }
}
