import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Store

/// Turns whatever a request failed with into a problem that says what to do, and tells nothing of our inside.
struct ProblemMiddleware: RouterMiddleware {
    typealias Context = APIContext

    static let prefix = "/api/v1"
    /// What is outside the API, and can only be read.
    private static let pages: Set<String> = ["/", "/healthz", "/readyz", "/metrics"]
    let routes: [APIRoute]

    @concurrent func handle(
        _ request: Request, context: APIContext, next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let problem as Problem {
            return problem.response
        } catch let error as StoreError where error.code == .notFound {
            return Problem.noCall(error).response
        } catch let error as NIOTooManyBytesError {
            return Problem.tooLarge(error.maxBytes ?? APIRoute.largestBody).response
        } catch let error as any HTTPResponseError where error.status.code < 500 {
            return wrongWay(request, error.status)
        } catch is CancellationError {
            return Problem.unavailable("The service is stopping; ask again in a few seconds.").response
        } catch {
            context.logger.error(
                "a request failed", metadata: ["path": "\(context.endpointPath ?? "")", "error": "\(error)"])
            return Problem.unavailable("This failed on our side; the log says why. Try again, and look at /readyz.")
                .response
        }
    }

    /// There is nothing at the address, or it cannot be asked that way.
    private func wrongWay(_ request: Request, _ status: HTTPResponse.Status) -> Response {
        let path = request.uri.path
        if status == .notFound, path.hasPrefix(Self.prefix) {
            let rest = path.dropFirst(Self.prefix.count)
            // A path without parameters hides one with them, here as in the router.
            let exact = routes.filter { $0.path == rest }
            let methods = (exact.isEmpty ? routes.filter { $0.fits(rest) } : exact).map(\.method.rawValue)
            if !methods.isEmpty {
                let allowed = Set(methods + (methods.contains("GET") ? ["HEAD"] : [])).sorted().joined(separator: ", ")
                return Problem(
                    status: .methodNotAllowed, code: "method_not_allowed", detail: "This address takes \(allowed).",
                    headers: [.allow: allowed]
                ).response
            }
            return Problem.notFound("There is no such operation; GET /api/v1/openapi.json lists them.").response
        }
        if status == .notFound {
            let method = request.method
            if method != .get, method != .head, Self.pages.contains(path) {
                return Problem(
                    status: .methodNotAllowed, code: "method_not_allowed", detail: "This address takes GET, HEAD.",
                    headers: [.allow: "GET, HEAD"]
                ).response
            }
            return Problem.notFound("There is nothing here.").response
        }
        return Problem(status: status, code: "invalid_request", detail: status.reasonPhrase).response
    }
}
