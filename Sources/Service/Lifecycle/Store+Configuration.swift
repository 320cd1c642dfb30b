import Foundation
package import Store

extension Store {
    /// Opens what a configuration names.
    package convenience init(
        _ configuration: ParleyConfiguration.Store, options: StoreOptions = StoreOptions()
    ) throws(StoreError) {
        guard let postgres = configuration.postgres else {
            try self.init(path: configuration.path, options: options)
            return
        }
        try self.init(
            postgres: PostgresLocation(postgres.value, connections: configuration.connections), options: options)
    }
}

extension ParleyConfiguration.Store {
    /// Moves the database into a file, away from everybody else's: for what is only tried.
    mutating func confine(to directory: URL) {
        path = directory.appendingPathComponent("parley.sqlite").path
        postgres = nil
    }
}
