/// Writes a WAV file as its samples come, and its sizes when it is closed.
///
/// Until then the header says "unknown", so that the recording of a process that died can still be read. Small pieces
/// are collected in a buffer that is made when the first one comes; large ones go straight to the system.
package struct WAVWriter: ~Copyable {
    package let format: WAVFormat
    /// Samples per channel written so far.
    package private(set) var frameCount = 0

    private static let bufferSize = 1 << 14
    /// What the 32-bit sizes of RIFF can count, less the header.
    private static let sizeLimit = Int(UInt32.max) - 256

    private let file: SampleFile
    private var buffer: [UInt8]
    private let start: Int
    private var offset: Int
    private var dataSize = 0
    private var isClosed = false

    /// Creates the file, or empties the one that is there, and writes the header.
    package init(path: String, format: WAVFormat) throws(AudioError) {
        let file = try SampleFile(path: path, mode: .writing)
        let header = WAVHeader(format: format, dataSize: WAVHeader.unknownSize).encoded()
        try file.write(header.span, at: 0)
        self.format = format
        start = header.count
        offset = header.count
        buffer = []
        self.file = file
    }

    /// Writes interleaved 16-bit samples; the file's encoding is `.linear16`.
    ///
    /// - Parameter samples: a multiple of the channel count.
    package mutating func write(_ samples: Span<Int16>) throws(AudioError) {
        precondition(format.encoding == .linear16, "16-bit samples go into a 16-bit file")
        precondition(samples.count % format.channels == 0, "every channel has a sample of every moment")
        // SAFETY: plain bytes, borrowed for this call; every machine Swift runs on keeps them in the file's order.
        try unsafe write(bytes: Span(_bytes: samples.bytes))
    }

    /// Writes samples already in the file's encoding.
    ///
    /// - Parameter bytes: whole frames.
    package mutating func write(bytes: Span<UInt8>) throws(AudioError) {
        precondition(bytes.count % format.bytesPerFrame == 0, "only whole frames can be written")
        try admit(bytes.count)
        if buffer.count + bytes.count > Self.bufferSize { try flush() }
        if bytes.count > Self.bufferSize {
            try file.write(bytes, at: offset)
            offset += bytes.count
        } else {
            buffer.reserveCapacity(Self.bufferSize)
            unsafe bytes.withUnsafeBufferPointer { unsafe buffer.append(contentsOf: $0) }
        }
        frameCount += bytes.count / format.bytesPerFrame
    }

    /// Hands buffered samples to the system.
    package mutating func flush() throws(AudioError) {
        guard !buffer.isEmpty else { return }
        try file.write(buffer.span, at: offset)
        offset += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }

    /// Flushes and writes the sizes into the header. Closing twice is harmless; writing afterwards is an error.
    package mutating func close() throws(AudioError) {
        guard !isClosed else { return }
        try flush()
        if dataSize % 2 != 0 { try file.write([UInt8](repeating: 0, count: 1).span, at: offset) }
        try file.write(WAVHeader(format: format, dataSize: UInt32(dataSize)).encoded().span, at: 0)
        isClosed = true
    }

    /// Closes after a write has failed: the sizes are those of what reached the system, and what was collected since is
    /// lost. ``frameCount`` says what remains.
    package mutating func closeCut() throws(AudioError) {
        guard !isClosed else { return }
        buffer.removeAll()
        dataSize = offset - start
        frameCount = dataSize / format.bytesPerFrame
        isClosed = true
        try file.write(WAVHeader(format: format, dataSize: UInt32(dataSize)).encoded().span, at: 0)
    }

    private mutating func admit(_ count: Int) throws(AudioError) {
        guard !isClosed else {
            throw AudioError(.fileUnavailable, operation: "write", subject: file.path, reason: "it is closed already")
        }
        guard dataSize + count <= Self.sizeLimit else {
            throw AudioError(
                .fileUnavailable, operation: "write", subject: file.path, reason: "a WAV file holds at most 4 GB")
        }
        dataSize += count
    }
}
