import Agent
import AudioCore
import Logging
import Networking
import Speech

/// What the vendors of speech and of language models say to us.
extension SystemCheck {
    /// How long a vendor may take to answer.
    private static let patience = Duration.seconds(8)

    /// What an answer may come to: the least that every protocol takes.
    private static let fewestTokens = 16

    /// One finding for each vendor that hears or speaks, and for each language model: asked for real, each by itself, so
    /// that no other one covers for it, and several at a time.
    ///
    /// - Parameter agents: by name; they may name models of their own.
    static func providers(
        _ configuration: ParleyConfiguration, agents: [String: AgentDefinition] = [:]
    ) async -> [Finding] {
        let speech = configuration.speech
        let ears = speech.recognizers.filter { $0 != .embedded }.map(\.name)
        let voices = speech.synthesizers.filter { $0 != .embedded }.map(\.name)
        let both = configuration.providers.filter { $0.value.kind.converses }.keys.sorted()
        let minds = models(configuration, agents)
        guard !ears.isEmpty || !voices.isEmpty || !both.isEmpty || !minds.isEmpty else { return [] }
        let logger = Logger(label: "parley.check")
        let loop = EventLoop(name: "check", logger: logger)
        do { try loop.start() } catch { return [Finding(subject: "providers", isOK: false, detail: "\(error)")] }
        let vendors = Vendors(configuration, logger: logger)
        var questions: [ProviderQuestion] = []
        func question(_ name: String, _ role: String, _ look: @escaping @Sendable () async throws -> String) {
            questions.append(ProviderQuestion(provider: name) { await finding(name, role, look) })
        }
        for name in ears { question(name, "hears") { try await hear(name, vendors, loop) } }
        for name in voices { question(name, "speaks") { try await speak(name, vendors, loop) } }
        for name in both { question(name, "converses") { try await converse(name, vendors, loop) } }
        for mind in minds {
            let role = mind.isOwn ? "thinks" : "thinks with \(mind.model ?? "")"
            question(mind.provider, role) { try await think(mind.provider, mind.model, vendors) }
        }
        var findings = await ProviderQuestion.answers(to: questions)
        await vendors.close()
        await loop.shutdown()
        // Some servers repeat the key that they refuse. A very short one might be a part of any word. Of two that begin alike the
        // longer one goes first, so that nothing of it is left.
        let keys = configuration.providers.values.compactMap { $0.apiKey?.value }.filter { $0.utf8.count >= 8 }
            .sorted { $0.utf8.count > $1.utf8.count }
        for index in findings.indices {
            for key in keys { findings[index].detail = findings[index].detail.replacing(key, with: Secret.placeholder) }
        }
        return findings
    }

    /// A model of a provider.
    private struct Mind: Sendable {
        let provider: String
        /// The vendor's name of it, where it is not the one that the provider is configured with.
        let model: String?
        var isOwn: Bool { model == nil }
    }

    /// Each provider's own model, and those that agents name there.
    private static func models(
        _ configuration: ParleyConfiguration, _ agents: [String: AgentDefinition]
    ) -> [Mind] {
        var minds: [Mind] = []
        for (name, provider) in configuration.providers.sorted(by: { $0.key < $1.key })
        where provider.kind.roles.contains(.languageModel) && !provider.kind.converses {
            var named: Set<String> = []
            for wish in agents.values.flatMap(asked(by:)) where wish.provider == name {
                if let model = wish.model { named.insert(model) }
            }
            // Where nothing says which model it is, nobody can be asked; a server of one model only needs no name.
            if provider.model != nil || (named.isEmpty && !provider.kind.needsModel) {
                minds.append(Mind(provider: name, model: nil))
            }
            if let own = provider.model { named.remove(own) }
            minds += named.sorted().map { Mind(provider: name, model: $0) }
        }
        return minds
    }

    /// What an agent's file asks on calls, as their judge, and when they are over.
    private static func asked(by agent: AgentDefinition) -> [(provider: String, model: String?)] {
        var asked: [(provider: String, model: String?)] = []
        if case .model(let settings) = agent.engine { asked.append((settings.provider, settings.model)) }
        for settings in [agent.scorecard?.judge, agent.afterCall?.model].compactMap(\.self) {
            asked.append((settings.provider, settings.model))
        }
        return asked
    }

    private static func finding(
        _ name: String, _ role: String, _ look: @escaping @Sendable () async throws -> String
    ) async -> Finding {
        let subject = "provider \(name) \(role)"
        do {
            return Finding(subject: subject, isOK: true, detail: try await within(patience, look))
        } catch let error as SpeechError where error.code == .unauthorized {
            return refusedKey(subject, name, "\(error)")
        } catch let error as ModelError {
            let advice = ModelFault(error).advice(for: name).map { "\($0). " } ?? ""
            return Finding(subject: subject, isOK: false, detail: advice + "\(error)")
        } catch {
            return Finding(subject: subject, isOK: false, detail: "\(error)")
        }
    }

