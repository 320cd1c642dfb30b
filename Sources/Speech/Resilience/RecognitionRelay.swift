/// Decides which of several recognizers a caller is heard by. What happened in, what to do out; `now` is since any moment
/// that stays the same, positions are bytes of the leg since the session began.
///
/// One recognizer hears the caller. When it fails, or owes words for too long, the next one is given the utterance from its
/// beginning, out of the leg's recent audio. The first result counts, and every utterance gets exactly one.
package struct RecognitionRelay: Sendable {
    package enum Action: Sendable, Equatable {
        /// Open the recognizer at `position` in the chain; its events carry `runner`. It is given the leg from `from` on.
        case open(position: Int, runner: Int, from: Int)
        /// Say this to a runner once it has been given the leg up to `at`.
        case say(RecognitionFeed.Mark, runner: Int, at: Int)
        case close(runner: Int)
        case emit(RecognitionEvent)
        case note(position: Int, ProviderEvent)
    }

    package struct Settings: Sendable, Equatable {
        /// While somebody speaks, so long without an interim and the next recognizer is asked as well.
        package var interimHedge = Duration.seconds(3)
        /// From the end of an utterance to its result, whoever is asked.
        package var answerDeadline = Duration.milliseconds(2300)
        /// Audio before an utterance's beginning that a recognizer is given when it hears it later.
        package var preRoll = 6400

        package init() {}
    }

    /// How the chain stands at the moment of an event.
    package struct Standing: Sendable, Equatable {
        /// Positions in the order in which to ask now; what cannot be asked is left out.
        package var order: [Int]
        /// By position: after the end of an utterance, so long without its words and the next one is asked as well.
        package var patience: [Duration]
        /// Positions that could not be opened now. Whoever hears already goes on.
        package var full: Set<Int>

        package init(order: [Int], patience: [Duration], full: Set<Int> = []) {
            self.order = order
            self.patience = patience
            self.full = full
        }
    }

    private struct Runner: Sendable {
        let number: Int
        let position: Int
    }

    private struct Utterance: Sendable {
        let id: UtteranceID
        let context: String
        let start: Int
        let began: Duration
        /// Pauses and resumptions, for one that hears it later.
        var marks: [(mark: RecognitionFeed.Mark, at: Int)] = []
        var finished: Duration?
        /// Who hears it; the first one's interims are shown.
        var runners: [Int] = []
        /// Positions in the chain that were asked.
        var asked: Set<Int> = []
        var hasInterim = false
        /// When another one is asked; nil when nobody is left.
        var hedge: Duration?
        var error: SpeechError?
    }

    private let providers: [String]
    private let showsInterims: [Bool]
    private let settings: Settings
    private var runners: [Runner] = []
    private var opened = 0
    /// Who hears the caller.
    private var active: Int?
    /// Oldest first.
    private var utterances: [Utterance] = []
    /// Positions that cannot serve this call at all.
    private var unfit: Set<Int> = []
    /// Positions whose session was lost since the last utterance began; they are not opened again before the next one.
    private var recentlyLost: Set<Int> = []

    /// - Parameters:
    ///   - providers: the recognizers' names, at least one.
    ///   - showsInterims: which of them have interim transcripts.
    package init(providers: [String], showsInterims: [Bool], settings: Settings = Settings()) {
        self.providers = providers
        self.showsInterims = showsInterims
        self.settings = settings
    }

    /// Whether `position` in the chain is heard by.
    package func isActive(_ position: Int) -> Bool {
        runners.contains { $0.number == active && $0.position == position }
    }

    /// The oldest position of the leg's audio that somebody who takes over would be given.
    package func oldestNeeded(at position: Int) -> Int {
        max((utterances.first?.start ?? position) - settings.preRoll, 0)
    }

    // MARK: What the call says

    /// The call began, or somebody who heard the caller is gone: have the best recognizer ready.
    package mutating func makeReady(_ standing: Standing, at position: Int) -> [Action] {
        guard active == nil, let best = fit(standing).first else { return [] }
        return activate(best, from: position)
    }

    package mutating func begin(
        _ id: UtteranceID, context: String, _ standing: Standing, at position: Int, now: Duration
    ) -> [Action] {
        var actions: [Action] = []
        recentlyLost = []
        if let best = fit(standing).first, !isActive(best), utterances.isEmpty || active == nil {
            actions += activate(best, from: max(position - settings.preRoll, 0))
        }
        var utterance = Utterance(id: id, context: context, start: position, began: now)
        if let runner = runners.first(where: { $0.number == active }) {
            utterance.runners = [runner.number]
            utterance.asked = [runner.position]
            utterance.hedge = showsInterims[runner.position] ? now + settings.interimHedge : nil
            actions.append(.say(.begin(id, context: context), runner: runner.number, at: position))
        }
        utterances.append(utterance)
        return actions
    }

    package mutating func pause(_ id: UtteranceID, at position: Int) -> [Action] { say(.pause(id), at: position) }

    package mutating func resume(_ id: UtteranceID, at position: Int) -> [Action] { say(.resume(id), at: position) }

    package mutating func finish(_ id: UtteranceID, _ standing: Standing, at position: Int, now: Duration) -> [Action] {
        guard let index = utterances.firstIndex(where: { $0.id == id && $0.finished == nil }) else { return [] }
        var actions = say(.finish(id), at: position)
        utterances[index].finished = now
        if let first = utterances[index].runners.last.flatMap({ number in runners.first { $0.number == number } }) {
            utterances[index].hedge = now + standing.patience[first.position]
        } else {
            actions += askNext(index, standing, now: now)
        }
        return actions
    }

    package mutating func cancel(_ id: UtteranceID, at position: Int) -> [Action] {
        guard let index = utterances.firstIndex(where: { $0.id == id }) else { return [] }
        let utterance = utterances.remove(at: index)
        return utterance.runners.map { .say(.cancel(id), runner: $0, at: position) } + closeIdle()
    }

    private mutating func say(_ mark: RecognitionFeed.Mark, at position: Int) -> [Action] {
        guard let index = utterances.firstIndex(where: { $0.id == mark.utterance }) else { return [] }
        utterances[index].marks.append((mark, position))
        return utterances[index].runners.map { .say(mark, runner: $0, at: position) }
    }

    // MARK: What a recognizer says

    /// - Parameters:
    ///   - number: of the runner.
    ///   - standing: of the chain now.
    ///   - position: where the leg is.
    package mutating func received(
        _ event: RecognitionEvent, from number: Int, _ standing: Standing, at position: Int, now: Duration
    ) -> [Action] {
        guard let runner = runners.first(where: { $0.number == number }) else { return [] }
        guard let id = event.utterance else {
            guard case .failed(nil, let error) = event else { return [] }
            return lost(runner, error, standing, at: position, now: now)
        }
        guard let index = utterances.firstIndex(where: { $0.id == id }),
            let place = utterances[index].runners.firstIndex(of: number)
        else { return [.note(position: runner.position, .late)] }
        switch event {
        case .interim, .provisional, .endOfTurn, .taken:
            var actions: [Action] = []
            if !utterances[index].hasInterim {
                utterances[index].hasInterim = true
                if utterances[index].finished == nil { utterances[index].hedge = nil }
                actions.append(
                    .note(position: runner.position, .took(.firstInterim, now - utterances[index].began)))
            }
            return place == 0 ? actions + [.emit(event)] : actions
        case .final, .nothingHeard: return conclude(index, by: runner, event, at: position, now: now)
        case .failed(_, let error):
            utterances[index].runners.remove(at: place)
            utterances[index].error = error
            var actions: [Action] = [.note(position: runner.position, .ended(ProviderOutcome(error)))]
            if utterances[index].runners.isEmpty { actions += askNext(index, standing, now: now) }
            return actions + closeIdle()
        }
    }

    private mutating func conclude(
        _ index: Int, by winner: Runner, _ event: RecognitionEvent, at position: Int, now: Duration
    ) -> [Action] {
        let utterance = utterances.remove(at: index)
        var actions: [Action] = []
        if let finished = utterance.finished {
            actions.append(.note(position: winner.position, .took(.final, now - finished)))
        }
        actions.append(.note(position: winner.position, .ended(.answered)))
        for other in runners where other.number != winner.number && utterance.runners.contains(other.number) {
            // Whoever was asked earlier had its time.
            let outcome = other.number < winner.number ? ProviderOutcome.failed(retryable: true) : .cancelledByUs
            actions.append(.note(position: other.position, .ended(outcome)))
            actions.append(.say(.cancel(utterance.id), runner: other.number, at: position))
        }
        return actions + [.emit(event)] + closeIdle()
    }

    /// A runner is gone, and with it what it was to hear.
    private mutating func lost(
        _ runner: Runner, _ error: SpeechError, _ standing: Standing, at position: Int, now: Duration
    ) -> [Action] {
        runners.removeAll { $0.number == runner.number }
        recentlyLost.insert(runner.position)
        if error.code == .refused || error.code == .invalidModel { unfit.insert(runner.position) }
        var actions: [Action] = [
            .close(runner: runner.number), .note(position: runner.position, .ended(ProviderOutcome(error))),
        ]
        var fresh: Int?
        if active == runner.number {
            active = nil
            if let best = fit(standing).first(where: { !recentlyLost.contains($0) }) {
                let start = utterances.map(\.start).min().map { max($0 - settings.preRoll, 0) }
                actions += [.note(position: runner.position, .replaced)] + activate(best, from: start ?? position)
                fresh = active
            } else {
                actions.append(.emit(.failed(nil, error)))
            }
        }
        for id in utterances.map(\.id) {
            guard let index = utterances.firstIndex(where: { $0.id == id && $0.runners.contains(runner.number) }) else {
                continue
            }
            utterances[index].runners.removeAll { $0 == runner.number }
            utterances[index].error = error
            if utterances[index].runners.isEmpty { actions += askNext(index, standing, fresh: fresh, now: now) }
        }
        return actions
    }

    // MARK: Time

    /// When ``expire(_:at:now:)`` should be called next.
    package var nextDeadline: Duration? {
        utterances.flatMap { utterance in
            [utterance.hedge, utterance.finished.map { $0 + settings.answerDeadline }].compactMap(\.self)
        }.min()
    }

    /// Acts on the deadlines that have passed.
    package mutating func expire(_ standing: Standing, at position: Int, now: Duration) -> [Action] {
        var actions: [Action] = []
        for id in utterances.map(\.id) {
            guard let index = utterances.firstIndex(where: { $0.id == id }) else { continue }
            if let finished = utterances[index].finished, finished + settings.answerDeadline <= now {
                actions += giveUp(index, at: position)
            } else if let hedge = utterances[index].hedge, hedge <= now {
                actions += askNext(index, standing, now: now)
            }
        }
        return actions
    }

    private mutating func giveUp(_ index: Int, at position: Int) -> [Action] {
        let utterance = utterances.remove(at: index)
        var actions: [Action] = []
        for runner in runners where utterance.runners.contains(runner.number) {
            actions.append(.note(position: runner.position, .ended(.failed(retryable: true))))
            actions.append(.say(.cancel(utterance.id), runner: runner.number, at: position))
        }
        let error =
            utterance.error
            ?? SpeechError(
                .deadlineExceeded, operation: "recognize", provider: providers.joined(separator: ", "),
                detail: "no words within \(settings.answerDeadline) of the end of the turn")
        return actions + [.emit(.failed(utterance.id, error))] + closeIdle()
    }

    // MARK: Inside

    /// Gives an utterance to a recognizer that has not been asked, from its beginning on. Says that it is lost when its end
    /// is known and nobody is left; a caller who still speaks is not interrupted for that.
    ///
    /// - Parameter fresh: a runner just opened that has been given nothing yet.
    private mutating func askNext(
        _ index: Int, _ standing: Standing, fresh: Int? = nil, now: Duration
    ) -> [Action] {
        utterances[index].hedge = nil
        let utterance = utterances[index]
        let ready = runners.first { $0.number == fresh && !utterance.asked.contains($0.position) }
        guard let next = ready?.position ?? fit(standing).first(where: { !utterance.asked.contains($0) }) else {
            guard utterance.finished != nil, utterance.runners.isEmpty else { return [] }
            utterances.remove(at: index)
            let error =
                utterance.error
                ?? SpeechError(
                    .unavailable, operation: "recognize", provider: providers.joined(separator: ", "),
                    detail: "nobody hears the caller")
            return [.emit(.failed(utterance.id, error))]
        }
        var actions: [Action] = []
        if let before = runners.first(where: { utterance.runners.contains($0.number) }) {
            actions.append(.note(position: before.position, .replaced))
        }
        if ready == nil { actions += open(next, from: max(utterance.start - settings.preRoll, 0)) }
        let number = ready?.number ?? opened
        utterances[index].asked.insert(next)
        utterances[index].hedge = now + standing.patience[next]
        // While the caller speaks the new one's interims are the ones to come.
        utterances[index].runners.insert(number, at: utterance.finished == nil ? 0 : utterance.runners.count)
        actions.append(.say(.begin(utterance.id, context: utterance.context), runner: number, at: utterance.start))
        for (mark, at) in utterance.marks { actions.append(.say(mark, runner: number, at: at)) }
        if active == nil { active = number }
        return actions
    }

    /// Those that can hear this call, in their order. Whoever hears it is not left for one that has no room; where nobody
    /// does, that one is tried, and its refusal counted.
    private func fit(_ standing: Standing) -> [Int] {
        let able = standing.order.filter { !unfit.contains($0) }
        guard !runners.isEmpty else { return able }
        return able.filter { position in
            !standing.full.contains(position) || runners.contains { $0.position == position }
        }
    }

    private func isBusy(_ number: Int) -> Bool { utterances.contains { $0.runners.contains(number) } }

    private mutating func open(_ position: Int, from: Int) -> [Action] {
        opened += 1
        runners.append(Runner(number: opened, position: position))
        return [.open(position: position, runner: opened, from: from)]
    }

    private mutating func activate(_ position: Int, from: Int) -> [Action] {
        let actions = open(position, from: from)
        active = opened
        return actions + closeIdle()
    }

    /// Closes runners that hear nothing and are not to hear what comes.
    private mutating func closeIdle() -> [Action] {
        let idle = runners.filter { $0.number != active && !isBusy($0.number) }
        runners.removeAll { runner in idle.contains { $0.number == runner.number } }
        return idle.map { .close(runner: $0.number) }
    }
}
