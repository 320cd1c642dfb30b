import Agent
import Networking

/// What keeps a language model from answering, and what to do about it.
enum ModelFault: Sendable, Equatable {
    /// The address cannot be one.
    case address
    case name
    /// Nobody takes connections there.
    case connection
    case tls
    /// The connection broke before the answer was there.
    case broken
    case late
    case key
    /// The key is known, and may not do this.
    case rights
    case model
    case money
    case crowded
    /// The provider's own fault, or its load.
    case provider
    /// Something else, of which the error says all there is.
    case other

    init(_ error: ModelError) {
        self =
            switch (error.code, error.network) {
            case (_, .invalidArgument?): .address
            case (_, .nameNotResolved?): .name
            case (_, .connectFailed?): .connection
            case (_, .tlsFailed?): .tls
            case (_, .connectionLost?), (.connectionLost, _): .broken
            case (_, .deadlineExceeded?), (.deadlineExceeded, _): .late
            case (.unauthorized, _): error.status == 403 ? .rights : .key
            case (.notFound, _): .model
            case (.quotaExceeded, _): .money
            case (.rateLimited, _): .crowded
            case (.unavailable, _): .provider
            case (.invalidRequest, _), (.contentFiltered, _), (.limited, _), (.protocolViolation, _), (.cancelled, _):
                .other
            }
    }

    /// What failed and what to do, ahead of the error's own words; nil where those say it all.
    ///
    /// - Parameter provider: by the name that the configuration gives it.
    func advice(for provider: String) -> String? {
        let (url, key) = ("`providers.\(provider).url`", "`providers.\(provider).api_key`")
        let variable = ConfigurationVariables.name(of: ["providers", provider, "api_key"])
        return switch self {
        case .address: "\(url) is no address that can be asked; correct it"
        case .name: "the host of \(url) is not known by that name; correct it, or see to this machine's DNS"
        case .connection:
            "nobody takes connections at \(url); start the server, correct the address, or let the firewall pass it"
        case .tls:
            "TLS fails at \(url): the server's certificate is not trusted, has ended or is for another name, or it "
                + "speaks no TLS; correct the address, or add the certificate's authority to this machine's"
        case .broken: "the connection to \(url) broke; see to the server there, or to a proxy on the way"
        case .late:
            "nothing came from \(url) in time; see whether the server is busy, still loads its model, or is behind a "
                + "firewall that is silent"
        case .key: "the key is refused; it is read from \(key) or the environment variable \(variable)"
        case .rights:
            "the key is refused, or has no right to this model; give it that right with the provider, or another key "
                + "by \(key) or the environment variable \(variable)"
        case .model:
            "there is no such model, or nobody at \(url) speaks this protocol; correct `providers.\(provider).model`, "
                + "`model.name` in the agent's file, or the address"
        case .money: "the account has no budget left; see to it with the provider"
        case .crowded: "the account has asked too much just now; check again later, or raise its limit"
        case .provider: "the provider has a fault or too much to do; check again later"
        case .other: nil
        }
    }
}
