import AudioCore
import Logging
import Networking
import Speech

/// What the vendors of speech say to us.
extension SystemCheck {
    /// How long a vendor may take to answer.
    private static let patience = Duration.seconds(8)

    /// One finding for each vendor that hears or speaks: asked for real, each by itself, so that no other one covers for it.
    static func providers(_ configuration: ParleyConfiguration) async -> [Finding] {
        let speech = configuration.speech
        let ears = speech.recognizers.filter { $0 != .embedded }.map(\.name)
        let voices = speech.synthesizers.filter { $0 != .embedded }.map(\.name)
        let both = configuration.providers.filter { $0.value.kind.converses }.keys.sorted()
        guard !ears.isEmpty || !voices.isEmpty || !both.isEmpty else { return [] }
        let logger = Logger(label: "parley.check")
        let loop = EventLoop(name: "check", logger: logger)
        do { try loop.start() } catch { return [Finding(subject: "providers", isOK: false, detail: "\(error)")] }
        let vendors = Vendors(configuration, logger: logger)
        var findings: [Finding] = []
        for name in ears { findings.append(await finding(name, "hears") { try await hear(name, vendors, loop) }) }
        for name in voices { findings.append(await finding(name, "speaks") { try await speak(name, vendors, loop) }) }
        for name in both {
            findings.append(await finding(name, "converses") { try await converse(name, vendors, loop) })
        }
        await vendors.close()
        await loop.shutdown()
        return findings
    }

    private static func finding(
        _ name: String, _ role: String, _ look: @escaping @Sendable () async throws -> String
    ) async -> Finding {
        let subject = "provider \(name) \(role)"
        do {
            return Finding(subject: subject, isOK: true, detail: try await within(patience, look))
        } catch let error as SpeechError where error.code == .unauthorized {
            let variable = ConfigurationVariables.name(of: ["providers", name, "api_key"])
            return Finding(
                subject: subject, isOK: false,
                detail: "the key is refused; it is read from `providers.\(name).api_key` or the environment variable "
                    + "\(variable). \(error)")
        } catch {
            return Finding(subject: subject, isOK: false, detail: "\(error)")
        }
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
