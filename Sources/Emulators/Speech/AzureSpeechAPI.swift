import Foundation
import Networking

/// Azure Speech's `POST /cognitiveservices/v1`.
struct AzureSpeechAPI: EmulatedSpeechAPI {
    let invalidCode = "BadRequest"

    func owns(_ path: String) -> Bool { path == "/cognitiveservices/v1" }

    func answer(
        _ request: HTTPRequest, number: Int, _ configuration: SpeechEmulatorConfiguration
    ) throws -> (type: String, headers: [(String, String)], chunks: [[UInt8]]) {
        guard request.method == "POST" else { throw EmulatedRefusal(405, "MethodNotAllowed", "POST it") }
        guard request[header: "ocp-apim-subscription-key"] == configuration.apiKey else {
            throw EmulatedRefusal(
                401, "Unauthorized",
                "Access denied due to invalid subscription key or wrong API endpoint. Make sure to use both of one region."
            )
        }
        guard request[header: "content-type"]?.hasPrefix("application/ssml+xml") == true else {
            throw EmulatedRefusal(415, "UnsupportedMediaType", "Content-Type is application/ssml+xml")
        }
        guard request[header: "user-agent"]?.isEmpty == false else {
            throw EmulatedRefusal(400, invalidCode, "User-Agent is required")
        }
        guard let (encoding, rate) = Self.format(request[header: "x-microsoft-outputformat"] ?? "") else {
            throw EmulatedRefusal(400, invalidCode, "X-Microsoft-OutputFormat is not one that the emulator speaks")
        }
        let text = try SSMLDocument(request.body).text
        let chunks = EmulatedSpeech.chunks(
            text, encoding, sampleRate: rate, characterDuration: configuration.characterDuration,
            chunkDuration: configuration.chunkDuration)
        // The vendor names its raw formats in its own way.
        return (encoding == .mulaw ? "audio/basic" : encoding == .alaw ? "audio/alaw" : "audio/x-wav", [], chunks)
    }

    private static func format(_ name: String) -> (EmulatedSpeech.Encoding, Int)? {
        switch name {
        case "raw-8khz-8bit-mono-mulaw": (.mulaw, 8000)
        case "raw-8khz-8bit-mono-alaw": (.alaw, 8000)
        case "raw-8khz-16bit-mono-pcm": (.linear16, 8000)
        case "raw-16khz-16bit-mono-pcm": (.linear16, 16_000)
        case "raw-22050hz-16bit-mono-pcm": (.linear16, 22_050)
        case "raw-24khz-16bit-mono-pcm": (.linear16, 24_000)
        case "raw-44100hz-16bit-mono-pcm": (.linear16, 44_100)
        case "raw-48khz-16bit-mono-pcm": (.linear16, 48_000)
        default: nil
        }
    }

    func refuse(_ refusal: EmulatedRefusal) -> StreamedResponse {
        var body = JSONText()
        body.raw(#"{"error":{"code":"#)
        body.string(refusal.code)
        body.raw(#","message":"#)
        body.string(refusal.message)
        body.raw("}}")
        return .json(body.bytes, status: refusal.status)
    }
}
