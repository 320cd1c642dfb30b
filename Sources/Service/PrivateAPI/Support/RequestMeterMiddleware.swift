import Foundation
import HTTPTypes
import Hummingbird
import Metrics
import Networking

/// Counts what the API is asked, and times it until its answer begins, by operation: what operators notice of a service that is
/// busy. The outermost, so that it sees refusals, too. Pages of the console are not counted.
struct RequestMeterMiddleware: RouterMiddleware {
    typealias Context = APIContext

    /// Answers of one kind to one operation. Bounded: there are as many as the document has operations, by five.
    private struct Kind: Hashable {
        let operation: String
        let status: String
    }

    /// What belongs to no operation: unknown addresses, and known ones that were asked in a way they do not take.
    private static let none = "none"
    private static let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete]

    private let factory: any MetricsFactory
    private let counters = Lock<[Kind: Counter]>([:])
    private let timers = Lock<[String: Timer]>([:])

    init(metrics: PrometheusRegistry) { factory = metrics.factory }

    @concurrent func handle(
        _ request: Request, context: APIContext, next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard request.uri.path.hasPrefix(ProblemMiddleware.prefix) else { return try await next(request, context) }
        let start = ContinuousClock.now
        let response = try await next(request, context)
        note(Self.operation(request.method, context.endpointPath), response.status, took: .now - start)
        return response
    }

    private func note(_ operation: String, _ status: HTTPResponse.Status, took: Duration) {
        let kind = Kind(operation: operation, status: "\(status.code / 100)xx")
        let counter = counters.withLock { counters in
            counters[kind]
                ?? {
                    let counter = Counter(
                        label: "parley_api_requests_total",
                        dimensions: [("operation", kind.operation), ("status", kind.status)], factory: factory)
                    counters[kind] = counter
                    return counter
                }()
        }
        counter.increment()
        let timer = timers.withLock { timers in
            timers[operation]
                ?? {
                    let timer = Timer(
                        label: "parley_api_request_seconds", dimensions: [("operation", operation)], factory: factory)
                    timers[operation] = timer
                    return timer
                }()
        }
        timer.recordNanoseconds(Int64(took / .nanoseconds(1)))
    }

    /// As in the API's document, `GET /calls/{id}`: never an id, a name or a number.
    static func operation(_ method: HTTPRequest.Method, _ endpoint: String?) -> String {
        guard let endpoint, endpoint.hasPrefix(ProblemMiddleware.prefix), methods.contains(method) else { return none }
        return "\(method.rawValue) \(endpoint.dropFirst(ProblemMiddleware.prefix.count))"
    }
}
