import Agent
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Store

/// The versions of agents: what is published, what changed, and which of them take calls.
extension OperatorAPI {
    var versionRoutes: [APIRoute] {
        [
            APIRoute(.get, "/agents/{name}/versions") { request, context in
                .json(try await versions(of: try agentName(context), try request.query.page()))
            },
            APIRoute(.get, "/agents/{name}/versions/{number}", showVersion),
            APIRoute(.get, "/agents/{name}/diff") { request, context in
                let name = try agentName(context)
                let from = try request.query.integer("from", in: 1...Self.largestNumber).map(String.init)
                let to = try request.query.integer("to", in: 1...Self.largestNumber).map(String.init)
                return .json(try await explained(name) { try await versionOffice.diff(name, from: from, to: to) })
            },
            APIRoute(.post, "/agents/{name}/publish", scope: .builder, publish),
            APIRoute(.post, "/agents/{name}/rollback", scope: .builder) { request, context in
                let wish = try await request.object(RollBackWish.self)
                let note = try Self.checked(wish.note)
                return try await act("roll an agent back", context) { name, person in
                    let standing = try await versionOffice.rollBack(
                        name, to: wish.version.map(String.init), by: person, note: note)
                    context.act.tell("version", standing.live)
                }
            },
            APIRoute(.post, "/agents/{name}/split", scope: .builder) { request, context in
                let wish = try await request.object(SplitWish.self)
                let percent = try Self.checked(wish.percent, from: 0)
                context.act.tell("version", wish.version)
                context.act.tell("percent", percent)
                return try await act("split an agent's calls", context) { name, person in
                    _ = try await versionOffice.split(name, to: "\(wish.version)", percent: percent, by: person)
                }
            },
            APIRoute(.post, "/agents/{name}/unpublish", scope: .builder) { _, context in
                try await act("take an agent's versions off", context) { name, person in
                    try await versionOffice.unpublish(name, by: person)
                }
            },
        ]
    }

    private static let largestNumber = 1_000_000_000

    private struct PublishWish: Decodable {
        /// YAML; absent for the agent's file.
        let source: String?
        let note: String?
        let percent: Int?
        /// The newest act with the agent's versions that was known when this was wanted.
        let after: Int?
    }

    private struct RollBackWish: Decodable {
        let version: Int?
        let note: String?
    }

    private struct SplitWish: Decodable {
        let version: Int
        let percent: Int
    }

    private func agentName(_ context: APIContext) throws -> String { try context.parameters.require("name") }

    private func publish(_ request: Request, _ context: APIContext) async throws -> Response {
        let wish = try await request.object(PublishWish.self, upTo: 1_048_576)
        let note = try Self.checked(wish.note)
        let percent = try Self.checked(wish.percent ?? 100, from: 1)
        if let source = wish.source { try Self.check(source: source) }
        return try await act("publish an agent", context) { name, person in
            let bundle: AgentBundle
            if let source = wish.source {
                let draft = try await validator.read(source, file: known[name]?.file ?? "\(name).yaml")
                guard draft.agent.name == name else {
                    throw Problem.unprocessable(
                        "\"source\" is of the agent \"\(draft.agent.name)\", not of \"\(name)\".")
                }
                bundle = draft.bundle
            } else {
                bundle = try versionOffice.file(of: name)
            }
            let version = try await versionOffice.publish(
                bundle, by: person, note: note, percent: percent, after: wish.after)
            context.act.tell("version", version.number)
            context.act.tell("percent", percent)
        }
    }

    private func showVersion(_ request: Request, _ context: APIContext) async throws -> Response {
        let name = try agentName(context)
        let text = try context.parameters.require("number")
        return .json(
            try await explained(name) {
                let version = try await versionOffice.version(text, of: name)
                let content = try await store.content(ofVersion: version.number, of: name)
                return VersionContentView(version, content)
            })
    }

    private func versions(
        of name: String, _ wish: PageWish = PageWish(limit: 100, after: nil)
    ) async throws -> VersionList {
        let list = try await versionOffice.list(name, limit: wish.limit, after: wish.after)
        var isThere = known[name] != nil || !list.versions.isEmpty
        if !isThere, wish.after != nil {
            // Behind the last version of an agent whose file is gone is an empty page.
            let newest = try await versionOffice.list(name, limit: 1, after: nil)
            isThere = !newest.versions.isEmpty
        }
        if isThere { return list }
        throw Problem.notFound("There is no agent \"\(name)\"; GET /api/v1/agents lists those there are.")
    }

    /// Does what somebody wants with an agent's versions, has the calls follow, and answers with what there is then.
    private func act(
        _ act: String, _ context: APIContext, _ body: (_ agent: String, _ person: String) async throws -> Void
    ) async throws -> Response {
        let name = try agentName(context)
        try await explained(name) { try await body(name, context.identity?.name ?? "") }
        logger.notice(
            "an operator acts",
            metadata: ["act": "\(act)", "agent": "\(name)", "key": "\(context.identity?.keyID ?? "none")"])
        await keeper?.follow()
        return .json(try await versions(of: name))
    }

    private func explained<Value>(_ name: String, _ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let error as AgentFileErrors {
            throw Problem(
                status: .unprocessableContent, code: "faulty_agent",
                detail: "The agent has faults:\n\(error.description)")
        } catch let error as AgentError {
            throw Problem.notFound("\(error.description).")
        } catch let error as StoreError where error.code == .notFound {
            throw Problem.notFound(
                "\"\(name)\": \(error.detail); GET /api/v1/agents/{name}/versions lists those there are.")
        } catch let error as StoreError where error.code == .exists {
            throw Problem.conflict("\"\(name)\": \(error.detail).")
        }
    }

    private static func checked(_ note: String?) throws -> String? {
        guard (note?.count ?? 0) <= Store.longestVersionNote else {
            throw Problem.invalid("\"note\" has \(Store.longestVersionNote) characters at most.")
        }
        return note
    }

    private static func checked(_ percent: Int, from least: Int) throws -> Int {
        guard (least...100).contains(percent) else {
            throw Problem.invalid("\"percent\" must be a whole number from \(least) to 100.")
        }
        return percent
    }
}

/// A version with what it is made of.
private struct VersionContentView: Encodable {
    let agent: String
    let number: Int
    let hash: String
    let file: String
    let publishedAt: Date
    let publishedBy: String
    let note: String?
    /// YAML.
    let source: String
    /// What the source refers to: path → text.
    let files: [String: String]

    init(_ version: AgentVersionRecord, _ content: AgentVersionContent) {
        agent = version.agent
        number = version.number
        hash = version.hash
        file = version.file
        publishedAt = version.publishedAt
        publishedBy = version.publishedBy
        note = version.note
        source = String(decoding: content.source, as: UTF8.self)
        files = content.resources.mapValues { String(decoding: $0, as: UTF8.self) }
    }
}
