package import Networking

/// A language model behind the chat-completions protocol.
package typealias OpenAIChatModel = StreamedModel<OpenAIChatConfiguration>

extension OpenAIChatConfiguration: ModelAPI {
    package func httpRequest(for request: ModelRequest) -> HTTPClientRequest {
        var headers = [("content-type", "application/json"), ("accept", "text/event-stream")]
        if !apiKey.isEmpty {
            headers.append(dialect.usesAPIKeyHeader ? ("api-key", apiKey) : ("authorization", "Bearer \(apiKey)"))
        }
        let body = OpenAIChatRequest(request, configuration: self).body.text
        return HTTPClientRequest(
            method: "POST", url: baseURL + "/chat/completions", headers: headers, body: Array(body.utf8))
    }

    package func makeAccumulator() -> OpenAIChatAccumulator { OpenAIChatAccumulator(provider: baseURL) }

    package func error(status: Int, headers: [(name: String, value: String)], body: String) -> ModelError {
        OpenAIFailure.error(status: status, headers: headers, body: body, provider: baseURL)
    }
}
