import Foundation
package import Store

extension Store {
    /// Opens what a configuration names.
    package convenience init(
        _ configuration: ParleyConfiguration.Store, options: StoreOptions = StoreOptions()
    ) throws(StoreError) {
        guard let location = configuration.location else {
            try self.init(path: configuration.path, options: options)
            return
        }
        try self.init(postgres: location, options: options)
    }
}

extension ParleyConfiguration.Store {
    /// The server's database; nil where it is a file.
    package var location: PostgresLocation? {
        postgres.map { PostgresLocation($0.value, connections: connections) }
    }

    /// Moves the database into a file, away from everybody else's: for what is only tried.
    mutating func confine(to directory: URL) {
        path = directory.appendingPathComponent("parley.sqlite").path
        postgres = nil
    }
}
