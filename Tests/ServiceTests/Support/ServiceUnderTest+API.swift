import Foundation
import Networking
import Store

@testable import Service

/// What an operator's program asks.
extension ServiceUnderTest {
    struct Answer: Sendable {
        let status: Int
        let headers: [(String, String)]
        let body: Data

        func header(_ name: String) -> String? { headers.first { $0.0.lowercased() == name }?.1 }

        var object: [String: Any] {
            (try? JSONSerialization.jsonObject(with: body) as? [String: Any]) ?? [:]
        }

        /// What a problem says.
        var detail: String { object["detail"] as? String ?? "" }
    }

    /// The API over this service's store, with nobody on the line and a board to put somebody on.
    func unservedAPI() -> (api: OperatorAPI, board: CallBoard) {
        let (desk, board) = (CallDesk(maximumCalls: 1), CallBoard())
        let lines = BrowserLines(configuration: service.configuration.public, calls: service.browserCalls)
        let api = OperatorAPI(
            configuration: service.configuration, store: service.store, agents: service.agents, desk: desk,
            board: board, lines: lines, takeovers: Takeovers(desk: desk, lifetime: .seconds(60)),
            readiness: Readiness(), logger: log.logger)
        return (api, board)
    }

    /// - Parameter json: sent as the body, with its type.
    func api(
        _ method: String, _ path: String, json: Any? = nil, headers: [(String, String)] = [], type: String? = nil
    ) async throws -> Answer {
        var headers = headers
        var body: [UInt8] = []
        if let json {
            headers.append(("Content-Type", type ?? "application/json"))
            body = Array(try JSONSerialization.data(withJSONObject: json, options: .fragmentsAllowed))
        }
        return try await api(method, path, body: body, headers: headers)
    }

    /// - Parameter body: sent as it is.
    func api(
        _ method: String, _ path: String, body: [UInt8], headers: [(String, String)]
    ) async throws -> Answer {
        let response = try await client.send(
            HTTPClientRequest(
                method: method, url: "http://127.0.0.1:\(privatePort)\(path)", headers: headers, body: body))
        return Answer(
            status: response.status, headers: response.headers.map { ($0.name, $0.value) },
            body: Data(try await response.body.collect(upTo: 20_000_000)))
    }

    /// Waits until somebody is on the line, and tells the call's id.
    func liveCall(headers: [(String, String)] = []) async throws -> String {
        var id = ""
        try await waitUntil("the call is live") {
            let live = try await api("GET", "/api/v1/live", headers: headers).object["calls"] as? [[String: Any]]
            id = live?.first?["id"] as? String ?? ""
            return !id.isEmpty
        }
        return id
    }

    /// Holds a call and waits until its last row is stored.
    func finishedCall(_ carrierID: String = "CA1", saying lines: [String]) async throws -> String {
        _ = try await call(carrierID, saying: lines)
        var id = ""
        try await waitUntil("the call is stored") {
            let found = try await service.store.calls(matching: CallFilter(hasEnded: true)).calls
                .first { $0.carrierCallID == carrierID }
            id = found?.id ?? ""
            guard !id.isEmpty else { return false }
            return try await !service.store.story(ofCall: id).recordings.isEmpty
        }
        return id
    }
}
