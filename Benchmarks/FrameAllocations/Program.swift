import CAllocations
import Codecs
import Foundation

/// Counts what the media loop's thread allocates while calls go on: callers' frames in over real sockets (decoding, ring, voice
/// detection, echo guard, turns, recording), agents' frames out (queue, encoding, sending), a beat every 20 ms.
/// docs/performance.md says how to run it.
@main
enum Program {
    private static let models = ".cache/neural"

    static func main() async throws {
        let words = try AudioClip(wavFile: "audio-fixtures/clean/065-booking.wav").samples
        var hasFailed = false
        for variant in Count.Variant.allCases {
            guard variant != .silero || FileManager.default.fileExists(atPath: models + "/silero_vad.onnx") else {
                print("\(variant.rawValue): \(models) has no model, so this was left out")
                continue
            }
            let count = try await Count.measure(variant, words: words, models: models)
            print(
                "\(variant.rawValue): \(count.allocations) allocations in \(count.frames) frames each way, "
                    + "\(count.turns) turns; most often at one place \(count.most), \(count.allowed) allowed"
                    + (count.allowedNeural > 0
                        ? "; at one of ONNX Runtime's \(count.mostNeural), \(count.allowedNeural) allowed" : "")
                    + (count.isOver ? ": FAILED" : ""))
            guard count.isOver || ProcessInfo.processInfo.environment["PARLEY_PLACES"] != nil else { continue }
            hasFailed = hasFailed || count.isOver
            allocations_report()
        }
        exit(hasFailed ? 1 : 0)
    }
}
