import Foundation
import Networking

/// Google's Live API: one turn after the other, without names. The caller's activity is marked by us, and its end asks for the
/// answer; its beginning ends the one under way. What the model is told goes beside the caller's sound, in brackets.
struct GeminiLiveDialect: ConversationDialect {
    private let configuration: GeminiLiveConfiguration
    private let audio = GeminiLiveAudio()
    private var turn = GeminiLiveTurn()
    private var words: GeminiLiveWords
    private var isSetUp = false
    /// What a new connection can go on from.
    private var handle: String?
    /// The conversation as it was before the vendor's memory begins.
    private var briefing = ""
    /// The caller's activity is under way, and whether there is anything in it.
    private var activity: (isOpen: Bool, hasSound: Bool) = (false, false)
    /// The vendor waits for the results of these calls.
    private var pending: [String: String] = [:]
    /// The names of all calls.
    private var names: [String: String] = [:]
    private var lastReply = 0
    /// What the vendor has counted and no answer has taken yet.
    private var usage = RealtimeServerEvent.Outcome(status: "completed")

    init(_ configuration: GeminiLiveConfiguration) {
        self.configuration = configuration
        words = GeminiLiveWords(pause: configuration.wordsPause, firstDeadline: configuration.firstWordsDeadline)
    }

    let provider = GeminiLiveConfiguration.provider
    let operation = GeminiLiveConfiguration.operation
    var request: WebSocketRequest { configuration.request }
    var settings: RealtimeSettings { configuration.settings }
    let takesBinary = true
    let isBriefedAtSetup = true
    let forbidsToolsByAnswer = false
    var canResume: Bool { handle != nil }

    // MARK: What it is told

    mutating func setUp(instructions: String?, tools: [RealtimeTool], told: [RealtimeMessage]) -> ConversationSetup {
        isSetUp = true
        if handle == nil { briefing = GeminiLiveNotes.briefing(told) }
        let text = [instructions ?? "", briefing].filter { !$0.isEmpty }.joined(separator: "\n\n")
        let setup = GeminiLiveClientMessage.setup(
            configuration, instructions: text.isEmpty ? nil : text, tools: tools, handle: handle)
        return ConversationSetup(messages: [setup], isAwaited: true)
    }

    mutating func configure(instructions: String, tools: [RealtimeTool]) -> [String] {
        let text = [instructions, briefing].filter { !$0.isEmpty }.joined(separator: "\n\n")
        return [GeminiLiveClientMessage.update(instructions: text, tools: tools)]
    }

    mutating func append(_ audio: Span<UInt8>) -> [String] {
        var messages = begin()
        let sound = self.audio.hear(audio)
        if !sound.isEmpty { messages.append(GeminiLiveClientMessage.audio(sound)) }
        activity.hasSound = true
        return messages
    }

    /// The caller's activity begins, if it has not.
    private mutating func begin() -> [String] {
        guard !activity.isOpen else { return [] }
        activity = (true, false)
        return [GeminiLiveClientMessage.activityStart]
    }

    /// The end of the activity is what asks for an answer, and nobody has asked yet.
    mutating func commit(now: Duration) -> (messages: [String], item: String?) {
        let rest = audio.endHearing()
        return (rest.isEmpty ? [] : [GeminiLiveClientMessage.audio(rest)], words.commit(now: now))
    }

    /// What was sent stays with the vendor, as the beginning of what the caller says next.
    mutating func clear() -> [String] {
        _ = audio.endHearing()
        return []
    }

