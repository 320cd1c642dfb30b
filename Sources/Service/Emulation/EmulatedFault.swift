import Emulators

/// A fault as it is written on the command line: `close:400ms:1011`, `refuse:503`, `stall:2`, `mute` …
package struct EmulatedFault: Sendable, Equatable, CustomStringConvertible {
    /// Why a fault cannot be had.
    package struct Unknown: Error, CustomStringConvertible {
        let text: String
        let vendor: String
        package var description: String { "`\(text)` is no fault of \(vendor); allowed: \(EmulatedFault.help)" }
    }

    package static let help =
        "none; refuse:STATUS everywhere; mute, garbage, ignore-finalize, close:AUDIO:CODE (close:400ms:1011) for recognizers"
        + " on sockets, huge, duplicate and stall:RESULTS for all of them but deepgram; close:CHUNKS:CODE, stall:CHUNKS, garbage"
        + " for voices on sockets, stranger for elevenlabs, deaf and error:STATUS for cartesia, deaf and error for rime and deepgram-flux-voice; delay:TIME, cut:CHUNKS,"
        + " stall:CHUNKS, garbage, empty for speech over HTTP; close:CHUNKS:CODE, stall:CHUNKS, garbage, late:CHUNKS, fail:CODE,"
        + " deaf, beta for openai-speech-to-speech, the same without beta and with leave:TURNS, amnesia for gemini-live; error:EVENTS, cut:EVENTS, stall:EVENTS for language models"

    private let words: [String]

    package init(_ text: String) {
        words = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    }

    package var description: String { words.joined(separator: ":") }

    private var name: String { words.first ?? "" }
    private var number: Int? { words.count == 2 ? Int(words[1]) : nil }

    private func unknown(_ vendor: String) -> Unknown { Unknown(text: description, vendor: vendor) }

    /// The duration and the code of `close:400ms:1011`.
    private var closing: (after: Duration, code: UInt16)? {
        guard words.count == 3, let after = DurationText.duration(words[1]), let code = UInt16(words[2]) else {
            return nil
        }
        return (after, code)
    }

    /// The count and the code of `close:2:1011`.
    private var closingChunks: (after: Int, code: UInt16)? {
        guard words.count == 3, let after = Int(words[1]), let code = UInt16(words[2]) else { return nil }
        return (after, code)
    }

    var deepgram: DeepgramEmulatorConfiguration.Fault {
        get throws {
            switch name {
            case "none": return .none
            case "mute": return .mute
            case "garbage": return .garbage
            case "ignore-finalize": return .ignoreFinalize
            case "refuse": if let number { return .refuse(status: number, code: "REFUSED") }
            case "close":
                if let (after, code) = closing { return .close(afterAudio: after, code: code, reason: "NET-0000") }
            default: break
            }
            throw unknown("deepgram")
        }
    }

    var listening: ListeningEmulatorConfiguration.Fault {
        get throws {
            switch name {
            case "none": return .none
            case "mute": return .mute
            case "garbage": return .garbage
            case "huge": return .huge
            case "duplicate": return .duplicate
            case "ignore-finalize": return .ignoreFinalize
            case "stall": if let number { return .stall(afterResults: number) }
            case "refuse": if let number { return .refuse(status: number, code: "REFUSED") }
            case "close":
                if let (after, code) = closing { return .close(afterAudio: after, code: code, reason: "closed") }
            default: break
            }
            throw unknown("this recognizer")
        }
    }

    var conversation: RealtimeEmulatorConfiguration.Fault {
        get throws {
            switch name {
            case "none": return .none
            case "garbage": return .garbage
            case "beta": return .beta
            case "deaf": return .deaf
            case "stall": if let number { return .stall(afterChunks: number) }
            case "late": if let number { return .late(chunks: number) }
            case "fail": if words.count == 2 { return .fail(code: words[1]) }
            case "refuse": if let number { return .refuse(status: number, code: "refused") }
            case "close": if let (after, code) = closingChunks { return .close(afterChunks: after, code: code) }
            default: break
            }
            throw unknown("openai-speech-to-speech")
        }
    }

    var geminiLive: GeminiLiveEmulatorConfiguration.Fault {
        get throws {
            switch name {
            case "none": return .none
            case "garbage": return .garbage
            case "deaf": return .deaf
            case "amnesia": return .amnesia
            case "stall": if let number { return .stall(afterChunks: number) }
            case "late": if let number { return .late(chunks: number) }
            case "leave": if let number { return .leave(afterTurns: number) }
            case "fail": if words.count == 2 { return .fail(reason: words[1]) }
            case "refuse": if let number { return .refuse(status: number) }
            case "close": if let (after, code) = closingChunks { return .close(afterChunks: after, code: code) }
            default: break
            }
            throw unknown("gemini-live")
        }
    }

    var elevenLabs: ElevenLabsEmulatorConfiguration.Fault {
        get throws {
            switch name {
            case "none": return .none
            case "garbage": return .garbage
            case "stranger": return .stranger
            case "stall": if let number { return .stall(afterChunks: number) }
            case "refuse": if let number { return .refuse(status: number, code: "refused") }
            case "close": if let (after, code) = closingChunks { return .close(afterChunks: after, code: code) }
            default: break
            }
            throw unknown("elevenlabs")
        }
    }

    var cartesia: CartesiaEmulatorConfiguration.Fault {
        get throws {
            switch name {
            case "none": return .none
            case "garbage": return .garbage
            case "deaf": return .deaf
            case "error": if let number { return .error(status: number) }
            case "stall": if let number { return .stall(afterChunks: number) }
            case "refuse": if let number { return .refuse(status: number) }
            case "close": if let (after, code) = closingChunks { return .close(afterChunks: after, code: code) }
            default: break
            }
            throw unknown("cartesia")
        }
    }

    var voice: VoiceEmulatorConfiguration.Fault {
        get throws {
            switch name {
            case "none": return .none
            case "garbage": return .garbage
            case "deaf": return .deaf
            case "error" where words.count == 1: return .error
            case "stall": if let number { return .stall(afterChunks: number) }
            case "refuse": if let number { return .refuse(status: number) }
            case "close": if let (after, code) = closingChunks { return .close(afterChunks: after, code: code) }
            default: break
            }
            throw unknown("this voice")
        }
    }

    var speech: SpeechEmulatorConfiguration.Fault {
        get throws {
            switch name {
            case "none": return .none
            case "garbage": return .garbage
            case "empty": return .empty
            case "delay": if words.count == 2, let delay = DurationText.duration(words[1]) { return .delay(delay) }
            case "cut": if let number { return .cut(afterChunks: number) }
            case "stall": if let number { return .stall(afterChunks: number) }
            case "refuse": if let number { return .refuse(status: number, code: "refused") }
            default: break
            }
            throw unknown("speech over HTTP")
        }
    }

    var model: ModelEmulatorConfiguration.Fault {
        get throws {
            switch name {
            case "none": return .none
            case "error": if let number { return .error(afterChunks: number) }
            case "cut": if let number { return .cut(afterChunks: number) }
            case "stall": if let number { return .stall(afterChunks: number) }
            case "refuse":
                if let number { return .refuse(status: number, code: "refused", retryAfterMilliseconds: nil) }
            default: break
            }
            throw unknown("this language model")
        }
    }
}
