import CallSession
import Foundation
import Logging
import Networking
import Telephony

/// One carrier's part of the public plane: its webhooks and its media sockets.
///
/// | Path | |
/// |---|---|
/// | `POST /NAME/voice` | what to do with a call: bridge it to a media socket whose address is good once |
/// | `POST /NAME/queue?round=N` | what to do with a caller who waits for a line, and may have pressed a key |
/// | `POST /NAME/language?round=N` | what to do with a caller who chooses a language, and may have pressed its key |
/// | `POST /NAME/after-stream` | what to do now that the socket is closed |
/// | `POST /NAME/after-dial` | what to do now that dialling for the caller is over |
/// | `POST /NAME/fallback` | what to do with a call whose webhook reached nobody: goes on with it where its node is no more |
/// | `POST /NAME/status` | how a call fares; noted |
/// | `POST /NAME/outbound` | somebody answered a call that we placed; bridged as with `voice` |
/// | `POST /NAME/outbound-status`, `…-machine` | how it fares, and who answered |
/// | `POST /NAME/person` | a person answered for whom somebody holds the line; bridged as with `voice` |
/// | `POST /NAME/person-status` | how the call to them fares |
/// | `/NAME/media/CALL/TOKEN` | the media socket |
///
/// Every webhook proves itself by its signature. A webhook that is sent again changes nothing.
final class WebhookEntrance: ListenerService {
    private static let afterDial = "after-dial"
    /// Of calls that come in.
    private static let actions = ["voice", "after-stream", "fallback", afterDial, "status"]

    private let carrier: any WebhookCarrier
    private let dialect: MediaDialects
    private let checksProof: Bool
    /// The public base address without a slash at the end.
    private let baseURL: String
    /// Where the carrier finds this node's own calls; ``baseURL`` where no other node has that.
    private let nodeURL: String
    private let tokens: CallTokenAuthority
    private let host: CallHost
    private let now: @Sendable () -> Duration
    private let placed: PlacedCalls?
    private let logger: Logger

    /// - Parameters:
    ///   - checksProof: false only on loopback, for load drivers.
    ///   - nodeURL: where the carrier finds the calls of this node, like `baseURL`; nil is that.
    ///   - now: time since 1970.
    init(
        _ carrier: any WebhookCarrier, dialect: MediaDialects, checksProof: Bool, baseURL: String,
        nodeURL: String? = nil, tokens: CallTokenAuthority, host: CallHost,
        now: @escaping @Sendable () -> Duration, logger: Logger
    ) {
        self.carrier = carrier
        self.dialect = dialect
        self.checksProof = checksProof
        self.baseURL = baseURL
        self.nodeURL = nodeURL ?? baseURL
        self.tokens = tokens
        self.host = host
        self.now = now
        placed = PlacedCalls(host.runner, carrier: carrier.name, desk: host.desk, logger: logger)
        self.logger = logger
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        let base = "/\(carrier.name)/"
        guard request.path.hasPrefix(base) else { return .nothingHere }
        let action = String(request.path.dropFirst(base.count))
        let outbound = placed == nil ? nil : OutboundPath(rawValue: action)
        let persons = host.people?.callsOver(carrier.name) == true ? PersonReference.Path(rawValue: action) : nil
        let asked = KeyQuestion.Subject(rawValue: action)
        guard outbound != nil || persons != nil || asked != nil || Self.actions.contains(action) else {
            return .nothingHere
        }
        guard request.method == "POST" else { return .methodNotAllowed(allowed: ["POST"]) }
        let time = now()
        let query = request.query.isEmpty ? "" : "?\(request.query)"
        if checksProof,
            case .refused(let fault, let reason, let answer) = proof(of: request, at: request.path + query, now: time)
        {
            host.webhookRefusals.add(fault, of: carrier.name)
            logger.warning("webhook refused", metadata: ["path": "\(request.path)", "reason": "\(reason)"])
            return .text(answer + "\n", status: 403)
        }
        guard let call = carrier.call(in: request), !call.id.isEmpty else {
            return .text("The request does not say which call it is about.\n", status: 400)
        }
        if let outbound, let placed { return await self.outbound(outbound, request, call, placed, at: time) }
        if let persons, let people = host.people { return person(persons, request, call, people, at: time) }
        if let asked { return await take(asked, call, request, at: time) }
        switch action {
        case "voice": return voice(call, at: time)
        case "after-stream":
            guard call.streamEnded else { return HTTPResponse(status: 204) }
            return await goOn(.afterStream, call, at: time)
        case "fallback": return await goOn(.fallback, call, at: time)
        case Self.afterDial: return afterDial(call, request, at: time)
        default:
            logger.info("call status", metadata: ["carrier": "\(carrier.name)", "carrier.call": "\(call.id)"])
            if call.isOver || carrier.news(in: request)?.report?.status.isTerminal == true {
                host.inbound.hungUp(call.id, on: host.desk, now: time)
            }
            return HTTPResponse(status: 204)
        }
    }

