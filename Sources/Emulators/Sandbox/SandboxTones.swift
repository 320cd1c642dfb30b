import Callers
import Codecs
import Glibc

/// The tones of machines that answer.
enum SandboxTones {
    /// After which a voicemail records: 1,000 Hz, 400 ms.
    static let beep = tone("beep", 1000, .milliseconds(400))
    /// Of a fax that answers (CED, ITU-T T.30): 2,100 Hz, three seconds.
    static let fax = tone("fax", 2100, .seconds(3))

    private static func tone(_ name: String, _ frequency: Double, _ length: Duration) -> CallerClip {
        let count = Int(length / .seconds(1) * 8000)
        let audio = (0..<count).map { index in
            MuLaw.encode(Int16(6000 * sin(2 * .pi * frequency * Double(index) / 8000)))
        }
        return CallerClip(name: name, audio: audio, speechEnd: count)
    }
}
