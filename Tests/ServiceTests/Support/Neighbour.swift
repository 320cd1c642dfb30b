import Networking
import Store
import Testing

/// Another call at the same time, which must not notice anything.
struct Neighbour: Sendable {
    private static let callID = "CAneighbour"

    private let caller: TestCaller
    private let mayEnd = Lock(false)

    /// Calls, and is in the middle of the conversation when this returns.
    init(of test: ServiceUnderTest) async throws {
        let (greeted, mayEnd) = (Lock(false), mayEnd)
        caller = TestCaller(
            saying: ["what is the temperature", "no thank you"], on: test.loop,
            mayAnswer: { number in
                greeted.withLock { $0 = true }
                return number == 0 || mayEnd.withLock { $0 }
            })
        caller.dial(try await test.announce(Self.callID))
        try await test.waitUntil { greeted.withLock { $0 } }
    }

    /// Says goodbye.
    func end() async {
        mayEnd.withLock { $0 = true }
        caller.goOn()
        #expect(await caller.ended().contains("1000"))
    }

    /// The call went on, was understood to the end, recorded whole and stored.
    static func check(in store: Store) async throws {
        let story = try await store.story(ofCarrierCall: callID)
        #expect(story.call.endReason == "the caller said goodbye")
        let heard = story.turns.filter { $0.speaker == .caller }.map(\.text)
        #expect(heard == ["what is the temperature", "no thank you"])
        #expect(story.tools.map(\.succeeded) == [true])
        #expect(story.recordings.map(\.callerSamples) == [story.call.duration])
        #expect(story.incidents.isEmpty)
    }
}
