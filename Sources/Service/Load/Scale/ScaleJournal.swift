import CallSession
import Campaigns
import Foundation

/// The inputs of one call's journal as text, of the kinds, in the numbers and of the shape that the receptionist's demo call has in
/// 50 s, with those that a voice makes which tells when it says each word. Words, numbers and confidences are by chance, so that
/// nothing is easier to compress than a call is.
struct ScaleJournal {
    struct Entry {
        var kind: String
        var payload: String
        var decisions: String?
    }

    /// Inputs by kind, and how many of each; they are spread over the call.
    private static let inputs: [(kind: String, count: Int)] = [
        ("settings", 1), ("mediaStarted", 1), ("voiceStarted", 6), ("interim", 33), ("voiceStopped", 6),
        ("provisional", 6), ("previewed", 10), ("transcript", 6), ("replyUnderstood", 6), ("toolStarted", 2),
        ("toolFinished", 2), ("replySaid", 13), ("replyExpects", 6), ("synthesized", 28), ("paced", 13),
        ("synthesisFinished", 13), ("playoutStarted", 7), ("playoutDrained", 7), ("replyFinished", 7), ("timer", 6),
        ("replyHangsUp", 1), ("hungUp", 1),
    ]

    private static let words = """
        i would like to book an appointment for next tuesday morning at half past ten please my name is peter miller and \
        the number two one seven five no yes that right thank you goodbye when can she see me about knee pain it hurts \
        since yesterday could we make later in afternoon maybe friday or monday what time do have open do not know yet
        """.split(separator: " ").map(String.init)

    /// As every call's begins that has no agent of its own.
    private static let settings: String = {
        let encoder = JSONEncoder()
        return (try? encoder.encode(ConversationSettings())).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }()

    private var chance: SplitMix

    /// - Parameter seed: another one makes another call.
    init(seed: UInt64) { chance = SplitMix(seed: seed) }

    /// All of them in their order.
    mutating func entries() -> [Entry] {
        var places: [(at: Double, kind: String)] = []
        for input in Self.inputs {
            for index in 0..<input.count {
                places.append(((Double(index) + 0.5) / Double(input.count), input.kind))
            }
        }
        // The settings and the stream's beginning come before all that happens.
        let first = places.prefix(2).map(\.kind)
        let rest = places.dropFirst(2).sorted { $0.at < $1.at }
        return first.map { entry($0, at: 0) } + rest.map { entry($0.kind, at: $0.at) }
    }

