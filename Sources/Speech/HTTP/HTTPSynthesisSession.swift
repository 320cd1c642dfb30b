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
        let text = dialect.readsSounds ? text : InterlinearAnnotation.plain(text)
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
                let failure = SpeechError(
                    NetworkError(
                        .refused, operation: request.method, subject: request.path, detail: VendorRefusal.words(body),
                        status: response.status), provider: dialect.provider)
                return output.finish(throwing: dialect.deniesKey(body) ? failure.about(.unauthorized) : failure)
            }
            if let envelope = dialect.envelope {
                try await open(envelope, response, output)
            } else {
                try await pass(response, output)
            }
        } catch { throw SpeechError(error, provider: dialect.provider) }
    }

    /// Passes the body on in the leg's format.
    private func pass(_ response: HTTPClientResponse, _ output: Output) async throws(NetworkError) {
        let reader: SpeechBodyReader
        do throws(SpeechError) {
            reader = try SpeechBodyReader(
                contentType: response[header: "content-type"] ?? "", dialect: dialect, format: format)
        } catch { return output.finish(throwing: error) }
        var body = response.body.makeAsyncIterator()
        while let bytes = try await body.next() {
            guard take(bytes, reader, output) else { return }
        }
        let audio = reader.end()
        if !audio.isEmpty { output.yield(audio) }
    }

    /// Reads the whole body, and passes on what is in it.
    private func open(
        _ envelope: SpeechEnvelope, _ response: HTTPClientResponse, _ output: Output
    ) async throws(NetworkError) {
        let body = try await response.body.collect(upTo: envelope.longest)
        do throws(SpeechEnvelope.Malformed) {
            let content = try envelope.open(body)
            let reader = SpeechBodyReader(unnamed: dialect, format: format)
            guard take(content, reader, output) else { return }
            let audio = reader.end()
            if !audio.isEmpty { output.yield(audio) }
        } catch { output.finish(throwing: self.error(.refused, "its answer cannot be read: \(error.reason)")) }
    }

    /// - Returns: whether it was audio.
    private func take(_ bytes: [UInt8], _ reader: SpeechBodyReader, _ output: Output) -> Bool {
        do throws(SpeechError) {
            let audio = try reader.take(bytes)
            if !audio.isEmpty { output.yield(audio) }
            return true
        } catch {
            output.finish(throwing: error)
            return false
        }
    }

    private func error(_ code: SpeechError.Code, _ detail: String) -> SpeechError {
        SpeechError(code, operation: "synthesize", provider: dialect.provider, detail: detail)
    }
}

extension HTTPClientRequest {
    /// The address without what may be secret.
    fileprivate var path: String { String(url.prefix { $0 != "?" }) }
}
