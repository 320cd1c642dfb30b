package import AudioCore

/// A short recording in memory, mono, 16-bit.
package struct AudioClip: Sendable, Equatable {
    package let samples: [Int16]
    /// Hz.
    package let sampleRate: Int
    /// What was odd about its file, for people; nil if nothing was.
    package let note: String?

    package init(samples: [Int16], sampleRate: Int, note: String? = nil) {
        self.samples = samples
        self.sampleRate = sampleRate
        self.note = note
    }

    /// Loads a WAV file of any supported format and rate; channels are averaged.
    ///
    /// - Parameters:
    ///   - path: of the file.
    ///   - sampleRate: wanted, in Hz.
    ///   - limit: the longest file accepted; longer ones are an error and not cut.
    /// - Throws: `AudioError` naming the file and the fault.
    package init(
        wavFile path: String, sampleRate: Int = 8000, limit: Duration = .seconds(3600)
    ) throws(AudioError) {
        var reader = try WAVReader(path: path)
        let format = reader.format
        guard reader.frameCount > 0 else {
            throw AudioError(.malformedFile, operation: "read", subject: path, reason: "it holds no samples")
        }
        guard reader.frameCount / format.sampleRate <= limit.components.seconds else {
            throw AudioError(
                .unsupportedFormat, operation: "read", subject: path,
                reason: "it is longer than \(limit.components.seconds) seconds")
        }

        var bytes: [UInt8] = []
        var mono: [Int16] = []
        var result: [Int16] = []
        result.reserveCapacity(reader.frameCount * sampleRate / format.sampleRate + 1)
        if format.sampleRate == sampleRate {
            while try reader.read(4096, appendingTo: &bytes) > 0 {
                Self.mix(bytes.span, format, appendingTo: &result)
                bytes.removeAll(keepingCapacity: true)
            }
        } else {
            var resampler = try Resampler(from: format.sampleRate, to: sampleRate, quality: .high)
            while try reader.read(4096, appendingTo: &bytes) > 0 {
                Self.mix(bytes.span, format, appendingTo: &mono)
                resampler.process(mono.span, appendingTo: &result)
                bytes.removeAll(keepingCapacity: true)
                mono.removeAll(keepingCapacity: true)
            }
            resampler.flush(appendingTo: &result)
        }
        self.init(samples: result, sampleRate: sampleRate, note: reader.note)
    }

    private static func mix(_ bytes: Span<UInt8>, _ format: WAVFormat, appendingTo samples: inout [Int16]) {
        let width = format.encoding.bytesPerSample
        for frame in 0..<(bytes.count / format.bytesPerFrame) {
            var sum = 0
            for channel in 0..<format.channels {
                sum += Int(sample(bytes, at: (frame * format.channels + channel) * width, format.encoding))
            }
            samples.append(Int16(clamping: sum / format.channels))
        }
    }

    private static func sample(_ bytes: Span<UInt8>, at offset: Int, _ encoding: WAVFormat.Encoding) -> Int16 {
        switch encoding {
        case .linear8: Int16(bytes[offset]) << 8 ^ Int16.min
        case .linear16: top16(bytes, offset)
        case .linear24: top16(bytes, offset + 1)
        case .linear32: top16(bytes, offset + 2)
        case .mulaw: MuLaw.decode(bytes[offset])
        case .alaw: ALaw.decode(bytes[offset])
        case .float32:
            quantized(Float(bitPattern: UInt32(bits16(bytes, offset + 2)) << 16 | UInt32(bits16(bytes, offset))))
        }
    }

    /// The two most significant bytes of a little-endian sample are enough; what is below 16 bits is cut off.
    private static func top16(_ bytes: Span<UInt8>, _ offset: Int) -> Int16 { Int16(bitPattern: bits16(bytes, offset)) }

    private static func bits16(_ bytes: Span<UInt8>, _ offset: Int) -> UInt16 {
        UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8
    }

    private static func quantized(_ value: Float) -> Int16 {
        value.isNaN ? 0 : Int16(min(max(value * 32768, -32768), 32767))
    }
}
