package import AudioCore

/// The voice of one call: sentences of the model come with their audio, all others are said by another voice.
package struct RealtimeSynthesizer: SpeechSynthesizer {
    private let call: RealtimeCall
    private let other: any SpeechSynthesizer

    /// - Parameter other: says what the model does not: greetings, questions whether the caller is still there, apologies.
    package init(_ call: RealtimeCall, over other: any SpeechSynthesizer) {
        self.call = call
        self.other = other
    }

    package func makeSession(voice: String, format: AudioFormat) async throws(SpeechError) -> any SynthesisSession {
        // Before anything is waited for: what is opened after this has another life.
        let life = call.life
        return Session(call, life: life, other: try await other.makeSession(voice: voice, format: format))
    }

    private final class Session: SynthesisSession {
        private let call: RealtimeCall
        private let life: Int
        private let other: any SynthesisSession
        /// The texts that the other voice said last.
        private let others = RecentTexts()

        init(_ call: RealtimeCall, life: Int, other: any SynthesisSession) {
            self.call = call
            self.life = life
            self.other = other
        }

        func synthesize(_ text: String) -> SynthesizedAudio {
            if let audio = call.speak(text) {
                others.remove(text)
                return SynthesizedAudio(audio)
            }
            others.insert(text)
            let (call, audio) = (call, other.synthesize(text))
            // Bounded by the sentence. In between, so that it is known whose audio the caller hears.
            let (stream, continuation) = AsyncThrowingStream.makeStream(of: [UInt8].self, throwing: (any Error).self)
            let task = Task {
                do {
                    for try await chunk in audio {
                        call.onLoop { $0.conversation.gave(other: chunk.count) }
                        continuation.yield(chunk)
                    }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { reason in
                if case .cancelled = reason { task.cancel() }
            }
            return SynthesizedAudio(stream)
        }

        func keptAudio(of text: String) -> [UInt8]? { other.keptAudio(of: text) }

        /// The model does not tell when it says what.
        func pace(of text: String) async -> SpokenPace? { others.contains(text) ? await other.pace(of: text) : nil }

        func beginReply() {
            call.onLoop { $0.perform($0.conversation.beginReply()) }
        }

        func cutReply(heard samples: Int) {
            call.onLoop { $0.perform($0.conversation.cutReply(heard: samples, now: $0.now)) }
        }

        func close() {
            other.close()
            call.close(life: life)
        }
    }
}
