import ArgumentParser
import Service
import Store

extension Campaign {
    /// `parley campaign export`
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the results, a contact or an attempt a line, also while the campaign runs.")

        @OptionGroup var options: Options
        @Argument(help: "The campaign.")
        var name: String
        @Flag(help: "Print every attempt, a line each, in place of each contact with its last one.")
        var attempts = false

        func run() async throws {
            // A line of its own for each: a whole of millions would not fit into memory.
            let format = options.json ? CampaignExport.Format.jsonl : .csv
            try await options.run { office in
                // Before the first line: what has left cannot be called back.
                _ = try await office.store.campaign(named: name)
                try await office.store.append(.terminal("campaign export", of: name))
                let export = CampaignExport(office: office, format: format, of: attempts ? .attempts : .contacts)
                try await export.run(campaign: name) { Terminal.say($0) }
            }
        }
    }
}