    private mutating func entry(_ kind: String, at share: Double) -> Entry {
        let turn = 1 + Int(share * 6)
        var (payload, decisions): (String, String?) = ("", "[]")
        switch kind {
        case "settings": (payload, decisions) = (Self.settings, nil)
        case "mediaStarted":
            (payload, decisions) = (#"{"mediaStarted":{}}"#, #"["start reply 1 to the call's start"]"#)
        case "voiceStarted":
            payload = #"{"voiceStarted":{"onset":\#(number(400_000))}}"#
            decisions = #"["start recognition u\#(turn) \#(text(1))"]"#
        case "interim": payload = #"{"interim":{"text":"\#(text(1...7))","_0":{"rawValue":\#(turn)}}}"#
        case "voiceStopped":
            payload = #"{"voiceStopped":{"lastVoiced":\#(number(400_000))}}"#
            decisions = #"["pause recognition u\#(turn)","preview u\#(turn) \#(turn) 1.0 \"\#(text(5))\""]"#
        case "provisional", "transcript":
            let (said, confidence) = (text(3...6), share17())
            payload = "{\"\(kind)\":{\"_0\":\(transcript(said, turn, confidence))}}"
            decisions =
                kind == "provisional"
                ? #"["preview u\#(turn) \#(turn) \#(confidence) \"\#(said)\""]"#
                : #"["note caller turn \#(turn) \#(number(400_000))-\#(number(400_000)) \#(confidence) \"\#(said)\"","#
                    + #""start reply \#(turn + 1) to turn \#(turn) \#(confidence) \"\#(said)\""]"#
        case "previewed":
            let sentence = text(5)
            payload =
                #"{"previewed":{"_0":{"rawValue":\#(turn)},"text":"\#(text(4))","firstSentence":"\#(sentence)?","_2":"open"}}"#
            decisions = #"["prepare \"\#(sentence)?\""]"#
        case "replyUnderstood":
            let confidence = share17()
            payload =
                #"{"replyUnderstood":{"_1":{"entities":{"date":"2026-12-0\#(turn)"},"intent":"inform","confidence":\#(confidence)},"generation":\#(turn)}}"#
            decisions = #"["note understood \#(turn) inform \#(confidence) date=2026-12-0\#(turn)"]"#
        case "toolStarted", "toolFinished": (payload, decisions) = tool(turn, isFinished: kind == "toolFinished")
        case "replySaid":
            let sentence = text(5...10)
            payload = #"{"replySaid":{"generation":\#(turn),"text":"\#(sentence)."}}"#
            decisions = #"["synthesize \#(turn).0 \"\#(sentence).\""]"#
        case "replyExpects":
            payload = #"{"replyExpects":{"_1":{"context":"date","kind":"date"},"generation":\#(turn)}}"#
            decisions = #"["note expecting date date"]"#
        case "synthesized":
            payload = #"{"synthesized":{"_0":{"index":0,"generation":\#(turn)},"samples":\#(number(40_000))}}"#
        case "paced": payload = paced(turn)
        case "synthesisFinished":
            payload = #"{"synthesisFinished":{"_0":{"index":0,"generation":\#(turn)}}}"#
        case "playoutStarted":
            payload = #"{"playoutStarted":{"generation":\#(turn)}}"#
            decisions = #"["note latency \#(turn) \#(number(9000)) \#(number(90)) \#(number(90)) 2 2"]"#
        case "playoutDrained":
            let said = text(14)
            payload = #"{"playoutDrained":{"generation":\#(turn),"heard":\#(number(90_000))}}"#
            decisions =
                #"["note agent turn \#(turn) \#(number(400_000))-\#(number(400_000)) \"\#(said)\" of \"\#(said)\""]"#
        case "replyFinished": payload = #"{"replyFinished":{"generation":\#(turn)}}"#
        case "timer":
            (payload, decisions) = (#"{"timer":{"_0":"endOfTurn"}}"#, #"["finish recognition u\#(turn)"]"#)
        case "replyHangsUp":
            payload = #"{"replyHangsUp":{"reason":"the caller said goodbye","generation":7}}"#
        default:
            payload = #"{"hungUp":{"reason":"the caller said goodbye"}}"#
            decisions = #"["note ended \#(number(400_000)): the caller said goodbye"]"#
        }
        return Entry(kind: kind, payload: payload, decisions: decisions)
    }

    private mutating func transcript(_ said: String, _ turn: Int, _ confidence: String) -> String {
        var start = 0
        let words = said.split(separator: " ").map { word in
            let begins = start
            start += 400 + number(6000)
            return #"{"end":\#(start),"start":\#(begins),"confidence":\#(share17()),"text":"\#(word)"}"#
        }
        return #"{"utterance":{"rawValue":\#(turn)},"text":"\#(said)","evidence":{"acoustic":-2\#(fraction()),"#
            + #""language":-1\#(fraction()),"weakestWord":\#(share17()),"backedOffShare":0,"words":\#(words.count),"#
            + #""framesPerWord":30\#(fraction()),"meanWord":\#(share17()),"contrast":52\#(fraction()),"#
            + #""filled":\#(share17()),"path":-0\#(fraction()),"strangeShare":0},"words":[\#(words.joined(separator: ","))],"#
            + #""isOutOfTask":false,"confidence":\#(confidence)}"#
    }

    private mutating func tool(_ turn: Int, isFinished: Bool) -> (String, String) {
        let arguments = #"{\"date\":\"2026-12-0\#(turn)\",\"name\":\"\#(text(2))\"}"#
        let slots = (0..<12).map { _ in #"\"\#(10 + number(8)):\#(number(2) * 3)0\""# }.joined(separator: ",")
        let outcome = isFinished ? #"{\"date\":\"2026-12-0\#(turn)\",\"slots\":[\#(slots)]}"# : ""
        let payload =
            #"{"tool\#(isFinished ? "Finished" : "Started")":{"_1":{"failed":false,"id":"t\#(turn)","#
            + #""name":"calendar_find_slots","arguments":"\#(arguments)","outcome":"\#(outcome)"},"generation":\#(turn)}}"#
        return (
            payload,
            #"["note tool \#(isFinished ? "finished" : "started") \#(turn) t\#(turn) calendar_find_slots "#
                + #"\#(isFinished ? outcome : arguments)"]"#
        )
    }

    /// When each of a sentence's words is said.
    private mutating func paced(_ turn: Int) -> String {
        var (sample, character) = (0, 0)
        var (samples, characters): ([String], [String]) = ([], [])
        for _ in 0..<22 {
            sample += 800 + number(5000)
            character += 2 + number(8)
            samples.append("\(sample)")
            characters.append("\(character)")
        }
        return
            #"{"paced":{"_0":{"generation":\#(turn),"index":0},"_1":{"samples":[\#(samples.joined(separator: ","))],"#
            + #""characters":[\#(characters.joined(separator: ","))],"total":\#(character)}}}"#
    }

    private mutating func number(_ below: Int) -> Int { Int.random(in: 0..<below, using: &chance) }

    /// A number from 0 to 1 with all the digits that a computed one has.
    private mutating func share17() -> String { "0" + fraction() }

    private mutating func fraction() -> String {
        ".\(Int.random(in: 1_000_000_000_000_000..<9_999_999_999_999_999, using: &chance))"
    }

    private mutating func text(_ counts: ClosedRange<Int>) -> String { text(counts.lowerBound + number(counts.count)) }

    private mutating func text(_ count: Int) -> String {
        (0..<count).map { _ in Self.words[number(Self.words.count)] }.joined(separator: " ")
    }
}
