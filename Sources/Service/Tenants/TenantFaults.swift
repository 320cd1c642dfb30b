/// Tenants cannot be served. Holds everything that was found; never a secret.
package struct TenantFaults: Error, Sendable, Equatable, CustomStringConvertible {
    package let directory: String
    package let faults: [String]

    package var description: String {
        let count = faults.count == 1 ? "1 fault" : "\(faults.count) faults"
        return "the tenants of \(directory) have \(count); nothing was started\n"
            + faults.map { "  \($0)" }.joined(separator: "\n")
    }
}
