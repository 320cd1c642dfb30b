import Codecs
import Foundation

/// What the emulated vendor says, as JSON.
enum GeminiLiveEmulatedMessage {
    static let setupComplete = #"{"setupComplete":{"sessionId":"session-1"}}"#
    static let generationComplete = content(#""generationComplete":true"#)
    static let interrupted = content(#""interrupted":true"#)
    static let goAway = #"{"goAway":{"timeLeft":"50s"}}"#
    static let notResumable = #"{"sessionResumptionUpdate":{"resumable":false}}"#

    private static let usage =
        #""usageMetadata":{"promptTokenCount":20,"responseTokenCount":10,"totalTokenCount":30,"promptTokensDetails":[{"modality":"TEXT","tokenCount":10},{"modality":"AUDIO","tokenCount":10}],"responseTokensDetails":[{"modality":"TEXT","tokenCount":2},{"modality":"AUDIO","tokenCount":8}]}"#

    private static func content(_ body: String) -> String { "{\"serverContent\":{\(body)}}" }

    /// - Parameter reason: nil where the turn is over as it should be.
    static func turnComplete(_ reason: String? = nil) -> String {
        let reason = reason.map { ",\"turnCompleteReason\":\(JSONText.quoted($0))" } ?? ""
        return "{\"serverContent\":{\"turnComplete\":true\(reason)},\(usage)}"
    }

    static func heard(_ words: String, isLast: Bool) -> String {
        content("\"inputTranscription\":{\"text\":\(JSONText.quoted(words))\(isLast ? ",\"finished\":true" : "")}")
    }

    static func words(_ words: String) -> String {
        content("\"outputTranscription\":{\"text\":\(JSONText.quoted(words))}")
    }

    /// - Parameter audio: µ-law at 8 kHz; three samples go out for each.
    static func audio(_ audio: [UInt8]) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(audio.count * 6)
        for (index, byte) in audio.enumerated() {
            let from = Int(MuLaw.decode(byte))
            let step = index + 1 < audio.count ? Int(MuLaw.decode(audio[index + 1])) - from : 0
            for third in 0..<3 {
                let sample = from + step * third / 3
                bytes += [UInt8(truncatingIfNeeded: sample), UInt8(truncatingIfNeeded: sample >> 8)]
            }
        }
        let data = Data(bytes).base64EncodedString()
        return content(
            "\"modelTurn\":{\"parts\":[{\"inlineData\":{\"mimeType\":\"audio/pcm;rate=24000\",\"data\":\"\(data)\"}}]}")
    }

    static func calls(_ calls: [(id: String, name: String, arguments: String)]) -> String {
        let functions = calls.map {
            "{\"id\":\(JSONText.quoted($0.id)),\"name\":\(JSONText.quoted($0.name)),\"args\":\($0.arguments)}"
        }
        return "{\"toolCall\":{\"functionCalls\":[\(functions.joined(separator: ","))]},\(usage)}"
    }

    static func cancelled(_ ids: [String]) -> String {
        "{\"toolCallCancellation\":{\"ids\":[\(ids.map(JSONText.quoted).joined(separator: ","))]}}"
    }

    static func resumable(_ handle: String) -> String {
        "{\"sessionResumptionUpdate\":{\"newHandle\":\(JSONText.quoted(handle)),\"resumable\":true}}"
    }
}
