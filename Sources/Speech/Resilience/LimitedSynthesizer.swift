package import AudioCore

/// A synthesizer whose account bears only so many texts at a time. One that finds no room in time fails, and the next
/// synthesizer of the chain says the text.
package struct LimitedSynthesizer: SpeechSynthesizer {
    private let engine: any SpeechSynthesizer
    private let gate: AccountGate

    package init(_ engine: any SpeechSynthesizer, gate: AccountGate) {
        self.engine = engine
        self.gate = gate
    }

    package func makeSession(voice: String, format: AudioFormat) async throws(SpeechError) -> any SynthesisSession {
        LimitedSynthesisSession(try await engine.makeSession(voice: voice, format: format), gate: gate)
    }
}

private final class LimitedSynthesisSession: SynthesisSession {
    private let session: any SynthesisSession
    private let gate: AccountGate

    init(_ session: any SynthesisSession, gate: AccountGate) {
        self.session = session
        self.gate = gate
    }

    func synthesize(_ text: String) -> SynthesizedAudio {
        let (session, gate) = (session, gate)
        // Bounded by the text asked for: audio of one sentence.
        let (stream, output) = AsyncThrowingStream.makeStream(of: [UInt8].self)
        let task = Task {
            guard let permit = await gate.enter() else { return output.finish(throwing: gate.error("synthesize")) }
            defer { permit.giveBack() }
            do {
                for try await audio in session.synthesize(text) { output.yield(audio) }
                output.finish()
            } catch {
                output.finish(throwing: error)
            }
        }
        output.onTermination = { reason in
            if case .cancelled = reason { task.cancel() }
        }
        return SynthesizedAudio(stream)
    }

    func keptAudio(of text: String) -> [UInt8]? { session.keptAudio(of: text) }
    func pace(of text: String) async -> SpokenPace? { await session.pace(of: text) }
    func beginReply() { session.beginReply() }
    func cutReply(heard samples: Int) { session.cutReply(heard: samples) }
    func close() { session.close() }
}
