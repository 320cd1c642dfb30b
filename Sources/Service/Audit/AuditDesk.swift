import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Store
import Synchronization

/// Writes down what people do over the API.
///
/// A row is written before the answer leaves. An act is not held up by a database that is away: a call must be ended all the
/// same. Such an act is in the log of the service, and counted.
final class AuditDesk: Sendable {
    /// Characters of a path that are kept.
    private static let longestSubject = 200

    private let store: Store
    private let now: @Sendable () -> Date
    private let logger: Logger
    private let unwritten = Atomic<Int>(0)

    init(store: Store, logger: Logger, now: @escaping @Sendable () -> Date = { Date() }) {
        self.store = store
        self.logger = logger
        self.now = now
    }

    var samples: [PrometheusSample] {
        [.counter("parley_audit_unwritten_total", unwritten.load(ordering: .relaxed))]
    }

    /// Answers a request, and writes down what came of it: that it was done, that who asked may not, or that it failed on our
    /// side. What was asked wrongly, or of what is not there, changed nothing.
    func watch(
        _ route: APIRoute, _ request: Request, _ context: APIContext, _ body: () async throws -> Response
    ) async throws -> Response {
        guard route.isAudited else { return try await body() }
        do {
            let response = try await body()
            // An answer that is given again was an act once.
            guard response.headers[.idempotencyReplayed] == nil else { return response }
            let outcome = response.status.code < 400 ? AuditDraft.Outcome.done : .failed
            if route.writesRow, outcome == .done { return response }
            await note(route, request, context, outcome, status: response.status.code)
            return response
        } catch let problem as Problem {
            if problem.status == .forbidden {
                await note(route, request, context, .refused, status: problem.status.code)
            } else if problem.status.code >= 500 {
                await note(route, request, context, .failed, status: problem.status.code)
            }
            throw problem
        } catch let error as StoreError where error.code == .notFound {
            throw error
        } catch {
            await note(route, request, context, .failed, status: nil)
            throw error
        }
    }

    private func note(
        _ route: APIRoute, _ request: Request, _ context: APIContext, _ outcome: AuditDraft.Outcome, status: Int?
    ) async {
        let path = request.uri.path.dropFirst(ProblemMiddleware.prefix.count)
        var detail = context.act.all
        if let status { detail["status"] = "\(status)" }
        await note(
            context.identity, "\(route.method.rawValue) \(route.path)", of: String(path.prefix(Self.longestSubject)),
            outcome, detail)
    }

    /// Writes down an act that is no operation of its own.
    func note(
        _ identity: Identity?, _ act: String, of subject: String, _ outcome: AuditDraft.Outcome = .done,
        _ detail: [String: String] = [:]
    ) async {
        do {
            try await store.append(draft(identity, act, of: subject, outcome, detail))
        } catch {
            unwritten.wrappingAdd(1, ordering: .relaxed)
            logger.error(
                "an act is not in the audit log",
                metadata: [
                    "act": "\(act)", "subject": "\(subject)", "key": "\(identity?.keyID ?? "none")",
                    "reason": "\(error)",
                ])
        }
    }

    /// A row for what is written in the same transaction as the act itself.
    func draft(
        _ identity: Identity?, _ act: String, of subject: String = "", _ outcome: AuditDraft.Outcome = .done,
        _ detail: [String: String] = [:]
    ) -> AuditDraft {
        AuditDraft(
            actor: identity?.actor ?? "anybody",
            actorName: identity?.name ?? "", act: act,
            subject: subject, outcome: outcome, detail: detail, at: now())
    }
}
