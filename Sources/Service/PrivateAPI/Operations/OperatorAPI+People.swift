import Hummingbird
import Store

/// What is kept of a person: handing it out, and erasing it. The number is in the body, since addresses are logged on the way.
extension OperatorAPI {
    var peopleRoutes: [APIRoute] {
        [
            APIRoute(.post, "/people/export", scope: .admin, writesRow: true, keepsAnswer: false) { request, context in
                let number = try await person(request)
                return .json(
                    try await explained {
                        try await people.export(number, audit: audit.draft(context.identity, "person export"))
                    })
            },
            APIRoute(.post, "/people/erase", scope: .admin, writesRow: true, keepsAnswer: false) { request, context in
                let number = try await person(request)
                return .json(
                    try await explained {
                        try await people.erase(number, audit: audit.draft(context.identity, "person erase"))
                    })
            },
        ]
    }

    private struct PersonWish: Decodable {
        let number: String
        let country: String?
    }

    private func person(_ request: Request) async throws -> PersonNumber {
        let wish = try await request.object(PersonWish.self)
        let country = wish.country ?? "US"
        guard country.count == 2, country.allSatisfy({ $0.isASCII && $0.isUppercase }) else {
            throw Self.unusable("\"country\" must be two capital letters, such as US.")
        }
        do { return try PersonOffice.number(wish.number, country: country) } catch {
            throw Self.unusable("\"number\": \(error)")
        }
    }

    private static func unusable(_ detail: String) -> Problem {
        Problem(status: .unprocessableContent, code: "invalid_number", detail: detail)
    }

    private func explained<Value>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let obstacle as PersonOffice.Obstacle {
            throw Problem.unavailable("\(obstacle)")
        } catch let error as StoreError where error.code == .locked && error.operation == "erase a person" {
            throw Problem.conflict(
                "A call with this number, \(error.subject), is on the line or being placed; let it end first.")
        }
    }
}
