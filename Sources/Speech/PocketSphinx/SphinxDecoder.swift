import CPocketSphinx
import Foundation

/// The only owner of a `ps_decoder_t`: one task's dictionary, one search for each of its states.
///
/// Belongs to the thread that made it.
@safe final class SphinxDecoder {
    private let decoder: OpaquePointer
    private let configuration: OpaquePointer
    private let logarithms: OpaquePointer
    private let initialMean: [Float]
    /// The cepstra of the utterance so far, and of how many frames.
    private var weighedSum: [Float] = []
    private var weighedFrames = 0
    private var likelihoods: [String: WordLikelihoods] = [:]
    let task: TaskModel

    /// Loads the models: some 10 ms and 4 MB, and a few milliseconds for each state.
    init(
        model: TelephoneBandModel, task: TaskModel, search: PocketSphinxConfiguration.SearchSettings
    ) throws(SpeechError) {
        func failure(_ operation: String, _ detail: String) -> SpeechError {
            SpeechError(.invalidModel, operation: operation, provider: "pocketsphinx", detail: detail)
        }
        let arguments = Self.arguments(model: model, task: task, search: search)
        var strings = unsafe arguments.map { unsafe strdup($0) }
        defer { unsafe strings.forEach { unsafe free($0) } }
        guard
            let configuration = unsafe cmd_ln_parse_r(nil, ps_args(), Int32(strings.count), &strings, 1)
        else { throw failure("cmd_ln_parse_r", "an option was refused") }
        guard let decoder = unsafe ps_init(configuration) else {
            unsafe cmd_ln_free_r(configuration)
            throw failure("ps_init", "the models in \(model.acousticModel.path) could not be loaded")
        }
        for (name, file) in task.languageModels.sorted(by: { $0.key < $1.key }) {
            guard unsafe ps_set_lm_file(decoder, Self.searchName(name), file.path) == 0 else {
                unsafe ps_free(decoder)
                unsafe cmd_ln_free_r(configuration)
                throw failure("ps_set_lm_file", "\(file.path) could not be loaded")
            }
        }
        unsafe self.decoder = decoder
        unsafe self.configuration = configuration
        unsafe logarithms = ps_get_logmath(decoder)
        initialMean = model.initialMean
        self.task = task
    }

    /// Keeps the library from writing to standard error. Once for the process, before the first decoder.
    static func silenceLibrary() { err_set_logfp(nil) }

    deinit {
        unsafe ps_free(decoder)
        unsafe cmd_ln_free_r(configuration)
    }

    /// Starts an utterance in the language of `context`; an unknown one means the whole task's.
    ///
    /// - Parameter head: its first samples, to hear how loud and coloured the line is. They are not decoded yet. A decoder
    ///   serves one caller after another, so it must not go by what it heard before.
    func begin(context: String, head: Span<Int16>) throws(SpeechError) {
        let mean = unsafe withCepstra(of: head) { unsafe CepstralStatistics($0)?.mean } ?? initialMean
        try start(context: context, mean: mean)
    }

    /// Decodes more of the utterance's `samples`, 8 kHz.
    func process(_ samples: Span<Int16>) {
        guard !samples.isEmpty else { return }
        _ = unsafe samples.withUnsafeBufferPointer { buffer in
            unsafe ps_process_raw(decoder, buffer.baseAddress, buffer.count, 0, 0)
        }
        refreshMean()
    }

    /// Decodes an utterance of which every sample is known, 8 kHz.
    func decode(_ samples: Span<Int16>, context: String) throws(SpeechError) -> DecodedUtterance {
        try start(context: context, mean: initialMean.map { _ in 0 })
        unsafe withCepstra(of: samples) { cepstra in
            unsafe CepstralStatistics(cepstra)?.normalize(cepstra)
            _ = unsafe ps_process_cep(decoder, cepstra.baseAddress, Int32(cepstra.count), 0, 1)
        }
        return finish()
    }

    /// How likely words are in `context`.
    func likelihoods(in context: String) -> WordLikelihoods? {
        let known = known(context)
        if let made = likelihoods[known] { return made }
        guard let model = unsafe ps_get_lm(decoder, Self.searchName(known)) else { return nil }
        let made = unsafe WordLikelihoods(model: model, logarithms: logarithms)
        likelihoods[known] = made
        return made
    }

    /// How the words of the task begin.
    private(set) lazy var beginnings = WordBeginnings(likelihoods(in: TaskModel.anyContext)?.words ?? [])

    /// The context itself, or the one that stands in for it.
    private func known(_ context: String) -> String {
        task.languageModels[context] == nil ? TaskModel.anyContext : context
    }

    private func start(context: String, mean: [Float]) throws(SpeechError) {
        guard unsafe ps_set_search(decoder, Self.searchName(known(context))) == 0, unsafe ps_start_stream(decoder) == 0,
            unsafe ps_start_utt(decoder) == 0
        else {
            throw SpeechError(
                .unavailable, operation: "ps_start_utt", provider: "pocketsphinx", detail: "the decoder refused")
        }
        unsafe cmn_live_set(normalization, mean)
        weighedFrames = 0
        weighedSum = mean.map { _ in 0 }
    }

