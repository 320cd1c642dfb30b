import Networking

/// A server that behaves like a vendor of speech that is asked over HTTP, and refuses what the vendor refuses.
package final class SpeechEmulator: Sendable {
    /// What clients did.
    package struct Counts: Sendable {
        package let requests = Tally()
        package let refusals = Tally()
    }

    private let api: any EmulatedSpeechAPI
    private let configuration: SpeechEmulatorConfiguration
    package let counts = Counts()

    init(_ api: any EmulatedSpeechAPI, _ configuration: SpeechEmulatorConfiguration) {
        self.api = api
        self.configuration = configuration
    }

    func owns(_ path: String) -> Bool { api.owns(path) }

    /// The answer to one request. Any thread; no side effect but the counts.
    func respond(to request: HTTPRequest) -> StreamedResponse {
        let number = counts.requests.add()
        let fault = number < configuration.faults.count ? configuration.faults[number] : .none
        do {
            if case .refuse(let status, let code) = fault {
                throw EmulatedRefusal(status, code, "refused as configured")
            }
            let answer = try api.answer(request, number: number, configuration)
            return response(answer, fault: fault)
        } catch let refusal as EmulatedRefusal {
            counts.refusals.add()
            return api.refuse(refusal)
        } catch {
            counts.refusals.add()
            let words = (error as? DecodingError)?.summary ?? "not understood"
            return api.refuse(EmulatedRefusal(400, api.invalidCode, words))
        }
    }

    private func response(
        _ answer: (type: String, headers: [(String, String)], chunks: [[UInt8]]),
        fault: SpeechEmulatorConfiguration.Fault
    ) -> StreamedResponse {
        var steps: [StreamedResponse.Step] = []
        if case .delay(let duration) = fault { steps.append(.wait(duration)) }
        let chunks: [[UInt8]] =
            switch fault {
            case .garbage: [Array("{\"text\":".utf8)]
            case .empty: []
            default: answer.chunks
            }
        for (index, chunk) in chunks.enumerated() {
            if case .cut(index) = fault {
                steps.append(.cut)
                break
            }
            if case .stall(index) = fault {
                steps.append(.stall)
                break
            }
            let delay = index == 0 ? configuration.firstChunkDelay : configuration.chunkDelay
            if delay > .zero { steps.append(.wait(delay)) }
            steps.append(.chunk(chunk))
        }
        return StreamedResponse(
            headers: [("Content-Type", fault == .garbage ? "text/html" : answer.type)] + answer.headers, steps: steps,
            packetSize: configuration.packetSize)
    }
}
