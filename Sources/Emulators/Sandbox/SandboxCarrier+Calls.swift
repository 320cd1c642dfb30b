import Callers
import Foundation
import Networking
import Telephony

/// What a call goes through, from the request to its end.
extension SandboxCarrier {
    func carry(_ id: String, number: Int) async {
        guard let call = books.withLock({ $0.calls[id] }) else { return }
        let wait = books.withLock { books -> TimeInterval in
            let start = max(Date(), books.nextStart)
            books.nextStart = start + 1 / configuration.callsPerSecond
            return start.timeIntervalSinceNow
        }
        if wait > 0 { try? await Task.sleep(for: .seconds(wait)) }
        let teller = teller(of: call, configuration.callbacks(number))
        let behaviour = whoAnswers(call.to)
        await teller.tell(.initiated)
        set(id) { $0.status = .ringing }
        await teller.tell(.ringing)
        try? await Task.sleep(for: configuration.ringing)
        let end: (CarrierCall.Status, Int?)
        switch behaviour {
        case .busy: end = (.busy, 486)
        case .fails(let code): end = (.failed, code)
        case .noAnswer:
            try? await Task.sleep(for: min(configuration.patience, .seconds(call.order.timeout)))
            end = (.noAnswer, 480)
        case .talks, .greets, .talksOver, .presses, .takes, .voicemail, .screening, .menu, .fax, .hangsUp:
            if books.withLock({ $0.calls[id]?.isEndWanted }) == true {
                end = (.canceled, 487)
            } else {
                await answer(id, behaviour, teller)
                end = (.completed, 200)
            }
        }
        set(id) {
            $0.status = end.0
            $0.sipCode = end.1
            $0.ended = Date()
        }
        let seconds = books.withLock { $0.calls[id]?.duration } ?? 0
        await teller.tell(.ended(end.0, sipCode: end.1, seconds: seconds))
    }

    private func teller(
        of call: SandboxCall, _ callbacks: SandboxCarrierConfiguration.Callbacks
    ) -> SandboxTeller {
        SandboxTeller(
            call: call, configuration.access, dialect: configuration.dialect, callbacks: callbacks,
            post: { [self] in await post($0, $1) })
    }

    private func whoAnswers(_ number: String) -> SandboxCarrierConfiguration.Callee {
        books.withLock { books in
            defer { books.callsTo[number, default: 0] += 1 }
            return configuration.callee(number, books.callsTo[number, default: 0])
        }
    }

    /// Somebody calls the service, and does as told; returns when the call is over.
    ///
    /// - Parameters:
    ///   - url: of the service's webhook for calls.
    ///   - answers: to the carrier's own questions for a key, one after the other; then nothing.
    ///   - news: where the service is told that the call is over; nil where it is not told.
    package func ring(
        from: String, to: String, at url: String, as caller: SandboxCarrierConfiguration.Callee,
        answers: [SandboxAnswer] = [], news: String? = nil
    ) async {
        let order = SandboxOrder(to: to, from: from, url: url)
        let call = SandboxCall(
            id: configuration.dialect.makeID(), order: order, created: Date(), isInbound: true)
        enter(call)
        let teller = teller(of: call, .none)
        await answer(call.id, caller, teller, answers)
        set(call.id) {
            $0.status = .completed
            $0.ended = Date()
        }
        guard let news else { return }
        let seconds = books.withLock { $0.calls[call.id]?.duration } ?? 0
        _ = await teller.ask(news, .ended(.completed, sipCode: 200, seconds: seconds))
    }

    private func answer(
        _ id: String, _ behaviour: SandboxCarrierConfiguration.Callee, _ teller: SandboxTeller,
        _ answers: [SandboxAnswer] = []
    ) async {
        set(id) {
            $0.status = .inProgress
            $0.answered = Date()
        }
        await teller.tell(.answered)
        guard let body = await ask(teller.call.answerURL, .asked, teller) else {
            return set(id) { $0.instruction = "nobody answered the webhook" }
        }
        await withDiscardingTaskGroup { group in
            if configuration.detectsMachines, teller.call.order.machineURL != nil {
                group.addTask {
                    try? await Task.sleep(for: .milliseconds(600))
                    guard !Task.isCancelled else { return }
                    self.set(id) { $0.answeredBy = behaviour.answeredBy }
                    await teller.tellMachine(behaviour.answeredBy)
                }
            }
            await follow(body, id, behaviour, teller, answers)
            group.cancelAll()
        }
    }

