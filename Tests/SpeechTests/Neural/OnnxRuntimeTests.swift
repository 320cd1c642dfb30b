import Foundation
import Testing

@testable import Speech

@Suite("ONNX Runtime")
struct OnnxRuntimeTests {
    @Test("an absent library, and a file that is none, are named")
    func absent() throws {
        let absent = try #require(throws: SpeechError.self) {
            try OnnxRuntime(library: URL(fileURLWithPath: "/nowhere/libonnxruntime.so"))
        }
        #expect(absent.code == .invalidModel)
        #expect(absent.detail.contains("/nowhere/libonnxruntime.so"))
        #expect(throws: SpeechError.self) { try OnnxRuntime(library: URL(fileURLWithPath: #filePath)) }
    }

    @Test(
        "the installed library says its version", .enabled(if: InstalledModels.files.hasSilero, InstalledModels.advice))
    func version() throws {
        #expect(try InstalledModels.runtime().version.hasPrefix("1."))
    }

    @Test(
        "a file that is no model, and another model than expected, are refused with the reason",
        .enabled(if: InstalledModels.files.hasSilero && InstalledModels.files.hasSmartTurn, InstalledModels.advice))
    func wrongModels() throws {
        let runtime = try InstalledModels.runtime()
        let damaged = #expect(throws: SpeechError.self) {
            try OnnxSession(model: URL(fileURLWithPath: #filePath), runtime: runtime)
        }
        #expect(damaged?.code == .invalidModel)
        let session = try OnnxSession(model: InstalledModels.files.smartTurn, runtime: runtime)
        let other = #expect(throws: SpeechError.self) { try OnnxRun(session, inputs: [], outputs: []) }
        #expect(other?.detail.contains("1 inputs") == true)
    }

    @Test(
        "a run with tensors of the wrong shape fails with the library's own words",
        .enabled(if: InstalledModels.files.hasSmartTurn, InstalledModels.advice))
    func wrongShape() throws {
        let runtime = try InstalledModels.runtime()
        let session = try OnnxSession(model: InstalledModels.files.smartTurn, runtime: runtime)
        let tensor = try OnnxTensor(OnnxBuffer<Float>(count: 6), shape: [1, 2, 3], runtime: runtime)
        let output = try OnnxTensor(OnnxBuffer<Float>(count: 1), shape: [1, 1], runtime: runtime)
        let run = try OnnxRun(session, inputs: [("input_features", tensor)], outputs: [("logits", output)])
        let error = #expect(throws: SpeechError.self) { try run.run() }
        #expect(error?.code == .unavailable)
        #expect(error?.detail.contains("input_features") == true)
    }
}
