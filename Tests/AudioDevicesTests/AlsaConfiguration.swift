import Foundation
import Glibc

/// ALSA devices of a test: no sound card, but ALSA's own code from the name to the samples.
///
/// ALSA reads its configuration once in a process, so all tests share one: each takes devices by number, whose files are
/// its own.
enum AlsaConfiguration {
    static let directory: URL = {
        let directory = FileManager.default.temporaryDirectory.appending(path: "parley-alsa-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            var text = "pcm.null { type null }\n"
            for number in 0..<8 {
                // A microphone that hears a file, and a loudspeaker that fills one; `null` is their hardware.
                text += """
                    pcm.microphone\(number) {
                        type file
                        slave.pcm { type null }
                        file "/dev/null"
                        infile "\(directory.path)/heard\(number).raw"
                        format "raw"
                    }
                    pcm.loudspeaker\(number) {
                        type file
                        slave.pcm { type null }
                        file "\(directory.path)/played\(number).raw"
                        format "raw"
                    }

                    """
            }
            text += try FaultyCard.configuration(in: directory)
            try text.write(to: directory.appending(path: "asound.conf"), atomically: true, encoding: .utf8)
        } catch { fatalError("the test's ALSA configuration could not be written: \(error)") }
        // Before the library is asked anything.
        unsafe setenv("ALSA_CONFIG_PATH", directory.appending(path: "asound.conf").path, 1)
        return directory
    }()

    /// Makes device `number`'s microphone hear `samples`.
    static func microphone(_ number: Int, hears samples: [Int16]) throws -> String {
        let data = samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        try Data(data).write(to: directory.appending(path: "heard\(number).raw"))
        return "microphone\(number)"
    }

    static func loudspeaker(_ number: Int) -> String {
        _ = directory
        return "loudspeaker\(number)"
    }

    /// What device `number`'s loudspeaker was given.
    static func played(_ number: Int) throws -> [Int16] {
        let data = try Data(contentsOf: directory.appending(path: "played\(number).raw"))
        return stride(from: 0, to: data.count - 1, by: 2).map {
            Int16(bitPattern: UInt16(data[$0]) | UInt16(data[$0 + 1]) << 8)
        }
    }
}
