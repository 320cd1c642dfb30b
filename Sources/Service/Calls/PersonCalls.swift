import Agent
import CallSession
import Foundation
import Logging
import Networking
import Speech
import Telephony

/// The calls to people for whom callers of this process hold the line.
///
/// A person's call is one of the carrier's like any other: placed over its interface, asked about at its webhook, and
/// talked on over a media socket of its own. What becomes of it is told to the caller's call.
final class PersonCalls: Sendable {
    static let answerPath = "/twilio/person"
    static let statusPath = "/twilio/person-status"
    static let paths = [answerPath, statusPath]

    /// One person, from the request on until their call is over.
    struct Person: Sendable {
        /// The call that waits for them.
        let caller: CallSession
        let request: PersonRequest
        let agent: PreparedAgent
        /// What they are told.
        let brief: String
        let number: String
        let callerID: String
        fileprivate var carrierCall: String?
        fileprivate var session: CallSession?
        /// Why they are needed no more.
        fileprivate var end: String?
    }

    private struct State {
        var people: [String: Person] = [:]
        /// The caller's call → the person's.
        var byCaller: [String: String] = [:]
        var baseURL: String?
    }

    private let state = Lock(State())
    private let carrier: CallControl?
    private let escalation: String?
    private let logger: Logger

    /// - Parameters:
    ///   - carrier: nil where there is no account to call with.
    ///   - escalation: who is behind a name that is no address.
    init(carrier: CallControl?, escalation: String?, logger: Logger) {
        self.carrier = carrier
        self.escalation = escalation
        self.logger = logger
    }

    /// The carrier reaches this service there.
    func listening(at baseURL: String) { state.withLock { $0.baseURL = baseURL } }

    /// What a caller's call needs to have people called.
    ///
    /// - Parameter callerID: a number of ours that people see.
    func caller(for facts: CallFacts, callerID: String, agent: PreparedAgent) -> PersonCaller {
        PersonCaller(
            call: { [self] request, session in
                call(request, for: session, from: facts.callerNumber, callerID: callerID, agent)
            },
            end: { [self] reason in end(forCaller: facts.callID, reason) })
    }

    private func call(
        _ request: PersonRequest, for caller: CallSession, from number: String, callerID: String,
        _ agent: PreparedAgent
    ) {
        guard let carrier, let baseURL = state.withLock(\.baseURL) else {
            return caller.person(.failed(reason: "this service has no account to call a person with"))
        }
        guard let destination = TransferDestination(request.destination, escalation: escalation) else {
            return caller.person(.failed(reason: TransferDestination.missing))
        }
        let id = CallID.new()
        let person = Person(
            caller: caller, request: request, agent: agent,
            brief: request.plan.brief(reason: request.reason, said: request.said, number: number),
            number: destination.address, callerID: callerID)
        state.withLock { state in
            state.people[id] = person
            state.byCaller[caller.id] = id
        }
        let asked = OutboundCallRequest(
            to: destination.address, from: callerID, answerURL: "\(baseURL)\(Self.answerPath)?person=\(id)",
            statusURL: "\(baseURL)\(Self.statusPath)?person=\(id)", ringTimeout: .seconds(request.plan.ring))
        Task { await place(asked, id, carrier) }
    }

    private func place(_ request: OutboundCallRequest, _ id: String, _ carrier: CallControl) async {
        do {
            guard let call = try await carrier.place(request) else {
                throw CallControlError(.ambiguous, operation: "place a call", detail: "the carrier names no call")
            }
            let person = state.withLock { state in
                state.people[id]?.carrierCall = call.id
                return state.people[id]
            }
            guard let person, person.end == nil else { return await cancel(call.id, carrier) }
            person.caller.person(.ringing)
        } catch {
            // Whether it rings is not known after a lost answer; then the webhook of whoever answers is refused.
            logger.warning("a person cannot be called", metadata: ["call.id": "\(id)", "reason": "\(error)"])
            tell(forget(id), .failed(reason: "the carrier did not place the call"))
        }
    }

    private func cancel(_ carrierCall: String, _ carrier: CallControl) async {
        do { try await carrier.cancel(callID: carrierCall) } catch {
            logger.warning(
                "the call to a person is not cancelled",
                metadata: ["carrier.call": "\(carrierCall)", "reason": "\(error)"])
        }
    }

    private func end(forCaller callID: String, _ reason: String) {
        let found = state.withLock { state -> (id: String, person: Person)? in
            guard let id = state.byCaller.removeValue(forKey: callID), let person = state.people[id] else { return nil }
            // A call that is held ends with its media. Of any other one the carrier's last word may never come.
            if person.session == nil { state.people[id] = nil } else { state.people[id]?.end = reason }
            return (id, person)
        }
        guard let found, let carrier else { return }
        if let session = found.person.session { return session.part(reason) }
        guard let call = found.person.carrierCall else { return }
        Task { await cancel(call, carrier) }
    }

    private func forget(_ id: String) -> Person? {
        state.withLock { state in
            let person = state.people.removeValue(forKey: id)
            if let person, state.byCaller[person.caller.id] == id { state.byCaller[person.caller.id] = nil }
            return person
        }
    }

    /// Tells the caller's call what became of its person; one that has done with them may wait for another by now.
    private func tell(_ person: Person?, _ event: PersonEvent) {
        guard let person, person.end == nil else { return }
        person.caller.person(event)
    }

    /// Whoever is behind a person's call; nil when nobody waits for them any more.
    func person(_ id: String) -> Person? {
        state.withLock { $0.people[id] }.flatMap { $0.end == nil ? $0 : nil }
    }

    // MARK: What the carrier says

    /// Somebody or something has answered.
    ///
    /// - Returns: the call to hold; nil when nobody waits for it any more.
    func answered(_ id: String, carrierCall: String, now: Duration) -> CallDesk.Expected? {
        let person = state.withLock { state -> Person? in
            guard let person = state.people[id], person.end == nil else { return nil }
            state.people[id]?.carrierCall = carrierCall
            return person
        }
        return person.map {
            CallDesk.Expected(
                callID: id, agent: $0.agent.definition.name, from: $0.callerID, to: $0.number, expires: now,
                isPerson: true)
        }
    }

    /// The carrier tells how it stands with the call.
    func status(_ id: String, _ status: CarrierCall.Status) {
        guard status.isTerminal, let person = state.withLock({ $0.people[id] }), person.session == nil else { return }
        let reason =
            switch status {
            case .busy: "the line was busy"
            case .noAnswer: "nobody answered"
            case .canceled: "the call was cancelled"
            case .completed: "nobody was on the line"
            default: "the call could not be completed"
            }
        tell(forget(id), .failed(reason: reason))
    }

    // MARK: What is seen of the call

    /// Its media has begun.
    func began(_ session: CallSession) {
        let person = state.withLock { state in
            state.people[session.id]?.session = session
            return state.people[session.id]
        }
        guard let person else { return }
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

extension ParleyConfiguration.Carriers.Twilio {
    /// The account's interface; nil without an account.
    func control(client: HTTPClient) -> CallControl? {
        guard let accountSID, let authToken else { return nil }
        return CallControl(
            client: client, CompatibleCallControl.twilio(url: url, account: accountSID, authToken: authToken.value))
    }
}
