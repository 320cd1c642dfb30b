package import AudioCore
import Codecs

/// Something a simulated caller says: 8 kHz µ-law, and where in it the speech is.
package struct CallerClip: Sendable, Equatable {
    package let name: String
    /// 8 kHz µ-law.
    package let audio: [UInt8]
    /// The sample after the last voiced one.
    package let speechEnd: Int

    /// - Parameter speechEnd: nil finds it with the voice detector.
    package init(name: String, audio: [UInt8], speechEnd: Int? = nil) {
        self.name = name
        self.audio = audio
        self.speechEnd = speechEnd ?? Self.findSpeechEnd(audio)
    }

    /// Reads a WAV of any common format.
    package init(path: String, speechEnd: Int? = nil) throws(AudioError) {
        let clip = try AudioClip(wavFile: path)
        self.init(name: path, audio: clip.samples.map(MuLaw.encode), speechEnd: speechEnd)
    }

    /// The clip within the room it was recorded in: the sound of its edges goes on before and after it.
    ///
    /// A line that is silent, then noisy, then silent again is none that a caller has.
    ///
    /// - Parameters:
    ///   - before: samples to add before the clip; `after`: behind it.
    ///   - edge: how many of the first and of the last samples hold nothing but the room.
    package func inItsRoom(before: Int, after: Int, edge: Int) -> CallerClip {
        // Played forth and back there is no jump where the loop closes.
        func room(_ samples: some BidirectionalCollection<UInt8>, _ count: Int) -> [UInt8] {
            let loop = Array(samples) + samples.reversed()
            guard !loop.isEmpty else { return [] }
            return (0..<count).map { loop[$0 % loop.count] }
        }
        let head = room(audio.prefix(edge), before).reversed()
        return CallerClip(
            name: name, audio: head + audio + room(audio.suffix(edge).reversed(), after), speechEnd: speechEnd + before)
    }

    /// Where a call says that the voice of the clip ended: with its own settings, and a second of a silent line before it.
    ///
    /// Whatever another judge would say differently would be taken for the time that an answer needs.
    private static func findSpeechEnd(_ audio: [UInt8]) -> Int {
        var detector = VoiceActivityDetector(.forTurns)
        let silence = [Int16](repeating: 0, count: VoiceActivityDetector.frameSize)
        var before = 0
        while before < VoiceActivityDetector.sampleRate { before = detector.process(silence.span).position }
        var end = audio.count
        for start in stride(from: 0, to: audio.count - 159, by: 160) {
            let frame = audio[start..<start + 160].map(MuLaw.decode)
            if case .stopped(let at)? = detector.process(frame.span).transition { end = at - before }
        }
        return end
    }
}