    /// - Parameter answer: what the vendor said.
    private static func refusedKey(_ subject: String, _ name: String, _ answer: String) -> Finding {
        let variable = ConfigurationVariables.name(of: ["providers", name, "api_key"])
        return Finding(
            subject: subject, isOK: false,
            detail: "the key is refused; it is read from `providers.\(name).api_key` or the environment variable "
                + "\(variable). \(answer)")
    }

    /// Opens a connection, or has a short sound transcribed where there is none.
    private static func hear(_ name: String, _ vendors: Vendors, _ loop: EventLoop) async throws -> String {
        let (news, feed) = AsyncStream.makeStream(of: Result<String, SpeechError>.self)
        let make = try vendors.recognizer(name) {
            guard case .took(.connect, let time) = $0 else { return }
            feed.yield(.success("connected after \(time.inMilliseconds) ms"))
        }
        let recognizer = make(loop, vendors.logger, { _ in })
        let begun = ContinuousClock.now
        let session = try recognizer.makeSession(format: .telephone, vocabulary: SpeechVocabulary(contexts: [])) {
            switch $0 {
            case .failed(_, let error): feed.yield(.failure(error))
            case .final, .nothingHeard:
                feed.yield(.success("answered after \((ContinuousClock.now - begun).inMilliseconds) ms"))
            case .interim, .provisional, .endOfTurn, .taken: break
            }
        }
        defer { session.close() }
        // Half a second of silence: a connection tells first whether it is one.
        let silence = [UInt8](repeating: 0xFF, count: 4000)
        session.beginUtterance(UtteranceID(1), context: "")
        session.inlet.write(silence.span)
        session.audioArrived()
        session.finishUtterance(UtteranceID(1))
        for await result in news { return try result.get() }
        throw CancellationError()
    }

    /// Opens a connection; nothing is said on it.
    private static func converse(_ name: String, _ vendors: Vendors, _ loop: EventLoop) async throws -> String {
        let (news, feed) = AsyncStream.makeStream(of: Result<String, SpeechError>.self)
        let make = try vendors.conversation(name) { feed.yield(.success("connected after \($0.inMilliseconds) ms")) }
        let conversing = make(loop, vendors.logger)
        let session = try conversing.recognizer.makeSession(
            format: .telephone, vocabulary: SpeechVocabulary(contexts: [])
        ) { if case .failed(_, let error) = $0 { feed.yield(.failure(error)) } }
        defer { session.close() }
        // Some vendors look at the key only when they are told what the connection is for.
        conversing.call.prepare(RealtimeQuestion(instructions: "", messages: []))
        for await result in news { return try result.get() }
        throw CancellationError()
    }

    private static func speak(_ name: String, _ vendors: Vendors, _ loop: EventLoop) async throws -> String {
        let begun = ContinuousClock.now
        let session = try await vendors.synthesizer(name).make(loop, vendors.logger).makeSession(
            voice: "", format: .telephone)
        defer { session.close() }
        var first: Duration?
        var bytes = 0
        for try await chunk in session.synthesize("Ready.") {
            if first == nil { first = ContinuousClock.now - begun }
            bytes += chunk.count
        }
        guard let first else {
            throw SpeechError(.unavailable, operation: "synthesize", provider: name, detail: "the audio is empty")
        }
        return "\(bytes / 8) ms of speech, the first after \(first.inMilliseconds) ms"
    }

    /// Has one short message answered; the first sign of an answer is enough.
    private static func think(_ name: String, _ model: String?, _ vendors: Vendors) async throws -> String {
        guard let asked = vendors.unlimitedModels[name] else {
            throw VendorError(provider: name, reason: "it is no language model")
        }
        let begun = ContinuousClock.now
        // A little less than the check waits, so that what is told says where nothing came from.
        let limit = patience - .seconds(1)
        let request = ModelRequest(
            model: model, instructions: "Say ok.", messages: [.user("Ok?")], maxTokens: fewestTokens,
            firstTokenDeadline: limit, progressDeadline: limit)
        do {
            for try await _ in asked.answer(request) {
                return "answered after \((ContinuousClock.now - begun).inMilliseconds) ms"
            }
        } catch let error as ModelError where hasOnlyThought(error) {
            return "thought for \((ContinuousClock.now - begun).inMilliseconds) ms, and had no tokens left to answer"
        }
        throw ModelError(.protocolViolation, provider: name, detail: "the answer is empty")
    }

    /// Whether a reasoning model took the key and the request, and spent its tokens before it wrote a word: OpenAI's chat
    /// completions call that a bad request, and say nowhere but in these words what it was.
    static func hasOnlyThought(_ error: ModelError) -> Bool {
        error.code == .invalidRequest && error.detail.contains("model output limit was reached")
    }

    private static func within<Value: Sendable>(
        _ limit: Duration, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: limit)
                throw SpeechError(
                    .deadlineExceeded, operation: "check", provider: "", detail: "no answer within \(limit)")
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }
}

extension Duration {
    fileprivate var inMilliseconds: Int { Int(self / .milliseconds(1)) }
}
