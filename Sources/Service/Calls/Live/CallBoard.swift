package import CallSession
import Foundation
import Networking
package import Store

/// The calls on the line and what happens on them, for people: the wall of the console and the API's events.
///
/// Fed by ``CallArchive``, so nothing here is on a media loop's thread.
package final class CallBoard: Sendable {
    package let feed: EventFeed
    private let live = Lock<[String: LiveCall]>([:])

    init(feed: EventFeed = EventFeed()) { self.feed = feed }

    /// The longest on the line first.
    package var calls: [LiveCall] {
        live.withLock { Array($0.values) }.sorted { ($0.startedAt, $0.id) < ($1.startedAt, $1.id) }
    }

    package func call(_ id: String) -> LiveCall? { live.withLock { $0[id] } }

    package func opened(_ record: CallRecord) {
        let call = LiveCall(record)
        live.withLock { $0[record.id] = call }
        publish("call.started", call.id, LiveCallView(call))
    }

    /// - Parameter writes: what ``CallFile`` made of the event.
    package func took(_ event: CallEvent, of callID: String, writes: [StoreWrite]) {
        let change = live.withLock { live -> (before: LiveCall, after: LiveCall)? in
            guard let before = live[callID] else { return nil }
            var call = before
            if case .journal(_, let position, let event) = event { call.take(event, at: position) }
            for write in writes { call.take(write) }
            live[callID] = call
            if case .finished = event { live[callID] = nil }
            return (before, call)
        }
        guard let (before, after) = change else { return }
        for write in writes {
            switch write {
            case .turn(let turn): publish("call.turn", callID, turn)
            case .tool(let tool): publish("call.tool", callID, tool)
            case .incident(let incident): publish("call.incident", callID, incident)
            case .call(let call), .announcedCall(let call, _):
                if case .finished = event { publish("call.ended", callID, CallView(call)) }
            case .journal, .recording: break
            }
        }
        if before.doesDiffer(from: after) { publish("call.state", callID, LiveStateView(after)) }
    }

    private func publish(_ kind: String, _ callID: String, _ value: any Encodable & Sendable) {
        feed.publish(kind, callID: callID, value)
    }
}

extension LiveCall {
    /// In what the event `call.state` tells.
    fileprivate func doesDiffer(from other: LiveCall) -> Bool {
        state != other.state || isMuted != other.isMuted || hasOperator != other.hasOperator
            || isRecordingPaused != other.isRecordingPaused || interim != other.interim || saying != other.saying
            || tool != other.tool || speaker != other.speaker
    }
}
