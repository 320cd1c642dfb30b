import Foundation
import Logging
import Networking
import Telephony

/// The public plane: every carrier has the paths below its own name, `/NAME/…`, and there is nothing else.
final class PublicRoutes: ListenerService {
    private let entrances: [String: any ListenerService]

    /// - Parameter entrances: by the first part of the path.
    init(_ entrances: [String: any ListenerService]) { self.entrances = entrances }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        guard let entrance = entrance(of: request) else { return .nothingHere }
        return await entrance.respond(to: request)
    }

    func upgrade(_ request: HTTPRequest, on loop: EventLoop) -> WebSocketUpgrade {
        guard let entrance = entrance(of: request) else { return .refuse(.nothingHere) }
        return entrance.upgrade(request, on: loop)
    }

    private func entrance(of request: HTTPRequest) -> (any ListenerService)? {
        request.path.split(separator: "/", maxSplits: 1).first.flatMap { entrances[String($0)] }
    }
}

extension HTTPResponse {
    static let nothingHere = HTTPResponse.text("There is nothing here.\n", status: 404)
}

extension PublicRoutes {
    /// The entrances that the configuration asks for.
    static func make(
        _ configuration: ParleyConfiguration, baseURL: String, host: CallHost, tokens: CallTokenAuthority,
        logger: Logger
    ) -> PublicRoutes {
        var entrances: [String: any ListenerService] = ["browser": BrowserEntrance(host: host)]
        if let dialect = MediaDialects.named("twilio") {
            entrances["twilio"] = TwilioWebhooks(
                trust: .init(configuration), account: configuration.carriers.twilio.accountSID, baseURL: baseURL,
                tokens: tokens, desk: host.desk, agentForNumber: { configuration.agents.name(forCallTo: $0) },
                openMedia: { host.openMedia(dialect, on: $0) }, runner: host.runner,
                now: { .seconds(Date().timeIntervalSince1970) }, logger: logger)
        }
        return PublicRoutes(entrances)
    }
}