    /// Goes by the mean of the whole utterance so far. The library itself would keep the first one for eight seconds.
    private func refreshMean() {
        let state = unsafe normalization.pointee
        let frames = Int(unsafe state.nframe) - Int(CMN_WIN)
        guard frames >= Self.refreshInterval else { return }
        // The library's sum starts with the mean it was given, weighted as a window of frames.
        for index in weighedSum.indices {
            weighedSum[index] += unsafe state.sum[index] - state.cmn_mean[index] * Float(CMN_WIN)
        }
        weighedFrames += frames
        let mean = weighedSum.map { $0 / Float(weighedFrames) }
        unsafe cmn_live_set(normalization, mean)
    }

    /// Runs `body` with the cepstra of `samples`, one row for each frame; none where there are too few samples.
    private func withCepstra<Result>(
        of samples: Span<Int16>, _ body: (UnsafeMutableBufferPointer<UnsafeMutablePointer<mfcc_t>?>) -> Result
    ) -> Result {
        let frontEnd = unsafe ps_get_fe(decoder)
        unsafe fe_start_stream(frontEnd)
        unsafe fe_start_utt(frontEnd)
        var cepstra: UnsafeMutablePointer<UnsafeMutablePointer<mfcc_t>?>?
        var frames: Int32 = 0
        _ = unsafe samples.withUnsafeBufferPointer { buffer in
            unsafe fe_process_utt(frontEnd, buffer.baseAddress, buffer.count, &cepstra, &frames)
        }
        defer { if let cepstra = unsafe cepstra { unsafe fe_free_2d(cepstra) } }
        return unsafe body(UnsafeMutableBufferPointer(start: cepstra, count: cepstra == nil ? 0 : Int(frames)))
    }

    /// Where the decoder keeps the mean it subtracts.
    private var normalization: UnsafeMutablePointer<cmn_t> { unsafe ps_get_feat(decoder).pointee.cmn_struct }

    /// Frames between two refreshments of the mean.
    private static let refreshInterval = 30

    /// The best words so far, without their pronunciation marks.
    var hypothesis: String {
        guard let text = unsafe ps_get_hyp(decoder, nil) else { return "" }
        return unsafe String(cString: text)
    }

    /// Ends the utterance and returns what was heard.
    private func finish() -> DecodedUtterance {
        _ = unsafe ps_end_utt(decoder)
        var score: Int32 = 0
        guard let text = unsafe ps_get_hyp(decoder, &score), unsafe text.pointee != 0 else {
            return DecodedUtterance(segments: [], frameCount: Int(unsafe ps_get_n_frames(decoder)), posterior: 0)
        }
        let posterior = unsafe logmath_log_to_ln(logarithms, ps_get_prob(decoder))
        var segments: [DecodedUtterance.Segment] = []
        var iterator = unsafe ps_seg_iter(decoder)
        while let segment = unsafe iterator {
            var start: Int32 = 0
            var end: Int32 = 0
            unsafe ps_seg_frames(segment, &start, &end)
            var acoustic: Int32 = 0
            var language: Int32 = 0
            var order: Int32 = 0
            let probability = unsafe ps_seg_prob(segment, &acoustic, &language, &order)
            segments.append(
                DecodedUtterance.Segment(
                    text: unsafe String(cString: ps_seg_word(segment)), frames: Int(start)..<Int(end) + 1,
                    posterior: unsafe logmath_log_to_ln(logarithms, probability),
                    acoustic: unsafe logmath_log_to_ln(logarithms, acoustic),
                    // The library gives this score, alone of the three, with its lowest ten bits cut off.
                    language: unsafe logmath_log_to_ln(logarithms, language << 10), order: Int(order)))
            unsafe iterator = ps_seg_next(segment)
        }
        return DecodedUtterance(
            segments: segments, frameCount: Int(unsafe ps_get_n_frames(decoder)), posterior: posterior)
    }

    /// Ends the utterance; nobody wants it.
    func abandon() { _ = unsafe ps_end_utt(decoder) }

    private static func searchName(_ context: String) -> String { "context " + context }

    private static func arguments(
        model: TelephoneBandModel, task: TaskModel, search: PocketSphinxConfiguration.SearchSettings
    ) -> [String] {
        [
            "pocketsphinx",
            "-hmm", model.acousticModel.path,
            "-featparams", model.featureParameters.path,
            "-mllr", model.transform.path,
            "-dict", task.dictionary.path,
            "-samprate", "8000", "-nfft", "256",
            "-cmn", "live",
            "-remove_silence", "no",
            // Noise is taken out before; see NoiseSuppressor.
            "-remove_noise", "no",
            "-fwdflat", search.searchesTwice ? "yes" : "no",
            "-bestpath", "yes",
            "-beam", "\(search.beam)",
            "-wbeam", "\(search.wordBeam)",
            "-pbeam", "\(search.phoneBeam)",
            "-lpbeam", "\(search.lastPhoneBeam)",
            "-lw", "\(search.languageWeight)",
            "-wip", "\(search.wordInsertionPenalty)",
            "-silprob", "\(search.silenceProbability)",
            "-fillprob", "\(search.fillerProbability)",
            "-maxhmmpf", "\(search.maximumActiveStates)",
        ]
    }
}
