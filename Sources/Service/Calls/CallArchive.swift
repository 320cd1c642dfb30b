package import CallSession
package import CoreMetrics
import Foundation
import Logging
package import Store
import Synchronization

/// Takes the events of all calls from their loops and turns them into rows, metrics and words for whoever watches.
///
/// A bounded queue stands between: a loop never waits for it. What does not fit is dropped and counted, save the beginning
/// and the end of a call: two for each line there is, and without them a line would never be free again.
package final class CallArchive: Sendable {
    package enum Entry: Sendable {
        /// - Parameter tools: the names of those that the call may use.
        case opened(CallFile, tools: Set<String>)
        case event(callID: String, CallEvent)
        /// A language model has answered on a call.
        case model(callID: String, ModelCall)

        /// Begins or ends a call.
        fileprivate var frames: Bool {
            switch self {
            case .opened, .event(_, .finished): true
            case .event, .model: false
            }
        }
    }

    /// What waits, and since when: the moment that it tells of.
    private struct Arrival: Sendable {
        let entry: Entry
        let at: Date
    }

    private let arrivals: AsyncStream<Arrival>
    private let inlet: AsyncStream<Arrival>.Continuation
    private let writer: StoreWriter
    private let board: CallBoard?
    private let mask: PersonalDataMask
    private let traces: CallTraces?
    private let factory: any MetricsFactory
    private let closed: @Sendable (String) -> Void
    private let over: @Sendable (String) -> Void
    private let ended: @Sendable (CallRecord) -> Void
    private let capacity: Int
    private let waiting = Atomic<Int>(0)
    private let dropped = Atomic<Int>(0)

    /// - Parameters:
    ///   - capacity: events waiting to be folded.
    ///   - board: shows what happens.
    ///   - mask: what is kept of nobody; neither the writer nor the board gets it.
    ///   - metrics: makes what operators watch.
    ///   - traces: takes the spans of calls; nil where nothing is traced.
    ///   - over: told when a call's line is free, before its recording is closed.
    ///   - ended: told what became of a call.
    ///   - closed: told when the last row of a call has been handed to the writer.
    package init(
        writer: StoreWriter, capacity: Int = 65_536, board: CallBoard? = nil,
        mask: PersonalDataMask = PersonalDataMask(), traces: CallTraces? = nil,
        metrics: any MetricsFactory = MetricsSystem.factory,
        over: @escaping @Sendable (String) -> Void = { _ in },
        ended: @escaping @Sendable (CallRecord) -> Void = { _ in },
        closed: @escaping @Sendable (String) -> Void
    ) {
        self.writer = writer
        self.board = board
        self.mask = mask
        self.traces = traces
        factory = metrics
        self.over = over
        self.ended = ended
        self.closed = closed
        self.capacity = capacity
        // The bound is in `add`, which knows what may be dropped.
        (arrivals, inlet) = AsyncStream.makeStream(of: Arrival.self)
    }

    /// Events dropped because folding was too slow.
    package var droppedCount: Int { dropped.load(ordering: .relaxed) }

    /// - Parameter tools: the names of those that the call may use; a trace names no other.
    package func open(_ file: CallFile, tools: Set<String> = []) { add(.opened(file, tools: tools)) }

    /// Any thread; never waits.
    package func record(_ event: CallEvent, callID: String) { add(.event(callID: callID, event)) }

    /// Any thread; never waits.
    func record(_ call: ModelCall, callID: String) { add(.model(callID: callID, call)) }

    private func add(_ entry: Entry) {
        let before = waiting.wrappingAdd(1, ordering: .relaxed).oldValue
        guard before < capacity || entry.frames else {
            waiting.wrappingSubtract(1, ordering: .relaxed)
            dropped.wrappingAdd(1, ordering: .relaxed)
            return
        }
        inlet.yield(Arrival(entry: entry, at: Date()))
    }

    /// Folds until ``close()``.
    package func run() async {
        var files: [String: CallFile] = [:]
        var masks: [String: CallMask] = [:]
        var traced: [String: CallTrace] = [:]
        var metrics = CallMetrics(factory: factory)
        for await arrival in arrivals {
            waiting.wrappingSubtract(1, ordering: .relaxed)
            switch arrival.entry {
            case .opened(let file, let tools):
                files[file.call.id] = file
                masks[file.call.id] = CallMask(mask)
                if let traces, traces.takes(file.call.id) {
                    traced[file.call.id] = CallTrace(file.call, models: traces.models, tools: tools)
                }
                metrics.began(file.call)
                for write in file.opening { writer.enqueue(write) }
                board?.opened(file.call, at: arrival.at)
            case .model(let id, let call):
                guard let traces else { continue }
                if let index = traced.index(forKey: id) {
                    traces.exporter.queue.add(traced.values[index].fold(call))
                } else {
                    traces.exporter.queue.add([CallTrace.late(call, callID: id, models: traces.models)])
                }
            case .event(let id, let event):
                // In its place, so that none of the file's tables is copied.
                guard let index = files.index(forKey: id), let place = masks.index(forKey: id) else { continue }
                let event = masks.values[place].masked(event)
                let folded = files.values[index].fold(event) { masks.values[place].masked(decision: $0) }
                let writes = masks.values[place].masked(folded, isLast: event.isLast)
                for write in writes { writer.enqueue(write) }
                board?.took(event, of: id, writes: writes, at: arrival.at)
                metrics.count(event)
                if case .note(_, .ended) = event { over(id) }
                if let trace = traced.index(forKey: id) {
                    traces?.exporter.queue.add(traced.values[trace].fold(event, of: files.values[index].call))
                }
                if case .finished = event {
                    metrics.ended(files.values[index].call)
                    ended(files.values[index].call)
                    files[id] = nil
                    masks[id] = nil
                    traced[id] = nil
                    closed(id)
                }
            }
        }
    }

    /// Takes no more events; ``run()`` returns when the queue is empty.
    package func close() { inlet.finish() }
}

extension CallEvent {
    fileprivate var isLast: Bool {
        if case .finished = self { true } else { false }
    }
}
