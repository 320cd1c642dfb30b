package import Networking

/// A language model behind Anthropic's Messages protocol.
package typealias AnthropicModel = StreamedModel<AnthropicConfiguration>

extension AnthropicConfiguration: ModelAPI {
    /// The version of the protocol, which every request names. The current one refuses a temperature, so that a request
    /// with one is of the version before, the last to take it.
    private static func version(for request: ModelRequest) -> String {
        request.temperature == nil ? "2026-10-21" : "2023-06-01"
    }

    package func httpRequest(for request: ModelRequest) -> HTTPClientRequest {
        HTTPClientRequest(
            method: "POST", url: baseURL + "/v1/messages",
            headers: [
                ("content-type", "application/json"), ("accept", "text/event-stream"),
                ("anthropic-version", Self.version(for: request)), ("x-api-key", apiKey),
            ], body: Array(AnthropicRequest(request, configuration: self).body.text.utf8))
    }

    package func makeAccumulator() -> AnthropicAccumulator { AnthropicAccumulator(provider: baseURL) }

    package func error(status: Int, headers: [(name: String, value: String)], body: String) -> ModelError {
        AnthropicFailure.error(ModelFailure.object(body), status: status, headers: headers, provider: baseURL)
    }
}