    /// A carrier signs the address that it was given, which is the one of all nodes or this one's.
    private func proof(of request: HTTPRequest, at path: String, now time: Duration) -> WebhookProof {
        let proof = carrier.proof(of: request, url: baseURL + path, now: time)
        guard proof != .valid, nodeURL != baseURL else { return proof }
        return carrier.proof(of: request, url: nodeURL + path, now: time)
    }

    private func voice(_ call: WebhookCall, at time: Duration) -> HTTPResponse {
        let reply = host.inbound.announce(
            call.id, over: carrier.name, from: call.from, to: call.to, on: host.desk, now: time)
        return answer(reply, call, at: time)
    }

    /// - Parameter reply: nil when the call is announced.
    private func answer(_ reply: InboundReply?, _ call: WebhookCall, at time: Duration) -> HTTPResponse {
        switch reply {
        case nil: connect(call, at: time)
        case .busy?: carrier.refuse()
        case .message(let message)?: carrier.say(message)
        // Nobody comes back: there is no agent who would take them.
        case .forward(let destination)?: carrier.answer(.transfer(destination), action: nil)
        case .ask(let question)?:
            // Whoever is asked is this node's to answer.
            carrier.ask(question, action: "\(nodeURL)/\(carrier.name)/\(QuestionAddress.path(of: question))")
        case .hangUp?: carrier.answer(.hangUp, action: nil)
        }
    }

    /// A caller was asked for a key, and may have pressed one.
    private func take(
        _ subject: KeyQuestion.Subject, _ call: WebhookCall, _ request: HTTPRequest, at time: Duration
    ) async -> HTTPResponse {
        guard let round = QuestionAddress.round(in: request) else {
            return .text("The round is missing.\n", status: 400)
        }
        guard !call.isOver else {
            host.inbound.hungUp(call.id, on: host.desk, now: time)
            return carrier.answer(.hangUp, action: nil)
        }
        let reply = await host.inbound.takeAnswer(
            InboundDesk.KeyAnswer(subject: subject, round: round, key: carrier.key(in: request)), of: call.id,
            over: carrier.name, from: call.from, to: call.to, on: host.desk, now: time)
        return answer(reply, call, at: time)
    }

    /// Nil where it is not taken.
    private func expect(_ expected: CallDesk.Expected, _ call: WebhookCall, at time: Duration) -> HTTPResponse? {
        if let refusal = host.desk.expect(carrierCallID: call.id, expected, now: time) {
            logger.warning(
                "call refused",
                metadata: [
                    "carrier": "\(carrier.name)", "carrier.call": "\(call.id)", "reason": "\(refusal.rawValue)",
                ])
            return nil
        }
        return connect(call, at: time)
    }

    /// The stream of a call is over, or its webhook reached nobody. Who had it here is told what was decided; a call of a node
    /// that is no more goes on.
    private func goOn(
        _ request: ResumptionRule.Request, _ call: WebhookCall, at time: Duration
    ) async -> HTTPResponse {
        // Asked again, it is answered as before.
        if let expected = host.desk.expected(carrierCallID: call.id), request == .fallback || expected.resumed != nil {
            return connect(call, at: time)
        }
        guard !call.isOver, !host.desk.knows(carrierCallID: call.id), let resumer = host.resumer else {
            return afterStream(call, at: time)
        }
        let outcome = await resumer.outcome(of: request, carrier: carrier.name, carrierCallID: call.id, at: time)
        switch outcome {
        case .begin: return voice(call, at: time)
        case .end: return afterStream(call, at: time)
        case .resume(let expected): return expect(expected, call, at: time) ?? carrier.answer(.hangUp, action: nil)
        }
    }

    private func afterStream(_ call: WebhookCall, at time: Duration) -> HTTPResponse {
        let comesBack = host.desk.mayComeBack(carrierCallID: call.id)
        return carrier.answer(
            host.desk.takeAfterwards(carrierCallID: call.id, now: time),
            action: comesBack ? "\(nodeURL)/\(carrier.name)/\(Self.afterDial)" : nil)
    }

