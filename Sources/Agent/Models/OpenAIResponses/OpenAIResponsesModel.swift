package import Networking

/// A language model behind OpenAI's Responses protocol.
package typealias OpenAIResponsesModel = StreamedModel<OpenAIResponsesConfiguration>

extension OpenAIResponsesConfiguration: ModelAPI {
    package func httpRequest(for request: ModelRequest) -> HTTPClientRequest {
        var headers = [("content-type", "application/json"), ("accept", "text/event-stream")]
        if !apiKey.isEmpty { headers.append(("authorization", "Bearer \(apiKey)")) }
        return HTTPClientRequest(
            method: "POST", url: baseURL + "/responses", headers: headers,
            body: Array(OpenAIResponsesRequest(request, configuration: self).body.text.utf8))
    }

    package func makeAccumulator() -> OpenAIResponsesAccumulator { OpenAIResponsesAccumulator(provider: baseURL) }

    package func error(status: Int, headers: [(name: String, value: String)], body: String) -> ModelError {
        OpenAIFailure.error(status: status, headers: headers, body: body, provider: baseURL)
    }
}
