import Foundation
import Store
import Testing

@testable import Service

@Suite("Who watches nodes")
struct NodeWatchTests {
    private func node(_ id: String, beats: Int) -> NodeRecord {
        var node = NodeRecord(id: id, name: id, version: "", startedAt: Date(timeIntervalSince1970: 0), capacity: 1)
        node.beats = beats
        return node
    }

    @Test("takes a node for dead after so many looks in a row without a beat, and itself never")
    func silence() {
        var watch = NodeWatch(patience: 3)
        let nodes = [node("own", beats: 1), node("other", beats: 7)]
        #expect(watch.look(at: nodes, own: "own").isEmpty)
        #expect(watch.look(at: nodes, own: "own").isEmpty)
        #expect(watch.look(at: nodes, own: "own").map(\.id) == ["other"])
    }

    @Test("begins anew with every beat, and with a node that was gone for a look")
    func beats() {
        var watch = NodeWatch(patience: 3)
        for beat in 0..<20 { #expect(watch.look(at: [node("other", beats: beat / 2)], own: "own").isEmpty) }
        for _ in 0..<10 {
            #expect(watch.look(at: [node("other", beats: 50)], own: "own").isEmpty)
            #expect(watch.look(at: [], own: "own").isEmpty)
        }
    }

    @Test(
        "waits for a node that says something more rarely than it looks, and no longer than ever for others",
        arguments: [(30_000, 30), (29_999, 30), (3000, 3), (3001, 6), (1000, 3), (nil, 3), (Int.max, 3600)]
            as [(Int?, Int)])
    func rarer(beat: Int?, looks: Int) {
        var watch = NodeWatch(patience: 3, pace: .seconds(3))
        var other = node("other", beats: 7)
        other.beat = beat
        for _ in 1..<looks { #expect(watch.look(at: [other], own: "own").isEmpty) }
        #expect(watch.look(at: [other], own: "own").map(\.id) == ["other"])
    }

    @Test("alone, takes whoever else is still in the registry for dead at once")
    func alone() {
        var watch = NodeWatch(patience: 1)
        #expect(watch.look(at: [node("before", beats: 9), node("own", beats: 1)], own: "own").map(\.id) == ["before"])
    }
}
