import Campaigns
import Foundation
import HTTPTypes
import Hummingbird
import Store

/// Who may be called, and who must not. Numbers are in bodies, since addresses are logged on the way.
extension OperatorAPI {
    var consentRoutes: [APIRoute] {
        [
            APIRoute(.get, "/do-not-call") { _, _ in
                .json(SuppressionListsView(lists: try await store.suppressionLists()))
            },
            APIRoute(.post, "/do-not-call", scope: .operator, suppress),
            APIRoute(.post, "/do-not-call/lookup", scope: .operator, isAudited: false, keepsAnswer: false) {
                request, _ in
                let wish = try await request.object(NumberWish.self)
                return try await standing(of: callee(wish.number, wish.country))
            },
            APIRoute(.post, "/do-not-call/import", scope: .operator, uploads: uploads, importList),
            APIRoute(.get, "/consents", scope: .operator, isAudited: true) { request, _ in
                let wish = try request.query.page()
                let page = try await store.consents(limit: wish.limit, after: wish.after)
                return .json(ConsentListView(consents: page.consents, next: page.next?.description))
            },
            APIRoute(.post, "/consents", scope: .operator, consent),
            APIRoute(.post, "/consents/revoke", scope: .operator, revoke),
        ]
    }

    private struct NumberWish: Decodable {
        let number: String
        let country: String?
    }

    private struct SuppressionWish: Decodable {
        let number: String
        let country: String?
        let reason: String
    }

    private struct RevocationWish: Decodable {
        let number: String
        let country: String?
        let seller: String
        let kind: ConsentRecord.Kind
    }

    /// The lists that are taken over from files.
    private enum KnownList: String, CaseIterable {
        case own = "internal"
        case national
    }

    private struct ConsentWish: Decodable {
        let number: String
        let country: String?
        let seller: String
        let kind: ConsentRecord.Kind
        let source: String
        /// ISO 8601
        let givenAt: String
        let expiresAt: String?
    }

    /// As if they had said so on a call: on the list, no consent any more, and no campaign waits for them.
    private func suppress(_ request: Request, _ context: APIContext) async throws -> Response {
        let wish = try await request.object(SuppressionWish.self)
        let number = try callee(wish.number, wish.country)
        let reason = try line(wish.reason, "reason")
        context.act.tell("list", SuppressionRecord.internalList)
        try await store.optOut(number: number, reason: reason, callID: nil, at: now())
        let standing = try await store.standing(of: number, conversations: [], now: now())
        // The rows of this list have no id of their own: the moment is theirs, of the first time somebody said so.
        if let row = standing.suppressions.first(where: { $0.list == SuppressionRecord.internalList }) {
            context.act.tell("addedAt", Self.precise(row.addedAt))
        }
        return .json(StandingView(number: number, standing))
    }

    private func consent(_ request: Request, _ context: APIContext) async throws -> Response {
        let wish = try await request.object(ConsentWish.self)
        let number = try callee(wish.number, wish.country)
        let given = try moment(wish.givenAt, "givenAt")
        guard given <= now().addingTimeInterval(60) else {
            throw Problem.unprocessable("\"givenAt\" lies in the future; nobody has agreed yet.")
        }
        let expires = try wish.expiresAt.map { try moment($0, "expiresAt") }
        if let expires, expires <= given { throw Problem.unprocessable("\"expiresAt\" lies before \"givenAt\".") }
        let consent = ConsentRecord(
            number: number, seller: try line(wish.seller, "seller"), kind: wish.kind,
            source: try line(wish.source, "source"), givenAt: given, expiresAt: expires)
        context.act.tell("kind", consent.kind.rawValue)
        context.act.tell("givenAt", Self.precise(consent.givenAt))
        try await store.store(consent)
        try await tellRow(of: number, seller: consent.seller, kind: consent.kind, context)
        return try await standing(of: number)
    }

