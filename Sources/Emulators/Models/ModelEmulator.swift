import Networking

/// A server that behaves like a vendor of language models, and refuses what the vendor refuses.
package final class ModelEmulator: Sendable {
    /// What clients did.
    package struct Counts: Sendable {
        package let requests = Tally()
        package let refusals = Tally()
    }

    private let api: any EmulatedModelAPI
    private let configuration: ModelEmulatorConfiguration
    package let counts = Counts()

    init(_ api: any EmulatedModelAPI, _ configuration: ModelEmulatorConfiguration) {
        self.api = api
        self.configuration = configuration
    }

    func owns(_ path: String) -> Bool { api.owns(path) }

    /// The answer to one request. Any thread; no side effect but the counts.
    func respond(to request: HTTPRequest) -> StreamedResponse {
        let number = counts.requests.add()
        do throws(EmulatedRefusal) {
            try api.checkRim(request, apiKey: configuration.apiKey)
            let fault = number < configuration.faults.count ? configuration.faults[number] : .none
            if case .refuse(let status, let code, let milliseconds) = fault {
                throw EmulatedRefusal(status, code, "refused as configured", retryAfterMilliseconds: milliseconds)
            }
            return answer(try read(request), number: number, fault: fault)
        } catch {
            counts.refusals.add()
            return api.refuse(error)
        }
    }

    private func read(_ request: HTTPRequest) throws(EmulatedRefusal) -> EmulatedQuestion {
        let question: EmulatedQuestion
        do {
            question = try api.read(request)
        } catch let refusal as EmulatedRefusal {
            throw refusal
        } catch {
            throw EmulatedRefusal(400, api.invalidCode, (error as? DecodingError)?.summary ?? "not JSON")
        }
        guard configuration.models.isEmpty || configuration.models.contains(question.exchange.model) else {
            throw EmulatedRefusal(404, api.notFoundCode, "model: \(question.exchange.model)")
        }
        return question
    }

    private func answer(
        _ question: EmulatedQuestion, number: Int, fault: ModelEmulatorConfiguration.Fault
    ) -> StreamedResponse {
        let answer = EmulatedAnswer(
            number: number, model: question.exchange.model, reply: configuration.script(question.exchange),
            promptTokens: question.promptTokens)
        guard question.isStreamed else {
            var response = StreamedResponse.json(api.whole(answer), status: 200)
            response.steps.insert(.wait(configuration.firstTokenDelay), at: 0)
            return response
        }
        let (events, preamble) = api.stream(answer)
        let pacing = StreamPacing(
            firstTokenDelay: configuration.firstTokenDelay, tokenDelay: configuration.tokenDelay, fault: fault)
        return StreamedResponse(
            headers: [("Content-Type", "text/event-stream; charset=utf-8"), ("request-id", "req_\(number)")],
            steps: pacing.steps(events, preamble: preamble, error: api.errorEvent).steps,
            packetSize: configuration.packetSize)
    }
}
