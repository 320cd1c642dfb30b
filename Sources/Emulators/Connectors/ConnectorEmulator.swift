import Foundation
package import Networking

/// The APIs behind the connectors that ship, on a free port of 127.0.0.1: each checks method, path, headers,
/// credentials and body, and refuses what the vendor would refuse.
package final class ConnectorEmulator: Sendable {
    /// A request as it came.
    package struct Request: Sendable, Equatable {
        package var vendor: String
        package var method: String
        /// Behind the vendor's name.
        package var path: String
        package var query: String
        package var headers: [String: String]
        package var body: String
        /// What it was answered with.
        package var status: Int
    }

    /// What happens to a request in place of an answer.
    package enum Fault: Sendable, Equatable {
        case status(Int)
        /// The act is done, but its answer never comes.
        case cutAfterActing
        case stall
        case redirect(to: String)
        /// A body of so many bytes.
        case huge(Int)
        /// Something that is no JSON.
        case garbage
    }

    private struct State {
        var requests: [Request] = []
        var faults: [Fault] = []
    }

    private let state = Lock(State())
    let tokens = IssuedTokens()
    private let server = Lock<StreamServer?>(nil)

    package init() {}

    /// - Returns: the address, to which each vendor's name is a path.
    package func start() throws(NetworkError) -> String {
        let server = StreamServer { [self] in respond(to: $0) }
        let port = try server.start(port: 0)
        self.server.withLock { $0 = server }
        return "http://127.0.0.1:\(port)"
    }

    /// Once, after ``start()``.
    package func stop() { server.withLock { $0.take() }?.stop() }

    /// Every request so far, tokens' too.
    package var requests: [Request] { state.withLock { $0.requests } }

    /// What happens to the next requests, one each; tokens' do not count.
    package func fail(_ faults: [Fault]) { state.withLock { $0.faults = faults } }

    /// Refuses every token issued before.
    package func expireTokens() { tokens.expire() }

    /// What the connectors' files read from the environment, for vendors that are here.
    ///
    /// - Parameter keyFile: of a service account, as ``writeKey(to:address:)`` makes it; nil leaves Google out.
    package static func environment(_ address: String, keyFile: String? = nil) -> [String: String] {
        var environment = [
            "HUBSPOT_URL": "\(address)/hubspot", "HUBSPOT_TOKEN": "pat-emulated",
            "SALESFORCE_URL": "\(address)/salesforce", "SALESFORCE_CLIENT_ID": "client",
            "SALESFORCE_CLIENT_SECRET": "s3cr&t", "SENDGRID_URL": "\(address)/sendgrid",
            "SENDGRID_API_KEY": "SG.emulated", "TAVILY_URL": "\(address)/tavily", "TAVILY_API_KEY": "tvly-emulated",
            "SERPER_URL": "\(address)/serper", "SERPER_API_KEY": "serper-emulated",
            "WEB_SEARCH_URL": "\(address)/web", "WEB_SEARCH_KEY": "web-emulated",
            "SLACK_URL": "\(address)/slack", "SLACK_BOT_TOKEN": "xoxb-emulated",
            "CAL_COM_URL": "\(address)/cal", "CAL_COM_API_KEY": "cal_emulated",
        ]
        if let keyFile {
            environment["GOOGLE_CALENDAR_URL"] = "\(address)/google"
            environment["GMAIL_URL"] = "\(address)/gmail"
            environment["GOOGLE_KEY_FILE"] = keyFile
            environment["GMAIL_SENDER"] = "desk@example.com"
        }
        return environment
    }

    // MARK: Answering

    private func respond(to request: HTTPRequest) -> StreamedResponse {
        let parts = request.path.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: true)
        let vendor = parts.first.map(String.init) ?? ""
        let path = "/" + (parts.count > 1 ? String(parts[1]) : "")
        let call = EmulatedCall(request, path: path)
        let isToken = path.hasSuffix("/token")
        let fault = isToken ? nil : state.withLock { $0.faults.isEmpty ? nil : $0.faults.removeFirst() }
        var answer: EmulatedCall.Answer
        switch fault {
        case .status(let status): answer = .init(status, #"{"message":"refused as configured"}"#)
        case .redirect(let url):
            answer = .init(302, "{}")
            answer.headers.append(("Location", url))
        case .huge(let bytes): answer = .init(200, String(repeating: "x", count: bytes))
        case .garbage: answer = .init(200, #"{"results": [{"a":"#)
        case .stall, .cutAfterActing, nil: answer = self.answer(vendor, call)
        }
        state.withLock {
            $0.requests.append(
                Request(
                    vendor: vendor, method: request.method, path: path, query: request.query,
                    headers: Dictionary(request.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }),
                    body: String(decoding: request.body, as: UTF8.self), status: answer.status))
        }
        var response = StreamedResponse.json(Array(answer.body.utf8), status: answer.status, headers: answer.headers)
        switch fault {
        case .stall: response.steps = [.stall]
        case .cutAfterActing: response.steps = [.cut]
        default: break
        }
        return response
    }

    private func answer(_ vendor: String, _ call: EmulatedCall) -> EmulatedCall.Answer {
        do throws(EmulatedCall.Answer) {
            switch vendor {
            case "hubspot": return try hubSpot(call)
            case "salesforce": return try salesforce(call)
            case "google": return try googleCalendar(call)
            case "gmail": return try gmail(call)
            case "sendgrid": return try sendGrid(call)
            case "tavily": return try tavily(call)
            case "serper": return try serper(call)
            case "web": return try webSearch(call)
            case "slack": return try slack(call)
            case "cal": return try calCom(call)
            default: return .init(404, #"{"message":"no such vendor"}"#)
            }
        } catch {
            return error
        }
    }
}
