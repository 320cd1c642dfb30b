import Agent
import Foundation
import Logging
import Networking

/// Callers who wait for a line, with ``ParleyConfiguration/Inbound/Overload/queue``.
extension InboundDesk {
    /// What a caller answered who was asked for a key.
    struct KeyAnswer: Sendable {
        var subject: KeyQuestion.Subject
        /// Which question it was; see ``KeyQuestion/round``.
        var round: Int
        /// Nil when nothing was pressed.
        var key: String?
    }

    /// What becomes of a call for which there may be a line.
    enum Line {
        /// It is announced.
        case taken
        /// What its caller hears, who waits.
        case waits(InboundReply)
        case refused(CallDesk.Refusal)
    }

    /// Announces a call, or puts its caller at the end of the line, where callers wait and there is room.
    ///
    /// One decision: a line that became free in between would be the next caller's, whoever waits for it.
    func line(
        for call: InboundCall, _ expected: CallDesk.Expected, on desk: CallDesk, over carrier: String, now: Duration
    ) -> Line {
        guard settings.overload == .queue else {
            return desk.expect(carrierCallID: call.id, expected, now: now).map(Line.refused) ?? .taken
        }
        let caller = InboundQueue.Caller(
            id: call.id, callID: expected.callID, from: call.caller, to: call.called, agent: expected.agent,
            language: rules.language(of: call), mayBeCalled: settings.queueCallback && !call.isHidden)
        let (refusal, place) = change(on: desk, at: now) { queue -> (CallDesk.Refusal?, InboundQueue.Place?) in
            // Its webhook was sent twice at the same time.
            if case .repeated(let place) = queue.standing(of: call.id) { return (.full, place) }
            let refusal = desk.expect(carrierCallID: call.id, expected, mayWait: true, now: now)
            // Who stops, or whose agent was stopped, has no line later either.
            guard let reason = refusal, reason.passes else { return (refusal, nil) }
            let place = queue.join(caller, at: now)
            if place == nil { desk.turnAway(reason) }
            return (reason, place)
        }
        guard let refusal else { return .taken }
        guard let place else { return .refused(refusal) }
        logger.info(
            "a caller waits for a line",
            metadata: ["carrier": "\(carrier)", "carrier.call": "\(call.id)", "position": "\(place.position)"])
        return .waits(question(for: place))
    }

    /// What is said to somebody who waits or has waited, whose webhook is sent again; nil for all others.
    func standing(of call: InboundCall) -> InboundReply? {
        switch state.withLock({ $0.queue.standing(of: call.id) }) {
        case .repeated(let place): question(for: place)
        case .gone(let way): farewell(way, rules.language(of: call))
        case .unknown, .turn, .callBack: nil
        }
    }

    /// Takes the answer of a caller who was asked for a key.
    ///
    /// - Parameter now: time since 1970.
    /// - Returns: what they get next; nil when a line is theirs and they may be bridged.
    func takeAnswer(
        _ answer: KeyAnswer, of carrierCallID: String, over carrier: String, from: String, to: String,
        on desk: CallDesk, now: Duration
    ) async -> InboundReply? {
        let call = call(carrierCallID, from, to, now)
        let language = rules.language(of: call)
        if answer.subject == .language { chooseLanguage(answer, of: call) }
        // Chosen or not, what follows is told by where they stand.
        guard answer.subject == .queue else {
            return announceAnswered(call, language, over: carrier, on: desk, now: now)
        }
        let next = change(on: desk, at: now) { queue -> Next in
            let step = queue.answer(carrierCallID, round: answer.round, key: answer.key, at: now)
            return Self.next(after: step, in: &queue, on: desk, now: now)
        }
        switch next {
        case .isNew:
            // This process has begun meanwhile, or took them for gone: they are new, and on the line already.
            return announceAnswered(call, language, over: carrier, on: desk, now: now)
        case .stands(let place): return question(for: place)
        case .left(.answered):
            // Nothing came of the answer that bridged them, as long as nobody has taken their line.
            return desk.expected(carrierCallID: carrierCallID) == nil ? .hangUp : nil
        case .left(let way): return farewell(way, language)
        case .leaves(let caller, .answered):
            logger.info(
                "a caller who waited is answered",
                metadata: ["carrier": "\(carrier)", "carrier.call": "\(caller.id)"])
            return nil
        case .leaves(let caller, let way):
            end(caller, way, over: carrier)
            return farewell(way, caller.language)
        case .callsBack(let caller): return await promise(to: caller, on: desk, over: carrier, now: now)
        }
    }