    /// Asks what to do, and at the fallback where nobody answers.
    private func ask(_ url: String, _ news: SandboxNews, _ teller: SandboxTeller) async -> [UInt8]? {
        if let body = await teller.ask(url, news) { return body }
        guard teller.call.isInbound, let fallback = configuration.fallbackURL else { return nil }
        set(teller.call.id) { $0.acts.append("asked the fallback") }
        return await teller.ask(fallback, .unreached(url, news))
    }

    /// Does what the answers to the webhooks want, until one wants nothing more.
    private func follow(
        _ body: [UInt8], _ id: String, _ behaviour: SandboxCarrierConfiguration.Callee, _ teller: SandboxTeller,
        _ answers: [SandboxAnswer]
    ) async {
        var behaviour = behaviour
        var answers = answers[...]
        var steps = configuration.dialect.instructions(in: body)[...]
        if steps.isEmpty { note(id, "nothing") }
        while let step = steps.popFirst() {
            var next: (url: String, news: SandboxNews)?
            switch step {
            case .stream(let url, let action, let parameters):
                note(id, "stream")
                guard let rest = await hold(id, behaviour, .init(url: url, callID: id, parameters: parameters)) else {
                    return
                }
                behaviour = rest
                next = action.map { ($0, .afterStream) }
            case .redirect(let url): next = (url, .afterStream)
            case .dial(let number, let action):
                note(id, "dial \(number)")
                let status = await dial(number)
                set(id) { $0.acts.append("dialled \(number): \(status.rawValue)") }
                next = action.map { ($0, .dialled(status)) }
            case .say(let text):
                note(id, "say")
                set(id) { $0.acts.append("said: \(text)") }
            case .gather(let says, let seconds, let action, let asksWithoutKey):
                note(id, "gather")
                set(id) { $0.acts += says.map { "said: \($0)" } }
                switch answers.popFirst() ?? .nothing {
                case .presses(let key):
                    // Nobody presses before the first word.
                    try? await Task.sleep(for: .milliseconds(200))
                    set(id) { $0.acts.append("pressed \(key)") }
                    next = (action, .pressed(String(key)))
                case .hangsUp: return set(id) { $0.acts.append("hung up") }
                case .nothing:
                    try? await Task.sleep(for: .seconds(seconds))
                    if asksWithoutKey { next = (action, .pressed("")) }
                }
            case .reject: return note(id, "reject")
            case .hangUp: return note(id, "hang up")
            case .fault(let reason): return note(id, reason)
            }
            guard let next else { continue }
            guard let body = await ask(next.url, next.news, teller) else { return }
            steps = configuration.dialect.instructions(in: body)[...]
        }
    }

    /// The first thing that was wanted.
    private func note(_ id: String, _ instruction: String) {
        set(id) { if $0.instruction == nil { $0.instruction = instruction } }
    }

    /// Whoever the service wants to have on the line with a caller.
    private func dial(_ number: String) async -> CarrierCall.Status {
        try? await Task.sleep(for: configuration.ringing)
        return switch whoAnswers(number) {
        case .busy: .busy
        case .fails: .failed
        case .noAnswer: .noAnswer
        default: .completed
        }
    }

    /// A media stream, from its beginning to its end.
    ///
    /// - Returns: what the callee does on the next one; nil when the call was to end before.
    private func hold(
        _ id: String, _ behaviour: SandboxCarrierConfiguration.Callee, _ line: CarrierLine.Call
    ) async -> SandboxCarrierConfiguration.Callee? {
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
        if isOver { return nil }
        var line = line
        line.media = { [dialect = configuration.dialect] in dialect.media($0) }
        let reason = await callee.hold(line)
        books.withLock { $0.callees[id] = nil }
        // Our side closed the stream, or the callee did: what is next is asked for in either case.
        set(id) { $0.acts.append("line closed: \(reason)") }
        // Whoever was cut off goes on with what they have not said yet.
        guard case .talks = behaviour, let unsaid = callee.unsaid else { return behaviour }
        return .talks(unsaid)
    }
}
