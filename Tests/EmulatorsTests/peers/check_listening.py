"""Drives the emulated recognizers that hear a stream with the vendors' own SDKs, and holds their messages against the SDKs' types.

Usage: check_listening.py SCRIBE_URL INK_URL SONIOX_URL SPEECHMATICS_URL AZURE_URL
(needs Tests/requirements.txt; every key is "emulated")
Exit status 0 only if every check held.
"""

import asyncio
import base64
import json
import math
import sys
import threading

import azure.cognitiveservices.speech as azure
import websockets.exceptions
from cartesia import Cartesia
from cartesia.types.stt import STTAutoFinalizeWebsocketResponse
from elevenlabs.realtime.connection import RealtimeEvents
from elevenlabs.realtime.scribe import AudioFormat as ScribeFormat, CommitStrategy, ScribeRealtime
from elevenlabs.types import CommittedTranscriptWithTimestampsPayload, PartialTranscriptPayload, SessionStartedPayload
from pydantic import TypeAdapter
from soniox import SonioxClient
from soniox.errors import SonioxRealtimeError
from soniox.types import RealtimeSTTConfig
from speechmatics.rt import (
    AsyncClient, AudioEncoding, AudioFormat, ServerMessageType, TranscriptionConfig, TranscriptResult)

KEY = "emulated"


def mulaw(sample):
    """ITU-T G.711."""
    sign, magnitude = (0x80, -sample) if sample < 0 else (0, sample)
    magnitude = min(magnitude, 32635) + 132
    segment = magnitude.bit_length() - 8
    return ~(sign | segment << 4 | magnitude >> segment + 3 & 15) & 0xFF


SPEECH = bytes(mulaw(int(9000 * math.sin(math.tau * 400 * i / 8000))) for i in range(8000))
SILENCE = bytes([0xFF] * 4800)


def check(name, held, detail=""):
    print(("ok   " if held else "FAIL ") + name + (f": {detail}" if detail and not held else ""))
    check.failures += not held


check.failures = 0


def chunks(audio):
    return (audio[start:start + 640] for start in range(0, len(audio), 640))


# --- ElevenLabs Scribe: the SDK's client, with its own commits ---

async def check_scribe(url):
    options = dict(model_id="scribe_v2_realtime", audio_format=ScribeFormat.ULAW_8000, sample_rate=8000,
                   commit_strategy=CommitStrategy.MANUAL, include_timestamps=True, keyterms=["doctor lee"])
    connection = await ScribeRealtime(api_key=KEY, base_url=url).connect(options)
    messages, done = [], asyncio.Event()
    for event in RealtimeEvents:
        if event not in (RealtimeEvents.OPEN, RealtimeEvents.CLOSE):
            connection.on(event, messages.append)
    connection.on(RealtimeEvents.COMMITTED_TRANSCRIPT_WITH_TIMESTAMPS, lambda _: done.set())
    for chunk in chunks(SPEECH):
        await connection.send({"audio_base_64": base64.b64encode(chunk).decode()})
    await connection.commit()
    await asyncio.wait_for(done.wait(), 10)
    models = {"session_started": SessionStartedPayload, "partial_transcript": PartialTranscriptPayload,
              "committed_transcript_with_timestamps": CommittedTranscriptWithTimestampsPayload}
    for message in messages:
        if message["message_type"] in models:
            models[message["message_type"]].model_validate(message)
    types = [message["message_type"] for message in messages]
    last = next(m for m in messages if m["message_type"] == "committed_transcript_with_timestamps")
    check("scribe sdk: begins", types[0] == "session_started", types)
    check("scribe sdk: partials", "partial_transcript" in types, types)
    check("scribe sdk: words with times", last["text"] == "hello there" and len(last["words"]) == 3, last)
    refused = asyncio.Event()
    connection.on(RealtimeEvents.COMMIT_THROTTLED, lambda _: refused.set())
    await connection.commit()
    await asyncio.wait_for(refused.wait(), 10)
    check("scribe sdk: nothing to commit", refused.is_set())
    await connection.close()
    try:
        await ScribeRealtime(api_key="wrong", base_url=url).connect(options)
        check("scribe sdk: wrong key", False)
    except websockets.exceptions.InvalidStatus as error:
        check("scribe sdk: wrong key is a 401", error.response.status_code == 401, error)


