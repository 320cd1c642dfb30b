import Agent
import CallSession
import Foundation
import Logging
import Networking
import Speech
import Telephony

/// The calls to people for whom callers of this process hold the line.
///
/// A person's call is one of the caller's carrier, or of the campaigns' where that one places none: placed over its
/// interface, asked about at its webhook, and talked on over a media socket of its own. What becomes of it is told to the
/// caller's call. Of a call that nobody waits for, be it of a caller who has gone or of a process that is no more, the
/// carrier hears so at its first news.
final class PersonCalls: Sendable {
    struct State {
        var people: [String: Person] = [:]
        /// The caller's call → the person's.
        var byCaller: [String: String] = [:]
        var baseURL: String?
    }

    /// How long a call may wait until the account's rate lets it begin: what the carrier may take to answer is kept of the time
    /// that the caller's call allows for both.
    static let patience = TransferSaga.asking - .seconds(5)
    /// Until a carrier is asked once more that had too many requests and does not say when.
    private static let pause = Duration.seconds(1)
    /// Told to the caller's agent.
    static let crowded = "too many calls are being placed just now"

    let state = Lock(State())
    let carriers: PersonCarriers
    private let escalation: String?
    private let callerID: String?
    let node: String?
    let book: PersonLegBook?
    let isAlive: @Sendable (_ node: String) async -> Bool
    let logger: Logger

    /// - Parameters:
    ///   - escalation: who is behind a name that is no address.
    ///   - callerID: a number of ours that people see; nil shows them the one that their caller dialled.
    ///   - node: this one.
    ///   - book: for who ends the calls should this process not; nil where nobody does.
    ///   - isAlive: whether another node still holds the callers whom it has called people for.
    init(
        carriers: PersonCarriers, escalation: String?, callerID: String? = nil, node: String? = nil,
        book: PersonLegBook? = nil,
        isAlive: @escaping @Sendable (_ node: String) async -> Bool = { _ in false }, logger: Logger
    ) {
        self.carriers = carriers
        self.escalation = escalation
        self.callerID = callerID
        self.node = node
        self.book = book
        self.isAlive = isAlive
        self.logger = logger
    }

    /// The carrier reaches this service there.
    func listening(at baseURL: String) { state.withLock { $0.baseURL = baseURL } }

    /// Whether people are called over it.
    func callsOver(_ carrier: String) -> Bool { carriers[carrier] != nil }

    /// What a caller's call needs to have people called.
    ///
    /// - Parameters:
    ///   - carrier: the caller's.
    ///   - agent: with which their call begins.
    ///   - holders: who else may have them, by name.
    func caller(
        for facts: CallFacts, of carrier: String, agent: PreparedAgent, holders: [String: PreparedAgent] = [:]
    ) -> PersonCaller {
        PersonCaller(
            call: { [self] request, session in
                // The person is asked by whoever has the caller, in that agent's voice and language.
                let asking = request.agent.flatMap { holders[$0] } ?? agent
                call(request, for: session, facts, of: carrier, asking)
            },
            end: { [self] reason in end(forCaller: facts.callID, reason) })
    }

    private func call(
        _ request: PersonRequest, for caller: CallSession, _ facts: CallFacts, of callersCarrier: String,
        _ agent: PreparedAgent
    ) {
        guard let carrier = carriers.choice(for: callersCarrier), let control = carriers[carrier],
            let rate = carriers.rate(of: carrier), let baseURL = state.withLock(\.baseURL)
        else {
            logger.warning(
                "there is no account to call a person with",
                metadata: ["call.id": "\(caller.id)", "reason": "\(carriers.objection(to: callersCarrier))"])
            return caller.person(.failed(reason: "this service has no account to call a person with"))
        }
        guard let destination = TransferDestination(request.destination, escalation: escalation) else {
            return caller.person(.failed(reason: TransferDestination.missing))
        }
        guard let callerID = TransferCallerID.choice(configured: self.callerID, ours: facts.calledNumber) else {
            logger.warning(
                "there is no number to call a person from: what the caller dialled is none; \(TransferCallerID.remedy)",
                metadata: [
                    "call.id": "\(caller.id)", "carrier": "\(carrier)", "pii.dialled": "\(facts.calledNumber)",
                ])
            return caller.person(.failed(reason: TransferCallerID.missing))
        }
        let id = CallID.new()
        let person = Person(
            caller: caller, request: request, agent: agent,
            brief: request.plan.brief(
                reason: request.reason, said: request.said, number: facts.callerNumber,
                language: agent.definition.spokenLanguage),
            number: destination.address, callerID: callerID, carrier: carrier)
        state.withLock { state in
            state.people[id] = person
            state.byCaller[caller.id] = id
        }
        let reference = PersonReference(person: id, node: node)
        let asked = OutboundCallRequest(
            to: destination.address, from: callerID,
            answerURL: reference.address(.answer, below: baseURL, of: carrier),
            statusURL: reference.address(.status, below: baseURL, of: carrier),
            ringTimeout: .seconds(request.plan.ring))
        Task { await place(asked, id, control, at: rate) }
    }

