import Codecs
import Networking

/// One utterance as a file, in the form that a browser would send.
enum TranscriptionRequest {
    /// - Parameter audio: 8 kHz µ-law; it is sent as linear samples, which every server reads.
    static func make(_ configuration: TranscriptionConfiguration, audio: [UInt8]) -> HTTPClientRequest {
        let boundary = "parley-7f3c1b9e5d2a4860"
        var body: [UInt8] = []
        func field(_ name: String, _ value: String) {
            body += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8
        }
        field("model", configuration.model)
        if !configuration.language.isEmpty {
            field("language", String(configuration.language.prefix { $0 != "-" }))
        }
        // How sure the server is comes with the tokens of newer models and with the segments of whisper's.
        if configuration.model.hasPrefix("gpt-") {
            field("response_format", "json")
            field("include[]", "logprobs")
        } else {
            field("response_format", "verbose_json")
        }
        body +=
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"utterance.wav\"\r\nContent-Type: audio/wav\r\n\r\n"
            .utf8
        body += WAVHead.file(audio.map(MuLaw.decode), sampleRate: 8000)
        body += "\r\n--\(boundary)--\r\n".utf8
        var headers = [("Content-Type", "multipart/form-data; boundary=\(boundary)")]
        if !configuration.apiKey.isEmpty { headers.append(("Authorization", "Bearer \(configuration.apiKey)")) }
        return HTTPClientRequest(
            method: "POST", url: "\(configuration.url)/audio/transcriptions", headers: headers, body: body,
            deadlines: .init(
                connect: .seconds(3), firstByte: configuration.answerDeadline, betweenChunks: .seconds(2),
                total: configuration.answerDeadline))
    }
}
