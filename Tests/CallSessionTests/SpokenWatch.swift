import Codecs
import Speech
import Telephony
import TestSupport

@testable import CallSession

/// A reducer, a playout queue and a carrier under watch. Voices are a constant level, above zero for utterances of an even
/// number and below for the others, so that it can be told from each sample whose it is, also within a fade.
struct SpokenWatch {
    /// What the carrier holds: how much, of which utterance, and whether it is only the end that a cut fades out.
    private struct Held {
        var generation: Int
        var count: Int
        var isEnding: Bool
    }

    var random: SplitMix64
    private var reducer = ReducerWatch(ConversationSettings())
    private var playout = PlayoutQueue()
    private var now = 0
    private var outgoing: [UInt8] = []

    // The driver.
    private var playing: PlayingReply?
    private var speechQueue: [SegmentID] = []
    /// The sentence that is being synthesised, and how many chunks of it are left.
    private var voiced: (segment: SegmentID, chunks: Int)?

    // The carrier.
    private var held: [Held] = []
    private var played = 0
    private var sent = 0
    private var marks: [(mark: PlayoutMark, position: Int)] = []
    /// What the caller heard of the newest utterance.
    private var audible = (generation: 0, count: 0)

    private var own: [String] = []
    /// Samples that callers heard, and utterances that were cut while they did.
    private(set) var heard = 0
    private(set) var cuts = 0
    var faults: [String] { reducer.faults + own }
    var log: [String] { reducer.log }

    init(random: SplitMix64) { self.random = random }

    mutating func start() { deliver(.mediaStarted) }

    /// Something happens, and time goes by.
    mutating func step() {
        switch Int.random(in: 0..<12, using: &random) {
        case 0..<4: synthesize()
        // What a call mostly consists of; the rest is anything at all.
        case 4, 5: deliver(.replySaid(generation: reducer.conversation.generation, text: "Words."))
        case 6: deliver(.voiceStarted(onset: max(now - 400, 0)))
        default:
            let event = reducer.event(using: &random, at: now)
            // These are the queue's and the voice's to tell.
            switch event {
            case .synthesized, .synthesisFinished, .synthesisFailed, .playoutStarted, .playoutDrained, .playoutCleared:
                synthesize()
            default: deliver(event)
            }
        }
        for _ in 0..<Int.random(in: 0...25, using: &random) { beat() }
    }

    // MARK: The driver, as a call has it

    private mutating func deliver(_ event: ConversationEvent) {
        for action in reducer.handle(event, at: now) { perform(action) }
    }

    private mutating func perform(_ action: ConversationAction) {
        switch action {
        case .cancelReply:
            speechQueue = []
            voiced = nil
        case .synthesize(let segment, _): speechQueue.append(segment)
        case .pausePlayout:
            playout.hold(at: now, ending: &outgoing)
            cutAtCarrier()
        case .resumePlayout:
            playout.resume()
            pump()
        case .clearPlayout(let generation):
            guard let reply = playing, reply.generation == generation else {
                return deliver(.playoutCleared(generation: generation, heard: 0))
            }
            playing = nil
            let report = playout.clear(newGeneration: reply.afterwards, at: now, ending: &outgoing)
            cutAtCarrier()
            if report.heard > 0 { cuts += 1 }
            deliver(.playoutCleared(generation: generation, heard: report.heard))
        default: break
        }
    }

    /// One chunk more of the sentence at work, or its end.
    private mutating func synthesize() {
        if voiced == nil {
            guard !speechQueue.isEmpty else { return }
            voiced = (speechQueue.removeFirst(), Int.random(in: 0...4, using: &random))
        }
        guard let (segment, chunks) = voiced else { return }
        guard chunks > 0 else {
            voiced = nil
            let hasFailed = Int.random(in: 0..<8, using: &random) == 0
            deliver(hasFailed ? .synthesisFailed(segment, reason: "mute") : .synthesisFinished(segment))
            return completeIfSpoken()
        }
        voiced?.chunks -= 1
        if playing?.generation != segment.generation {
            let reply = PlayingReply(generation: segment.generation)
            if let before = playing, before.generation > reply.generation {
                own.append("utterance \(reply.generation) is spoken after \(before.generation)")
                return
            }
            playing = reply
            playout.begin(generation: reply.queued, at: now)
        }
        let count = Int.random(in: 1...6000, using: &random)
        deliver(.synthesized(segment, samples: count))
        guard let reply = playing, reply.generation == segment.generation else { return }
        let level = MuLaw.encode(segment.generation % 2 == 0 ? 8000 : -8000)
        let chunk = [UInt8](repeating: level, count: count)
        playout.append(chunk.span, generation: reply.queued)
        pump()
    }

