import CallSession
import Logging
import Networking
import Telephony

/// Twilio's webhooks and its media sockets.
///
/// Every webhook proves itself by its signature; every media stream by the token that the webhook's answer gave it.
final class TwilioWebhooks: ListenerService {
    /// How callers prove who they are.
    enum Trust: Sendable {
        /// Nil when the carrier's secret is not known: then nothing can be proven, and nothing is accepted.
        case signature(TwilioSignature?)
        /// For load drivers on loopback: streams name their agent themselves.
        case none
    }

    static let signatureHeader = "x-twilio-signature"

    private static let afterDial = "/twilio/after-dial"
    private static let afterStreamPath = "/twilio/after-stream"
    private static let fallback = "/twilio/fallback"
    private static let paths = ["/twilio/voice", "/twilio/status", afterStreamPath, fallback, afterDial]

    private let trust: Trust
    private let account: String?
    /// The public base address without a slash at the end, set once the port is known.
    private let baseURL: String
    /// Where the carrier finds this node's own calls; ``baseURL`` where no other node has that.
    private let nodeURL: String
    private let tokens: CallTokenAuthority
    private let desk: CallDesk
    private let inbound: InboundDesk
    private let openMedia: @Sendable (EventLoop) -> MediaConnection
    private let placed: PlacedCalls?
    private let people: PersonCalls?
    private let resumer: CallResumer?
    private let refusals: WebhookRefusals
    private let now: @Sendable () -> Duration
    private let logger: Logger

    /// - Parameters:
    ///   - account: the only one whose calls are answered; nil answers those of any.
    ///   - nodeURL: where the carrier finds the calls of this node, like `baseURL`; nil is that.
    ///   - inbound: who answers calls that come in.
    ///   - openMedia: makes the handler of a media socket on a loop.
    ///   - runner: who places calls; nil when this service only takes them.
    ///   - resumer: goes on with calls of nodes that are no more; nil where nobody does.
    ///   - refusals: counts what is not believed.
    ///   - now: time since 1970.
    init(
        trust: Trust, account: String?, baseURL: String, nodeURL: String? = nil, tokens: CallTokenAuthority,
        desk: CallDesk,
        inbound: InboundDesk,
        openMedia: @escaping @Sendable (EventLoop) -> MediaConnection, runner: CampaignRunner? = nil,
        people: PersonCalls? = nil, resumer: CallResumer? = nil, refusals: WebhookRefusals = WebhookRefusals(),
        now: @escaping @Sendable () -> Duration, logger: Logger
    ) {
        self.trust = trust
        self.account = account
        self.baseURL = baseURL
        self.nodeURL = nodeURL ?? baseURL
        self.tokens = tokens
        self.desk = desk
        self.inbound = inbound
        self.openMedia = openMedia
        placed = PlacedCalls(runner, carrier: "twilio", desk: desk, logger: logger)
        self.people = people
        self.resumer = resumer
        self.refusals = refusals
        self.now = now
        self.logger = logger
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        let action = String(request.path.dropFirst("/twilio/".count))
        let outbound = placed == nil ? nil : OutboundPath(rawValue: action)
        let persons = people?.callsOver("twilio") == true ? PersonReference.Path(rawValue: action) : nil
        let asked = KeyQuestion.Subject(rawValue: action)
        guard outbound != nil || persons != nil || asked != nil || Self.paths.contains(request.path) else {
            return .text("There is nothing here.\n", status: 404)
        }
        guard request.method == "POST" else { return .methodNotAllowed(allowed: ["POST"]) }
        let form: FormBody
        do { form = try FormBody(decoding: request.body) } catch {
            return .text("The form cannot be read: \(error.description)\n", status: 400)
        }
        if let objection = objection(to: request, form) {
            refusals.add(objection.fault, of: "twilio")
            logger.warning("webhook refused", metadata: ["path": "\(request.path)", "reason": "\(objection.reason)"])
            return .text(objection.answer + "\n", status: 403)
        }
        guard let callID = form["CallSid"], !callID.isEmpty else { return .text("CallSid is missing.\n", status: 400) }
        if let outbound, let placed { return await self.outbound(outbound, request, callID, form, placed) }
        if let persons, let people { return person(persons, request, callID, form, people) }
        if let asked { return await take(asked, callID, request, form) }
        switch request.path {
        case "/twilio/voice": return voice(callID, form)
        case Self.afterStreamPath: return await goOn(.afterStream, callID, form)
        case Self.fallback: return await goOn(.fallback, callID, form)
        case Self.afterDial: return afterDial(callID, form)
        default:
            logger.info(
                "call status", metadata: ["carrier.call": "\(callID)", "status": "\(form["CallStatus"] ?? "unknown")"])
            if WebhookCall.isOver(form) { inbound.hungUp(callID, on: desk, now: now()) }
            return HTTPResponse(status: 204)
        }
    }

