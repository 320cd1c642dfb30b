package import AudioCore

/// Whole sentences as they were synthesised, for all calls of a process: a greeting is spoken by an engine once.
///
/// Bounded in bytes of audio; the sentence that nobody has wanted for longest makes room.
package final class PhraseCache: Sendable {
    /// What makes two sentences sound the same.
    package struct Key: Sendable, Hashable {
        /// The engine and all of its settings that change how it sounds; empty where a cache serves one engine only and is
        /// not archived.
        package var engine: String
        package var voice: String
        package var text: String
        package var format: AudioFormat

        package init(engine: String = "", voice: String, text: String, format: AudioFormat) {
            self.engine = engine
            self.voice = voice
            self.text = text
            self.format = format
        }
    }

    package enum Event: Sendable, Equatable {
        case hit
        case miss
        /// A sentence was added; so many bytes are kept now.
        case kept(bytes: Int)
    }

    /// Bytes of audio.
    package let capacity: Int
    private let phrases: Protected<RecencyCache<Key>>
    private let observer: @Sendable (Event) -> Void

    /// - Parameters:
    ///   - capacity: in bytes of audio, more than 0.
    ///   - observer: told of every use, on any thread; must not block.
    package init(capacity: Int, observer: @escaping @Sendable (Event) -> Void = { _ in }) {
        precondition(capacity > 0, "a cache without room is no cache")
        self.capacity = capacity
        self.observer = observer
        phrases = Protected(RecencyCache(capacity: capacity))
    }

    /// Bytes of audio kept.
    package var byteCount: Int { phrases.withLock { $0.byteCount } }

    /// The audio of a sentence that was kept; asking makes it the latest used.
    ///
    /// - Parameter isLast: whether an engine is asked next if it is not there.
    func audio(for key: Key, isLast: Bool = true) -> [UInt8]? {
        let audio = phrases.withLock { $0.value(for: key) }
        if audio != nil { observer(.hit) } else if isLast { observer(.miss) }
        return audio
    }

    /// Keeps a complete sentence.
    func keep(_ audio: [UInt8], for key: Key) {
        let bytes = phrases.withLock { phrases in
            phrases.insert(audio, for: key)
            return phrases.byteCount
        }
        observer(.kept(bytes: bytes))
    }
}
