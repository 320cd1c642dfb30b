import CALSA
import Glibc

/// A sound device that ALSA knows.
package struct AudioDevice: Sendable, Equatable, Codable {
    package enum Direction: String, Sendable, Codable, CaseIterable {
        /// A microphone.
        case capture
        /// A loudspeaker.
        case playback
    }

    /// As ALSA and ``SoundCard`` take it: `default`, `plughw:CARD=Headset,DEV=0`.
    package let name: String
    /// For people; one line.
    package let summary: String
    package let directions: [Direction]

    /// All devices that ALSA's configuration lists, in its order; empty where there is no sound card.
    package static func all() -> [AudioDevice] {
        parley_alsa_be_quiet()
        var hints: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
        guard unsafe snd_device_name_hint(-1, "pcm", &hints) == 0, let list = unsafe hints else { return [] }
        defer { unsafe snd_device_name_free_hint(list) }
        var devices: [AudioDevice] = []
        var index = 0
        // SAFETY: the list ends with a null pointer.
        while let hint = unsafe list[index] {
            index += 1
            guard let name = unsafe text("NAME", of: hint) else { continue }
            // Absent means both.
            let direction = unsafe text("IOID", of: hint)
            let summary = unsafe text("DESC", of: hint) ?? ""
            devices.append(
                AudioDevice(
                    name: name, summary: summary.split(separator: "\n").joined(separator: ", "),
                    directions: direction == "Input"
                        ? [.capture] : direction == "Output" ? [.playback] : [.capture, .playback]))
        }
        return devices
    }

    private static func text(_ key: String, of hint: UnsafeMutableRawPointer) -> String? {
        // SAFETY: `hint` is an element of the library's list; the text it returns is ours to free.
        guard let text = unsafe snd_device_name_get_hint(hint, key) else { return nil }
        defer { unsafe free(text) }
        return unsafe String(cString: text)
    }
}
