/// Something of a provider's own that belongs to a tool call, such as the sealed reasoning before it. It goes back to
/// that provider with the call, and to nobody else, who could not read it.
package struct ModelAttachment: Sendable, Equatable {
    /// The provider's base address.
    package var provider: String
    package var content: String

    /// Bytes that are kept; longer ones are left out.
    static let sizeLimit = 256 * 1024

    package init(provider: String, content: String) {
        self.provider = provider
        self.content = content
    }
}