# --- Cartesia Ink: the SDK's client, then every message against its union ---

def check_ink(url):
    union = TypeAdapter(STTAutoFinalizeWebsocketResponse)
    client = Cartesia(api_key=KEY, websocket_base_url=url)
    with client.stt.auto_finalize.websocket(
            model="ink-2", encoding="pcm_mulaw", sample_rate=8000, keyterm=["doctor lee"]) as connection:
        for chunk in chunks(SPEECH + SILENCE + SPEECH):
            connection.send_raw(chunk)
        connection.send({"type": "config", "turn": {"end_timeout_ms": 640}})
        connection.send({"type": "close"})
        events = []
        try:
            while True:
                events.append(union.validate_python(json.loads(connection.recv_bytes())))
        except websockets.exceptions.ConnectionClosed:
            pass
    types = [event.type for event in events]
    ends = [event.transcript for event in events if event.type == "turn.end"]
    check("ink sdk: connected first", types[0] == "connected", types)
    check("ink sdk: two turns", ends == ["hello there"] * 2, ends)
    check("ink sdk: every turn starts, may end, ends",
          [t for t in types if t != "turn.update"] == ["connected"] + ["turn.start", "turn.eager_end", "turn.end"] * 2, types)
    with client.stt.auto_finalize.websocket(model="ink-2", encoding="pcm_mulaw", sample_rate=8000) as connection:
        connection.send_raw("finalize")
        connection.recv_bytes()
        error = union.validate_python(json.loads(connection.recv_bytes()))
        check("ink: there is no finalize here", error.type == "error" and error.status_code == 400, error)


# --- Soniox: the SDK's client ---

def check_soniox(url):
    def session(key=KEY, **options):
        client = SonioxClient(api_key=key, websocket_base_url=f"{url}/transcribe-websocket")
        return client.realtime.stt.connect(config=RealtimeSTTConfig(
            model="stt-rt-v5", audio_format="mulaw", sample_rate=8000, num_channels=1, language_hints=["en"],
            enable_endpoint_detection=True, **options))

    with session(enable_language_identification=True) as connection:
        for chunk in chunks(SPEECH + SILENCE + SPEECH):
            connection.send_byte_chunk(chunk)
        connection.finalize()
        connection.keep_alive()
        connection.finish()
        events = list(connection.receive_events())
    finals = [token for event in events for token in event.tokens if token.is_final]
    check("soniox sdk: two sentences, an endpoint and an answer",
          "".join(token.text for token in finals).strip() == "hello there<end> hello there<fin>", finals)
    check("soniox sdk: what may change", any(not t.is_final for e in events for t in e.tokens), events)
    check("soniox sdk: languages", all(t.language == "en" for t in finals if not t.text.startswith("<")), finals)
    check("soniox sdk: finished", events[-1].finished, events[-1:])
    try:
        with session("wrong"):
            check("soniox sdk: wrong key", False)
    except SonioxRealtimeError as error:
        check("soniox sdk: wrong key is refused", "401" in str(error.__cause__), error.__cause__)


# --- Speechmatics: the SDK's client ---

