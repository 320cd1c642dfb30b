import AudioCore

/// FreeSWITCH's `mod_audio_stream`: 16-bit samples in binary messages from it, µ-law in base64 within JSON to it.
///
/// From version 1.0.3 on, which is not free software, it plays what it is sent, in order. The free versions write every
/// message to a file and announce it, and an application has to play it. None of them tells what was played, and none drops
/// what it holds: an application may, when it is told `killAudio`.
package struct AudioStreamDialect: MediaDialect {
    package static let capabilities: MediaCapabilities = {
        var capabilities = MediaCapabilities(name: "audiostream")
        capabilities.receives = AudioFormat(encoding: .linear16, sampleRate: 8000)
        capabilities.positions = .counted
        // Each message is an event in FreeSWITCH.
        capabilities.message = .init(step: 20, least: 100)
        capabilities.leastLead = 200
        // What waits there is heard, whatever the caller says.
        capabilities.mostLead = 300
        capabilities.hasMarks = false
        capabilities.clears = false
        return capabilities
    }()

    private var stream: FreeSwitchStream

    /// - Parameter parameters: `rate` is the sample rate of the `start` command, when it is not `8k`.
    package init(parameters: [String: String]) { stream = FreeSwitchStream(parameters: parameters) }

    package mutating func decode(
        _ message: Span<UInt8>, _ kind: MediaMessageKind, audio: inout MediaPayload, replies: inout MediaOutbox
    ) throws(MediaError) -> MediaEvent {
        try stream.decode(message, kind, replyFormat: .telephone, audio: &audio)
    }

    package mutating func encode(_ command: MediaCommand, audio: Span<UInt8>, into outbox: inout MediaOutbox) {
        switch command {
        case .audio:
            outbox.append(.text) { buffer in
                buffer.append(
                    #"{"type":"streamAudio","data":{"audioDataType":"pcmu","sampleRate":8000,"audioData":""#)
                Base64.encode(audio, appendingTo: &buffer)
                buffer.append(#""}}"#)
            }
        case .clear: outbox.append(text: #"{"type":"killAudio"}"#)
        case .end: outbox.append(text: #"{"type":"disconnect"}"#)
        case .accept, .mark, .key, .caption, .state: break
        }
    }
}
