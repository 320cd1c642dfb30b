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
            APIRoute(.post, "/consents", scope: .operator, consent),
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
        try await store.optOut(number: number, reason: reason, callID: nil, at: now())
        return try await standing(of: number)
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
        try await store.store(
            ConsentRecord(
                number: number, seller: try line(wish.seller, "seller"), kind: wish.kind,
                source: try line(wish.source, "source"), givenAt: given, expiresAt: expires))
        return try await standing(of: number)
    }

    private func standing(of number: String) async throws -> Response {
        let standing = try await store.standing(of: number, conversations: [], now: now())
        return .json(StandingView(number: number, standing))
    }

    private func callee(_ text: String, _ country: String?) throws -> String {
        let country = country ?? "US"
        guard country.count == 2, country.allSatisfy({ $0.isASCII && $0.isUppercase }) else {
            throw Problem.unprocessable("\"country\" must be two capital letters, such as US.")
        }
        do { return try PhoneNumber(text, country: country).e164 } catch {
            throw Problem.unprocessable(
                "\"number\" \(error.rawValue); write +, the country's code and the number.")
        }
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
        guard (1...200).contains(words.count) else {
            throw Problem.unprocessable("\"\(name)\" must have 1 to 200 characters.")
        }
        return words
    }
}

private struct SuppressionListsView: Encodable {
    let lists: [SuppressionList]
}
