import Agent
import AudioDevices
import CallSession
import Foundation
import Speech

/// A call from a desk as a screen of text: levels, who has the floor, what was said, heard and done. A value; the terminal
/// only shows it.
package struct DeskScreen: Sendable {
    package struct Line: Sendable, Equatable {
        package enum Style: Sendable, Equatable {
            case plain, dim, bold, title
        }

        package var text: String
        package var style: Style
    }

    /// What is said on the line, in a word.
    private enum Floor: String {
        case preparing = "preparing; the first time this takes a while"
        case nobody = "nobody speaks"
        case caller = "you speak"
        case pause = "you paused"
        case thinking = "the agent thinks"
        case agent = "the agent speaks"
        case held = "the agent holds its breath"
        case over = "the call is over"
    }

    /// Kept; older lines scroll away.
    private static let memory = 500
    private static let help = "q hang up   m mute   p push-to-talk, then hold space   0-9 * # telephone keys"

    private let agent: String
    private var floor = Floor.preparing
    private var expects = ""
    private var position = 0
    private var caller = -96.0
    private var agentLevel = -96.0
    private var isOpen = true
    private var gate: MicrophoneGate
    private var device = DeviceCounters()
    private var interim = ""
    private var latency = ""
    private var story: [Line] = []

    package init(agent: String, isPushToTalk: Bool) {
        self.agent = agent
        gate = MicrophoneGate(isPushToTalk: isPushToTalk)
    }

    package mutating func take(_ update: MicCall.Update) {
        switch update {
        case .preparing: floor = .preparing
        case .dialling: floor = .nobody
        case .levels(let caller, let agent, let isOpen):
            (self.caller, agentLevel, self.isOpen) = (caller, agent, isOpen)
        case .gate(let gate): self.gate = gate
        case .device(let counters): device = counters
        case .closed(let reason): add("line", reason, .dim)
        case .call(.journal(_, let position, let event)):
            self.position = position
            take(event)
        case .call(.note(_, let note)): take(note)
        case .call(.finished): floor = .over
        case .call(.decided): break
        }
    }

    private mutating func take(_ event: ConversationEvent) {
        switch event {
        case .voiceStarted: floor = floor == .agent ? .held : .caller
        case .voiceStopped: floor = .pause
        case .interim(_, let text): interim = text
        case .provisional(let transcript): interim = transcript.text
        case .turnTaken: floor = .thinking
        case .transcript, .nothingHeard, .recognitionFailed:
            interim = ""
            // Words that come when the agent speaks already are late.
            if floor != .agent { floor = .thinking }
        case .replySaid(_, let text): add("agent", text, .plain)
        case .playoutStarted: floor = .agent
        case .playoutDrained, .playoutCleared: if floor == .agent || floor == .held { floor = .nobody }
        case .keyPressed(let key): add("key", key, .dim)
        case .hungUp: floor = .over
        default: break
        }
    }

    private mutating func take(_ note: CallNote) {
        switch note {
        case .callerTurn(let turn), .callerWords(let turn):
            guard turn.isOutOfTask || !turn.text.isEmpty else { break }
            add("you", turn.isOutOfTask ? "(not understood) \(turn.text)" : turn.text, .bold)
        case .understood(_, let understanding):
            add(
                "",
                "\(DemoPrinter.words(of: understanding))  confidence \(DemoPrinter.fixed(understanding.confidence, 2))",
                .dim)
        case .toolFinished(_, let tool):
            add(tool.failed ? "failed" : "tool", "\(tool.name) \(tool.arguments) → \(tool.outcome)", .dim)
        case .latency(let parts): latency = DemoPrinter.parts(of: parts)
        case .expecting(let expectation): expects = expectation.kind.rawValue
        case .interrupted: add("", "you interrupted", .dim)
        case .incident(let kind, let detail): add("incident", "\(kind): \(detail)", .bold)
        case .ended(let reason, _):
            floor = .over
            add("ended", reason, .bold)
        case .consent(let consent): add("recording", consent.state.rawValue, .dim)
        case .agentTurn, .operatorTurn, .toolStarted, .speculated, .answered, .messageLeft, .transferred: break
        }
    }

    private mutating func add(_ who: String, _ what: String, _ style: Line.Style) {
        // Words of callers, tools and vendors must not command the terminal.
        let clean = String(what.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) })
        story.append(Line(text: "\(Self.padded(who, 9))\(clean)", style: style))
        if story.count > Self.memory { story.removeFirst(story.count - Self.memory) }
    }

    /// The screen: exactly `height` lines of at most `width` characters.
    package func lines(width: Int, height: Int) -> [Line] {
        let microphone =
            gate.isMuted ? "muted" : gate.isPushToTalk ? (isOpen ? "talking" : "push-to-talk") : "open"
        let seconds = position / 8000
        var head = [
            Line(
                text: Self.padded(
                    " Parley   \(agent)   \(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60)   \(floor.rawValue)",
                    width), style: .title),
            Line(text: "you      \(Self.meter(caller, width)) \(microphone)", style: .plain),
            Line(text: "agent    \(Self.meter(agentLevel, width))", style: .plain),
            Line(text: "expects  \(expects)\(interim.isEmpty ? "" : "   hears: \(interim)")", style: .dim),
            Line(text: "answer   \(latency)", style: .dim),
            Line(text: "device   \(deviceText)", style: .dim),
            Line(text: String(repeating: "─", count: width), style: .dim),
        ]
        let room = max(height - head.count - 1, 0)
        let wrapped = story.flatMap { Self.wrapped($0, width: width) }.suffix(room)
        head += wrapped
        head += repeatElement(Line(text: "", style: .plain), count: room - wrapped.count)
        head.append(Line(text: Self.help, style: .title))
        // A terminal too low for everything shows the top.
        return head.prefix(height).map { Line(text: String($0.text.prefix(width)), style: $0.style) }
    }

    private var deviceText: String {
        var parts = [
            "\(device.captureOverruns) overruns", "\(device.playbackUnderruns) underruns",
            "\(device.reopened) reopened",
        ]
        if let reduction = device.echoReduction {
            parts.append("echo lowered \(Int(reduction)) dB" + (device.echoDelay.map { " after \($0) ms" } ?? ""))
        }
        return parts.joined(separator: "   ")
    }

    /// -60 dBFS is empty, 0 full.
    private static func meter(_ level: Double, _ width: Int) -> String {
        let size = min(max(width - 34, 10), 40)
        let filled = Int((min(max(level + 60, 0), 60) / 60 * Double(size)).rounded())
        return String(repeating: "█", count: filled) + String(repeating: "·", count: size - filled)
            + " \(padded("\(Int(level))", 4, right: true)) dB"
    }

    private static func wrapped(_ line: Line, width: Int) -> [Line] {
        let indent = String(repeating: " ", count: 9)
        var result: [Line] = []
        var rest = Substring(line.text)
        repeat {
            let room = max(width - (result.isEmpty ? 0 : indent.count), 1)
            var piece = rest.prefix(room)
            if piece.count < rest.count, let space = piece.lastIndex(of: " "),
                piece.distance(from: piece.startIndex, to: space) > indent.count
            {
                piece = piece[..<space]
            }
            result.append(Line(text: (result.isEmpty ? "" : indent) + piece, style: line.style))
            rest = rest[piece.endIndex...].drop { $0 == " " }
        } while !rest.isEmpty
        return result
    }

    private static func padded(_ text: String, _ width: Int, right: Bool = false) -> String {
        let space = String(repeating: " ", count: max(width - text.count, 0))
        return right ? space + text : text + space
    }
}
