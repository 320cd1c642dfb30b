package import AudioCore
package import AudioDevices
import Codecs

extension FileAudio {
    /// Reads recordings (WAV of any common format and rate).
    ///
    /// - Throws: `AudioError` naming the file and the fault.
    package convenience init(files: [String], output: String?) throws(AudioError) {
        var clips: [[Int16]] = []
        for file in files { clips.append(try AudioClip(wavFile: file).samples) }
        try self.init(clips: clips, output: output)
    }
}
