import Foundation
import HTTPTypes
import Hummingbird
import Metrics
import Networking
import Store

/// Admits each key so many requests, and tells it how many are left (draft-ietf-httpapi-ratelimit-headers). Whoever shows
/// no key is counted by the address, so that nobody's flood keeps others from signing in.
struct RateLimitMiddleware: RouterMiddleware {
    typealias Context = APIContext

    /// Buckets kept; beyond, full ones are forgotten, which changes nothing for their owners.
    private static let most = 1000

    private let rate: Double
    private let burst: Int
    private let now: @Sendable () -> Date
    private let buckets = Lock<[String: RequestBucket]>([:])
    private let refused: Counter

    init(
        _ configuration: ParleyConfiguration.Private, metrics: PrometheusRegistry, now: @escaping @Sendable () -> Date
    ) {
        refused = Counter(label: "parley_api_requests_limited_total", factory: metrics.factory)
        rate = configuration.requestsPerSecond
        burst = configuration.burst
        self.now = now
    }

    @concurrent func handle(
        _ request: Request, context: APIContext, next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let verdict = take(Self.owner(context.identity?.keyID, context.address))
        let headers: HTTPFields = [
            .rateLimitPolicy: "\"key\";q=\(burst);w=\(Int((Double(burst) / rate).rounded(.up)))",
            .rateLimit: "\"key\";r=\(verdict.remaining);t=\(verdict.full)",
        ]
        guard verdict.isAdmitted else {
            refused.increment()
            throw Problem(
                status: .tooManyRequests, code: "too_many_requests",
                detail:
                    "This key, or this address without one, may ask \(burst) times at once and \(rate.formatted()) times a second after that; ask "
                    + "again in \(verdict.wait) s. \"private.requests_per_second\" and \"private.burst\" set it.",
                headers: headers.with(.retryAfter, "\(verdict.wait)"))
        }
        do {
            var response = try await next(request, context)
            for field in headers { response.headers[field.name] = field.value }
            return response
        } catch let problem as Problem {
            throw problem.with(headers)
        } catch let error as StoreError where error.code == .notFound {
            throw Problem.noCall(error).with(headers)
        }
    }

    /// Whose requests are counted together. No key's id has a space in it.
    static func owner(_ keyID: String?, _ address: String?) -> String {
        keyID ?? "address \(address.map { SignInGuard.origin($0) ?? "here" } ?? "unknown")"
    }

    private func take(_ owner: String) -> RequestBucket.Verdict {
        let now = now()
        return buckets.withLock { buckets in
            var key = owner
            if buckets.count >= Self.most, buckets[key] == nil {
                buckets = buckets.filter { !$0.value.isFull(now) }
                // More of them ask at once than are told apart: the rest share one.
                if buckets.count >= Self.most { key = "" }
            }
            var bucket = buckets[key] ?? RequestBucket(rate: rate, burst: burst, now: now)
            let verdict = bucket.take(now)
            buckets[key] = bucket
            return verdict
        }
    }
}

extension Problem {
    fileprivate func with(_ fields: HTTPFields) -> Problem {
        var problem = self
        for field in fields { problem.headers[field.name] = field.value }
        return problem
    }
}

extension HTTPFields {
    fileprivate func with(_ name: HTTPField.Name, _ value: String) -> HTTPFields {
        var fields = self
        fields[name] = value
        return fields
    }
}

extension HTTPField.Name {
    static let rateLimit = Self("RateLimit")!
    static let rateLimitPolicy = Self("RateLimit-Policy")!
}
