import AudioCore

/// FreeSWITCH's `mod_audio_fork` with bidirectional streaming, which jambonz's version of it has: 16-bit samples in binary
/// messages both ways, commands as JSON in text messages.
///
/// It gathers 1,280 samples before it plays first and 640 from then on, and leaves a shorter tail unplayed, so no message is
/// shorter than that is at 8 kHz. A mark that was followed by audio and then cleared makes it swallow a later one; so marks
/// stand behind the end of speech only, where a clear reports them.
package struct AudioForkDialect: MediaDialect {
    package static let capabilities: MediaCapabilities = {
        var capabilities = MediaCapabilities(name: "audiofork")
        capabilities.subprotocol = "audio.drachtio.org"
        capabilities.receives = AudioFormat(encoding: .linear16, sampleRate: 8000)
        capabilities.sends = AudioFormat(encoding: .linear16, sampleRate: 8000)
        capabilities.positions = .counted
        capabilities.message = .init(step: 20, least: 80)
        capabilities.leastLead = 160
        capabilities.marksWithin = false
        return capabilities
    }()

    private var stream: FreeSwitchStream
    private let replyFormat: AudioFormat?

    /// - Parameter parameters: `rate` and `reply-rate` are the sample rates of the `start` command, when they are not `8k`.
    package init(parameters: [String: String]) {
        stream = FreeSwitchStream(parameters: parameters)
        let rate = FreeSwitchStream.rate(parameters["reply-rate"])
        replyFormat = rate.flatMap {
            FreeSwitchStream.rates.contains($0) ? AudioFormat(encoding: .linear16, sampleRate: $0) : nil
        }
    }

    package mutating func decode(
        _ message: Span<UInt8>, _ kind: MediaMessageKind, audio: inout MediaPayload, replies: inout MediaOutbox
    ) throws(MediaError) -> MediaEvent {
        try stream.decode(message, kind, replyFormat: replyFormat, audio: &audio)
    }

    package mutating func encode(_ command: MediaCommand, audio: Span<UInt8>, into outbox: inout MediaOutbox) {
        outbox.append(forFork: command, audio: audio)
    }
}

extension MediaOutbox {
    /// Appends a command in the words of `mod_audio_fork`, which jambonz passes on.
    mutating func append(forFork command: MediaCommand, audio: Span<UInt8>) {
        switch command {
        case .audio: append(binaryForFork: audio)
        case .mark(let mark):
            append(.text) { buffer in
                buffer.append(#"{"type":"mark","data":{"name":""#)
                mark.appendName(to: &buffer)
                buffer.append(#""}}"#)
            }
        case .clear: append(text: #"{"type":"killAudio"}"#)
        // For the application, which hears of it: the module closes nothing itself.
        case .end: append(text: #"{"type":"disconnect"}"#)
        case .accept, .key, .caption, .state: break
        }
    }

    /// Appends 16-bit samples for `mod_audio_fork`, which takes a sample of -1 for one of its marks.
    private mutating func append(binaryForFork audio: Span<UInt8>) {
        append(.binary) { buffer in
            var index = 0
            while index + 1 < audio.count {
                let isReserved = audio[index] == 0xFF && audio[index + 1] == 0xFF
                buffer.append(isReserved ? 0xFE : audio[index])
                buffer.append(audio[index + 1])
                index += 2
            }
        }
    }
}