    func upgrade(_ request: HTTPRequest, on loop: EventLoop) -> WebSocketUpgrade {
        guard request.path == "/twilio/media" || request.path == "/twilio/media/" else {
            return .refuse(.text("There is nothing here.\n", status: 404))
        }
        // The token in `start` is what counts; a signature that is there must still be right.
        if case .signature(let signature) = trust, let given = request[header: Self.signatureHeader],
            signature?.verdict(onUpgrade: given, url: mediaURL) != .valid
        {
            refusals.add(.mismatch, of: "twilio")
            logger.warning(
                "media stream refused",
                metadata: ["carrier": "twilio", "reason": "the signature of the upgrade does not match"])
            return .refuse(.text("The signature does not match. Is public.url what the carrier calls?\n", status: 403))
        }
        return .accept(openMedia(loop), subprotocol: nil)
    }

    /// Why a webhook is not believed, for the metric, the log and whoever sent it; nil when it is.
    private func objection(
        to request: HTTPRequest, _ form: FormBody
    ) -> (fault: WebhookFault, reason: String, answer: String)? {
        if case .signature(let signature) = trust {
            guard let signature else {
                return (.unset, "carriers.twilio.auth_token is not set", "This service cannot check signatures.")
            }
            guard let given = request[header: Self.signatureHeader] else {
                return (.missing, "there is no \(Self.signatureHeader)", "The signature is missing.")
            }
            let query = request.query.isEmpty ? "" : "?\(request.query)"
            // It signs the address that it was given, which is the one of all nodes or this one's.
            let isTrue = [baseURL, nodeURL].contains {
                signature.verdict(on: given, url: $0 + request.path + query, form: form) != .invalid
            }
            guard isTrue else {
                return (
                    .mismatch, "the signature does not match",
                    "The signature does not match. Is public.url what the carrier calls?"
                )
            }
        }
        guard let account, form["AccountSid"] != account else { return nil }
        let other = form["AccountSid"].map { "AccountSid is \($0)" } ?? "there is no AccountSid"
        return (.account, "\(other), not carriers.twilio.account_sid", "Calls of this account are not answered here.")
    }

    private func voice(_ callID: String, _ form: FormBody) -> HTTPResponse {
        let (from, to) = (form["From"] ?? "", form["To"] ?? "")
        let time = now()
        return answer(
            inbound.announce(callID, over: "twilio", from: from, to: to, on: desk, now: time), callID, time)
    }

    /// - Parameter reply: nil when the call is announced.
    private func answer(_ reply: InboundReply?, _ callID: String, _ time: Duration) -> HTTPResponse {
        switch reply {
        case nil: return stream(callID, time)
        case .busy?: return answer(TwiML(.reject(.busy)))
        case .message(let message)?:
            return answer(TwiML(.say(message.text, language: message.language), .hangUp))
        // Nobody comes back: there is no agent who would take them.
        case .forward(.number(let number))?: return answer(TwiML(.dial(number)))
        case .forward(.sip(let address))?: return answer(TwiML(.dialSIP(address)))
        case .ask(let question)?:
            // Whoever is asked is this node's to answer.
            let action = "\(nodeURL)/twilio/\(QuestionAddress.path(of: question))"
            let phrases = question.messages.map { TwiML.Phrase($0.text, language: $0.language) }
            return answer(TwiML(.gather(phrases, seconds: question.seconds, action: action), .redirect(action)))
        case .hangUp?: return answer(TwiML(.hangUp))
        }
    }

    /// A caller was asked for a key, and may have pressed one.
    private func take(
        _ subject: KeyQuestion.Subject, _ callID: String, _ request: HTTPRequest, _ form: FormBody
    ) async -> HTTPResponse {
        guard let round = QuestionAddress.round(in: request) else {
            return .text("The round is missing.\n", status: 400)
        }
        let time = now()
        guard !WebhookCall.isOver(form) else {
            inbound.hungUp(callID, on: desk, now: time)
            return answer(TwiML(.hangUp))
        }
        let key = form["Digits"].flatMap { $0.isEmpty ? nil : $0 }
        let reply = await inbound.takeAnswer(
            InboundDesk.KeyAnswer(subject: subject, round: round, key: key), of: callID, over: "twilio",
            from: form["From"] ?? "", to: form["To"] ?? "", on: desk, now: time)
        return answer(reply, callID, time)
    }

    /// Nil where it is not taken.
    private func expect(_ call: CallDesk.Expected, _ callID: String, _ time: Duration) -> HTTPResponse? {
        if let refusal = desk.expect(carrierCallID: callID, call, now: time) {
            logger.warning("call refused", metadata: ["carrier.call": "\(callID)", "reason": "\(refusal.rawValue)"])
            return nil
        }
        return stream(callID, time)
    }

