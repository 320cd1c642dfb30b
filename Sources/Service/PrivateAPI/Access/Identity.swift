import Store

/// Who asks the private plane.
struct Identity: Sendable, Equatable {
    /// The key's id; nil for whoever sits at this machine while there is no key.
    let keyID: String?
    /// The key's name.
    let name: String
    let scope: APIKeyRecord.Scope

    /// Anybody on this machine, while no key has been made.
    static let anybodyHere = Identity(keyID: nil, name: "anybody on this machine", scope: .admin)
}
