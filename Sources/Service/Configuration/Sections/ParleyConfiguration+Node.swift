import Foundation

extension ParleyConfiguration {
    /// This service among those that work on one database.
    package struct Node: Sendable, Equatable {
        /// For people; nil is the machine's.
        package var name: String?
        /// Between two signs of life.
        package var beat = Duration.seconds(3)
        /// Looks without news of a node, until it is taken for dead.
        package var patience = 7

        /// ``name``, or the machine's.
        package var calledName: String { name ?? ProcessInfo.processInfo.hostName }
    }
}
