package import CallSession
package import Foundation
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

    /// - Parameter moment: when the call began to be kept.
    package func opened(_ record: CallRecord, at moment: Date = Date()) {
        let call = LiveCall(record)
        live.withLock { $0[record.id] = call }
        publish("call.started", call.id, LiveCallView(call), moment)
    }

    /// - Parameters:
    ///   - writes: what ``CallFile`` made of the event.
    ///   - moment: when the event happened, which is earlier than now by its wait for being folded.
    package func took(
        _ event: CallEvent, of callID: String, writes: [StoreWrite], at moment: Date = Date()
    ) {
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
            case .turn(let turn): publish("call.turn", callID, turn, moment)
            case .tool(let tool): publish("call.tool", callID, tool, moment)
            case .incident(let incident): publish("call.incident", callID, incident, moment)
            case .call(let call), .announcedCall(let call, _):
                if case .finished = event { publish("call.ended", callID, CallView(call), moment) }
            case .journal, .recording: break
            }
        }
        if before.doesDiffer(from: after) { publish("call.state", callID, LiveStateView(after), moment) }
    }

    private func publish(_ kind: String, _ callID: String, _ value: any Encodable & Sendable, _ moment: Date) {
        feed.publish(kind, callID: callID, TimedView(value, at: moment))
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
