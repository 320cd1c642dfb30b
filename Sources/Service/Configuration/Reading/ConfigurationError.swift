/// The configuration cannot be used. Holds every fault found, in the order of the sources; never a secret.
package struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    package let faults: [ConfigurationFault]

    package init(_ faults: [ConfigurationFault]) { self.faults = faults }

    package var description: String {
        let count = faults.count == 1 ? "1 fault" : "\(faults.count) faults"
        return "the configuration has \(count); nothing was started\n"
            + faults.map { "  \($0)" }.joined(separator: "\n")
    }
}
