/// A plane of the service cannot listen where it is told to.
package struct ListenerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// `public` or `private`, as the section of the configuration is called.
    package let plane: String
    package let host: String
    package let port: Int
    /// The system's own words.
    package let detail: String
    /// What to do about it; nil where somebody else has the port.
    package var remedy: String?

    package var description: String {
        "cannot listen for the \(plane) plane on \(host), port \(port): \(detail); "
            + (remedy ?? "end what has that port, or choose another with `\(plane).host` and `\(plane).port`")
    }
}
