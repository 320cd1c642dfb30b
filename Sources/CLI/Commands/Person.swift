import ArgumentParser
import CallSession
import Foundation
import Service
import Store

/// `parley person`
struct Person: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What is kept of a person, by their telephone number.", subcommands: [Export.self, Erase.self])

    struct Options: ParsableArguments {
        @OptionGroup var common: CommonOptions
        @Argument(help: "The telephone number, with + and the country's code.")
        var number: String
        @Option(help: "Of a number without a country's code.")
        var country = "US"

        func keys() throws -> RecordingKeys { try common.load().configuration.recordings.keys() }

        func office() throws -> (office: PersonOffice, number: PersonNumber) {
            let configuration = try common.load().configuration
            let store = try Store(configuration.store, options: StoreOptions(createsFile: false))
            let office = PersonOffice(configuration, store: store) {
                await SpillDrain.run(configuration.store, into: store)
            }
            return (office, try PersonOffice.number(number, country: country))
        }
    }

    /// `parley person export`
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Copies everything that is kept of them into a folder: person.json, and their recordings.")

        @OptionGroup var options: Options
        @Option(help: "The new folder.")
        var output: String

        func run() async throws {
            do {
                let (office, number) = try options.office()
                let folder = URL(fileURLWithPath: output)
                guard !FileManager.default.fileExists(atPath: folder.path) else {
                    throw ValidationError("\(output) is there already")
                }
                let bundle = try await office.export(number, audit: .terminal("person export"))
                guard !bundle.isEmpty else {
                    Terminal.say("Nothing is kept of this number.")
                    return
                }
                // Others on this machine have no business in it.
                let mine: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
                try FileManager.default.createDirectory(
                    at: folder, withIntermediateDirectories: true, attributes: mine)
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
                encoder.dateEncodingStrategy = .iso8601
                try encoder.encode(bundle).write(to: folder.appending(path: "person.json"))
                let keys = try options.keys()
                for recording in bundle.recordings {
                    let file = URL(fileURLWithPath: recording)
                    guard SealedReader.canRead(recording) else {
                        let copy = folder.appending(path: file.lastPathComponent)
                        try FileManager.default.copyItem(atPath: recording, toPath: copy.path)
                        continue
                    }
                    // They get what is kept of them in a form that they can hear.
                    let name = file.deletingPathExtension().lastPathComponent + ".wav"
                    do {
                        let reader = try SealedReader(path: recording, keys: keys, salvages: true)
                        try reader.copy(to: folder.appending(path: name).path)
                        if let note = reader.note { Terminal.complain("\(recording): \(note)") }
                    } catch let error as SealedError {
                        // One that cannot be opened must not cost them the others; it is theirs all the same.
                        Terminal.complain("\(error); it is copied as it is")
                        try? FileManager.default.removeItem(at: folder.appending(path: name))
                        let copy = folder.appending(path: file.lastPathComponent)
                        try FileManager.default.copyItem(atPath: recording, toPath: copy.path)
                    }
                }
                let rows = bundle.tables.values.reduce(0) { $0 + $1.count }
                Terminal.say("exported \(rows) rows and \(bundle.recordings.count) recordings to \(output)")
            } catch let error as ValidationError { throw error } catch {
                Terminal.complain("\(error)")
                throw ExitCode.failure
            }
        }
    }

    /// `parley person erase`
    struct Erase: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Deletes everything that is kept of them, recordings too, for good.",
            discussion: """
                What forbids to call them stays, and appointments stay without name and number. Backups made earlier keep what \
                they held.
                """)

        @OptionGroup var options: Options
        @Flag(help: "Do it; without this nothing is done.")
        var yes = false
        @Flag(help: "Print one JSON object.")
        var json = false

        func run() async throws {
            guard yes else { throw ValidationError("this cannot be undone; say --yes") }
            do {
                let (office, number) = try options.office()
                let erasure = try await office.erase(number, audit: .terminal("person erase"))
                if json { return try Terminal.json(erasure) }
                for (table, count) in erasure.rows.sorted(by: { $0.key < $1.key }) {
                    Terminal.say("\(table): \(count) erased")
                }
                Terminal.say(
                    "recordings: \(erasure.recordings) files deleted; phrases: \(erasure.phrases) files deleted")
                for kept in erasure.kept { Terminal.say("\(kept.table): \(kept.rows) kept: \(kept.reason)") }
                if !erasure.mentions.isEmpty {
                    Terminal.say(
                        "left as they are, calls of others that mention the number: "
                            + erasure.mentions.joined(separator: ", "))
                }
                Terminal.say("receipt \(erasure.receipt), which the audit log has in place of the number")
            } catch {
                Terminal.complain("\(error)")
                throw ExitCode.failure
            }
        }
    }
}
