import Console
import Foundation
import Hummingbird
import NIOCore
import Store

/// How the service is, and the description of this API.
extension OperatorAPI {
    var healthRoutes: [APIRoute] {
        [
            APIRoute(.get, "/health") { _, _ in .json(try await health()) },
            APIRoute(.get, "/incidents") { request, _ in
                let wish = try request.query.page()
                let page = ListPage(try await store.incidents(limit: wish.asked, after: wish.after), wish) {
                    ListCursor(at: $0.happenedAt, id: $0.id)
                }
                return .json(IncidentListView(incidents: page.records, next: page.next))
            },
            APIRoute(.get, "/nodes") { request, _ in
                let wish = try request.query.page()
                let page = ListPage(try await store.nodes(limit: wish.asked, after: wish.after), wish) {
                    ListCursor(at: $0.startedAt, id: $0.id)
                }
                return .json(NodeListView(page.records, next: page.next))
            },
            APIRoute(.get, "/openapi.json", scope: nil) { _, _ in
                Response(
                    status: .ok, headers: [.contentType: "application/json"],
                    body: ResponseBody(byteBuffer: ByteBuffer(bytes: ConsoleFiles.openAPI)))
            },
        ]
    }

    private func health() async throws -> HealthView {
        let waiting = line?.waiting(at: .seconds(now().timeIntervalSince1970))
        return HealthView(
            readiness: await readiness.report(), startedAt: startedAt,
            uptime: Int(now().timeIntervalSince(startedAt)), liveCalls: desk.liveCount,
            maximumCalls: configuration.calls.maximum, callersWaiting: waiting?.callers,
            longestWait: waiting?.longest.map { Int($0.components.seconds) },
            refused: Dictionary(uniqueKeysWithValues: desk.refusals.map { ($0.key.rawValue, $0.value) }),
            recognizer: configuration.speech.recognizer.map(\.name).joined(separator: ", "),
            synthesizer: configuration.speech.synthesizer.map(\.name).joined(separator: ", "),
            stops: try await store.agentStops(), isRecording: configuration.recordings.isEnabled,
            retentionDays: configuration.recordings.retentionDays,
            carrierAuthentication: configuration.public.auth.rawValue, missedEvents: board.feed.missedCount,
            warnings: [try await openWarning()].compactMap(\.self) + publicWarnings)
    }

    private var publicWarnings: [String] {
        configuration.public.auth == .none
            ? ["\"public.auth\" is none: whoever reaches the public listener may call every agent."] : []
    }
}

extension ParleyConfiguration.Speech.Engine {
    fileprivate var word: String {
        switch self {
        case .embedded: "embedded"
        case .provider(let name): name
        }
    }
}

private struct HealthView: Encodable {
    let readiness: ReadinessReport
    let startedAt: Date
    /// Seconds.
    let uptime: Int
    let liveCalls: Int
    let maximumCalls: Int
    /// Callers in line for a free line; nil where nobody waits for one.
    let callersWaiting: Int?
    /// Seconds that the first of them has waited.
    let longestWait: Int?
    /// Calls that were not taken, by reason.
    let refused: [String: Int]
    let recognizer: String
    let synthesizer: String
    /// Agents that a person has stopped.
    let stops: [AgentStop]
    let isRecording: Bool
    let retentionDays: Int?
    let carrierAuthentication: String
    /// Events that some reader was too slow for.
    let missedEvents: Int
    let warnings: [String]
}

private struct IncidentListView: Encodable {
    let incidents: [IncidentRecord]
    let next: String?
}
