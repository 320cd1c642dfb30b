import AudioCore

/// Writes a sealed recording as its samples come; what is on the disk is never open.
struct SealedWriter: ~Copyable {
    /// Samples of each side that the file holds for certain.
    private(set) var frameCount = 0

    private let file: SampleFile
    private let seal: ChunkSeal
    private var sound: [UInt8] = []
    private var number = 0
    private var isClosed = false

    /// Creates the file, or empties the one that is there.
    init(path: String, key: RecordingKey, sampleRate: Int) throws(AudioError) {
        let header = SealedHeader(keyID: key.id, sampleRate: sampleRate)
        let file = try SampleFile(path: path, mode: .writing)
        try file.write(header.encoded.span, at: 0)
        seal = ChunkSeal(header, key: key)
        sound.reserveCapacity(SealedHeader.chunkSize * 2)
        self.file = file
    }

    /// Writes interleaved 16-bit samples of two sides.
    mutating func write(_ samples: Span<Int16>) throws(AudioError) {
        // SAFETY: plain bytes, borrowed for this call; every machine Swift runs on keeps them in the file's order.
        let bytes = unsafe Span<UInt8>(_bytes: samples.bytes)
        unsafe bytes.withUnsafeBufferPointer { unsafe sound.append(contentsOf: $0) }
        while sound.count > SealedHeader.chunkSize {
            let chunk = Array(sound[..<SealedHeader.chunkSize])
            try put(chunk, as: .inner)
            sound.removeFirst(SealedHeader.chunkSize)
        }
    }

    /// Writes the last chunk. Closing twice is harmless.
    mutating func close() throws(AudioError) {
        guard !isClosed else { return }
        try put(sound, as: .last)
        sound = []
        isClosed = true
    }

    /// Closes after a write has failed: what has reached the disk as a whole chunk remains.
    mutating func closeCut() throws(AudioError) {
        guard !isClosed else { return }
        isClosed = true
        sound = []
        // The rest of a chunk that was not written whole makes room for the mark of the end.
        try file.cut(to: SealedHeader.offset(ofChunk: number))
        try put([], as: .cut)
    }

    private mutating func put(_ chunk: [UInt8], as kind: ChunkPlace) throws(AudioError) {
        let sealed: [UInt8]
        do { sealed = try seal.seal(chunk, number: number, as: kind) } catch {
            throw AudioError(.fileUnavailable, operation: "seal", subject: file.path, reason: "\(error)")
        }
        try file.write(sealed.span, at: SealedHeader.offset(ofChunk: number))
        number += 1
        frameCount += chunk.count / 4
    }
}
