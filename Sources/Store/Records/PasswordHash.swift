package import Foundation

/// What is kept of a password. How it is made is the business of whoever checks it.
package struct PasswordHash: Sendable, Equatable {
    package var salt: Data
    package var digest: Data
    /// The logarithm to base 2 of the work that a check takes, so that it may grow.
    package var cost: Int

    package init(salt: Data, digest: Data, cost: Int) {
        self.salt = salt
        self.digest = digest
        self.cost = cost
    }
}
