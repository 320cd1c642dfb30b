import HTTPTypes
import Hummingbird
import Store

/// One operation of the API.
struct APIRoute: Sendable {
    typealias Handler = @Sendable (Request, APIContext) async throws -> Response

    let method: HTTPRequest.Method
    /// Below `/api/v1`, with parameters in braces, as in the API's document.
    let path: String
    /// Who may ask; nil is everybody who reaches the listener.
    let scope: APIKeyRecord.Scope?
    /// Whether the audit log tells of it.
    let isAudited: Bool
    /// Whether the handler writes the row of what was done itself, in one transaction with the act, so that the audit log adds
    /// only those of what was refused or failed.
    let writesRow: Bool
    /// Whether the answer may be kept for repeats of the request.
    let keepsAnswer: Bool
    /// Receives the body, for operations whose body is too large for memory; nil where the handler reads it.
    let uploads: UploadDesk?
    let handler: Handler

    /// - Parameter isAudited: nil for what acts.
    init(
        _ method: HTTPRequest.Method, _ path: String, scope: APIKeyRecord.Scope? = .viewer, isAudited: Bool? = nil,
        writesRow: Bool = false, keepsAnswer: Bool = true, uploads: UploadDesk? = nil, _ handler: @escaping Handler
    ) {
        self.method = method
        self.path = path
        self.scope = scope
        self.writesRow = writesRow
        self.keepsAnswer = keepsAnswer
        self.uploads = uploads
        self.isAudited = isAudited ?? (method != .get && (scope ?? .viewer) >= .operator)
        self.handler = handler
    }

    /// Whether it changes something, so that doing it twice is not doing it once.
    var acts: Bool { method == .post && (scope ?? .viewer) >= .operator && keepsAnswer }

    /// Whether `path`, below `/api/v1`, is one that this route answers, by whatever method.
    func fits(_ path: Substring) -> Bool {
        let (own, given) = (self.path.split(separator: "/"), path.split(separator: "/"))
        return own.count == given.count && zip(own, given).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }

    /// Bytes of a body that is not received as a file.
    static let largestBody = 1_048_576

    /// Refuses what says itself that it is too large, before anything of it is read. What does not say it is counted while
    /// it is read.
    private func refuseLarge(_ request: Request) throws {
        guard uploads == nil, let length = request.headers[.contentLength].flatMap({ Int($0) }),
            length > Self.largestBody
        else { return }
        throw Problem(
            status: .contentTooLarge, code: "too_large",
            detail:
                "The body has \(length) bytes, and \(Self.largestBody) are the most that any operation without files takes.",
            headers: [.connection: "close"])
    }

    /// Answers, if the one who asks may.
    func respond(
        to request: Request, context: APIContext, idempotency: IdempotencyDesk
    ) async throws -> Response {
        if let scope {
            guard let identity = context.identity else {
                throw Problem(
                    status: .unauthorized, code: "unauthenticated",
                    detail:
                        "A key is needed: send it as \"Authorization: Bearer parley_…\", or sign in to the console. "
                        + "`parley keys create` makes one.",
                    headers: [.wwwAuthenticate: "Bearer"])
            }
            guard identity.scope >= scope else {
                throw Problem(
                    status: .forbidden, code: "forbidden",
                    detail: "The key \"\(identity.name)\" is for \(identity.scope.rawValue)s; this takes a key for "
                        + "\(scope.rawValue)s.")
            }
        }
        try refuseLarge(request)
        guard acts else { return try await handler(request, context) }
        guard let uploads else { return try await idempotency.answer(request, context, by: handler) }
        return try await uploads.receive(request) { upload in
            var context = context
            context.upload = upload
            return try await idempotency.answer(request, context, by: handler)
        }
    }
}

extension HTTPField.Name {
    static let lastEventID = Self("Last-Event-ID")!
}
