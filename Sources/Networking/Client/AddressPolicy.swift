/// Where a client may connect to. Asked for each address that a connection is about to be made to, so that no name
/// server and no answer of a server can lead it elsewhere.
package enum AddressPolicy: Sendable, Equatable {
    case any
    /// Hosts of the public internet, and these.
    case publicOnly(except: [AddressBlock])

    /// What is said of an address that is not allowed.
    package static let refusal = "is no address of the public internet, and nobody allowed it"

    package func allows(_ address: IPAddress) -> Bool {
        switch self {
        case .any: true
        case .publicOnly(let exceptions): address.isPublic || exceptions.contains { $0.contains(address) }
        }
    }
}