    /// Bridges an announced call to its socket.
    private func connect(_ call: WebhookCall, at time: Duration) -> HTTPResponse {
        let address = MediaAddress(call: call.id, token: tokens.issue(callID: call.id, now: time))
        return carrier.connect(
            "ws\(nodeURL.dropFirst(4))/\(carrier.name)/media/\(address.path)",
            afterwards: "\(nodeURL)/\(carrier.name)/after-stream")
    }

    /// The dialling for a caller is over: they have talked with somebody, or come back to their agent.
    private func afterDial(_ call: WebhookCall, _ request: HTTPRequest, at time: Duration) -> HTTPResponse {
        guard let end = carrier.dialled(in: request) else { return HTTPResponse(status: 204) }
        guard case .failed(let reason) = end else {
            host.desk.wasReached(carrierCallID: call.id)
            return carrier.answer(.hangUp, action: nil)
        }
        guard host.desk.expectBack(carrierCallID: call.id, reason: reason, now: time) else {
            logger.warning(
                "nobody was reached",
                metadata: ["carrier": "\(carrier.name)", "carrier.call": "\(call.id)", "reason": "\(reason)"])
            return carrier.answer(.hangUp, action: nil)
        }
        return connect(call, at: time)
    }

    // MARK: Calls that we placed

    private func outbound(
        _ path: OutboundPath, _ request: HTTPRequest, _ call: WebhookCall, _ placed: PlacedCalls, at time: Duration
    ) async -> HTTPResponse {
        guard let attempt = PlacedCalls.attempt(in: request) else {
            return .text("The attempt is missing.\n", status: 400)
        }
        if path == .answer {
            let isExpected = await placed.answered(
                attempt: attempt, carrierCallID: call.id, controlID: call.controlID, at: time)
            return isExpected ? connect(call, at: time) : carrier.answer(.hangUp, action: nil)
        }
        // News of other legs are none of this call.
        guard let news = carrier.news(in: request) else { return HTTPResponse(status: 204) }
        if let answeredBy = news.answeredBy {
            await placed.machine(
                attempt: attempt, carrierCallID: call.id, controlID: call.controlID, answeredBy: answeredBy)
        }
        // A verdict repeats a state, which may be an old one.
        if path == .status, let report = news.report {
            await placed.status(attempt: attempt, controlID: call.controlID, report)
        }
        return HTTPResponse(status: 204)
    }

    // MARK: People for whom somebody holds the line

    private func person(
        _ path: PersonReference.Path, _ request: HTTPRequest, _ call: WebhookCall, _ people: PersonCalls,
        at time: Duration
    ) -> HTTPResponse {
        guard let reference = PersonReference(request) else { return .text("The person is missing.\n", status: 400) }
        guard path == .answer else {
            // News of other legs are none of this call.
            guard let report = carrier.news(in: request)?.report else { return HTTPResponse(status: 204) }
            people.take(
                PersonNews(
                    reference: reference, carrier: carrier.name, carrierCall: call.controlID, status: report.status,
                    to: report.to))
            return HTTPResponse(status: 204)
        }
        guard let expected = people.answered(reference, carrierCall: call.controlID, now: time) else {
            return carrier.answer(.hangUp, action: nil)
        }
        if let refusal = host.desk.expect(carrierCallID: call.id, expected, now: time) {
            logger.warning(
                "a person who answered gets no agent",
                metadata: [
                    "carrier": "\(carrier.name)", "carrier.call": "\(call.id)", "reason": "\(refusal.rawValue)",
                ])
            return carrier.answer(.hangUp, action: nil)
        }
        return connect(call, at: time)
    }

    func upgrade(_ request: HTTPRequest, on loop: EventLoop) -> WebSocketUpgrade {
        let base = "/\(carrier.name)/media"
        guard request.path == base || request.path.hasPrefix(base + "/") else { return .refuse(.nothingHere) }
        let address = MediaAddress(path: request.path.dropFirst(base.count + 1))
        // The token in the address counts once the stream has said which call it is.
        var parameters = (try? FormBody(decoding: request.query.utf8))?.parameters ?? [:]
        parameters.merge(carrier.mediaParameters) { $1 }
        parameters["call"] = address?.call
        parameters["token"] = address?.token
        return .accept(
            host.openMedia(dialect, parameters: parameters, on: loop), subprotocol: dialect.agreed(with: request))
    }
}

extension MediaDialects {
    /// The dialect's subprotocol, if the peer offers it.
    func agreed(with request: HTTPRequest) -> String? {
        capabilities.subprotocol.flatMap { request.subprotocols.contains($0) ? $0 : nil }
    }
}

extension FormBody {
    /// The fields by name; of several values of a name the first.
    var parameters: [String: String] {
        Dictionary(fields.map { ($0.name, $0.value) }) { first, _ in first }
    }
}
