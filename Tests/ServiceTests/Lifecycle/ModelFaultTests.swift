import Agent
import Networking
import Testing

@testable import Service

@Suite("What keeps a language model from answering")
struct ModelFaultTests {
    private static func error(
        _ code: ModelError.Code, status: Int? = nil, network: NetworkError.Code? = nil
    ) -> ModelError {
        ModelError(code, provider: "http://mind.test", detail: "", status: status, network: network)
    }

    @Test("is told apart by what failed, and only what the server says is absent is a missing model")
    func kinds() {
        let cases: [(error: ModelError, fault: ModelFault)] = [
            (Self.error(.notFound, network: .invalidArgument), .address),
            (Self.error(.connectionLost, network: .nameNotResolved), .name),
            (Self.error(.connectionLost, network: .connectFailed), .connection),
            (Self.error(.notFound, network: .tlsFailed), .tls),
            (Self.error(.connectionLost, network: .connectionLost), .broken), (Self.error(.connectionLost), .broken),
            (Self.error(.deadlineExceeded, network: .deadlineExceeded), .late), (Self.error(.deadlineExceeded), .late),
            (Self.error(.unauthorized, status: 401), .key), (Self.error(.unauthorized, status: 403), .rights),
            (Self.error(.notFound, status: 404), .model), (Self.error(.quotaExceeded, status: 402), .money),
            (Self.error(.rateLimited, status: 429), .crowded), (Self.error(.unavailable, status: 503), .provider),
            (Self.error(.invalidRequest, status: 400), .other),
        ]
        for (error, fault) in cases { #expect(ModelFault(error) == fault, "\(error)") }
        let told = cases.filter { $0.fault.advice(for: "it")?.contains("there is no such model") == true }
        #expect(told.map(\.error.status) == [404])
    }

    @Test("what to do names the key of the configuration that it is about")
    func advice() {
        for fault in [ModelFault.address, .name, .connection, .tls, .broken, .late] {
            #expect(fault.advice(for: "it")?.contains("`providers.it.url`") == true, "\(fault)")
        }
        for fault in [ModelFault.key, .rights] {
            let advice = fault.advice(for: "it")
            #expect(advice?.contains("`providers.it.api_key`") == true, "\(fault)")
            #expect(advice?.contains("PARLEY_PROVIDERS_IT_API_KEY") == true, "\(fault)")
        }
        #expect(ModelFault.model.advice(for: "it")?.contains("`providers.it.model`") == true)
        #expect(ModelFault.other.advice(for: "it") == nil)
    }
}
