import Callers
import Testing

@Suite("A caller's clip")
struct CallerClipTests {
    /// The room, the speech, the room: each of them told apart by its bytes.
    private let clip = CallerClip(
        name: "clip", audio: [1, 2, 3] + [UInt8](repeating: 100, count: 10) + [4, 5, 6], speechEnd: 13)

    @Test(
        "in its room is longer by what is asked for, and the speech ends as much later",
        arguments: [(0, 0), (1, 7), (8000, 17600)])
    func lengths(before: Int, after: Int) {
        let room = clip.inItsRoom(before: before, after: after, edge: 3)
        #expect(room.audio.count == 16 + before + after)
        #expect(room.speechEnd == 13 + before)
        #expect(room.name == "clip")
        #expect(Array(room.audio[before..<before + 16]) == clip.audio)
    }

    @Test("the room around it is that of its edges, back and forth")
    func room() {
        let room = clip.inItsRoom(before: 7, after: 7, edge: 3)
        #expect(room.audio.prefix(7) == [1, 1, 2, 3, 3, 2, 1])
        #expect(room.audio.suffix(7) == [6, 5, 4, 4, 5, 6, 6])
    }

    @Test("without edges there is no room to add", arguments: [0, 3])
    func noEdge(edge: Int) {
        let empty = CallerClip(name: "empty", audio: [], speechEnd: 0)
        #expect(empty.inItsRoom(before: 5, after: 5, edge: edge).audio.isEmpty)
    }
}