    mutating func ask(_ id: Int, told: [ToldItem], heard: String?, forbidsTools: Bool) -> [String] {
        var notes = heard.map { [GeminiLiveNotes.heard($0)] } ?? []
        var results: [GeminiLiveClientMessage.Result] = []
        for item in told {
            switch item.kind {
            case .result(let call, let content):
                // The caller's activity has ended what the vendor waited for.
                if let name = pending.removeValue(forKey: call), !activity.isOpen {
                    results.append(.init(id: call, name: name, content: content))
                } else {
                    notes.append(GeminiLiveNotes.result(of: names[call] ?? "", content))
                }
            case .call(let call):
                names[call.id] = call.name
                notes.append(GeminiLiveNotes.call(call))
            case .facts(let text): notes.append(GeminiLiveNotes.facts(text))
            case .agent(let text): notes.append(GeminiLiveNotes.agent(text))
            case .caller(let text):
                // Only what is to be answered is said now.
                let isTurn = item == told.last && !activity.hasSound
                notes.append(isTurn ? text : GeminiLiveNotes.caller(text))
            }
        }
        turn.ask()
        if !results.isEmpty {
            results[results.count - 1].notes = notes
            return [GeminiLiveClientMessage.results(results)]
        }
        if notes.isEmpty, !activity.hasSound { notes = [GeminiLiveNotes.goOn] }
        let messages = begin() + notes.map(GeminiLiveClientMessage.text) + [GeminiLiveClientMessage.activityEnd]
        activity = (false, false)
        return messages
    }

    /// The caller's activity ends an answer. Where there is none, it begins here, and goes on when the caller speaks.
    mutating func cancel(_ response: String?, now: Duration) -> [String] {
        turn.hurry(now: now)
        return switch turn.phase {
        case .asked, .speaking: begin()
        case .idle, .spoken: []
        }
    }

    func cut(_ item: String, heard: Int) -> String? { nil }

    // MARK: What it says

    mutating func read(_ message: Span<UInt8>, now: Duration) throws -> [RealtimeServerEvent] {
        let message = try GeminiLiveServerMessage(message)
        var events: [RealtimeServerEvent] = message.isSetupComplete ? [.ready] : []
        if let usage = message.usageMetadata { count(usage) }
        if let content = message.serverContent { events += try read(content, now: now) }
        // Before a turn's end came, it came with its cost.
        if message.usageMetadata != nil, case .spoken = turn.phase { events += end() }
        if let calls = message.toolCall?.functionCalls { events += call(calls) }
        for id in message.toolCallCancellation?.ids ?? [] { pending[id] = nil }
        if message.goAway != nil { events.append(.renewalDue) }
        if let update = message.sessionResumptionUpdate, update.resumable == true, let handle = update.newHandle,
            !handle.isEmpty
        {
            self.handle = handle
            events.append(.resumable)
        }
        return events + words.take(now: now)
    }

    private mutating func read(
        _ content: GeminiLiveServerMessage.Content, now: Duration
    ) throws -> [RealtimeServerEvent] {
        var events: [RealtimeServerEvent] = []
        if let heard = content.inputTranscription {
            words.add(heard.text ?? "", isLast: heard.finished == true, now: now)
        }
        if let text = content.outputTranscription?.text, !text.isEmpty {
            events += piece { .transcript(response: $0, item: $1, text: text) }
        }
        for part in content.modelTurn?.parts ?? [] {
            guard let blob = part.inlineData, let data = blob.data else { continue }
            let sound = try audio.speak([UInt8](data), type: blob.mimeType ?? "")
            events += piece { .audio(response: $0, item: $1, sound) }
        }
        if content.generationComplete == true, turn.generated(until: now + configuration.usageDeadline) {
            let rest = audio.endSpeaking()
            if !rest.isEmpty { events.append(.audio(response: "", item: reply, rest)) }
            events += [.audioEnded(response: "", item: reply), .transcriptEnded(response: "")]
        }
        if content.interrupted == true, turn.interrupted() {
            _ = audio.endSpeaking()
            events += done()
        }
        if content.turnComplete == true, turn.completed() { events += done(content.turnCompleteReason) }
        return events
    }

    private var reply: String { "reply_\(lastReply)" }

