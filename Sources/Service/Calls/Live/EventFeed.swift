import Foundation
import Networking

/// What happens on all calls, for whoever watches: a ring of the newest events that any number of readers may follow.
///
/// A reader keeps its own place, so a slow one costs nothing and holds up nobody. What it was too slow for is gone, and it
/// is told how much that was.
package final class EventFeed: Sendable {
    package struct Event: Sendable {
        /// Counts from 1 without gaps.
        package let number: Int
        /// `call.started`, `call.state`, …: the types that the API's document lists.
        package let kind: String
        /// The call it is about.
        package let callID: String
        /// What happened; made into JSON only when somebody reads it.
        let value: any Encodable & Sendable

        /// JSON on one line.
        var data: String { String(decoding: APIJSON.encode(value), as: UTF8.self) }
    }

    /// What a reader gets.
    package struct Reading: Sendable {
        package var events: [Event]
        /// Events before these that are no longer there.
        package var missed: Int
        /// Where the next reading begins.
        package var place: Int
    }

    private struct State {
        var ring: [Event] = []
        var last = 0
        var missed = 0
    }

    /// Tells this process's numbers from those of the one before.
    package let epoch: String
    private let capacity: Int
    private let state: Lock<State>

    /// - Parameter capacity: events kept; at 20 events a second of one call, 200 s of it.
    init(capacity: Int = 4096, epoch: String = CallID.new()) {
        precondition(capacity > 0, "a feed holds at least one event")
        self.capacity = capacity
        self.epoch = epoch
        state = Lock(State())
    }

    /// The number of the newest event, 0 before the first.
    package var last: Int { state.withLock { $0.last } }

    /// Events that some reader was too slow for.
    package var missedCount: Int { state.withLock { $0.missed } }

    package func publish(_ kind: String, callID: String, _ value: any Encodable & Sendable) {
        state.withLock { state in
            state.last += 1
            let event = Event(number: state.last, kind: kind, callID: callID, value: value)
            if state.ring.count < capacity {
                state.ring.append(event)
            } else {
                state.ring[(event.number - 1) % capacity] = event
            }
        }
    }

    /// The events after number `place`, at most `limit` of them.
    package func read(after place: Int, limit: Int = 512) -> Reading {
        state.withLock { state in
            let oldest = state.last - state.ring.count
            let place = min(max(place, 0), state.last)
            let start = max(place, oldest)
            state.missed += start - place
            let end = min(start + limit, state.last)
            return Reading(
                events: (start..<end).map { state.ring[$0 % capacity] }, missed: start - place, place: end)
        }
    }
}
