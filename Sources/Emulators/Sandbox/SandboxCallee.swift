import Callers
import Codecs
import Networking
import Telephony

/// The person or machine on one call of the sandbox carrier: listens to the agent, and does what it is there for.
final class SandboxCallee: @unchecked Sendable {
    // @unchecked: made anywhere, used on its loop only.

    /// What is told of it, on the loop.
    enum Act: Sendable {
        case did(String)
        /// The beep is over: from now on the machine records.
        case beeped
        /// 20 ms of what the agent says, as they are played.
        case heard([UInt8])
    }

    private typealias Person = SandboxCarrierConfiguration.Person

    private let loop: EventLoop
    private let behaviour: SandboxCarrierConfiguration.Callee
    private let listens: Bool
    private let acted: @Sendable (Act) -> Void
    private let ending: AsyncStream<String>
    private let sink: AsyncStream<String>.Continuation
    private var line: CarrierLine?
    private let cutOff = Lock<[CallerClip]?>(nil)
    private var isSpeaking = false
    private var isEndWanted = false
    /// What this one still says, a clip whenever the agent has finished; nil while a machine has the line.
    private var clips: [CallerClip]?

    // Who talks over the agent.
    private var isAgentSpeaking = false
    private var interjections: [CallerClip] = []
    /// How often the agent had begun when the last of them was said.
    private var interjectedAt = 0

    // Machines.
    private var menu: SandboxMenu?
    private var prompts = 0
    private var keys: KeyToneDetector?
    private var samples = [Int16](repeating: 0, count: 160)
    private var isAnswered = false
    /// Times that the agent has begun to speak.
    private var beginnings = 0

