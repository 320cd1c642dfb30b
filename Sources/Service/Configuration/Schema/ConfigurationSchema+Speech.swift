extension ConfigurationSchema {
    static let agents = ConfigurationSection(
        name: "agents", documentation: "Who answers.",
        keys: [
            Key("agents.directory", \.agents.directory, .path, "Where the agents' files are, one YAML file for each."),
            Key("agents.default", \.agents.default, .name, "Answers calls to numbers that are not listed below."),
            Key(
                "agents.understanding", \.agents.understanding, .word,
                "What flows in English compare with their examples: whole sentences, for some 2 ms of a core for each that is new, or the words alone. Without the sentence model's files in speech.neural_models the words serve."
            ),
        ])

    static let tools = ConfigurationSection(
        name: "tools", documentation: "What agents can reach: vendors' APIs, MCP servers, documents.",
        keys: [
            Key(
                "tools.directory", \.tools.directory, .path,
                "Where the files of connectors, MCP servers, databases, mail servers and sandboxes are; docs/tools.md tells how they are written."
            ),
            Key(
                "tools.documents", \.tools.documents, .path,
                "A folder of Markdown, text, CSV, HTML and PDF files that agents may look things up in."),
            Key(
                "tools.embeddings", \.tools.embeddings, .name,
                "A provider of kind openai-embeddings that puts the passages found in documents into the order of their meaning. When it is late or fails they stay in the order of their words."
            ),
            Key(
                "tools.allow_addresses", \.tools.allowedAddresses, .addresses,
                fallback: "none: the public internet only", example: "10.1.0.0/16, 127.0.0.1",
                "Private addresses that tools may connect to. All others are refused, whatever a name resolves to."),
        ])

    static let speech = ConfigurationSection(
        name: "speech", documentation: "Ears and voice. The embedded engines need no network and no account.",
        keys: [
            Key(
                "speech.recognizer", \.speech.recognizer, .engines, example: "deepgram, embedded",
                "Who hears: the embedded engine, a provider below, or several in the order of preference. When one fails or is slow the next one is given what the caller said."
            ),
            Key(
                "speech.synthesizer", \.speech.synthesizer, .engines, example: "deepgram, embedded",
                "Who speaks, likewise. When one breaks off the next one says the rest."),
            Key(
                "speech.decoders", \.speech.decoders, .integer(1...64), fallback: "the number of cores", example: "2",
                "Embedded recognitions that may run at a time."),
            Key("speech.voices", \.speech.voices, .integer(1...64), "Embedded synthesis workers."),
            Key(
                "speech.loudness", \.speech.loudness, .loudness,
                "How loud all voices are made, in LUFS (EBU R 128), from their third second on; off leaves them as they are."
            ),
            Key(
                "speech.phrase_cache", \.speech.phraseCache, .size(0...1_000_000_000),
                "Memory for phrases synthesised before; 0 keeps none."),
            Key(
                "speech.phrase_store", \.speech.phraseStore, .path,
                "Where vendors' phrases are kept over restarts; nothing else should be in it."),
            Key(
                "speech.phrase_store_size", \.speech.phraseStoreSize, .size(0...100_000_000_000),
                "Room for them; 0 keeps none."),
            Key("speech.models", \.speech.models, .path, "Where models derived at run time are kept."),
            Key(
                "speech.acoustic_model", \.speech.acousticModel, .path,
                "The embedded recognizer's acoustic model, as the package pocketsphinx-en-us installs it."),
            Key(
                "speech.second_recognizer", \.speech.secondRecognizer, .word,
                "What hears once more what the embedded recognizer has heard: a third to a half fewer word errors for some 70 ms of a core for each second of speech. Without its files none serves."
            ),
            Key(
                "speech.voice_detector", \.speech.voiceDetector, .word,
                "What listens for the caller's voice. silero is better in noise and costs more; without its files builtin serves."
            ),
            Key(
                "speech.end_of_turn", \.speech.endOfTurn, .word,
                "What hears, beside words and pauses, whether the caller has finished. smart_turn takes some 90 ms of a core for each pause, on a thread of its own; without its files none serves."
            ),
            Key(
                "speech.neural_models", \.speech.neuralModels, .path,
                "The neural models and their runtime, as scripts/setup fetches them."),
            Key(
                "speech.es.recognizer", optional: \.speech.spanishRecognizer, .engines,
                fallback: "those of speech.recognizer", example: "deepgram",
                "Who hears callers of agents with `language: es`."),
            Key(
                "speech.es.synthesizer", optional: \.speech.spanishSynthesizer, .engines,
                fallback: "those of speech.synthesizer", example: "deepgram",
                "Who speaks for agents with `language: es`, also when a caller is handed over to one in mid-call. The embedded voice reads English only."
            ),
        ])

    static let providers = ConfigurationSection(
        name: "providers",
        documentation:
            "Remote vendors of speech and language models, each under a name of your choice that the keys above and the agents use."
    )

    /// The keys of one provider, below its name.
    static let providerKeys: [ConfigurationKey<ParleyConfiguration.Provider>] = [
        ConfigurationKey(
            "kind", \.kind, .word, fallback: "none, required", example: "deepgram",
            "The protocol to speak. deepgram hears and speaks; deepgram-flux, assemblyai, elevenlabs-scribe, cartesia-ink, soniox, speechmatics, azure-transcription, openai-realtime and openai-transcription hear; elevenlabs, elevenlabs-http, cartesia, rime, deepgram-flux-voice, azure-speech, google-speech and openai-speech speak (docs/providers.md); openai-speech-to-speech and gemini-live hear, think and speak for the agents that name one as their model (docs/speech-to-speech.md); openai-embeddings tells meanings (docs/tools.md). The others are language models: openai is chat completions, there and on compatible servers (docs/models.md)."
        ),
        ConfigurationKey(
            "url", optional: \.url, .url(["https", "http", "wss", "ws"]),
            fallback: "the vendor's own", example: "https://api.deepgram.com",
            "The base address, for regional or self-hosted servers; those of Azure are regional. For all of openai's it ends in /v1, for gemini in /v1beta."
        ),
        ConfigurationKey(
            "api_key", optional: \.apiKey, .secret, example: "${DEEPGRAM_API_KEY}",
            "Our key there; local servers may need none."),
        ConfigurationKey(
            "model", optional: \.model, .text("the vendor's name of a model"),
            fallback: "the agent's choice, else the adapter's", example: "nova-3", "The model to use."),
        ConfigurationKey(
            "voice", optional: \.voice, .text("the vendor's name of a voice"),
            fallback: "the agent's choice, else the adapter's", example: "21m00Tcm4TlvDq8ikWAM",
            "The voice to speak with."),
        ConfigurationKey(
            "language", optional: \.language, .text("a BCP 47 language tag"),
            fallback: "the adapter's", example: "en-US",
            "The language to hear, or to speak where the vendor's voices know several (docs/providers.md); multi has deepgram, elevenlabs-scribe, soniox and speechmatics find it out, azure-transcription among several with commas between."
        ),
        ConfigurationKey(
            "effort", optional: \.effort, .text("a word that the vendor knows"),
            fallback: "the vendor's", example: "low",
            "How much a reasoning language model thinks before it answers; on the telephone as little as it can. Other models refuse the key."
        ),
        ConfigurationKey(
            "max_streams", optional: \.maxStreams, .integer(1...100_000), fallback: "any number", example: "100",
            "What our account there bears at a time, over all calls of this process: calls that are heard, texts being spoken, answers being written. Beyond it the next provider is asked (docs/reliability.md)."
        ),
        ConfigurationKey(
            "requests_per_second", optional: \.requestsPerSecond, .integer(1...100_000), fallback: "any number",
            example: "20", "The same of what begins in a second."),
    ]
}
