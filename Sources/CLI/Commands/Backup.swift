import ArgumentParser
import Foundation
import Service
import Store

/// `parley backup`
struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copies the database as it is now into one file, also while the service runs.",
        discussion: """
            Recordings are files of their own in `recordings.directory`; copy that folder too. A database on a PostgreSQL server \
            is copied with its `pg_dump`, which has to be installed.
            """)

    @OptionGroup var common: CommonOptions
    @Argument(help: "The new file.")
    var file: String

    func run() async throws {
        do {
            let configuration = try common.load().configuration.store
            let store = try Store(configuration, options: StoreOptions(createsFile: false))
            if let location = configuration.location {
                try await PostgresCopy(location).dump(to: file)
            } else {
                try store.backUp(to: file)
            }
            Terminal.say("backed up to \(file)")
            // Whoever has the copy has all that was said.
            await Terminal.note(.terminal("backup", of: Backup.name(of: file)), in: store)
            try store.close()
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode.failure
        }
    }

    /// The file without its folder.
    static func name(of file: String) -> String { URL(filePath: file).lastPathComponent }
}

/// `parley restore`
struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Puts a backup in the place of the database, which nobody may have open and which is kept.",
        discussion: """
            On a PostgreSQL server it goes into an empty database, the one that `store.postgres` names, with the server's \
            `pg_restore`, which has to be installed.
            """)

    @OptionGroup var common: CommonOptions
    @Argument(help: "What `parley backup` made.")
    var file: String

    func run() async throws {
        let store = try common.load().configuration.store
        let path = store.path
        do {
            if let location = store.location {
                try await PostgresCopy(location).restore(file)
                Terminal.say("restored \(location)")
            } else {
                let kept = try Store.restore(file, to: path)
                // At once: whatever comes of what follows, somebody has to find what was there.
                Terminal.say("restored \(path)" + (kept.map { "; what was there is now \($0)" } ?? ""))
            }
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode.failure
        }
        let act = AuditDraft.terminal("restore", of: Backup.name(of: file))
        do {
            let restored = try Store(store, options: StoreOptions(createsFile: false))
            await Terminal.note(act, in: restored)
            try restored.close()
        } catch {
            Terminal.unnoted(act, error)
        }
    }
}
