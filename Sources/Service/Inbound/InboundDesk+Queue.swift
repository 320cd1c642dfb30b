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

    /// Puts a caller at the end of the line.
    ///
    /// - Returns: what they hear; nil where nobody waits, and where there is no room.
    func join(
        _ call: InboundCall, _ expected: CallDesk.Expected, on desk: CallDesk, over carrier: String, now: Duration
    ) -> InboundReply? {
        guard settings.overload == .queue else { return nil }
        let caller = InboundQueue.Caller(
            id: call.id, callID: expected.callID, from: call.caller, to: call.called, agent: expected.agent,
            language: rules.language(of: call), mayBeCalled: settings.queueCallback && !call.isHidden)
        let place = change(on: desk, at: now) { $0.join(caller, at: now) }
        guard let place else { return nil }
        logger.info(
            "a caller waits for a line",
            metadata: ["carrier": "\(carrier)", "carrier.call": "\(call.id)", "position": "\(place.position)"])
        return question(for: place)
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
        let step = change(on: desk, at: now) {
            $0.answer(carrierCallID, round: answer.round, key: answer.key, at: now)
        }
        switch step {
        case .unknown:
            // This process has begun meanwhile, or took them for gone: they are new, and on the line already.
            return announceAnswered(call, language, over: carrier, on: desk, now: now)
        case .repeated(let place): return question(for: place)
        case .gone(.answered):
            // Nothing came of the answer that bridged them, as long as nobody has taken their line.
            return desk.expected(carrierCallID: carrierCallID) == nil ? .hangUp : nil
        case .gone(let way): return farewell(way, language)
        case .turn(let caller, let ahead): return tryLine(for: caller, ahead: ahead, on: desk, over: carrier, now: now)
        case .callBack(let caller): return await promise(to: caller, on: desk, over: carrier, now: now)
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

    /// Does something with the queue, after those were taken out of it who have hung up; the desk then knows how many wait.
    private func change<Result>(
        on desk: CallDesk, at now: Duration, _ body: (inout InboundQueue) -> Result
    ) -> Result {
        let (silent, result) = state.withLock { state in
            let silent = state.queue.forget(at: now)
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

    private func tryLine(
        for caller: InboundQueue.Caller, ahead: Int, on desk: CallDesk, over carrier: String, now: Duration
    ) -> InboundReply? {
        let expected = CallDesk.Expected(
            callID: caller.callID, agent: caller.agent, from: caller.from, to: caller.to, expires: now)
        let refusal = desk.expect(carrierCallID: caller.id, expected, ahead: ahead, now: now)
        switch refusal {
        case nil:
            _ = change(on: desk, at: now) { $0.leave(caller.id, .answered, at: now) }
            logger.info(
                "a caller who waited is answered",
                metadata: ["carrier": "\(carrier)", "carrier.call": "\(caller.id)"])
            return nil
        case .full?, .late?:
            if let place = change(on: desk, at: now, { $0.stay(caller.id, at: now) }) { return question(for: place) }
            end(caller, .tooLong, over: carrier)
            return farewell(.tooLong, caller.language)
        case .stopping?, .stopped?, .repeated?:
            _ = change(on: desk, at: now) { $0.leave(caller.id, .turnedAway, at: now) }
            end(caller, .turnedAway, over: carrier)
            return farewell(.turnedAway, caller.language)
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
        var sentences = [settings.queuePosition.replacing("{position}", with: "\(place.position)")]
        if let wait = place.wait {
            let minutes = max(1, Int((wait / .seconds(60)).rounded(.up)))
            sentences.append(settings.queueWait.replacing("{minutes}", with: "\(minutes)"))
        }
        if let last {
            sentences.append(last)
        } else if place.caller.mayBeCalled {
            sentences.append(settings.queueCallbackOffer)
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
