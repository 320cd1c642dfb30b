import Callers
import Foundation
package import Logging
package import Networking
import Telephony

/// A carrier of our own on loopback: Twilio's REST interface for calls, its webhooks and its media streams, with people
/// behind the numbers who behave as configured. What Parley does with it is what it does with the real one.
///
/// Its books (``calls``) are its own, and tell what it was really asked for.
package final class SandboxCarrier: ListenerService {
    private struct Books {
        var calls: [String: SandboxCall] = [:]
        var order: [String] = []
        var callsTo: [String: Int] = [:]
        var requests = 0
        var refused = 0
        var nextStart: Date = .distantPast
        var callees: [String: SandboxCallee] = [:]
        var failedCallbacks = 0
    }

    private let configuration: SandboxCarrierConfiguration
    private let books = Lock(Books())
    private let loop: EventLoop
    private let client: HTTPClient
    private let signature: TwilioSignature
    private let logger: Logger
    private let starts: AsyncStream<(String, Int)>
    private let inlet: AsyncStream<(String, Int)>.Continuation

    package init(_ configuration: SandboxCarrierConfiguration = SandboxCarrierConfiguration(), logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        loop = EventLoop(name: "sandbox-carrier", logger: logger)
        client = HTTPClient(configuration: HTTPClientConfiguration(proxy: .none), logger: logger)
        signature = TwilioSignature(authToken: configuration.authToken)
        (starts, inlet) = AsyncStream.makeStream(of: (String, Int).self)
    }

    /// Every call that was accepted, in order.
    package var calls: [SandboxCall] { books.withLock { books in books.order.compactMap { books.calls[$0] } } }
    /// Requests to place a call, refused ones included.
    package var requests: Int { books.withLock { $0.requests } }
    /// Webhooks that nobody answered.
    package var failedCallbacks: Int { books.withLock { $0.failedCallbacks } }

    /// Listens on 127.0.0.1.
    ///
    /// - Parameter port: 0 takes any free one.
    /// - Returns: the base address for `carriers.twilio.url`.
    package func start(port: Int = 0) async throws(NetworkError) -> String {
        try loop.start()
        return "http://127.0.0.1:\(try await loop.listen(ListenerConfiguration(port: port), service: self))"
    }

    /// Rings, connects and reports, until ``shutdown()`` or cancellation. Runs once, beside whatever it serves.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for await (id, number) in starts { group.addTask { await self.carry(id, number: number) } }
            group.cancelAll()
        }
    }

    package func shutdown() async {
        inlet.finish()
        await loop.shutdown()
        await client.shutdown()
    }

    // MARK: REST

    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        let expected = Data("\(configuration.account):\(configuration.authToken)".utf8).base64EncodedString()
        guard request[header: "authorization"] == "Basic \(expected)" else {
            return Self.fault(401, code: 20003, "Authentication Error - invalid username")
        }
        let base = "/2010-04-01/Accounts/\(configuration.account)/Calls"
        guard request.path.hasPrefix(base), request.path.hasSuffix(".json") else {
            return Self.fault(404, code: 20404, "The requested resource was not found")
        }
        let id = request.path.dropFirst(base.count).dropLast(5).drop { $0 == "/" }
        switch (request.method, id.isEmpty) {
        case ("POST", true): return place(request)
        case ("GET", true): return list(request)
        case ("GET", false): return show(String(id))
        case ("POST", false): return change(String(id), request)
        default: return .methodNotAllowed(allowed: ["GET", "POST"])
        }
    }

    package func upgrade(_ request: HTTPRequest, on loop: EventLoop) -> WebSocketUpgrade { .refuse(.status(404)) }

    private static func fault(_ status: Int, code: Int, _ message: String) -> HTTPResponse {
        .json(#"{"code":\#(code),"message":\#(JSONText.quoted(message)),"status":\#(status)}"#, status: status)
    }

    private func place(_ request: HTTPRequest) -> HTTPResponse {
        let number = books.withLock { books in
            defer { books.requests += 1 }
            return books.requests
        }
        let fault = configuration.fault(number)
        if case .refuse(let status) = fault {
            return Self.fault(status, code: status == 429 ? 20429 : 20500, "refused as configured")
        }
        let call: SandboxCall
        do {
            let form = try SandboxCallForm(try FormBody(decoding: request.body))
            let id = "CA" + UUID().uuidString.lowercased().filter { $0 != "-" }
            call = SandboxCall(id: id, fields: form, created: Date())
        } catch let fault as SandboxCallForm.Fault {
            return Self.fault(400, code: fault.code, fault.message)
        } catch {
            return Self.fault(400, code: 20001, "\(error)")
        }
        books.withLock { books in
            books.calls[call.id] = call
            books.order.append(call.id)
        }
        inlet.yield((call.id, number))
        if fault == .answerLost { return Self.fault(500, code: 20500, "Internal Server Error") }
        return .json(call.json(account: configuration.account), status: 201)
    }

    private func list(_ request: HTTPRequest) -> HTTPResponse {
        let query = Query(request.query)
        let found = calls.reversed().filter { call in
            (query["To"] ?? call.to) == call.to && (query["From"] ?? call.from) == call.from
        }
        let page = found.prefix(query["PageSize"].flatMap { Int($0) } ?? 50).map {
            $0.json(account: configuration.account)
        }
        return .json(#"{"calls":[\#(page.joined(separator: ","))],"page":0,"next_page_uri":null}"#)
    }

    private func show(_ id: String) -> HTTPResponse {
        guard let call = books.withLock({ $0.calls[id] }) else {
            return Self.fault(404, code: 20404, "The requested resource /Calls/\(id).json was not found")
        }
        return .json(call.json(account: configuration.account))
    }

    private func change(_ id: String, _ request: HTTPRequest) -> HTTPResponse {
        guard let form = try? FormBody(decoding: request.body), let status = form["Status"],
            ["completed", "canceled"].contains(status)
        else { return Self.fault(400, code: 20001, "Status must be completed or canceled") }
        let callee = books.withLock { books -> SandboxCallee? in
            guard books.calls[id]?.status.isTerminal == false else { return nil }
            books.calls[id]?.isEndWanted = true
            return books.callees[id]
        }
        callee?.hangUp()
        return show(id)
    }

    // MARK: A call

    private func carry(_ id: String, number: Int) async {
        guard let call = books.withLock({ $0.calls[id] }) else { return }
        let wait = books.withLock { books -> TimeInterval in
            let start = max(Date(), books.nextStart)
            books.nextStart = start + 1 / configuration.callsPerSecond
            return start.timeIntervalSinceNow
        }
        if wait > 0 { try? await Task.sleep(for: .seconds(wait)) }
        let teller = SandboxTeller(
            call: call, account: configuration.account, callbacks: configuration.callbacks(number),
            post: { [self] in _ = await post($0, $1) })
        let behaviour = books.withLock { books -> SandboxCarrierConfiguration.Callee in
            defer { books.callsTo[call.to, default: 0] += 1 }
            return configuration.callee(call.to, books.callsTo[call.to, default: 0])
        }
        await teller.tell(.initiated)
        set(id) { $0.status = .ringing }
        await teller.tell(.ringing)
        try? await Task.sleep(for: configuration.ringing)
        let end: (CarrierCall.Status, Int?)
        switch behaviour {
        case .busy: end = (.busy, 486)
        case .fails(let code): end = (.failed, code)
        case .noAnswer:
            try? await Task.sleep(for: min(configuration.patience, .seconds(call.fields.timeout)))
            end = (.noAnswer, 480)
        case .talks, .greets, .presses, .takes, .voicemail, .screening, .menu, .fax, .hangsUp:
            if books.withLock({ $0.calls[id]?.isEndWanted }) == true {
                end = (.canceled, 487)
            } else {
                await answer(id, behaviour, teller)
                end = (.completed, 200)
            }
        }
        set(id) {
            $0.status = end.0
            $0.ended = Date()
        }
        await teller.tellEnd(end.0, sipCode: end.1, duration: books.withLock { $0.calls[id]?.duration } ?? 0)
    }

    private func answer(
        _ id: String, _ behaviour: SandboxCarrierConfiguration.Callee, _ teller: SandboxTeller
    ) async {
        set(id) {
            $0.status = .inProgress
            $0.answered = Date()
        }
        await teller.tell(.inProgress)
        let call = teller.call
        let fields = teller.fields(status: .inProgress)
        guard let body = await post(call.answerURL, fields) else {
            return set(id) { $0.instruction = "nobody answered the webhook" }
        }
        await withDiscardingTaskGroup { group in
            if configuration.detectsMachines, let url = call.fields.machineCallback {
                group.addTask { [self] in
                    try? await Task.sleep(for: .milliseconds(600))
                    // The real one takes assistants and menus for machines.
                    let answeredBy =
                        switch behaviour {
                        case .voicemail, .screening, .menu: "machine_start"
                        case .fax: "fax"
                        case .talks, .greets, .presses, .takes, .hangsUp, .busy, .noAnswer, .fails: "human"
                        }
                    set(id) { $0.answeredBy = answeredBy }
                    _ = await post(
                        url,
                        fields + [
                            .init("AnsweredBy", answeredBy),
                            .init("MachineDetectionDuration", "600"),
                        ])
                }
            }
            await follow(TwiMLInstruction(body), id, behaviour, fields)
            group.cancelAll()
        }
    }

    private func follow(
        _ instruction: TwiMLInstruction, _ id: String, _ behaviour: SandboxCarrierConfiguration.Callee,
        _ fields: [FormBody.Field]
    ) async {
        switch instruction {
        case .stream(let url, let action, let parameters):
            set(id) { $0.instruction = "stream" }
            let limit = configuration.hearing.components.seconds * 8000
            let callee = SandboxCallee(behaviour, on: loop, listens: limit > 0) { [self] act in
                set(id) { call in
                    switch act {
                    case .did(let what): call.acts.append(what)
                    case .beeped:
                        call.acts.append("beep")
                        call.beepEnd = call.heard.count
                    case .heard(let piece): if call.heard.count < limit { call.heard += piece }
                    }
                }
            }
            let isOver = books.withLock { books in
                books.callees[id] = callee
                return books.calls[id]?.isEndWanted == true
            }
            if isOver { return }
            let reason = await callee.hold(.init(url: url, callID: id, parameters: parameters))
            books.withLock { $0.callees[id] = nil }
            set(id) { $0.acts.append("line closed: \(reason)") }
            // Our side closed the stream, or the callee did: what is next is asked for in either case.
            if let action { _ = await post(action, fields) }
        case .dial(let number): set(id) { $0.instruction = "dial \(number)" }
        case .reject: set(id) { $0.instruction = "reject" }
        case .hangUp: set(id) { $0.instruction = "hang up" }
        case .end: set(id) { $0.instruction = "nothing" }
        case .fault(let reason): set(id) { $0.instruction = reason }
        }
    }

    private func set(_ id: String, _ change: (inout SandboxCall) -> Void) {
        books.withLock { books in
            guard var call = books.calls[id] else { return }
            change(&call)
            books.calls[id] = call
        }
    }

    /// Posts a signed form; nil when nobody took it.
    private func post(_ url: String, _ fields: [FormBody.Field]) async -> [UInt8]? {
        let form = FormBody(fields)
        let request = HTTPClientRequest(
            method: "POST", url: url,
            headers: [
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("X-Twilio-Signature", signature.sign(url: url, form: form)),
            ], body: form.encoded(), deadlines: .init(connect: .seconds(2), firstByte: .seconds(10)))
        do {
            let response = try await client.send(request)
            let body = try await response.body.collect(upTo: 65_536)
            if (200..<300).contains(response.status) { return body }
            logger.warning("webhook refused", metadata: ["status": "\(response.status)"])
        } catch {
            logger.debug("webhook failed", metadata: ["reason": "\(error)"])
        }
        books.withLock { $0.failedCallbacks += 1 }
        return nil
    }
}