    /// What an answer leads to.
    private enum Next {
        case isNew
        case stands(InboundQueue.Place)
        /// They had before.
        case left(InboundQueue.Leaving)
        case leaves(InboundQueue.Caller, InboundQueue.Leaving)
        case callsBack(InboundQueue.Caller)
    }

    /// Gives whoever's turn it is a line, if there is one; they leave the queue with it.
    private static func next(
        after step: InboundQueue.Step, in queue: inout InboundQueue, on desk: CallDesk, now: Duration
    ) -> Next {
        switch step {
        case .unknown: return .isNew
        case .repeated(let place): return .stands(place)
        case .gone(let way): return .left(way)
        case .callBack(let caller): return .callsBack(caller)
        case .turn(let caller, let ahead):
            let expected = CallDesk.Expected(
                callID: caller.callID, agent: caller.agent, from: caller.from, to: caller.to, expires: now)
            let way: InboundQueue.Leaving
            switch desk.expect(carrierCallID: caller.id, expected, ahead: ahead, now: now) {
            case nil: way = .answered
            case .full?, .late?:
                return queue.stay(caller.id, at: now).map(Next.stands) ?? .leaves(caller, .tooLong)
            case .stopping?, .stopped?, .repeated?: way = .turnedAway
            }
            _ = queue.leave(caller.id, way, at: now)
            return .leaves(caller, way)
        }
    }

    /// Announces a call that the carrier has answered already: it cannot be busy any more.
    private func announceAnswered(
        _ call: InboundCall, _ language: String, over carrier: String, on desk: CallDesk, now: Duration
    ) -> InboundReply? {
        let reply = announce(call.id, over: carrier, from: call.caller, to: call.called, on: desk, now: now)
        guard case .busy? = reply else { return reply }
        return message(settings.overloadMessage, language)
    }

    /// A caller who may wait, or choose a language, has hung up.
    func hungUp(_ carrierCallID: String, on desk: CallDesk, now: Duration) {
        state.withLock { $0.languages.forget(carrierCallID) }
        guard settings.overload == .queue else { return }
        let caller = change(on: desk, at: now) { $0.leave(carrierCallID, .gaveUp, at: now) }
        if let caller { forget([caller]) }
    }

    /// Takes callers out of the line who hung up without anybody's telling, until it is cancelled: those behind them, and calls
    /// that we place, are not to wait for them.
    func watchQueue(on desk: CallDesk, every pause: Duration = .seconds(1)) async {
        guard settings.overload == .queue else { return }
        while (try? await Task.sleep(for: pause)) != nil {
            change(on: desk, at: .seconds(Date().timeIntervalSince1970)) { _ in }
        }
    }

    /// Does something with the queue, after those were taken out of it who have hung up; the desk then knows how many wait. Nobody
    /// else does anything with it meanwhile, so that what `body` asks of the desk and does with the queue is one decision.
    private func change<Result>(
        on desk: CallDesk, at now: Duration, _ body: (inout InboundQueue) -> Result
    ) -> Result {
        let (silent, result) = state.withLock { state in
            let silent = state.queue.forget(at: now)
            desk.keepLines(for: state.queue.count)
            let result = body(&state.queue)
            desk.keepLines(for: state.queue.count)
            return (silent, result)
        }
        forget(silent)
        return result
    }

