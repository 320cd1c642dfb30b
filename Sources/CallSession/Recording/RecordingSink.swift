import AudioCore

/// The file of a recording, open or sealed.
struct RecordingSink: ~Copyable {
    private var wave: WAVWriter?
    private var sealed: SealedWriter?

    /// - Parameter key: seals the file; nil makes a WAV file.
    init(path: String, sampleRate: Int, key: RecordingKey?) throws(AudioError) {
        if let key {
            sealed = try SealedWriter(path: path, key: key, sampleRate: sampleRate)
            wave = nil
        } else {
            wave = try WAVWriter(
                path: path, format: WAVFormat(encoding: .linear16, sampleRate: sampleRate, channels: 2))
            sealed = nil
        }
    }

    /// Writes interleaved samples.
    mutating func write(_ samples: Span<Int16>) throws(AudioError) {
        try wave?.write(samples)
        try sealed?.write(samples)
    }

    mutating func close() throws(AudioError) {
        try wave?.close()
        try sealed?.close()
    }

    /// Closes after a fault, with whatever the disk still takes. Where not even the end can be written the file has none.
    ///
    /// - Returns: samples of each side that are in the file.
    mutating func closeCut() -> Int {
        try? wave?.closeCut()
        try? sealed?.closeCut()
        return (wave?.frameCount ?? 0) + (sealed?.frameCount ?? 0)
    }
}
