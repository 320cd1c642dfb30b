import Agent
import Foundation
import HTTPTypes
import Hummingbird
import Store

/// People of whom something is known, from calls and from campaigns. Numbers are in bodies, since addresses are logged on
/// the way.
extension OperatorAPI {
    private static let longestFact = 500
    /// Facts that one request changes at most.
    private static let mostChanges = 50
    private static let contactPages = 1...200

    var knownContactRoutes: [APIRoute] {
        [
            APIRoute(
                .post, "/contacts/search", scope: .operator, isAudited: false, keepsAnswer: false, searchContacts),
            APIRoute(.post, "/contacts/lookup", scope: .operator, isAudited: false, keepsAnswer: false) {
                request, _ in
                let wish = try await request.object(ContactWish.self)
                return try await contactFile(of: knownNumber(wish.number, wish.country))
            },
            APIRoute(.patch, "/contacts", scope: .operator, changeFacts),
        ]
    }

    private struct SearchWish: Decodable {
        let text: String?
        let limit: Int?
        let after: String?
    }

    private struct ContactWish: Decodable {
        let number: String
        let country: String?
    }

    private struct FactsWish: Decodable {
        let number: String
        let country: String?
        /// Name → value; null removes a fact.
        let facts: [String: String?]
    }

    private func searchContacts(_ request: Request, _ context: APIContext) async throws -> Response {
        let wish = try await request.object(SearchWish.self)
        let limit = wish.limit ?? 50
        guard Self.contactPages.contains(limit) else {
            throw Problem.unprocessable("\"limit\" must be from 1 to \(Self.contactPages.upperBound).")
        }
        for (name, value) in [("text", wish.text), ("after", wish.after)] {
            guard (value ?? "").unicodeScalars.count <= 200, !(value ?? "").contains("\0") else {
                throw Problem.unprocessable("\"\(name)\" has 200 characters at most, and no zero among them.")
            }
        }
        let found = try await store.knownContacts(
            matching: ContactQuery(wish.text), secrets: secretFacts, after: wish.after ?? "", limit: limit + 1)
        return .json(KnownContactPageView(found, limit: limit, secrets: secretFacts))
    }

    /// With these callers prove who they are: whoever sets one opens a door, and whoever reads one has the key.
    private var secretFacts: Set<String> {
        // Versions on trial take calls, too.
        let trials = keeper?.roster.lanes.values.compactMap { $0.trial?.definition } ?? []
        return (Array(known.values) + trials).reduce(into: []) { $0.formUnion($1.verification?.contactFacts ?? []) }
    }

    private func contactFile(of number: PersonNumber) async throws -> Response {
        let file = try await store.contactFile(of: number)
        let standing = try await store.standing(of: number.e164, conversations: [], now: now())
        return .json(ContactFileView(file, standing: standing, secrets: secretFacts))
    }

    private func changeFacts(_ request: Request, _ context: APIContext) async throws -> Response {
        let wish = try await request.object(FactsWish.self, upTo: 65_536)
        let number = try knownNumber(wish.number, wish.country)
        guard (1...Self.mostChanges).contains(wish.facts.count) else {
            throw Problem.unprocessable("\"facts\" must have 1 to \(Self.mostChanges) of them.")
        }
        let secrets = secretFacts
        let mask = configuration.privacy.mask
        var facts: [String: String?] = [:]
        for (name, value) in wish.facts {
            guard Self.isFact(name) else {
                throw Problem.unprocessable(
                    "A fact's name has small letters, digits and _, 41 at most, and begins with a letter.")
            }
            guard let value else {
                facts.updateValue(nil, forKey: name)
                continue
            }
            guard (1...Self.longestFact).contains(value.unicodeScalars.count), !value.contains("\0") else {
                throw Problem.unprocessable(
                    "\"facts.\(name)\" must have 1 to \(Self.longestFact) characters, and no zero among them.")
            }
            // What proves somebody is compared as it is.
            facts[name] = secrets.contains(name) ? value : mask.mask(value)
        }
        if let secret = wish.facts.keys.sorted().first(where: secrets.contains),
            (context.identity?.scope ?? .viewer) < .builder
        {
            throw Problem(
                status: .forbidden, code: "forbidden",
                detail: "Callers prove who they are with \"\(secret)\"; that takes a key for builders.")
        }
        do throws(StoreError) {
            try await store.change(
                factsOf: number, facts, source: "operator \(context.identity?.name ?? "")", at: now())
        } catch {
            guard error.code == .rejected else { throw error }
            throw Problem.conflict(
                "\(Store.factsPerContact) facts of one person are kept; remove some with null, or change those there are."
            )
        }
        return try await contactFile(of: number)
    }

    private static func isFact(_ name: String) -> Bool {
        guard let first = name.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else { return false }
        return name.utf8.count <= 41
            && name.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "_")
            }
    }

    private func knownNumber(_ text: String, _ country: String?) throws -> PersonNumber {
        let country = country ?? "US"
        guard country.count == 2, country.allSatisfy({ $0.isASCII && $0.isUppercase }) else {
            throw Problem.unprocessable("\"country\" must be two capital letters, such as US.")
        }
        do { return try PersonOffice.number(text, country: country) } catch {
            throw Problem(status: .unprocessableContent, code: "invalid_number", detail: "\"number\": \(error)")
        }
    }
}