    /// Who had no line may call again, however often they have.
    private func forget(_ callers: [InboundQueue.Caller]) {
        guard !callers.isEmpty else { return }
        state.withLock { state in
            for caller in callers { state.counts.forget(caller.from, call: caller.id) }
        }
    }

    private func promise(
        to caller: InboundQueue.Caller, on desk: CallDesk, over carrier: String, now: Duration
    ) async -> InboundReply? {
        var isPromised = false
        do {
            let facts = CallFacts(callID: caller.callID, callerNumber: caller.from, calledNumber: caller.to)
            let callBack = state.withLock { $0.callBack }
            isPromised = try await callBack?(facts) ?? false
        } catch {
            logger.warning(
                "a caller who waits is not called back",
                metadata: ["carrier": "\(carrier)", "carrier.call": "\(caller.id)", "reason": "\(error)"])
        }
        guard isPromised else {
            let place = change(on: desk, at: now) { $0.refuseCallback(caller.id, at: now) }
            if let place { return question(for: place, last: settings.queueCallbackRefused) }
            // They have hung up meanwhile, or were taken for gone: those are on the line still, and new.
            return announceAnswered(
                call(caller.id, caller.from, caller.to, now), caller.language, over: carrier, on: desk, now: now)
        }
        _ = change(on: desk, at: now) { $0.leave(caller.id, .callback, at: now) }
        end(caller, .callback, over: carrier)
        return farewell(.callback, caller.language)
    }

    private func end(_ caller: InboundQueue.Caller, _ way: InboundQueue.Leaving, over carrier: String) {
        forget([caller])
        logger.info(
            "a caller waits no longer",
            metadata: [
                "carrier": "\(carrier)", "carrier.call": "\(caller.id)", "call": "\(caller.callID)",
                "outcome": "\(way.rawValue)",
            ])
    }

    // MARK: What is said

    private func question(for place: InboundQueue.Place, last: String? = nil) -> InboundReply {
        func usual(_ text: String) -> String { SpokenMessage.usual(text, in: place.caller.language) }
        var sentences = [usual(settings.queuePosition).replacing("{position}", with: "\(place.position)")]
        if let wait = place.wait {
            let minutes = max(1, Int((wait / .seconds(60)).rounded(.up)))
            sentences.append(usual(settings.queueWait).replacing("{minutes}", with: "\(minutes)"))
        }
        if let last {
            sentences.append(usual(last))
        } else if place.caller.mayBeCalled {
            sentences.append(usual(settings.queueCallbackOffer))
        }
        return .ask(
            KeyQuestion(
                .queue, [SpokenMessage(sentences.joined(separator: " "), language: place.caller.language)],
                seconds: Int(settings.queuePause.components.seconds), round: place.round))
    }

    /// The last that somebody hears who waits no longer.
    private func farewell(_ way: InboundQueue.Leaving, _ language: String) -> InboundReply {
        switch way {
        case .callback: message(settings.queueCallbackPromised, language)
        case .tooLong, .turnedAway: message(settings.overloadMessage, language)
        case .answered, .gaveUp: .hangUp
        }
    }

    private func message(_ text: String, _ language: String) -> InboundReply {
        .message(SpokenMessage(text, language: language))
    }

    private func call(_ id: String, _ from: String, _ to: String, _ now: Duration) -> InboundCall {
        InboundCall(
            id: id, called: to, caller: from, at: Date(timeIntervalSince1970: Double(now.components.seconds)))
    }
}

extension InboundQueue.Options {
    /// A round lasts as long as the carrier speaks, waits for a key, and asks us.
    init(_ settings: ParleyConfiguration.Inbound) {
        self.init()
        length = settings.queueLength
        longest = settings.queueLongestWait
        let last = max(settings.queueCallbackOffer.count, settings.queueCallbackRefused.count)
        let characters = settings.queuePosition.count + settings.queueWait.count + last
        // Slow voices say ten characters a second.
        silence = settings.queuePause + Duration.milliseconds(100) * characters + .seconds(15)
    }
}
