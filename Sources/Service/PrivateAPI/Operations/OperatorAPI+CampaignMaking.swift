import Agent
import Campaigns
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Store

/// Making a campaign, starting it, and trying it in virtual time: what `parley campaign create`, `start` and `rehearse` do.
extension OperatorAPI {
    /// Bytes of a definition.
    private static let largestDefinition = 65_536
    /// How far from now a rehearsal may begin, seconds.
    private static let furthestRehearsal: TimeInterval = 366 * 86_400

    var campaignMakingRoutes: [APIRoute] {
        [
            APIRoute(.post, "/campaigns", scope: .builder, create),
            APIRoute(.post, "/campaigns/{name}/start", scope: .operator) { _, context in
                try await named(context) { office, name in
                    _ = try await office.start(name)
                    note("start a campaign", campaign: name, context: context)
                    return .json(try await view(name, office))
                }
            },
            APIRoute(.post, "/campaigns/{name}/rehearsal", scope: .builder, rehearse),
        ]
    }

    // MARK: Making one

    private func create(_ request: Request, _ context: APIContext) async throws -> Response {
        let office = try office()
        let definition = try await definition(request)
        let objections = office.objections(to: definition)
        guard objections.isEmpty else {
            throw Problem(
                faults: objections.map { error in
                    let isKey = CampaignFile.keys.contains { $0.name == error.subject }
                    return ProblemFault(
                        key: isKey ? error.subject : "agent", line: nil, column: nil,
                        reason: isKey ? error.reason : error.description)
                })
        }
        do { _ = try await office.create(definition) } catch let error as StoreError where error.code == .exists {
            throw Problem.conflict("There is a campaign \"\(definition.name)\" already; take another name.")
        }
        note("create a campaign", campaign: definition.name, context: context)
        context.act.tell("campaign", definition.name)
        var response = Response.json(try await view(definition.name, office), status: .created)
        response.headers[.location] = "\(ProblemMiddleware.prefix)/campaigns/\(definition.name)"
        return response
    }

    /// What the body says.
    private func definition(_ request: Request) async throws -> CampaignDefinition {
        var request = request
        let type = request.headers[.contentType]?.split(separator: ";").first?.lowercased() ?? ""
        let isText = ["application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"].contains(type)
        guard isText || type == "application/json" else {
            throw Problem(
                status: .unsupportedMediaType, code: "unsupported_media_type",
                detail:
                    "The body must be a definition, with \"Content-Type: application/yaml\" or \"application/json\".")
        }
        let bytes = Data(try await request.wholeBody(upTo: Self.largestDefinition).readableBytesView)
        do {
            if isText { return try CampaignFile.read(bytes, file: "definition") }
            guard let value = try? JSONValue(parsing: String(decoding: bytes, as: UTF8.self)),
                let object = value.object
            else { throw Problem.invalid("The body is no JSON object.") }
            return try CampaignFile.read(object, file: "definition")
        } catch let error as ConfigurationError {
            throw Problem(
                faults: error.faults.map { fault in
                    var place: (line: Int, column: Int)?
                    if isText, case .file(_, let line, let column) = fault.origin { place = (line, column) }
                    let value = fault.value.map { "is `\($0)`: " } ?? ""
                    return ProblemFault(
                        key: fault.key, line: place?.line, column: place?.column, reason: value + fault.reason)
                })
        }
    }

    // MARK: Rehearsing

    private struct RehearsalWish: Decodable {
        /// ISO 8601; absent for now.
        let begins: String?
        let seed: Int?
    }

    private func rehearse(_ request: Request, _ context: APIContext) async throws -> Response {
        let wish = try await request.object(RehearsalWish.self)
        var begins: Date?
        if let text = wish.begins {
            guard let date = try? Date(text, strategy: .iso8601),
                abs(date.timeIntervalSince(now())) <= Self.furthestRehearsal
            else {
                throw Problem.unprocessable(
                    "\"begins\" must be a moment within a year from now, such as 2026-12-01T15:00:00Z.")
            }
            begins = date
        }
        guard let seed = UInt64(exactly: wish.seed ?? 1) else {
            throw Problem.invalid("\"seed\" must be 0 or more.")
        }
        return try await named(context) { office, name in
            do {
                let report = try await rehearsals.rehearse(
                    name, begins: begins, seed: seed, account: AccountPacing(configuration), at: office)
                return .json(RehearsalView(report, configuration: configuration))
            } catch is RehearsalDesk.IsBusy {
                var problem = Problem.unavailable("Another rehearsal is being run; ask again in half a minute.")
                problem.headers[.retryAfter] = "30"
                throw problem
            }
        }
    }
}

extension Problem {
    /// A definition of which nothing was made.
    fileprivate init(faults: [ProblemFault]) {
        let lines = faults.map { fault in
            let place = fault.line.map { "\($0):\(fault.column ?? 1) " } ?? ""
            return fault.key.isEmpty ? "\(place)\(fault.reason)" : "\(place)`\(fault.key)`: \(fault.reason)"
        }
        self.init(
            status: .unprocessableContent, code: "faulty_campaign",
            detail: "The definition has \(faults.count == 1 ? "a fault" : "\(faults.count) faults"):\n"
                + lines.joined(separator: "\n"), faults: faults)
    }
}