    /// - Parameter event: what the piece is, by response and item.
    private mutating func piece(_ event: (String, String) -> RealtimeServerEvent) -> [RealtimeServerEvent] {
        let (isWanted, isFirst) = turn.piece()
        guard isWanted else { return [event("former", "former")] }
        if isFirst { lastReply += 1 }
        let events = [event("", reply)]
        return isFirst ? [.responseCreated(""), .spokenItem(response: "", item: reply)] + events : events
    }

    private mutating func call(_ calls: [GeminiLiveServerMessage.ToolCall.Function]) -> [RealtimeServerEvent] {
        let events = calls.compactMap { call -> RealtimeServerEvent? in
            guard let id = call.id, let name = call.name else { return nil }
            pending[id] = name
            names[id] = name
            return .call(
                response: "", RealtimeToolCall(id: id, name: name, arguments: call.args?.json ?? "{}"))
        }
        return events + end()
    }

    /// The answer is over, although the vendor has not said that its turn is.
    private mutating func end() -> [RealtimeServerEvent] { turn.end() ? done() : [] }

    private mutating func done(_ reason: String? = nil) -> [RealtimeServerEvent] {
        let rest = audio.endSpeaking()
        var outcome = usage
        usage = .init(status: "completed")
        switch reason {
        case .some("MALFORMED_FUNCTION_CALL"): (outcome.status, outcome.reason) = ("failed", reason)
        case .some(let reason) where ["PROHIBITED", "REJECTED", "SAFETY", "BLOCK"].contains(where: reason.contains):
            (outcome.status, outcome.reason) = ("incomplete", "content_filter")
        default: break
        }
        let sound: [RealtimeServerEvent] = rest.isEmpty ? [] : [.audio(response: "", item: reply, rest)]
        return sound + [.responseDone(response: "", outcome)]
    }

    private mutating func count(_ counted: GeminiLiveServerMessage.Usage) {
        func sound(_ shares: [GeminiLiveServerMessage.Usage.Share]?) -> Int {
            (shares ?? []).reduce(0) { $0 + ($1.modality == "AUDIO" ? max($1.tokenCount ?? 0, 0) : 0) }
        }
        usage.inputTokens += max((counted.promptTokenCount ?? 0) + (counted.toolUsePromptTokenCount ?? 0), 0)
        usage.cachedTokens += max(counted.cachedContentTokenCount ?? 0, 0)
        usage.outputTokens += max((counted.responseTokenCount ?? 0) + (counted.thoughtsTokenCount ?? 0), 0)
        usage.soundIn += max(sound(counted.promptTokensDetails) - sound(counted.cacheTokensDetails), 0)
        usage.soundOut += sound(counted.responseTokensDetails)
    }

    // MARK: Time and end

    var deadline: Duration? { [turn.deadline, words.deadline].compactMap { $0 }.min() }

    mutating func expire(now: Duration) -> [RealtimeServerEvent] {
        var events = words.take(now: now)
        if let deadline = turn.deadline, now >= deadline { events += end() }
        return events
    }

    mutating func disconnected(wasReady: Bool) {
        // What the vendor would not go on from is not tried again.
        if isSetUp, !wasReady { handle = nil }
        (isSetUp, activity, pending, turn) = (false, (false, false), [:], GeminiLiveTurn())
        words.forget()
        audio.forget()
    }

    func error(of reason: WebSocketCloseReason) -> SpeechError {
        let error = SpeechError(reason, operation: operation, provider: provider, refusals: [1003, 1007, 1008])
        guard case .peer(_, let text) = reason else { return error }
        // The key is looked at only when the connection stands.
        if text.localizedCaseInsensitiveContains("API key") { return self.error(.unauthorized, error.detail) }
        if text.localizedCaseInsensitiveContains("quota") { return self.error(.overloaded, error.detail) }
        return error
    }

    func error(of failure: RealtimeServerEvent.Failure) -> SpeechError { error(.refused, failure.words) }

    func consequence(of failure: RealtimeServerEvent.Failure) -> FailureConsequence { .complaint }
}