async def check_speechmatics(url):
    finals, partials, ends = [], [], []
    async with AsyncClient(api_key=KEY, url=f"{url}/v2") as client:
        client.on(ServerMessageType.ADD_TRANSCRIPT, finals.append)
        client.on(ServerMessageType.ADD_PARTIAL_TRANSCRIPT, partials.append)
        client.on(ServerMessageType.END_OF_UTTERANCE, ends.append)
        await client.start_session(
            transcription_config=TranscriptionConfig(
                language="en", enable_partials=True, max_delay=0.7, additional_vocab=[{"content": "doctor lee"}]),
            audio_format=AudioFormat(encoding=AudioEncoding.MULAW, sample_rate=8000))
        for chunk in chunks(SPEECH + SILENCE + SPEECH):
            await client.send_audio(chunk)
        await client.force_end_of_utterance()
        await client.stop_session()
    results = [TranscriptResult.from_message(message) for message in finals]
    check("speechmatics sdk: two utterances", [r.metadata.transcript.strip() for r in results] == ["hello there"] * 2, finals)
    check("speechmatics sdk: partials, and an end for each", partials and len(ends) == 2, ends)
    try:
        async with AsyncClient(api_key="wrong", url=f"{url}/v2") as client:
            await client.start_session()
            check("speechmatics sdk: wrong key", False)
    except Exception as error:
        check("speechmatics sdk: wrong key is a 401", "401" in str(error), error)


# --- Azure: the SDK's recognizer, continuous, in one language and in one of two ---

def check_azure(url):
    def listen(key=KEY, languages=None):
        config = azure.SpeechConfig(host=url, subscription=key)
        config.output_format = azure.OutputFormat.Detailed
        config.request_word_level_timestamps()
        stream = azure.audio.PushAudioInputStream(azure.audio.AudioStreamFormat(
            samples_per_second=8000, bits_per_sample=8, channels=1,
            wave_stream_format=azure.AudioStreamWaveFormat.MULAW))
        options = dict(audio_config=azure.audio.AudioConfig(stream=stream))
        if languages:
            config.set_property(azure.PropertyId.SpeechServiceConnection_LanguageIdMode, "Continuous")
            options["auto_detect_source_language_config"] = azure.languageconfig.AutoDetectSourceLanguageConfig(
                languages=languages)
        else:
            config.speech_recognition_language = "en-US"
        recognizer = azure.SpeechRecognizer(config, **options)
        azure.PhraseListGrammar.from_recognizer(recognizer).addPhrase("doctor lee")
        partials, finals, failures, done = [], [], [], threading.Event()
        recognizer.recognizing.connect(lambda event: partials.append(event.result))
        recognizer.recognized.connect(lambda event: finals.append(event.result))
        recognizer.canceled.connect(lambda event: failures.append(event.cancellation_details))
        recognizer.session_stopped.connect(lambda _: done.set())
        recognizer.start_continuous_recognition()
        for chunk in chunks(SPEECH + SILENCE + SILENCE + SPEECH):
            stream.write(chunk)
        stream.close()
        done.wait(20)
        recognizer.stop_continuous_recognition()
        return partials, finals, failures

    partials, finals, failures = listen()
    texts = [final.text for final in finals if final.text]
    check("azure sdk: two phrases, the second at the end of the audio", texts == ["Hello there."] * 2, texts)
    check("azure sdk: hypotheses", any(partial.text.startswith("hello") for partial in partials), partials)
    words = json.loads(finals[0].json)["NBest"][0]["Words"] if finals else []
    check("azure sdk: words with times and certainty",
          [w["Word"] for w in words] == ["hello", "there"] and all(w["Confidence"] > 0.5 for w in words)
          and words[0]["Offset"] + words[0]["Duration"] <= words[1]["Offset"], words)
    check("azure sdk: nothing but the end of the audio ends it",
          all(failure.reason == azure.CancellationReason.EndOfStream for failure in failures), failures)
    _, finals, _ = listen(languages=["en-US", "es-ES"])
    told = [azure.AutoDetectSourceLanguageResult(final).language for final in finals if final.text]
    check("azure sdk: the language that was heard", told and set(told) == {"en-US"}, told)
    _, _, failures = listen(key="wrong")
    check("azure sdk: wrong key is refused",
          any(failure.code == azure.CancellationErrorCode.AuthenticationFailure for failure in failures), failures)


def main():
    scribe, ink, soniox, speechmatics, azure_speech = sys.argv[1:6]
    asyncio.run(check_scribe(scribe))
    check_ink(ink)
    check_soniox(soniox)
    asyncio.run(check_speechmatics(speechmatics))
    check_azure(azure_speech)
    sys.exit(1 if check.failures else 0)


main()
