import Foundation
import Networking
import TestSupport
import Testing

/// The proxy of `Tests/requirements-proxy.txt`, LiteLLM, as another process in front of an emulated model.
struct ModelProxy {
    /// A Python environment with the proxy.
    static let environment = ProcessInfo.processInfo.environment["PARLEY_PROXY"]
    static let key = "sk-parley"

    /// Up to the path that all protocols share.
    let url: String

    /// Runs `body` with a proxy that knows the model at `upstream` as `chat`, to be spoken to in chat completions, and as
    /// `messages`, in Anthropic's Messages; and the one at `faulty` as `faulty`, in chat completions.
    static func serve(
        before upstream: String, _ faulty: String, client: HTTPClient, _ body: (ModelProxy) async throws -> Void
    ) async throws {
        let environment = try #require(environment)
        let directory = FileManager.default.temporaryDirectory.appending(path: "parley-proxy-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let file = directory.appending(path: "proxy.yaml")
        try Data(
            """
            model_list:
              - model_name: chat
                litellm_params: {model: openai/m, api_base: "\(upstream)", api_key: emulated}
              - model_name: messages
                litellm_params: {model: hosted_vllm/m, api_base: "\(upstream)", api_key: emulated}
              - model_name: faulty
                litellm_params: {model: openai/m, api_base: "\(faulty)", api_key: emulated}
            general_settings: {master_key: \(key)}
            litellm_settings: {num_retries: 0}
            router_settings: {num_retries: 0, disable_cooldowns: true}
            """.utf8
        ).write(to: file)
        let port = FreePort.any()
        let process = Process()
        process.executableURL = URL(filePath: "\(environment)/bin/litellm")
        process.arguments = ["--config", file.path, "--host", "127.0.0.1", "--port", "\(port)"]
        // Its list of prices would be fetched from the internet.
        process.environment = ProcessInfo.processInfo.environment.merging(["LITELLM_LOCAL_MODEL_COST_MAP": "True"]) {
            $1
        }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        // Foundation starts programs with SIGTERM held back.
        defer { kill(process.processIdentifier, SIGKILL) }
        let proxy = ModelProxy(url: "http://127.0.0.1:\(port)")
        try await proxy.awaitLife(of: process, client)
        try await body(proxy)
    }

    private func awaitLife(of process: Process, _ client: HTTPClient) async throws {
        // A busy machine takes half a minute to load what it is made of.
        for _ in 0..<600 where process.isRunning {
            let answer = try? await client.send(HTTPClientRequest(url: "\(url)/health/liveliness"))
            if answer?.status == 200 { return }
            try await Task.sleep(for: .milliseconds(200))
        }
        Issue.record("the proxy did not begin to answer")
        throw CancellationError()
    }
}
