import AudioCore
import CallSession
import Foundation

@testable import Speech

/// The embedded recognizer in virtual time: ``PocketSphinxSession`` without its threads.
///
/// It decodes what a session would, at the beats at which a session's worker would be woken, and knows it as much later as
/// that took. Belongs to the task that holds the call, and so does its decoder.
final class DecodedEars: VirtualEars {
    /// How long decoding takes.
    enum Pace {
        /// As long as it takes here: an idle machine's, where nothing else runs.
        case measured
        /// So much of the sound that is decoded: the same every time, however busy the machine is.
        case share(Double)
    }

    /// What a worker has: a decoder with a task's language, and what hears after it.
    struct Engine {
        let decoder: SphinxDecoder
        let configuration: PocketSphinxConfiguration
        let second: SecondHearing?

        init(
            _ vocabulary: SpeechVocabulary, configuration: PocketSphinxConfiguration, second: MoonshineModel?
        ) throws {
            SphinxDecoder.silenceLibrary()
            let model = try TelephoneBandModel(
                acousticModel: configuration.models.appending(path: "en-us"), cache: configuration.cache)
            decoder = try SphinxDecoder(
                model: model, task: TaskModel(vocabulary, configuration: configuration), search: configuration.search)
            self.configuration = configuration
            self.second = second.map { SecondHearing(model: $0) }
        }
    }

    /// Samples that a worker is woken for: 60 ms.
    private static let wakeUp = 480

    private let engine: Engine
    private let pace: Pace
    private let inlet: SampleRing<UInt8>
    private let cleaned: CleanedAudio
    private let preRoll: Int
    private let history: Int
    private var decoding: UtteranceDecoding?
    /// Where the utterance under way paused, and its length so far.
    private var pausedAt: Int?
    private var begunAt = 0
    private var lastEnd = 0
    /// When the decoder has done all that it was given.
    private var busyUntil = 0
    private var known: (at: Int, text: String)?
    private(set) var fault: SpeechError?
    /// The words of every utterance, as its result had them.
    private(set) var results: [String] = []

    init(_ engine: Engine, pace: Pace) {
        self.engine = engine
        self.pace = pace
        let configuration = engine.configuration
        inlet = SampleRing(minimumCapacity: Self.samples(configuration.inletCapacity), silence: 0xFF)
        cleaned = CleanedAudio(decoding: .mulaw, attenuation: configuration.noiseAttenuation)
        preRoll = Self.samples(configuration.preRoll)
        history =
            preRoll + (configuration.noiseAttenuation == nil ? 0 : Self.samples(configuration.noiseHistory))
    }

    /// A frame of the caller has arrived, µ-law.
    func hear(_ frame: [UInt8]) {
        inlet.write(frame.span)
        if decoding == nil { inlet.skip(inlet.count - history) }
    }

    func begin(_ id: UtteranceID, context: String, at now: Int) {
        decoding?.abandon()
        begunAt = max(lastEnd, inlet.writePosition - preRoll, 0)
        pausedAt = nil
        known = nil
        decoding = UtteranceDecoding(
            UtteranceQueue.Utterance(id: id, context: context, start: begunAt), decoder: engine.decoder,
            audio: cleaned, configuration: engine.configuration, second: engine.second)
    }

    func interim(at now: Int) -> String? {
        if pausedAt == nil, now >= busyUntil, inlet.count >= Self.wakeUp { take(upTo: nil, at: now) }
        guard let known, known.at <= now else { return nil }
        self.known = nil
        return known.text
    }

    func pause(_ id: UtteranceID, at now: Int) -> VirtualHearing? {
        let end = inlet.writePosition
        pausedAt = end
        take(upTo: end, at: now)
        guard let (event, isNew) = result(at: now), isNew, case .final(let transcript) = event else { return nil }
        // Interim words that are still to be told are older than these.
        known = nil
        return VirtualHearing(.provisional(transcript), after: wait(from: now))
    }

    func resume(_ id: UtteranceID, at now: Int) { pausedAt = nil }

    func finish(_ id: UtteranceID, at now: Int) -> VirtualHearing {
        take(upTo: pausedAt ?? inlet.writePosition, at: now)
        let event = result(at: now)?.event ?? .nothingHeard(id)
        if case .final(let transcript) = event { results.append(transcript.text) }
        end()
        return VirtualHearing(event, after: wait(from: now))
    }

    func cancel(_ id: UtteranceID, at now: Int) {
        decoding?.abandon()
        end()
    }

    private func end() {
        decoding = nil
        known = nil
        lastEnd = inlet.writePosition
    }

    // MARK: The worker's part

    /// Decodes what has come, for its interim words.
    private func take(upTo end: Int?, at now: Int) {
        guard var utterance = decoding else { return }
        let (began, before) = (ContinuousClock.now, inlet.readPosition)
        var text: String?
        do throws(SpeechError) {
            while let interim = try utterance.consume(inlet, upTo: end) { text = interim.text }
        } catch {
            fault = error
        }
        decoding = utterance
        spend(inlet.readPosition - before, since: began, at: now)
        if let text { known = (busyUntil, text) }
    }

    /// Decodes the whole utterance once more.
    private func result(at now: Int) -> (event: RecognitionEvent, isNew: Bool)? {
        guard var utterance = decoding else { return nil }
        let began = ContinuousClock.now
        do throws(SpeechError) {
            let result = try utterance.result()
            decoding = utterance
            if result.isNew { spend(inlet.readPosition - begunAt, since: began, at: now) }
            return result
        } catch {
            fault = error
            return (.failed(utterance.id, error), true)
        }
    }

    private func spend(_ samples: Int, since began: ContinuousClock.Instant, at now: Int) {
        let cost =
            switch pace {
            case .measured: Self.samples(ContinuousClock.now - began)
            case .share(let share): Int(Double(samples) * share)
            }
        busyUntil = max(busyUntil, now) + cost
    }

    private func wait(from now: Int) -> Duration { .microseconds(max(busyUntil - now, 0) * 125) }

    /// At 8 kHz.
    private static func samples(_ duration: Duration) -> Int { Int(duration / .microseconds(125)) }
}
