import Foundation

/// A sound card that runs over, runs dry and is unplugged when a test wants it: ALSA's plugin of `faulty_card.c`.
///
/// It has a rate and channels of its own, always hears 400 Hz, and keeps what it is given.
enum FaultyCard: Int, CaseIterable {
    case microphone, loudspeaker, leavingMicrophone, leavingLoudspeaker, stereoMicrophone, stereoLoudspeaker

    /// What keeps a card from working.
    enum Fault: String, CaseIterable {
        /// It is unplugged.
        case away
        /// It runs over, or dry, at every transfer.
        case broken
    }

    static let summary = "A card of the test"

    /// As ALSA knows it.
    var name: String {
        _ = AlsaConfiguration.directory
        return "faulty\(rawValue)"
    }

    var rate: Int { isStereo ? 44_100 : 48_000 }

    /// The next transfer runs over, or dry.
    func runOver() { make("xrun") }

    func begin(_ fault: Fault) { make(fault.rawValue) }

    func end(_ fault: Fault) throws { try FileManager.default.removeItem(at: file(fault.rawValue)) }

    /// What the loudspeaker was given, of one channel.
    func played() throws -> [Int16] {
        let data = try Data(contentsOf: file("played"))
        return stride(from: 0, to: data.count - 1, by: 2).map {
            Int16(bitPattern: UInt16(data[$0]) | UInt16(data[$0 + 1]) << 8)
        }
    }

    private var isStereo: Bool { self == .stereoMicrophone || self == .stereoLoudspeaker }

    private func file(_ ending: String) -> URL {
        AlsaConfiguration.directory.appending(path: "faulty\(rawValue).\(ending)")
    }

    private func make(_ ending: String) {
        let isMade = FileManager.default.createFile(atPath: file(ending).path, contents: nil)
        precondition(isMade, "the test's folder can be written")
    }

    /// Builds the plugin, and says where ALSA finds it.
    static func configuration(in directory: URL) throws -> String {
        let library = directory.appending(path: "libfaulty.so").path
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "faulty_card.c").path
        let compiler = Process()
        compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // The one that built the service's own C.
        compiler.arguments = ["clang", "-shared", "-fPIC", "-o", library, source, "-lasound", "-lm"]
        try compiler.run()
        compiler.waitUntilExit()
        guard compiler.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
        return allCases.reduce("pcm_type.parley_faulty { lib \"\(library)\" }\n") { text, card in
            text + """
                pcm.faulty\(card.rawValue) {
                    type parley_faulty
                    state "\(directory.path)/faulty\(card.rawValue)"
                    rate \(card.rate)
                    channels \(card.isStereo ? 2 : 1)
                    hint { show on description "\(summary)" }
                }

                """
        }
    }
}
