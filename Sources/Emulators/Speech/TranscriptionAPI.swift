import Foundation
import Networking

/// OpenAI's `POST /v1/audio/transcriptions`.
struct TranscriptionAPI: EmulatedSpeechAPI {
    let invalidCode = "invalid_request_error"

    private static let fields: Set<String> = [
        "file", "model", "language", "languages[]", "keywords[]", "prompt", "response_format", "temperature",
        "timestamp_granularities[]", "chunking_strategy", "include[]", "stream",
    ]
    private static let extensions = ["wav", "mp3", "m4a", "ogg", "webm", "flac", "mp4", "mpeg", "mpga"]
    /// Root mean square above which a file holds speech.
    private static let speech = 300.0

    func owns(_ path: String) -> Bool { path == "/v1/audio/transcriptions" }

    func answer(
        _ request: HTTPRequest, number: Int, _ configuration: SpeechEmulatorConfiguration
    ) throws -> (type: String, headers: [(String, String)], chunks: [[UInt8]]) {
        try OpenAIAudioRim.check(request, apiKey: configuration.apiKey)
        guard let form = MultipartForm(request.body, contentType: request[header: "content-type"] ?? "") else {
            throw EmulatedRefusal(400, invalidCode, "a multipart form is wanted")
        }
        if let stranger = form.parts.first(where: { !Self.fields.contains($0.name) }) {
            throw EmulatedRefusal(400, "unknown_parameter", "unknown parameter \(stranger.name)")
        }
        guard let model = form["model"]?.text, !model.isEmpty else {
            throw EmulatedRefusal(400, "missing_required_parameter", "model is missing")
        }
        guard let file = form["file"], let name = file.fileName,
            Self.extensions.contains(where: { name.hasSuffix(".\($0)") })
        else { throw EmulatedRefusal(400, invalidCode, "a file with the extension of an audio format is wanted") }
        let samples = try samples(file.content)
        let isSpeech = Self.loudness(samples) > Self.speech
        let text = isSpeech ? configuration.transcripts[number % configuration.transcripts.count] : ""
        let format = form["response_format"]?.text ?? "json"
        guard ["json", "verbose_json"].contains(format), format == "json" || !model.hasPrefix("gpt-") else {
            throw EmulatedRefusal(400, "unsupported_value", "response_format \(format) is not compatible with \(model)")
        }
        let wantsLogs = form.parts.contains { $0.name == "include[]" && $0.text == "logprobs" }
        let answer =
            format == "json"
            ? json(text, withLogs: wantsLogs, samples: samples.count)
            : verbose(text, isSpeech: isSpeech, samples: samples.count)
        return ("application/json", [], [answer])
    }

    /// Linear mono samples of a WAV file.
    private func samples(_ file: ArraySlice<UInt8>) throws -> [Int16] {
        let bytes = Array(file)
        guard bytes.count > 44, bytes[0..<4].elementsEqual("RIFF".utf8), bytes[8..<16].elementsEqual("WAVEfmt ".utf8),
            bytes[20] == 1, bytes[22] == 1, bytes[34] == 16
        else { throw EmulatedRefusal(400, invalidCode, "Invalid file format.") }
        let size = (0..<4).reduce(0) { $0 | Int(bytes[40 + $1]) << (8 * $1) }
        guard size == bytes.count - 44 else { throw EmulatedRefusal(400, invalidCode, "The file is cut off.") }
        // The vendor's bound.
        guard size >= 1600 else {
            throw EmulatedRefusal(
                400, "audio_too_short", "Audio file is too short. Minimum audio length is 0.1 seconds.")
        }
        return stride(from: 44, to: bytes.count - 1, by: 2).map {
            Int16(truncatingIfNeeded: Int(bytes[$0]) | Int(bytes[$0 + 1]) << 8)
        }
    }

    private static func loudness(_ samples: [Int16]) -> Double {
        (samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(samples.count, 1))).squareRoot()
    }

    private func json(_ text: String, withLogs: Bool, samples: Int) -> [UInt8] {
        var body = JSONText()
        body.raw(#"{"text":"#)
        body.string(text)
        if withLogs {
            body.raw(#","logprobs":["#)
            for (index, word) in text.split(separator: " ").enumerated() {
                if index > 0 { body.raw(",") }
                body.raw(#"{"token":"#)
                body.string(String(word))
                body.raw(#","logprob":-0.051,"bytes":[]}"#)
            }
            body.raw("]")
        }
        let output = text.split(separator: " ").count
        let input = samples / 800
        body.raw(#","usage":{"type":"tokens","input_tokens":"#)
        body.integer(input)
        body.raw(#","input_token_details":{"text_tokens":0,"audio_tokens":"#)
        body.integer(input)
        body.raw(#"},"output_tokens":"#)
        body.integer(output)
        body.raw(#","total_tokens":"#)
        body.integer(input + output)
        body.raw("}}")
        return body.bytes
    }

    private func verbose(_ text: String, isSpeech: Bool, samples: Int) -> [UInt8] {
        var body = JSONText()
        body.raw(#"{"task":"transcribe","language":"english","duration":"#)
        body.thousandths(samples / 8)
        body.raw(#","text":"#)
        // Whisper invents words where there are none.
        body.string(isSpeech ? text : "Thank you.")
        body.raw(#","segments":[{"id":0,"seek":0,"start":0.0,"end":"#)
        body.thousandths(samples / 8)
        body.raw(#","text":"#)
        body.string(isSpeech ? text : "Thank you.")
        body.raw(#","tokens":[],"temperature":0.0,"avg_logprob":-0.12,"compression_ratio":1.1,"no_speech_prob":"#)
        body.thousandths(isSpeech ? 20 : 930)
        body.raw("}]}")
        return body.bytes
    }

    func refuse(_ refusal: EmulatedRefusal) -> StreamedResponse { OpenAIAudioRim.refuse(refusal) }
}