    /// It is kept, as a withdrawal.
    private func revoke(_ request: Request, _ context: APIContext) async throws -> Response {
        let wish = try await request.object(RevocationWish.self)
        let number = try callee(wish.number, wish.country)
        let seller = try line(wish.seller, "seller")
        context.act.tell("kind", wish.kind.rawValue)
        guard try await store.revokeConsent(of: number, seller: seller, kind: wish.kind, at: now()) else {
            throw Problem.notFound(
                "This number has given no such consent; POST /api/v1/do-not-call/lookup shows those that it has.")
        }
        try await tellRow(of: number, seller: seller, kind: wish.kind, context)
        return try await standing(of: number)
    }

    /// A number a line, or in the first column: what `parley campaign do-not-call` does.
    private func importList(_ request: Request, _ context: APIContext) async throws -> Response {
        guard Self.type(request) == "text/csv" else { throw Self.wrongType("text/csv") }
        guard let upload = context.upload else { throw Problem.unavailable("The body was not received.") }
        let query = request.query
        let list = try query.word("list", as: KnownList.self) ?? .own
        let version = try query.text("version").map { text in
            guard let day = CalendarDay(text) else {
                throw Problem.unprocessable("\"version\" must be a day such as 2026-11-27.")
            }
            return day
        }
        guard (list == .national) == (version != nil) else {
            throw Problem.unprocessable(
                "\"version\" is the day on which the national registry's copy was made; it belongs to \"list=national\", and "
                    + "must be given with it.")
        }
        let country = try self.country(try query.text("country"))
        let reason = try line(try query.text("reason") ?? "imported", "reason")
        let report = try await SuppressionImport(store: store, now: now).run(
            path: upload.path, list: list.rawValue, version: version, country: country, reason: reason)
        context.act.tell("list", report.list)
        context.act.tell("numbers", report.numbers)
        if let version { context.act.tell("version", version) }
        return .json(report)
    }

    /// Tells the audit log which consent it was, by what names nobody.
    private func tellRow(
        of number: String, seller: String, kind: ConsentRecord.Kind, _ context: APIContext
    ) async throws {
        guard let row = try await store.consentPlace(of: number, seller: seller, kind: kind) else { return }
        context.act.tell("row", row)
    }

    /// To the millisecond, as the store keeps it.
    private static func precise(_ moment: Date) -> String {
        // The style cuts off what is below a millisecond, also what a binary fraction lacks to one.
        (moment + 0.0005).formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    private func standing(of number: String) async throws -> Response {
        let standing = try await store.standing(of: number, conversations: [], now: now())
        return .json(StandingView(number: number, standing))
    }

    private func callee(_ text: String, _ country: String?) throws -> String {
        let country = try self.country(country)
        do { return try PhoneNumber(text, country: country).e164 } catch {
            throw Problem.unprocessable(
                "\"number\" \(error.rawValue); write +, the country's code and the number.")
        }
    }

    private func country(_ text: String?) throws -> String {
        let country = text ?? "US"
        guard country.count == 2, country.allSatisfy({ $0.isASCII && $0.isUppercase }) else {
            throw Problem.unprocessable("\"country\" must be two capital letters, such as US.")
        }
        return country
    }

    private func moment(_ text: String, _ name: String) throws -> Date {
        // Programs write fractions of a second, people do not.
        let read =
            (try? Date(text, strategy: .iso8601))
            ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
        guard let moment = read else {
            throw Problem.unprocessable("\"\(name)\" must be a moment such as 2026-11-27T15:00:00Z.")
        }
        return moment
    }

    private func line(_ text: String, _ name: String) throws -> String {
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        // PostgreSQL keeps no text with a zero.
        guard (1...200).contains(words.count), !words.unicodeScalars.contains("\0") else {
            throw Problem.unprocessable("\"\(name)\" must have 1 to 200 characters, and no zero among them.")
        }
        return words
    }
}

private struct ConsentListView: Encodable {
    let consents: [ConsentRecord]
    let next: String?
}

private struct SuppressionListsView: Encodable {
    let lists: [SuppressionList]
}