    /// - Parameters:
    ///   - listens: whether it tells what it hears.
    ///   - acted: told of everything done.
    init(
        _ behaviour: SandboxCarrierConfiguration.Callee, on loop: EventLoop, listens: Bool,
        acted: @escaping @Sendable (Act) -> Void
    ) {
        self.behaviour = behaviour
        self.loop = loop
        self.listens = listens
        self.acted = acted
        (ending, sink) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingOldest(1))
    }

    /// Opens the media stream and returns why it was closed.
    func hold(_ call: CarrierLine.Call) async -> String {
        loop.post { [self] in
            guard !isEndWanted else { return end("ended before it began") }
            let line = CarrierLine(call, on: loop) { [weak self] in self?.hear($0) }
            self.line = line
            line.dial()
        }
        var iterator = ending.makeAsyncIterator()
        return await iterator.next() ?? "never connected"
    }

    /// What is left to say to whoever comes next, once the line broke without a goodbye; nil when it did not.
    var unsaid: [CallerClip]? { cutOff.withLock { $0 } }

    /// The carrier ends the call.
    func hangUp() {
        loop.post { [self] in
            isEndWanted = true
            line?.hangUp()
        }
    }

    // MARK: Ears

    private func hear(_ event: CarrierLine.Event) {
        switch event {
        case .opened:
            if case .menu = behaviour { keys = KeyToneDetector() }
            if listens || keys != nil { line?.ear = { [weak self] in self?.hear($0) } }
            open()
        case .agentFell:
            isAgentSpeaking = false
            agentFinished()
        case .clipEnded: clipEnded()
        case .closed(let reason):
            // 1006: nobody has said goodbye.
            if line?.closeCode == 1006 { cutOff.withLock { $0 = clips } }
            end(reason)
        case .agentBegan:
            beginnings += 1
            isAgentSpeaking = true
            if case .talksOver(_, let delay) = behaviour { interject(after: delay) }
        case .cleared:
            if case .talksOver = behaviour, isSpeaking { acted(.did("was given way")) }
        }
    }

    private func hear(_ frame: Span<UInt8>) {
        if listens {
            var piece: [UInt8] = []
            for index in frame.indices { piece.append(frame[index]) }
            acted(.heard(piece))
        }
        guard keys != nil else { return }
        for index in frame.indices { samples[index] = MuLaw.decode(frame[index]) }
        if let key = keys?.process(samples.span) { heard(key) }
    }

    // MARK: Mouth

    private func open() {
        switch behaviour {
        case .talks(let clips): self.clips = clips
        case .talksOver(let clips, _): interjections = clips
        case .greets(let greeting, let clips): come(Person(greeting: greeting, clips: clips))
        case .presses(let key, let delay):
            loop.schedule(after: delay) { [self] in
                line?.press(key)
                acted(.did("pressed \(key)"))
            }
        case .takes(let key, let delay, let clip, _):
            loop.schedule(after: delay) { [self] in
                line?.press(key)
                acted(.did("pressed \(key)"))
            }
            loop.schedule(after: delay + delay) { [self] in
                acted(.did("said \(clip.name)"))
                say(clip)
            }
        case .hangsUp(let delay): loop.schedule(after: delay) { [self] in putDown() }
        case .voicemail(let greeting):
            say(greeting)
            // A machine records for a while and hangs up.
            loop.schedule(after: .seconds(20)) { [self] in line?.hangUp() }
        case .screening(let prompt, _): say(prompt)
        case .menu(let menu): offer(menu)
        case .fax:
            say(SandboxTones.fax)
            loop.schedule(after: .seconds(10)) { [self] in line?.hangUp() }
        case .busy, .noAnswer, .fails: break
        }
    }

    private func say(_ clip: CallerClip) {
        isSpeaking = true
        line?.say(clip)
    }

    private func come(_ person: Person) {
        clips = person.clips
        menu = nil
        acted(.did("said \(person.greeting.name)"))
        say(person.greeting)
    }

    /// Speaks over what the agent has just begun to say, if it still says it then.
    private func interject(after delay: Duration) {
        let heard = beginnings
        loop.schedule(after: delay) { [self] in
            guard heard == beginnings, isAgentSpeaking, !isSpeaking, let next = interjections.first else { return }
            interjections.removeFirst()
            interjectedAt = beginnings
            acted(.did("said \(next.name) over the agent"))
            say(next)
        }
    }

    private func putDown() {
        acted(.did("hung up"))
        line?.hangUp()
    }

    private func clipEnded() {
        isSpeaking = false
        if case .takes(_, _, _, let pause) = behaviour { loop.schedule(after: pause) { [self] in putDown() } }
        if case .voicemail = behaviour {
            if isAnswered { return acted(.beeped) }
            isAnswered = true
            return say(SandboxTones.beep)
        }
        if let menu { wait(for: menu) }
    }

    private func agentFinished() {
        guard !isSpeaking else { return }
        if case .talksOver = behaviour {
            // What falls silent first is what was talked over; the answer comes after it.
            if interjections.isEmpty, beginnings > interjectedAt { putDown() }
            return
        }
        if case .screening(_, let person) = behaviour, !isAnswered {
            // An assistant waits a second for whether that was all.
            let heard = beginnings
            loop.schedule(after: .seconds(1)) { [self] in
                guard heard == beginnings, !isAnswered else { return }
                isAnswered = true
                acted(.did("was told who calls"))
                if let person { come(person) } else { putDown() }
            }
            return
        }
        guard let next = clips?.first else {
            if clips != nil { putDown() }
            return
        }
        clips?.removeFirst()
        acted(.did("said \(next.name)"))
        say(next)
    }

    // MARK: Menus

    private func offer(_ menu: SandboxMenu) {
        self.menu = menu
        prompts = 0
        sayPrompt(of: menu)
    }

    private func sayPrompt(of menu: SandboxMenu) {
        prompts += 1
        guard prompts <= menu.mostPrompts else { return putDown() }
        say(menu.prompt)
    }

    private func wait(for menu: SandboxMenu) {
        let prompt = prompts
        loop.schedule(after: menu.patience) { [self] in
            guard let now = self.menu, prompts == prompt, !isSpeaking else { return }
            sayPrompt(of: now)
        }
    }

    private func heard(_ key: Character) {
        guard let menu else { return }
        acted(.did("heard key \(key)"))
        switch menu.choices[key] {
        case .menu(let next): offer(next)
        case .person(let person): come(person)
        case .hangsUp: putDown()
        case nil: break
        }
    }

    private func end(_ reason: String) {
        line = nil
        sink.yield(reason)
        sink.finish()
    }
}
