import Logging
import Networking

/// Whether the collector of traces takes what we send.
extension SystemCheck {
    static func telemetry(_ configuration: ParleyConfiguration) async -> [Finding] {
        let telemetry = configuration.telemetry
        guard let url = telemetry.url else { return [] }
        let client = SpanExporter.makeClient(telemetry, logger: Logger(label: "parley.check"))
        let limit = min(telemetry.timeout, .seconds(8))
        let result: Result<Int, NetworkError>
        do throws(NetworkError) {
            // A request without spans is a right one.
            let response = try await client.send(
                HTTPClientRequest(
                    method: "POST", url: telemetry.tracesURL,
                    headers: [("content-type", "application/json")] + telemetry.headerFields,
                    body: OTLPBody([], of: [:], version: "").encoded(),
                    deadlines: .init(connect: limit, firstByte: limit, betweenChunks: limit, total: limit)))
            result = .success(response.status)
        } catch { result = .failure(error) }
        await client.shutdown()
        let (isOK, detail): (Bool, String)
        switch result {
        case .success(200..<300): (isOK, detail) = (true, "\(url) takes spans")
        case .success(let status): (isOK, detail) = (false, "\(telemetry.tracesURL) answers with status \(status)")
        case .failure(let error):
            let advice = "`telemetry.otlp.allow_addresses` allows addresses that are not of the public internet"
            (isOK, detail) = (false, "\(error)".contains(AddressPolicy.refusal) ? "\(error). \(advice)" : "\(error)")
        }
        return [Finding(subject: "telemetry", isOK: isOK, detail: detail)]
    }
}