    private func place(
        _ request: OutboundCallRequest, _ id: String, _ carrier: CallControl, at rate: CallRate
    ) async {
        let latest = ContinuousClock.now + Self.patience
        switch await rate.turn(within: Self.patience, isWanted: { self.person(id) != nil }) {
        case .now: break
        // The caller has gone, or is somebody else's, before anybody rang.
        case .unwanted: return
        case .tooLate:
            logger.warning(
                "a person cannot be called in time; the account begins no more calls a second",
                metadata: ["call.id": "\(id)", "carrier": "\(carrier.name)"])
            return tell(forget(id), .failed(reason: Self.crowded))
        }
        // Before the carrier is asked: whoever ends what this process leaves must know of all that may ring.
        guard let caller = person(id)?.caller.id else { return }
        await book?.open(id, for: caller, of: carrier.name, to: request.to, from: request.from)
        guard person(id) != nil else {
            await book?.close(id)
            return
        }
        do {
            let call = try await ask(carrier, for: request, id, at: rate, before: latest)
            let person = state.withLock { state in
                if let call { state.people[id]?.carrierCall = call.id }
                return state.people[id]
            }
            if let call { await book?.name(id, call.id) }
            if let person, person.end == nil { return person.caller.person(.ringing) }
            // One that has no name yet is ended at its first news, which brings it.
            if let call { await end(call.id, of: id, isAnswered: false, carrier) }
        } catch {
            if let person = person(id), person.carrierCall != nil {
                // The answer may be late or lost; the call is not. They may be on the line with the caller by now.
                logger.notice(
                    "a person is called, although the carrier did not say so when it was asked",
                    metadata: ["call.id": "\(id)", "reason": "\(error)"])
                return person.caller.person(.ringing)
            }
            logger.warning("a person cannot be called", metadata: ["call.id": "\(id)", "reason": "\(error)"])
            // Whether it rings is not known after a lost answer; if it does, its first news ends it, or who finds it at the carrier.
            let reason = if case .tooMany = error.code { Self.crowded } else { "the carrier did not place the call" }
            tell(forget(id, mayRing: error.code == .ambiguous), .failed(reason: reason))
        }
    }

    /// A carrier that turns the request away undone, as there were too many, is asked once more when it wants to be, if that is in
    /// time. One that only says that it is not there may have placed the call: that is never asked for twice.
    private func ask(
        _ carrier: CallControl, for request: OutboundCallRequest, _ id: String, at rate: CallRate,
        before end: ContinuousClock.Instant
    ) async throws(CallControlError) -> CarrierCall? {
        do throws(CallControlError) {
            return try await carrier.place(request)
        } catch {
            guard case .tooMany(let wanted) = error.code, case let again = ContinuousClock.now + (wanted ?? Self.pause),
                again < end
            else { throw error }
            try? await Task.sleep(until: again, clock: .continuous)
            guard await rate.turn(within: end - ContinuousClock.now, isWanted: { self.person(id) != nil }) == .now
            else { throw error }
            return try await carrier.place(request)
        }
    }

    /// - Parameter id: the person's call, which nobody waits for.
    func end(_ carrierCall: String, of id: String, isAnswered: Bool, _ carrier: CallControl) async {
        do {
            if isAnswered {
                try await carrier.hangUp(callID: carrierCall)
            } else {
                try await carrier.cancel(callID: carrierCall)
            }
            await book?.close(id)
        } catch {
            await book?.abandon(id)
            logger.warning(
                "the call to a person is not ended",
                metadata: [
                    "carrier": "\(carrier.name)", "carrier.call": "\(carrierCall)", "reason": "\(error)",
                ])
        }
    }

    private func end(forCaller callID: String, _ reason: String) {
        let found = state.withLock { state -> (id: String, person: Person)? in
            guard let id = state.byCaller.removeValue(forKey: callID), let person = state.people[id] else { return nil }
            // A call that is held ends with its media. Of any other one the carrier's last word may never come.
            if person.session == nil { state.people[id] = nil } else { state.people[id]?.end = reason }
            return (id, person)
        }
        guard let found, let control = carriers[found.person.carrier] else { return }
        if let session = found.person.session { return session.part(reason) }
        guard let call = found.person.carrierCall else { return }
        Task { await end(call, of: found.id, isAnswered: found.person.isAnswered, control) }
    }

    /// The call is over, or was never placed.
    ///
    /// - Parameter mayRing: that is not known; then it is looked for at the carrier.
    func forget(_ id: String, mayRing: Bool = false) -> Person? {
        let person = state.withLock { state in
            let person = state.people.removeValue(forKey: id)
            if let person, state.byCaller[person.caller.id] == id { state.byCaller[person.caller.id] = nil }
            return person
        }
        if let book { Task { if mayRing { await book.abandon(id) } else { await book.close(id) } } }
        return person
    }

    /// Tells the caller's call what became of its person; one that has done with them may wait for another by now.
    func tell(_ person: Person?, _ event: PersonEvent) {
        guard let person, person.end == nil else { return }
        person.caller.person(event)
    }

    /// Whoever is behind a person's call; nil when nobody waits for them any more.
    func person(_ id: String) -> Person? {
        state.withLock { $0.people[id] }.flatMap { $0.end == nil ? $0 : nil }
    }
}
