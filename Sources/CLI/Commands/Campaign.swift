import ArgumentParser
import Campaigns
import Foundation
import Service
import Store

/// `parley campaign`
struct Campaign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Calls many people, lawfully and each no more often than meant.",
        subcommands: [
            Create.self, Import.self, Start.self, Pause.self, Resume.self, Status.self, Export.self, Explain.self,
            Rehearse.self, DoNotCall.self, CampaignBench.self,
        ])

    /// What every subcommand takes.
    struct Options: ParsableArguments {
        @OptionGroup var common: CommonOptions
        @Flag(help: "Print one JSON object.")
        var json = false

        /// Runs `body`, and ends with what is wrong in words of one line, without a stack of types.
        func run(_ body: (CampaignOffice) async throws -> Void) async throws {
            do { try await body(CampaignOffice(try common.load().configuration)) } catch let exit as ExitCode {
                throw exit
            } catch {
                Terminal.complain("\(error)")
                throw ExitCode.failure
            }
        }

        func print(_ status: CampaignStatus) throws {
            if json { try Terminal.json(status) } else { Terminal.say(CampaignText.status(status)) }
        }

        /// Acts, writes down that it was done, and prints how the campaign stands.
        func act(_ act: String, _ body: (CampaignOffice) async throws -> CampaignStatus) async throws {
            try await run { office in
                let status = try await body(office)
                await Terminal.note(.terminal("campaign \(act)", of: status.name), in: office.store)
                try print(status)
            }
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stores a campaign as a file defines it; docs/campaigns.md tells the keys.")

        @OptionGroup var options: Options
        @Argument(help: "The file, such as config/campaigns/reminder.yaml.")
        var file: String

        func run() async throws {
            try await options.act("create") { try await $0.create(file: file) }
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Reads contacts from a CSV file, or from a query of a database.",
            discussion: "Rows that make no contact go into a file of their own, with their line and the reason.")

        @OptionGroup var options: Options
        @Argument(help: "The campaign.")
        var name: String
        @Argument(help: "The file. Its first row names the columns.")
        var file: String?
        @Option(
            help: """
                Instead of a file: an SQLite database, or a PostgreSQL server's, such as postgres://user@host:5432/name. It is \
                only read. Leave the password to PGPASSWORD or ~/.pgpass: everybody on the machine sees arguments.
                """)
        var database: String?
        @Option(help: "What to ask it: a SELECT whose columns are named as those of a file.")
        var query: String?
        @Option(help: "The column of the telephone number. Default: phone, number, telephone, mobile …")
        var numberColumn: String?
        @Option(
            name: .customLong("map"),
            help: "COLUMN:FIELD, such as Telefon:phone; COLUMN: leaves one out. May be given several times.")
        var pairs: [String] = []
        @Option(help: "utf-8, utf-16le, utf-16be or windows-1252. Default: found out.")
        var encoding: String?
        @Option(help: "Where rejected rows go. Default: the file's name with .rejected.csv, or the campaign's.")
        var rejected: String?

        func validate() throws {
            guard (database == nil) == (query == nil) else {
                throw ValidationError("--database and --query go together")
            }
            guard (file == nil) != (query == nil) else {
                throw ValidationError("name a file, or --database and --query")
            }
            guard query == nil || encoding == nil else { throw ValidationError("--encoding is of a file") }
        }

        func run() async throws {
            let encoding = try encoding.map { text in
                guard let encoding = CSVDialect.Encoding(rawValue: text.lowercased()) else {
                    let known = CSVDialect.Encoding.allCases.map(\.rawValue).joined(separator: ", ")
                    throw ValidationError("there is no encoding \"\(text)\"; known are: \(known)")
                }
                return encoding
            }
            try await options.run { office in
                let source: ContactImport.Source =
                    if let database, let query {
                        .query(sql: query, database: database)
                    } else {
                        .file(path: file ?? "", label: file ?? "")
                    }
                let work = ContactImport(
                    office: office, source: source, rejectedPath: rejected ?? (file ?? name) + ".rejected.csv",
                    numberColumn: numberColumn, mapping: try ColumnMapping(pairs), encoding: encoding)
                // Before the first row: an import that breaks off has stored what it read until then.
                _ = try await office.store.campaign(named: name)
                try await office.store.append(.terminal("campaign import", of: name))
                let report = try await work.run(campaign: name) { Terminal.complain("\($0) rows") }
                if options.json { return try Terminal.json(report) }
                let written = file == nil ? "" : " (\(report.encoding), delimiter \(report.delimiter))"
                Terminal.say(
                    "\(report.rows) rows\(written): \(report.added) added, \(report.duplicates) duplicates, \(report.rejected) rejected"
                )
                if let path = report.rejectedFile { Terminal.say("left out: \(path)") }
            }
        }
    }

    struct Start: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lets the running service place the campaign's calls.")

        @OptionGroup var options: Options
        @Argument(help: "The campaign.")
        var name: String

        func run() async throws { try await options.act("start") { try await $0.start(name) } }
    }

    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Places no more calls; those under way go on to their end.")

        @OptionGroup var options: Options
        @Argument(help: "The campaign.")
        var name: String
        @Option(help: "Why, for those who look at it later.")
        var reason = "by hand"

        func run() async throws {
            try await options.act("pause") { try await $0.pause(name, reason: reason) }
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Goes on with a paused campaign.")

        @OptionGroup var options: Options
        @Argument(help: "The campaign.")
        var name: String

        func run() async throws { try await options.act("resume") { try await $0.start(name) } }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "How far a campaign is, or all of them.")

        @OptionGroup var options: Options
        @Argument(help: "The campaign. Default: all of them but those of one call each.")
        var name: String?
        @Flag(help: "Also those of one call each, of `parley dial` and the API.")
        var dials = false

        func run() async throws {
            try await options.run { office in
                if let name { return try options.print(try await office.status(name)) }
                let all = try await office.list(includesDials: dials)
                if options.json { return try Terminal.json(all) }
                for status in all { Terminal.say(CampaignText.line(status)) }
                if all.isEmpty { Terminal.say("No campaigns.") }
            }
        }
    }

    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Why a number is called or not: every rule, now and before each attempt.")

        @OptionGroup var options: Options
        @Argument(help: "The campaign.")
        var name: String
        @Argument(help: "The number.")
        var number: String

        func run() async throws {
            try await options.run { office in
                let explanation = try await office.explain(name, number: number)
                if options.json { return try Terminal.json(explanation) }
                Terminal.say(CampaignText.explanation(explanation))
            }
        }
    }

    struct Rehearse: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Runs the whole campaign in virtual time and says what would happen. Calls nobody.")

        @OptionGroup var options: Options
        @Argument(help: "The campaign.")
        var name: String
        @Option(help: "When it begins, such as 2026-12-01T15:00:00Z. Default: now.")
        var begins: String?
        @Option(help: "The same number gives the same rehearsal.")
        var seed: UInt64 = 1

        func run() async throws {
            let begins = try begins.map { text in
                guard let date = try? Date(text, strategy: .iso8601) else {
                    throw ValidationError("\"\(text)\" is no moment; write one such as 2026-12-01T15:00:00Z")
                }
                return date
            }
            try await options.run { office in
                let started = ContinuousClock.now
                let configuration = try options.common.load().configuration
                let report = try await office.rehearse(
                    name, begins: begins, seed: seed, account: AccountPacing(configuration))
                if options.json { return try Terminal.json(RehearsalView(report, configuration: configuration)) }
                Terminal.say(CampaignText.rehearsal(report, configuration: configuration))
                let seconds = (ContinuousClock.now - started) / .seconds(1)
                Terminal.say("rehearsed in \(Double(Int(seconds * 10)) / 10) s")
            }
        }
    }

    struct DoNotCall: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "do-not-call", abstract: "Takes over a list of people who must not be called.")

        @OptionGroup var options: Options
        @Argument(help: "A file with one number a line, or in the first column of a CSV file.")
        var file: String
        @Option(help: "internal: who asked you; national: a copy of the national registry.")
        var list = SuppressionRecord.internalList
        @Option(help: "The day the registry's copy was made, YYYY-MM-DD; required for national.")
        var version: String?
        @Option(help: "Of numbers without a country code.")
        var country = "US"
        @Option(help: "Where the list is from.")
        var reason = "imported"

        func run() async throws {
            guard [SuppressionRecord.internalList, SuppressionRecord.nationalList].contains(list) else {
                throw ValidationError("--list is internal or national")
            }
            let day = version.flatMap(CalendarDay.init)
            guard (list == SuppressionRecord.nationalList) == (day != nil), version == nil || day != nil else {
                throw ValidationError("--version YYYY-MM-DD belongs to --list national, and must be given with it")
            }
            try await options.run { office in
                let report = try await SuppressionImport(store: office.store).run(
                    path: file, list: list, version: day, country: country, reason: reason)
                await Terminal.note(
                    .terminal("campaign do-not-call", of: report.list, ["numbers": "\(report.numbers)"]),
                    in: office.store)
                if options.json { return try Terminal.json(report) }
                Terminal.say("\(report.numbers) numbers on the list \(report.list)")
                if day != nil, report.version == nil {
                    Terminal.say("no number was read, so the day of the registry's copy stays as it was")
                }
                for fault in report.unreadable { Terminal.say("left out: \(fault)") }
                if report.unreadableCount > report.unreadable.count {
                    Terminal.say("and \(report.unreadableCount - report.unreadable.count) more")
                }
            }
        }
    }
}