    /// The stream of a call is over, or its webhook reached nobody. Who had it here is told what was decided; a call of a node
    /// that is no more goes on.
    private func goOn(_ request: ResumptionRule.Request, _ callID: String, _ form: FormBody) async -> HTTPResponse {
        let time = now()
        // Asked again, it is answered as before.
        if let expected = desk.expected(carrierCallID: callID), request == .fallback || expected.resumed != nil {
            return stream(callID, time)
        }
        guard !WebhookCall.isOver(form), !desk.knows(carrierCallID: callID), let resumer else {
            return afterStream(callID)
        }
        switch await resumer.outcome(of: request, carrier: "twilio", carrierCallID: callID, at: time) {
        case .begin: return voice(callID, form)
        case .end: return afterStream(callID)
        case .resume(let call): return expect(call, callID, time) ?? answer(TwiML(.hangUp))
        }
    }

    private func stream(_ callID: String, _ time: Duration) -> HTTPResponse {
        answer(
            TwiML(
                .stream(
                    url: mediaURL, action: nodeURL + Self.afterStreamPath,
                    parameters: ["token": tokens.issue(callID: callID, now: time)])))
    }

    // MARK: Calls that we placed

    private func outbound(
        _ path: OutboundPath, _ request: HTTPRequest, _ carrierCallID: String, _ form: FormBody, _ placed: PlacedCalls
    ) async -> HTTPResponse {
        guard let attempt = PlacedCalls.attempt(in: request) else {
            return .text("The attempt is missing.\n", status: 400)
        }
        switch path {
        case .answer:
            let time = now()
            let isExpected = await placed.answered(
                attempt: attempt, carrierCallID: carrierCallID, controlID: carrierCallID, at: time)
            return isExpected ? stream(carrierCallID, time) : answer(TwiML(.hangUp))
        case .machine:
            await placed.machine(
                attempt: attempt, carrierCallID: carrierCallID, controlID: carrierCallID,
                answeredBy: form["AnsweredBy"] ?? "unknown")
            return HTTPResponse(status: 204)
        case .status:
            guard let report = CarrierReport(form) else {
                return .text("CallStatus is missing or unknown.\n", status: 400)
            }
            await placed.status(attempt: attempt, controlID: carrierCallID, report)
            return HTTPResponse(status: 204)
        }
    }

    // MARK: People for whom somebody holds the line

    private func person(
        _ path: PersonReference.Path, _ request: HTTPRequest, _ carrierCallID: String, _ form: FormBody,
        _ people: PersonCalls
    ) -> HTTPResponse {
        guard let reference = PersonReference(request) else { return .text("The person is missing.\n", status: 400) }
        guard path == .answer else {
            guard let status = CarrierCall.Status(rawValue: form["CallStatus"] ?? "") else {
                return .text("CallStatus is missing or unknown.\n", status: 400)
            }
            people.take(
                PersonNews(reference: reference, carrier: "twilio", carrierCall: carrierCallID, status: status))
            return HTTPResponse(status: 204)
        }
        let time = now()
        guard let call = people.answered(reference, carrierCall: carrierCallID, now: time) else {
            return answer(TwiML(.hangUp))
        }
        if let refusal = desk.expect(carrierCallID: carrierCallID, call, now: time) {
            logger.warning(
                "a person who answered gets no agent",
                metadata: ["carrier.call": "\(carrierCallID)", "reason": "\(refusal.rawValue)"])
            return answer(TwiML(.hangUp))
        }
        return stream(carrierCallID, time)
    }

    private func afterStream(_ callID: String) -> HTTPResponse {
        let afterwards = desk.takeAfterwards(carrierCallID: callID, now: now())
        let action = desk.mayComeBack(carrierCallID: callID) ? nodeURL + Self.afterDial : nil
        return switch afterwards {
        case .hangUp: answer(TwiML(.hangUp))
        case .transfer(.number(let number)): answer(TwiML(.dial(number, action: action)))
        case .transfer(.sip(let address)): answer(TwiML(.dialSIP(address, action: action)))
        }
    }

    /// The dialling for a caller is over: they have talked with somebody, or come back to their agent.
    private func afterDial(_ callID: String, _ form: FormBody) -> HTTPResponse {
        let status = form["DialCallStatus"] ?? "unknown"
        guard case .failed(let reason) = DialledEnd(status) else {
            desk.wasReached(carrierCallID: callID)
            return answer(TwiML(.hangUp))
        }
        let time = now()
        guard desk.expectBack(carrierCallID: callID, reason: reason, now: time) else {
            logger.warning("nobody was reached", metadata: ["carrier.call": "\(callID)", "status": "\(status)"])
            return answer(TwiML(.hangUp))
        }
        return stream(callID, time)
    }

    private func answer(_ document: TwiML) -> HTTPResponse {
        HTTPResponse(headers: [("content-type", TwiML.contentType)], body: Array(document.xml.utf8))
    }

    /// `wss` for `https`, `ws` for `http`.
    private var mediaURL: String { "ws" + nodeURL.dropFirst(4) + "/twilio/media" }
}
