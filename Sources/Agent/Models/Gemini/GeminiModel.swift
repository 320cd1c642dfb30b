package import Networking

/// A language model behind Gemini's own protocol.
package typealias GeminiModel = StreamedModel<GeminiConfiguration>

extension GeminiConfiguration: ModelAPI {
    package func httpRequest(for request: ModelRequest) -> HTTPClientRequest {
        let name = request.model ?? model
        // `models/…` is implied; tuned models have a collection of their own.
        let path = (name.contains("/") ? name : "models/" + name)
        return HTTPClientRequest(
            method: "POST", url: "\(baseURL)/\(Self.escaped(path)):streamGenerateContent?alt=sse",
            headers: [
                ("content-type", "application/json"), ("accept", "text/event-stream"), ("x-goog-api-key", apiKey),
            ], body: Array(GeminiRequest(request, configuration: self).body.text.utf8))
    }

    package func makeAccumulator() -> GeminiAccumulator { GeminiAccumulator(provider: baseURL) }

    package func error(status: Int, headers: [(name: String, value: String)], body: String) -> ModelError {
        GeminiFailure.error(ModelFailure.object(body), status: status, headers: headers, provider: baseURL)
    }

    /// A model's name is free text, but it stands in a path.
    private static func escaped(_ path: String) -> String {
        let digits = Array("0123456789ABCDEF".unicodeScalars)
        var text = ""
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"), UInt8(ascii: "@"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                text += "%"
                text.unicodeScalars.append(digits[Int(byte >> 4)])
                text.unicodeScalars.append(digits[Int(byte & 15)])
            }
        }
        return text
    }
}
