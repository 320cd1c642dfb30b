import AudioCore
import CallSession
import Codecs
import Telephony

extension Ambience.Sounds {
    /// The longest file that is played again and again.
    private static let longest = Duration.seconds(120)

    /// - Throws: what is wrong with a file that the configuration names.
    init(_ media: ParleyConfiguration.Media) throws(AudioError) {
        let level = -Double(media.ambienceLevel)
        var (bed, thinking): ([Int16], [Int16]) = ([], [])
        switch media.ambience {
        case "none": break
        case "noise": bed = Self.comfortNoise(level: level)
        case let path: bed = try AudioClip(wavFile: path, limit: Self.longest).samples
        }
        switch media.thinkingSound {
        case "none": break
        case "taps": thinking = Self.taps(level: level)
        case let path: thinking = try AudioClip(wavFile: path, limit: Self.longest).samples
        }
        self.init(bed: bed, thinking: thinking, patience: media.thinkingAfter.samples)
    }

    /// What is heard by a caller who holds the line.
    ///
    /// - Throws: what is wrong with a file that the configuration names.
    static func hold(_ media: ParleyConfiguration.Media) throws(AudioError) -> [Int16] {
        switch media.holdMusic {
        case "none": []
        case "chimes": chimes(level: -Double(media.ambienceLevel))
        case let path: try AudioClip(wavFile: path, limit: longest).samples
        }
    }
}
