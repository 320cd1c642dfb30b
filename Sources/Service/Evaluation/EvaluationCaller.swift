import Callers
import Foundation
import Networking

/// Plays recordings over real sockets, a call for each, a bounded number at a time.
///
/// Confined to its loop's thread.
final class EvaluationCaller: @unchecked Sendable {
    // @unchecked: made anywhere, used on its loop only.

    /// A recording to play into a call of its own.
    struct Job: Sendable {
        var clip: CallerClip
        /// Custom parameters of the call.
        var parameters: [String: String]
        /// How often its call was lost.
        var losses = 0
    }

    /// A busy machine may refuse a call now and then, which says nothing of the recording.
    private static let mostLosses = 3

    /// The room before the recording, in samples: the voice detector and the noise suppression learn its noise.
    private static let before = 8000
    /// The room after it: more than the longest wait for an end of turn and the recognizer together.
    private static let after = 17600
    /// The first and the last samples of a recording that hold only the room.
    private static let edge = 1920

    private let url: String
    private let loop: EventLoop
    private var waiting: ArraySlice<Job>
    private var lines: [ObjectIdentifier: CarrierLine] = [:]
    private var lost: [String] = []
    private let done: @Sendable ([String]) -> Void

    /// - Parameter done: told once, when every call is over, why any was lost.
    init(_ jobs: [Job], url: String, loop: EventLoop, done: @escaping @Sendable ([String]) -> Void) {
        waiting = jobs[...]
        self.url = url
        self.loop = loop
        self.done = done
    }

    func start(concurrency: Int) {
        if waiting.isEmpty { done([]) }
        for _ in 0..<concurrency { next() }
    }

    private func next() {
        guard let job = waiting.popFirst() else { return }
        let call = CarrierLine.Call(
            url: url, callID: "CA" + UUID().uuidString.lowercased().filter { $0 != "-" }, parameters: job.parameters)
        var isOver = false
        var identity: ObjectIdentifier?
        let line = CarrierLine(call, on: loop) { [self] event in
            guard let identity, let line = lines[identity] else { return }
            switch event {
            case .opened: line.say(job.clip.inItsRoom(before: Self.before, after: Self.after, edge: Self.edge))
            case .clipEnded:
                isOver = true
                line.hangUp()
            case .closed(let reason):
                if !isOver { lose(job, reason) }
                lines[identity] = nil
                next()
                if lines.isEmpty { done(lost) }
            default: break
            }
        }
        identity = ObjectIdentifier(line)
        lines[ObjectIdentifier(line)] = line
        line.dial()
    }

    /// Its recording is played once more, last of all.
    private func lose(_ job: Job, _ reason: String) {
        guard job.losses < Self.mostLosses else { return lost.append("\(job.clip.name): \(reason)") }
        var again = job
        again.losses += 1
        waiting.append(again)
    }
}
