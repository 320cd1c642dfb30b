import Testing

@testable import Service

@Suite("The feed of events")
struct EventFeedTests {
    private func feed(capacity: Int, holding count: Int) -> EventFeed {
        let feed = EventFeed(capacity: capacity)
        for number in 1...count { feed.publish("call.state", callID: "c\(number)", number) }
        return feed
    }

    @Test("a reader gets every event once, in order, in pieces")
    func inOrder() {
        let feed = feed(capacity: 100, holding: 30)
        var (place, seen) = (0, [Int]())
        while case let reading = feed.read(after: place, limit: 7), !reading.events.isEmpty {
            #expect(reading.missed == 0)
            seen += reading.events.map(\.number)
            place = reading.place
        }
        #expect(seen == Array(1...30))
        #expect(feed.read(after: 30).events.isEmpty)
    }

    @Test("a reader who was too slow is told how much is gone, and it is counted")
    func overflow() {
        let feed = feed(capacity: 8, holding: 30)
        let reading = feed.read(after: 10)
        #expect(reading.missed == 12)
        #expect(reading.events.map(\.number) == Array(23...30))
        #expect(reading.events.map(\.data) == (23...30).map { "\($0)" })
        #expect(feed.missedCount == 12)
        #expect(feed.read(after: reading.place).missed == 0)
    }

    @Test("a place that never was is the nearest there is", arguments: [(-5, 8), (31, 0), (Int.max, 0)])
    func strangePlace(place: Int, count: Int) {
        #expect(feed(capacity: 8, holding: 30).read(after: place).events.count == count)
    }
}
