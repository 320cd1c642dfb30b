package import Networking

extension ParleyConfiguration {
    /// What agents may reach.
    package struct Tools: Sendable, Equatable {
        /// Where the files of connectors and MCP servers are.
        package var directory = "config/tools"
        /// Where documents are that agents may look things up in.
        package var documents = "config/documents"
        /// The provider by whose vectors passages are put into order; `none` leaves them in the order of their words.
        package var embeddings = "none"
        /// Addresses that tools may connect to although they are not of the public internet.
        package var allowedAddresses: [AddressBlock] = []
    }
}
