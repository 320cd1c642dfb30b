import AudioCore
import Networking
import Synchronization

/// One call's use of a vendor that is asked over HTTP.
final class HTTPSynthesisSession: SynthesisSession {
    private typealias Output = AsyncThrowingStream<[UInt8], any Error>.Continuation

    private let dialect: any SpeechHTTPDialect
    private let voice: String
    private let format: AudioFormat
    private let client: HTTPClient
    private let isClosed = Atomic<Bool>(false)

    /// Bytes of an error's body that are read.
    private static let longestError = 16_384

    init(_ dialect: any SpeechHTTPDialect, voice: String, format: AudioFormat, client: HTTPClient) {
        self.dialect = dialect
        self.voice = voice
        self.format = format
        self.client = client
    }

    func synthesize(_ text: String) -> SynthesizedAudio {
        // Bounded by the text asked for: audio of one sentence.
        let (stream, output) = AsyncThrowingStream.makeStream(of: [UInt8].self)
        guard text.contains(where: { !$0.isWhitespace }) else {
            output.finish()
            return SynthesizedAudio(stream)
        }
        let task = Task {
            do throws(SpeechError) {
                guard !isClosed.load(ordering: .acquiring) else { throw error(.cancelled, "the session is closed") }
                try await speak(text, output)
                output.finish()
            } catch { output.finish(throwing: error) }
        }
        output.onTermination = { reason in
            if case .cancelled = reason { task.cancel() }
        }
        return SynthesizedAudio(stream)
    }

    func close() { isClosed.store(true, ordering: .releasing) }

    private func speak(_ text: String, _ output: Output) async throws(SpeechError) {
        var request = try dialect.request(text, voice: voice, format: format)
        // Synthesis acts on nothing.
        request.mayBeRepeated = true
        do throws(NetworkError) {
            let response = try await client.send(request)
            guard response.status == 200 else {
                let body = try await response.body.collect(upTo: Self.longestError)
                throw NetworkError(
                    .refused, operation: request.method, subject: request.path, detail: VendorRefusal.words(body),
                    status: response.status)
            }
            try await pass(response, output)
        } catch { throw SpeechError(error, provider: dialect.provider) }
    }

    /// Passes the body on in the leg's format.
    private func pass(_ response: HTTPClientResponse, _ output: Output) async throws(NetworkError) {
        let content = SpeechContentType(response[header: "content-type"] ?? "", expected: dialect.expected(for: format))
        var head: [UInt8] = []
        var conversion: AudioConversion?
        do throws(SpeechError) {
            switch content {
            case .samples(let source):
                conversion = try AudioConversion(from: source, to: format, provider: dialect.provider)
            case .wav: break
            case .other(let type):
                throw error(.refused, "it sends \(type), which is no plain audio; ask for pcm or wav")
            }
        } catch { return output.finish(throwing: error) }
        var body = response.body.makeAsyncIterator()
        while var bytes = try await body.next() {
            if conversion == nil {
                head += bytes
                switch WAVHead(head) {
                case .incomplete: continue
                case .malformed(let why): return output.finish(throwing: error(.refused, "its WAV is not one: \(why)"))
                case .samples(let source, let offset):
                    do throws(SpeechError) {
                        conversion = try AudioConversion(from: source, to: format, provider: dialect.provider)
                    } catch { return output.finish(throwing: error) }
                    bytes = Array(head[offset...])
                    head = []
                }
            }
            if let audio = conversion?.take(bytes), !audio.isEmpty { output.yield(audio) }
        }
        if let audio = conversion?.end(), !audio.isEmpty { output.yield(audio) }
    }

    private func error(_ code: SpeechError.Code, _ detail: String) -> SpeechError {
        SpeechError(code, operation: "synthesize", provider: dialect.provider, detail: detail)
    }
}

extension HTTPClientRequest {
    /// The address without what may be secret.
    fileprivate var path: String { String(url.prefix { $0 != "?" }) }
}
