import Store

/// What somebody may do who signed in with an identity provider, by what it says of them. A value.
struct OpenIDRoles: Sendable, Equatable {
    /// Where the claim stands, from the outside in: `groups`, or `realm_access.roles`.
    let claim: [String]
    let scopes: [(word: String, scope: APIKeyRecord.Scope)]

    init(claim: String, viewers: [String], operators: [String], builders: [String], admins: [String]) {
        self.claim = claim.split(separator: ".").map(String.init)
        scopes =
            viewers.map { ($0, .viewer) } + operators.map { ($0, .operator) }
            + builders.map { ($0, .builder) } + admins.map { ($0, .admin) }
    }

    /// The most that any of their words allows; nil for whoever has none of them.
    func scope(of token: IDToken) -> APIKeyRecord.Scope? {
        // Whoever can write somebody else's address into their profile would have that one's role.
        guard claim != ["email"] || token.hasVerifiedEmail else { return nil }
        // A claim whose name has dots in it (some providers use addresses) is found whole.
        var found = token.claims[claim.joined(separator: ".")]
        if found == nil {
            var place = JSONClaim.object(token.claims)
            for name in claim {
                guard case .object(let members) = place, let next = members[name] else { return nil }
                place = next
            }
            found = place
        }
        let words = Set(found?.texts ?? [])
        return scopes.filter { words.contains($0.word) }.map(\.scope).max()
    }

    static func == (left: Self, right: Self) -> Bool {
        left.claim == right.claim && left.scopes.map(\.word) == right.scopes.map(\.word)
            && left.scopes.map(\.scope) == right.scopes.map(\.scope)
    }
}
