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
            // Opened to be written to it would be taken up to this program's schema, and the copy with it.
            let store = try Store(configuration, options: StoreOptions(createsFile: false, isReadOnly: true))
            let pending = try await store.schemaStanding().pending
            if let location = configuration.location {
                try await PostgresCopy(location).dump(to: file)
            } else {
                try store.backUp(to: file)
            }
            try store.close()
            Terminal.say("backed up to \(file)")
            await note(pending: pending, in: configuration)
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode.failure
        }
    }

    /// Whoever has the copy has all that was said.
    private func note(pending: [String], in configuration: ParleyConfiguration.Store) async {
        let act = AuditDraft.terminal("backup", of: Backup.name(of: file))
        guard pending.isEmpty else {
            return Terminal.complain(
                "done, but not in the audit log: \(act.act): the database is of an older version, and \(pending.count) steps of "
                    + "its schema would have had to run; `parley check` names them")
        }
        do {
            let store = try Store(configuration, options: StoreOptions(createsFile: false))
            await Terminal.note(act, in: store)
            try store.close()
        } catch { Terminal.unnoted(act, error) }
    }

    /// The file without its folder.
    static func name(of file: String) -> String { URL(filePath: file).lastPathComponent }
}

/// `parley restore`
struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Puts a backup in the place of the database, which nobody may have open and which is kept.",
        discussion: """
            What was refused or taken back since the backup is carried over from the database that was there: do-not-call entries, \
            revoked consents and keys, removed accounts and new passwords, erased people's calls. \
            On a PostgreSQL server it goes into an empty database, the one that `store.postgres` names, with the server's \
            `pg_restore`, which has to be installed.
            """)

    @OptionGroup var common: CommonOptions
    @Argument(help: "What `parley backup` made.")
    var file: String

    func run() async throws {
        let configuration = try common.load().configuration
        let (store, path) = (configuration.store, configuration.store.path)
        var kept: String?
        do {
            if let location = store.location {
                try await PostgresCopy(location).restore(file)
                Terminal.say("restored \(location)")
            } else {
                kept = try Store.restore(file, to: path)
                // At once: whatever comes of what follows, somebody has to find what was there.
                Terminal.say("restored \(path)" + (kept.map { "; what was there is now \($0)" } ?? ""))
            }
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode.failure
        }
        var act = AuditDraft.terminal("restore", of: Backup.name(of: file))
        let restored: Store
        do { restored = try Store(store, options: StoreOptions(createsFile: false)) } catch {
            if let kept { Terminal.complain("\(Self.notCarried): take them from \(kept) before the service starts") }
            return Terminal.unnoted(act, error)
        }
        if let kept {
            act.detail = await Self.carryOver(
                from: kept, to: restored, recordings: configuration.recordings.directory)
        } else if store.location != nil {
            Terminal.complain("\(Self.notCarried): they are in the database from before, if there is one")
        }
        await Terminal.note(act, in: restored)
        do { try restored.close() } catch { Terminal.complain("\(error)") }
    }

    private static let notCarried =
        "not carried over are do-not-call entries, revoked consents and keys, removed accounts, and erasures since the backup"

    /// Takes along what going back must not undo, and says what that was.
    ///
    /// - Returns: how many of what, for the audit log.
    private static func carryOver(
        from kept: String, to restored: Store, recordings: String
    ) async -> [String: String] {
        if let spill = Store.spill(besides: kept) {
            Terminal.say("what waited to be stored in it is in \(spill), and is not stored")
        }
        do {
            let newer = try Store(path: kept, options: StoreOptions(createsFile: false, isReadOnly: true))
            defer { try? newer.close() }
            let carried = try await restored.carryOver(from: newer, recordings: recordings)
            Terminal.say(
                "carried over: \(carried.suppressions) do-not-call entries, \(carried.consents) revoked consents, "
                    + "\(carried.keys) revoked keys, \(carried.accounts) changed accounts, \(carried.stops) stopped agents; "
                    + "\(carried.calls) calls of erased people deleted again")
            if carried.erasures > 0 {
                Terminal.complain(
                    "\(carried.erasures) people were erased since the backup: whoever of them was on no call that it knows has to be "
                        + "erased again (`parley person erase`)")
            }
            return carried.counts.mapValues { "\($0)" }
        } catch {
            Terminal.complain("\(notCarried): \(error); take them from \(kept) before the service starts")
            return ["carried_over": "failed"]
        }
    }
}
