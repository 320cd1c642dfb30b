/// Tavily, Serper, and a search with Bing's wire.
extension ConnectorEmulator {
    func tavily(_ call: EmulatedCall) throws(EmulatedCall.Answer) -> EmulatedCall.Answer {
        try call.requireBearer("tvly-emulated")
        guard call.method == "POST", call.path == "/search" else { throw call.unknown }
        let body = try call.json(
            .object(
                ["query": .text],
                optional: ["max_results": .number, "search_depth": .exactly("basic"), "include_answer": .truth]))
        let query = (body["query"]?.text ?? "").quotedJSON
        return .init(
            200,
            "{\"query\":\(query),\"answer\":\"Acme makes anvils in Springfield and has 120 employees.\",\"results\":[{\"title\":\"Acme\",\"url\":\"https://acme.example\",\"content\":\"Acme makes anvils. 120 employees.\",\"score\":0.9}],\"response_time\":0.4}"
        )
    }

    func serper(_ call: EmulatedCall) throws(EmulatedCall.Answer) -> EmulatedCall.Answer {
        guard call.header("x-api-key") == "serper-emulated" else { throw .init(403, #"{"message":"Unauthorized."}"#) }
        guard call.method == "POST", call.path == "/search" else { throw call.unknown }
        _ = try call.json(.object(["q": .text], optional: ["gl": .text, "num": .number]))
        return .init(
            200,
            #"{"searchParameters":{"q":"x"},"organic":[{"title":"Acme","link":"https://acme.example","snippet":"Anvils since 1949.","position":1}]}"#
        )
    }

    func webSearch(_ call: EmulatedCall) throws(EmulatedCall.Answer) -> EmulatedCall.Answer {
        guard call.header("ocp-apim-subscription-key") == "web-emulated" else {
            throw .init(401, #"{"error":{"code":"401","message":"Access denied"}}"#)
        }
        guard call.method == "GET", call.path == "/v7.0/search" else { throw call.unknown }
        try call.allowQuery(["mkt", "count", "responseFilter"], required: ["q"])
        return .init(
            200,
            #"{"_type":"SearchResponse","webPages":{"value":[{"name":"Acme","url":"https://acme.example","snippet":"Anvils since 1949."}]}}"#
        )
    }
}
