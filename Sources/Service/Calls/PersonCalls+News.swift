import Agent
import CallSession
import Logging
import Networking
import Telephony

/// What the carrier tells of people's calls, and what is seen of those that are held.
extension PersonCalls {
    /// Somebody or something has answered.
    ///
    /// - Returns: the call to hold; nil when nobody waits for it any more.
    func answered(_ reference: PersonReference, carrierCall: String, now: Duration) -> CallDesk.Expected? {
        let id = reference.person
        let person = state.withLock { state -> Person? in
            guard let person = state.people[id], person.end == nil else { return nil }
            state.people[id]?.carrierCall = carrierCall
            state.people[id]?.isAnswered = true
            return person
        }
        if let person, person.carrierCall == nil, let book { Task { await book.name(id, carrierCall) } }
        guard let person else {
            logger.notice(
                "somebody answers for whom nobody waits any more; they are hung up on",
                metadata: ["carrier.call": "\(carrierCall)"])
            return nil
        }
        return CallDesk.Expected(
            callID: id, agent: person.agent.definition.name, from: person.callerID, to: person.number, expires: now,
            isPerson: true)
    }

    /// The carrier tells how it stands with a call.
    func take(_ news: PersonNews) {
        let id = news.reference.person
        var isNamed = false
        let found = state.withLock { state -> Person? in
            guard let person = state.people[id] else { return nil }
            // Some carriers name a call only now.
            if person.carrierCall == nil, person.isMeant(by: news) {
                state.people[id]?.carrierCall = news.carrierCall
                isNamed = true
            }
            return person
        }
        guard let person = found else {
            if !news.status.isTerminal {
                endUnwanted(news)
            } else if let book, news.reference.node == node {
                Task { await book.close(id) }
            }
            return
        }
        if isNamed, !news.status.isTerminal, let book { Task { await book.name(id, news.carrierCall) } }
        guard news.status.isTerminal, person.session == nil, person.isMeant(by: news) else { return }
        let reason =
            switch news.status {
            case .busy: UsualSentence.reasonBusy.text(in: .english)
            case .noAnswer: UsualSentence.reasonNobodyAnswered.text(in: .english)
            case .canceled: "the call was cancelled"
            case .completed: "nobody was on the line"
            default: "the call could not be completed"
            }
        tell(forget(id), .failed(reason: reason))
    }

    /// Nobody is to answer and find nobody: their caller has gone, or the process that had called them.
    private func endUnwanted(_ news: PersonNews) {
        guard let control = carriers[news.carrier] else { return }
        Task {
            // Behind one address there may be several nodes; whoever another one waits for is its own affair.
            if let other = news.reference.node, other != node, await isAlive(other) { return }
            logger.notice(
                "a person is called for whom nobody waits any more; the call is ended",
                metadata: ["carrier": "\(news.carrier)", "carrier.call": "\(news.carrierCall)"])
            await end(news.carrierCall, of: news.reference.person, isAnswered: news.status == .inProgress, control)
        }
    }

    // MARK: What is seen of the call

    /// Its media has begun.
    func began(_ session: CallSession) {
        let person = state.withLock { state in
            state.people[session.id]?.session = session
            return state.people[session.id]
        }
        guard let person else { return }
        // From here its media ends with this process, and the carrier the call with its media. A node that is only taken for
        // dead must not have those who talk hung up on.
        if let book { Task { await book.close(session.id) } }
        if let reason = person.end { return session.part(reason) }
        person.caller.person(.answered(call: session.id))
    }

    /// They take the caller.
    func accepted(_ session: CallSession) {
        guard let person = person(session.id) else { return session.part("nobody waits any more") }
        person.caller.join(with: session)
    }

    /// An event of the person's call, on its loop.
    func see(_ event: CallEvent, of id: String) {
        switch event {
        case .note(_, .answered(let verdict)): person(id)?.caller.person(.found(verdict.answerer))
        case .note(_, .ended(let reason, _)):
            let hungUp = LineEnd.isHangUp(reason)
            let isTheirs = hungUp || reason == BriefingDialogue.declined
            tell(forget(id), .left(reason: hungUp ? "the person hung up" : reason, wasLost: !isTheirs))
        default: break
        }
    }
}
