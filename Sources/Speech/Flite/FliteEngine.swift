import CFlite
import Foundation

/// The only user of the Flite library: reads one sentence at a time.
///
/// Belongs to one thread. The voices are objects of the process that several threads read: everything a sentence
/// changes (streaming, speaking rate) is set on the utterance and never on the voice.
struct FliteEngine {
    /// Takes linear samples at ``sampleRate``; returns false to stop.
    typealias Receiver = (_ samples: Span<Int16>) -> Bool

    private static let voices: VoiceTable = {
        flite_init()
        return unsafe VoiceTable(
            slt: register_cmu_us_slt(nil), rms: register_cmu_us_rms(nil), awb: register_cmu_us_awb(nil))
    }()

    /// The voices' own rate, Hz.
    static let sampleRate = 16000

    init() { _ = Self.voices }

    /// Reads `text`, handing over audio as it is made, in pieces of at least `minimumPiece` samples.
    ///
    /// - Returns: whether the sentence was read to its end.
    func speak(
        _ text: String, voice: FliteVoice, rate: Double, minimumPiece: Int, to receiver: @escaping Receiver
    ) -> Bool {
        guard let pointer = unsafe Self.voices[voice], let utterance = unsafe new_utterance() else { return false }
        defer { unsafe delete_utterance(utterance) }
        unsafe utt_set_input_text(utterance, text)
        guard unsafe utt_init(utterance, pointer) != nil else { return false }

        let receiving = Receiving(receiver)
        return withExtendedLifetime(receiving) {
            // The utterance owns the streaming information from here on.
            guard let streaming = unsafe new_audio_streaming_info() else { return false }
            unsafe streaming.pointee.min_buffsize = Int32(minimumPiece)
            unsafe streaming.pointee.asc = receiveAudio
            unsafe streaming.pointee.userdata = Unmanaged.passUnretained(receiving).toOpaque()
            unsafe feat_set(
                utterance.pointee.features, Self.cString("streaming_info"), audio_streaming_info_val(streaming))
            unsafe feat_set_float(utterance.pointee.features, Self.cString("duration_stretch"), Float(1 / rate))
            return unsafe utt_synth(utterance) != nil && !receiving.isStopped
        }
    }

    /// A name that outlives every utterance: Flite keeps the pointers of its features' names.
    private static func cString(_ name: StaticString) -> UnsafePointer<CChar> {
        // SAFETY: a static string is a NUL-terminated constant of the program.
        unsafe UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
    }

    @safe private struct VoiceTable: @unchecked Sendable {
        // @unchecked: set once before any thread reads it; the voices behind are not written after registration.
        let slt: UnsafeMutablePointer<cst_voice>?
        let rms: UnsafeMutablePointer<cst_voice>?
        let awb: UnsafeMutablePointer<cst_voice>?

        subscript(voice: FliteVoice) -> UnsafeMutablePointer<cst_voice>? {
            switch voice {
            case .slt: unsafe slt
            case .rms: unsafe rms
            case .awb: unsafe awb
            }
        }
    }
}

/// Where the C callback finds its way back.
private final class Receiving {
    let receiver: FliteEngine.Receiver
    var isStopped = false
    init(_ receiver: @escaping FliteEngine.Receiver) { self.receiver = receiver }
}

/// Flite's streaming callback: `size` samples of `wave` from `start` are ready.
private func receiveAudio(
    _ wave: UnsafePointer<cst_wave>?, _ start: Int32, _ size: Int32, _ last: Int32,
    _ streaming: UnsafeMutablePointer<cst_audio_streaming_info>?
) -> Int32 {
    guard let wave = unsafe wave, let samples = unsafe wave.pointee.samples,
        let userdata = unsafe streaming?.pointee.userdata
    else { return CST_AUDIO_STREAM_STOP }
    // SAFETY: `FliteEngine.speak` keeps the object alive while the library may call.
    let receiving = unsafe Unmanaged<Receiving>.fromOpaque(userdata).takeUnretainedValue()
    // SAFETY: the library vouches for `size` samples from `start` during this call.
    let span = unsafe Span(_unsafeStart: UnsafePointer(samples + Int(start)), count: Int(size))
    if receiving.receiver(span) { return CST_AUDIO_STREAM_CONT }
    receiving.isStopped = true
    return CST_AUDIO_STREAM_STOP
}
