extension WAVHeader {
    /// Chunks looked at before giving up on finding the samples.
    private static let chunkLimit = 256

    /// Reads the chunks of `file` up to its samples.
    ///
    /// - Throws: ``AudioError`` that names the file and the fault.
    init(reading file: borrowing SampleFile, size: Int) throws(AudioError) {
        guard size > 0 else { throw Self.fault(file.path, "the file is empty") }
        var start: [UInt8] = []
        try file.read(12, at: 0, appendingTo: &start)
        guard start.count == 12 else {
            throw Self.fault(file.path, "it ends within the RIFF header, after \(size) bytes")
        }
        guard start[0..<4].elementsEqual("RIFF".utf8) else {
            throw Self.fault(file.path, "it does not begin with \"RIFF\"")
        }
        guard start[8..<12].elementsEqual("WAVE".utf8) else {
            throw Self.fault(file.path, "it is a RIFF file but not of type \"WAVE\"")
        }

        var format: WAVFormat?
        var offset = 12
        for _ in 0..<Self.chunkLimit {
            var chunk: [UInt8] = []
            try file.read(8, at: offset, appendingTo: &chunk)
            guard chunk.count == 8 else {
                let missing = format == nil ? "format chunk (\"fmt \")" : "samples (\"data\" chunk)"
                throw Self.fault(file.path, "it ends after \(size) bytes without \(missing)")
            }
            let length = chunk.littleEndian(UInt32.self, at: 4)
            offset += 8
            if chunk[0..<4].elementsEqual("fmt ".utf8) {
                format = try Self.format(file, at: offset, length: Int(length))
            } else if chunk[0..<4].elementsEqual("data".utf8) {
                guard let format else { throw Self.fault(file.path, "the samples come before the \"fmt \" chunk") }
                self.init(format: format, dataSize: length)
                dataOffset = offset
                return
            }
            offset += Int(length) + Int(length & 1)
        }
        throw Self.fault(file.path, "no samples (\"data\" chunk) among its first \(Self.chunkLimit) chunks")
    }

    private static func format(
        _ file: borrowing SampleFile, at offset: Int, length: Int
    ) throws(AudioError) -> WAVFormat {
        guard length >= 16 else {
            throw fault(file.path, "its \"fmt \" chunk has \(length) bytes, at least 16 are needed")
        }
        var bytes: [UInt8] = []
        try file.read(min(length, 40), at: offset, appendingTo: &bytes)
        guard bytes.count == min(length, 40) else { throw fault(file.path, "it ends within its \"fmt \" chunk") }

        var tag = bytes.littleEndian(UInt16.self, at: 0)
        let channels = Int(bytes.littleEndian(UInt16.self, at: 2))
        let sampleRate = Int(bytes.littleEndian(UInt32.self, at: 4))
        let bytesPerFrame = Int(bytes.littleEndian(UInt16.self, at: 12))
        let bits = bytes.littleEndian(UInt16.self, at: 14)
        if tag == 0xFFFE {
            guard bytes.count == 40 else {
                throw fault(file.path, "its extensible \"fmt \" chunk has \(bytes.count) bytes, 40 are needed")
            }
            // The sub-format GUID begins with the plain tag; the other 14 bytes are fixed.
            tag = bytes.littleEndian(UInt16.self, at: 24)
        }
        guard let encoding = WAVFormat.Encoding(tag: tag, bitsPerSample: bits) else {
            throw AudioError(
                .unsupportedFormat, operation: "read", subject: file.path,
                reason: "format tag \(tag) with \(bits) bits a sample is not supported "
                    + "(PCM of 8, 16, 24, 32 bits, 32-bit float, A-law and µ-law are)")
        }
        guard (1...64).contains(channels) else { throw fault(file.path, "it claims \(channels) channels") }
        guard (1000...768_000).contains(sampleRate) else {
            throw fault(file.path, "it claims a sample rate of \(sampleRate) Hz")
        }
        let format = WAVFormat(encoding: encoding, sampleRate: sampleRate, channels: channels)
        guard bytesPerFrame == format.bytesPerFrame else {
            throw fault(file.path, "its block size of \(bytesPerFrame) bytes does not fit \(channels) × \(bits) bits")
        }
        return format
    }

    private static func fault(_ path: String, _ reason: String) -> AudioError {
        AudioError(.malformedFile, operation: "read", subject: path, reason: reason)
    }
}

extension [UInt8] {
    fileprivate func littleEndian<Value: FixedWidthInteger>(_: Value.Type, at offset: Int) -> Value {
        var value: Value = 0
        for index in (0..<(Value.bitWidth / 8)).reversed() {
            value = value << 8 | Value(self[offset + index])
        }
        return value
    }
}