    private mutating func completeIfSpoken() {
        guard speechQueue.isEmpty, voiced == nil, let reply = playing,
            reducer.conversation.isFullySpoken(reply.generation)
        else { return }
        playout.complete(generation: reply.queued)
        pump()
    }

    private mutating func pump() {
        while let step = playout.tick(now: now, audio: &outgoing) {
            switch step {
            case .audio, .tail:
                take(isEnding: false)
                guard let reply = playing, !reply.isAudible else { break }
                playing?.isAudible = true
                deliver(.playoutStarted(generation: reply.generation))
            case .mark(let mark): marks.append((mark, sent))
            case .underrun: fellSilent(heard: playout.report(at: now).heard)
            case .finished(let report): fellSilent(heard: report.heard)
            }
        }
    }

    private mutating func fellSilent(heard: Int) {
        guard let reply = playing, reply.isAudible else { return }
        playing?.isAudible = false
        deliver(.playoutDrained(generation: reply.generation, heard: heard))
    }

    private mutating func cutAtCarrier() {
        sent -= held.reduce(0) { $0 + $1.count }
        held = []
        marks = marks.map { ($0.mark, min($0.position, played)) }
        if !outgoing.isEmpty { take(isEnding: true) }
    }

    // MARK: The carrier

    /// Takes `outgoing`, which must be the voice of the utterance under way.
    private mutating func take(isEnding: Bool) {
        let generation = Int(playout.generation) / 2
        let isPositive = generation % 2 == 0
        if outgoing.contains(where: { code in
            let sample = MuLaw.decode(code)
            return isPositive ? sample < 0 : sample > 0
        }) {
            own.append("another's voice in utterance \(generation)")
        }
        if isEnding, outgoing.count > 80 { own.append("an ending of \(outgoing.count) samples") }
        held.append(Held(generation: generation, count: outgoing.count, isEnding: isEnding))
        sent += outgoing.count
    }

    /// 20 ms go by.
    private mutating func beat() {
        now += 160
        play(160)
        returnMarks()
        while let due = reducer.dueTimer(at: now) { deliver(due) }
        pump()
        check()
    }

    private mutating func play(_ count: Int) {
        var left = count
        while left > 0, let first = held.first {
            let count = min(left, first.count)
            left -= count
            played += count
            heard += count
            if first.generation < audible.generation {
                own.append("\(first.generation) is heard after \(audible.generation)")
            }
            if first.generation > audible.generation { audible = (first.generation, 0) }
            audible.count += count
            held[0].count -= count
            if held[0].count == 0 { held.removeFirst() }
        }
    }

    private mutating func returnMarks() {
        while let first = marks.first, first.position <= played {
            marks.removeFirst()
            let fate = Int.random(in: 0..<20, using: &random)
            // One in ten is lost, one in twenty comes twice.
            guard fate > 1 else { continue }
            for _ in 0..<(fate == 2 ? 2 : 1) { playout.markReturned(first.mark, at: now) }
        }
    }

    private mutating func check() {
        let report = playout.report(at: now)
        if report.heard > report.sent || report.sent > report.appended {
            own.append("heard \(report.heard), sent \(report.sent), synthesised \(report.appended)")
        }
        // The carrier plays at once: nobody has heard more than it played.
        if Int(report.generation) / 2 == audible.generation, report.heard > audible.count {
            own.append("heard \(report.heard) of \(audible.generation), of which \(audible.count) were played")
        }
        if Int(report.generation) / 2 > audible.generation, report.heard > 0 {
            own.append("heard \(report.heard) of \(report.generation / 2), which was not played")
        }
        let ledger = reducer.conversation.ledger
        if report.generation == UInt32(reducer.conversation.generation) * 2, report.appended > ledger.synthesized {
            own.append("\(report.appended) samples to play, \(ledger.synthesized) known of")
        }
        // Beside the utterance under way the carrier holds at most the end of a cut one.
        let current = Int(playout.generation) / 2
        if let old = held.first(where: { !$0.isEnding && ($0.generation < current || playout.generation % 2 == 1) }) {
            own.append("\(old.count) samples of \(old.generation) wait, \(playout.generation) is under way")
        }
    }
}
