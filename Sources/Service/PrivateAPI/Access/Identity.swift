import Store

/// Who asks the private plane.
struct Identity: Sendable, Equatable {
    /// The key's id; `account-` and the name of somebody who signed in with a password; `openid-` and what stands for somebody
    /// whom the identity provider knows; nil for whoever sits at this machine while there is no key.
    let keyID: String?
    /// The key's name, or somebody's.
    let name: String
    let scope: APIKeyRecord.Scope

    /// Whether the identity provider vouches for them.
    var isPerson: Bool { keyID?.hasPrefix(Self.personMark) ?? false }

    /// The name of somebody who signed in with a password; nil for all others.
    var account: String? {
        guard let keyID, keyID.hasPrefix(AccountDesk.mark) else { return nil }
        return String(keyID.dropFirst(AccountDesk.mark.count))
    }

    /// What the audit log calls them.
    var actor: String {
        guard let keyID else { return "anybody" }
        return isPerson || keyID.hasPrefix(AccountDesk.mark) ? keyID : "key \(keyID)"
    }

    static let personMark = "openid-"

    /// Anybody on this machine, while no key has been made.
    static let anybodyHere = Identity(keyID: nil, name: "anybody on this machine", scope: .admin)
}
