import ArgumentParser
import CallSession
import Foundation
import Service

/// `parley recordings`
struct Recordings: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recordings", abstract: "Looks after recordings.", subcommands: [Decrypt.self])

    /// `parley recordings decrypt`
    struct Decrypt: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes an encrypted recording as a WAV file.",
            discussion: "The key is that of the configuration: recordings.key, or one of recordings.earlier_keys.")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The recording.")
        var recording: String
        @Argument(help: "The new WAV file.")
        var file: String
        @Flag(help: "Of a recording that was cut short, take what there is.")
        var salvage = false

        func run() async throws {
            guard !FileManager.default.fileExists(atPath: file) else {
                throw ValidationError("\(file) is there already")
            }
            do {
                let keys = try common.load().configuration.recordings.keys()
                let reader = try SealedReader(path: recording, keys: keys, salvages: salvage)
                try reader.copy(to: file)
                if let note = reader.note { Terminal.complain("\(recording): \(note)") }
                Terminal.say("wrote \(Double(reader.size / 4 * 10 / reader.sampleRate) / 10) s to \(file)")
            } catch {
                Terminal.complain("\(error)")
                throw ExitCode.failure
            }
        }
    }
}
