import Telephony

/// The callers who wait for a line, in the order in which they came. A value; time is an argument.
///
/// A caller is asked round by round whether they still wait. The answer to an earlier round is one that was sent again: it
/// changes nothing. Who has not answered for ``Options/silence`` has hung up.
package struct InboundQueue: Sendable {
    package struct Options: Sendable, Equatable {
        /// Callers at most.
        package var length = 20
        /// After that nobody waits any longer.
        package var longest = Duration.seconds(900)
        /// Longer than any round.
        package var silence = Duration.seconds(60)

        package init() {}
    }

    /// Who waits, and for whom.
    package struct Caller: Sendable, Equatable {
        /// The carrier's, of the call.
        package var id: String
        /// Ours.
        package var callID: String
        package var from: String
        package var to: String
        package var agent: String
        /// Of what is said to them.
        package var language: String
        /// Whether they are told that they may be called back.
        package var mayBeCalled: Bool

        package init(
            id: String, callID: String, from: String, to: String, agent: String, language: String, mayBeCalled: Bool
        ) {
            self.id = id
            self.callID = callID
            self.from = from
            self.to = to
            self.agent = agent
            self.language = language
            self.mayBeCalled = mayBeCalled
        }
    }

    package struct Place: Sendable, Equatable {
        package var caller: Caller
        /// From 1.
        package var position: Int
        /// Nil while nobody has been answered yet.
        package var wait: Duration?
        /// Of the question that they are asked now.
        package var round: Int
    }

    /// How somebody left the line.
    package enum Leaving: String, Sendable, CaseIterable {
        case answered, callback
        /// They hung up.
        case gaveUp = "gave_up"
        case tooLong = "too_long"
        /// They never got in, or no agent takes them any more.
        case turnedAway = "turned_away"
    }

    /// What is to be done about an answer.
    package enum Step: Sendable, Equatable {
        /// Nobody has heard of them.
        case unknown
        /// They have left; nothing changes.
        case gone(Leaving)
        /// It is the answer to an earlier question, or it is still being seen to whether they are called back, on this call or on
        /// another one of theirs; nothing changes.
        case repeated(Place)
        /// They are to have a line, unless no more are free than there are others before them.
        case turn(Caller, ahead: Int)
        /// They want to be called back.
        case callBack(Caller)
    }

    private struct Entry: Sendable {
        var caller: Caller
        let joined: Duration
        let joinedAt: Int
        var seen: Duration
        var round = 1
        /// They have pressed the key.
        var wantsCallBack = false
        /// They want to be called back, and do not know yet whether they are.
        var awaitsPromise = false
    }

    private let options: Options
    private var entries: [Entry] = []
    /// Waits for each place of those answered last, the oldest first.
    private var waits: [Duration] = []
    private var gone: [Leaving: ReplayGuard]
    /// Those for whom there was no room.
    private var refused = ReplayGuard(capacity: 5000, lifetime: .seconds(300))
    /// How many left, by how.
    package private(set) var left: [Leaving: Int]

    private static let remembered = 10

    package init(_ options: Options = Options()) {
        self.options = options
        left = Dictionary(uniqueKeysWithValues: Leaving.allCases.map { ($0, 0) })
        gone = Dictionary(
            uniqueKeysWithValues: Leaving.allCases.map { ($0, ReplayGuard(capacity: 5000, lifetime: .seconds(86_400))) }
        )
    }

    package var count: Int { entries.count }

    /// How long the first in line has waited; nil where nobody waits.
    package func longestWait(at now: Duration) -> Duration? { entries.first.map { max(.zero, now - $0.joined) } }

    /// Puts a caller at the end; one who waits already stays where they are.
    ///
    /// - Returns: nil when there is no room; then they are counted as turned away.
    package mutating func join(_ caller: Caller, at now: Duration) -> Place? {
        if let index = index(of: caller.id) { return place(at: index) }
        guard entries.count < options.length else {
            // A carrier asks again, also at its fallback; that is one caller.
            if refused.use(caller.id, now: now) { left[.turnedAway, default: 0] += 1 }
            return nil
        }
        entries.append(Entry(caller: caller, joined: now, joinedAt: entries.count + 1, seen: now))
        return place(at: entries.count - 1)
    }

    /// Where somebody is, to look at.
    package func standing(of id: String) -> Step {
        if let index = index(of: id) { return .repeated(place(at: index)) }
        let way = Leaving.allCases.first { gone[$0]?.contains(id) == true }
        return way.map { .gone($0) } ?? .unknown
    }

    /// Takes the answer to a question.
    ///
    /// - Parameters:
    ///   - round: which question it was.
    ///   - key: what was pressed; nil for nothing.
    package mutating func answer(_ id: String, round: Int, key: String?, at now: Duration) -> Step {
        guard let index = index(of: id), entries[index].round == round else { return standing(of: id) }
        entries[index].seen = now
        // A carrier that has no answer in time asks again: they are not to have two promises, nor a line besides one.
        guard !entries[index].awaitsPromise else { return .repeated(place(at: index)) }
        entries[index].round += 1
        let caller = entries[index].caller
        if key == "1" { entries[index].wantsCallBack = true }
        guard entries[index].wantsCallBack, caller.mayBeCalled else { return .turn(caller, ahead: index) }
        // Of two calls of one number the second one waits for what becomes of the first: one promise is enough. They need not
        // press again.
        guard !entries.contains(where: { $0.awaitsPromise && $0.caller.from == caller.from }) else {
            return .repeated(place(at: index))
        }
        entries[index].awaitsPromise = true
        return .callBack(caller)
    }

    /// No line is free for somebody whose turn it might have been.
    ///
    /// - Returns: nil when they have waited for too long, and have left.
    package mutating func stay(_ id: String, at now: Duration) -> Place? {
        guard let index = index(of: id) else { return nil }
        guard now - entries[index].joined < options.longest else {
            _ = leave(id, .tooLong, at: now)
            return nil
        }
        return place(at: index)
    }

    /// Somebody cannot be called back; they are not told again that they may be.
    ///
    /// - Returns: nil when they have left meanwhile.
    package mutating func refuseCallback(_ id: String, at now: Duration) -> Place? {
        guard let index = index(of: id) else { return nil }
        entries[index].caller.mayBeCalled = false
        entries[index].awaitsPromise = false
        entries[index].seen = now
        return place(at: index)
    }

    /// - Returns: who has left; nil when they had before.
    package mutating func leave(_ id: String, _ way: Leaving, at now: Duration) -> Caller? {
        guard let index = index(of: id) else { return nil }
        let entry = entries.remove(at: index)
        if way == .answered {
            waits.append((now - entry.joined) / entry.joinedAt)
            if waits.count > Self.remembered { waits.removeFirst() }
        }
        left[way, default: 0] += 1
        _ = gone[way]?.use(id, now: now)
        return entry.caller
    }

    /// Takes those out of the line who have hung up without a word of it. Should one of them answer all the same, they are
    /// new.
    package mutating func forget(at now: Duration) -> [Caller] {
        let start = now - options.silence
        let silent = entries.filter { $0.seen <= start }
        guard !silent.isEmpty else { return [] }
        entries.removeAll { $0.seen <= start }
        left[.gaveUp, default: 0] += silent.count
        return silent.map(\.caller)
    }

    private func index(of id: String) -> Int? { entries.firstIndex { $0.caller.id == id } }

    private func place(at index: Int) -> Place {
        let mean = waits.reduce(.zero, +) / max(1, waits.count)
        return Place(
            caller: entries[index].caller, position: index + 1, wait: waits.isEmpty ? nil : mean * (index + 1),
            round: entries[index].round)
    }
}
