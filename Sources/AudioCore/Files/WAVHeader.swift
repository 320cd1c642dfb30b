/// The chunks before the samples of a WAV file (RIFF/WAVE, Microsoft and IBM 1991; WAVE_FORMAT_EXTENSIBLE 2001).
struct WAVHeader: Equatable {
    /// The size that a writer leaves in the header until it knows better.
    static let unknownSize = UInt32.max

    var format: WAVFormat
    /// Where the samples begin, in bytes from the start of the file.
    var dataOffset: Int
    /// As stored; ``unknownSize`` or 0 in a file that was never closed.
    var dataSize: UInt32

    init(format: WAVFormat, dataSize: UInt32) {
        self.format = format
        self.dataSize = dataSize
        dataOffset = 0
        dataOffset = encoded().count
    }

    // MARK: Writing

    /// A RIFF header; anything but integers carries the `fact` chunk that its format tags demand.
    func encoded() -> [UInt8] {
        let isInteger = format.encoding.tag == 1
        let frames = dataSize == Self.unknownSize ? dataSize : dataSize / UInt32(format.bytesPerFrame)
        let formatSize: UInt32 = isInteger ? 16 : 18
        let chunks = 4 + 8 + formatSize + (isInteger ? 0 : 12) + 8
        let padded = UInt64(dataSize) + UInt64(dataSize & 1) + UInt64(chunks)
        var bytes: [UInt8] = []
        bytes.append(contentsOf: "RIFF".utf8)
        bytes.append(littleEndian: dataSize == Self.unknownSize ? dataSize : UInt32(clamping: padded))
        bytes.append(contentsOf: "WAVEfmt ".utf8)
        bytes.append(littleEndian: formatSize)
        bytes.append(littleEndian: format.encoding.tag)
        bytes.append(littleEndian: UInt16(format.channels))
        bytes.append(littleEndian: UInt32(format.sampleRate))
        bytes.append(littleEndian: UInt32(format.sampleRate * format.bytesPerFrame))
        bytes.append(littleEndian: UInt16(format.bytesPerFrame))
        bytes.append(littleEndian: UInt16(format.encoding.bytesPerSample * 8))
        if !isInteger {
            bytes.append(littleEndian: UInt16(0))
            bytes.append(contentsOf: "fact".utf8)
            bytes.append(littleEndian: UInt32(4))
            bytes.append(littleEndian: frames)
        }
        bytes.append(contentsOf: "data".utf8)
        bytes.append(littleEndian: dataSize)
        return bytes
    }
}

extension [UInt8] {
    fileprivate mutating func append(littleEndian value: some FixedWidthInteger) {
        for index in 0..<(value.bitWidth / 8) {
            append(UInt8(truncatingIfNeeded: value >> (8 * index)))
        }
    }
}
