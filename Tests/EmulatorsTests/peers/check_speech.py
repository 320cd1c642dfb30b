"""Drives the emulated speech vendors with the vendors' own SDKs, and holds every message against the SDKs' types.

Usage: check_speech.py FLUX_URL AURA_URL OPENAI_URL ASSEMBLYAI_URL CARTESIA_URL REALTIME_URL CONVERSATION_URL FLUX_VOICE_URL
(needs Tests/requirements.txt; every key is "emulated")
Exit status 0 only if every check held.
"""

import base64
import io
import json
import math
import sys
import threading
import wave

import openai
import websockets.exceptions
import websockets.sync.client
from assemblyai.streaming.v3 import (
    BeginEvent, StreamingClient, StreamingClientOptions, StreamingEvents, StreamingParameters, TerminationEvent,
    TurnEvent)
from cartesia import Cartesia
from cartesia.types import WebsocketResponse
from deepgram import DeepgramClient
from deepgram.core.api_error import ApiError
from deepgram.core.events import EventType
from deepgram.environment import DeepgramClientEnvironment
from deepgram.listen.v2.types import ListenV2Connected, ListenV2TurnInfo
from deepgram.speak.v2 import types as speak
from elevenlabs.client import ElevenLabs
from elevenlabs.core.api_error import ApiError as ElevenLabsError
from google.api_core.client_options import ClientOptions
from google.api_core.exceptions import BadRequest
from google.cloud import texttospeech
from openai.types.realtime import RealtimeServerEvent
from pydantic import TypeAdapter

KEY = "emulated"


def mulaw(sample):
    """ITU-T G.711."""
    sign, magnitude = (0x80, -sample) if sample < 0 else (0, sample)
    magnitude = min(magnitude, 32635) + 132
    segment = magnitude.bit_length() - 8
    return ~(sign | segment << 4 | magnitude >> segment + 3 & 15) & 0xFF


SAMPLES = [int(9000 * math.sin(math.tau * 400 * i / 8000)) for i in range(8000)]
SPEECH = bytes(mulaw(sample) for sample in SAMPLES)
SILENCE = bytes([0xFF] * 4800)


def check(name, held, detail=""):
    print(("ok   " if held else "FAIL ") + name + (f": {detail}" if detail and not held else ""))
    check.failures += not held


check.failures = 0


def deepgram_client(url, key=KEY):
    http = url.replace("ws://", "http://")
    environment = DeepgramClientEnvironment(
        base=http, production=url.replace("http://", "ws://"), agent=url, agent_rest=http)
    return DeepgramClient(api_key=key, environment=environment)


# --- Deepgram Flux: the SDK's client, then every message against its types ---

def check_flux(url):
    messages = []
    options = dict(model="flux-general-en", encoding="mulaw", sample_rate="8000")
    with deepgram_client(url).listen.v2.connect(**options) as socket:
        socket.on(EventType.MESSAGE, messages.append)
        listener = threading.Thread(target=socket.start_listening, daemon=True)
        listener.start()
        for start in range(0, len(SPEECH + SILENCE), 640):
            socket.send_media((SPEECH + SILENCE)[start:start + 640])
        socket.send_media(SPEECH)
        socket.send_force_end_turn()
        socket.send_close_stream()
        listener.join(10)
    turns = [m for m in messages if getattr(m, "type", "") == "TurnInfo"]
    ends = [m for m in turns if m.event == "EndOfTurn"]
    check("flux sdk: two turns", [m.transcript for m in ends] == ["hello there"] * 2, ends)
    check("flux sdk: turns count up", [m.turn_index for m in ends] == [0, 1], ends)
    check("flux sdk: a turn starts before it ends", turns[0].event == "StartOfTurn", turns[:1])
    query = "&".join(f"{name}={value}" for name, value in options.items())
    with websockets.sync.client.connect(
            f"{url}/v2/listen?{query}", additional_headers={"Authorization": f"Token {KEY}"}) as socket:
        socket.send(SPEECH + SILENCE)
        socket.send('{"type":"CloseStream"}')
        models = {"Connected": ListenV2Connected, "TurnInfo": ListenV2TurnInfo}
        received = [json.loads(text) for text in socket]
        for message in received:
            models[message["type"]].model_validate(message)
        check("flux types: every message valid", len(received) > 3, received)
        check("flux: messages count up", [m["sequence_id"] for m in received] == list(range(len(received))))
    try:
        with deepgram_client(url, "wrong").listen.v2.connect(**options):
            check("flux sdk: wrong key", False)
    except (websockets.exceptions.InvalidStatus, ApiError) as error:
        status = getattr(error, "status_code", None) or error.response.status_code
        check("flux sdk: wrong key is a 401", status == 401, error)


# --- Deepgram Aura over HTTP ---

def check_aura(url):
    text = "Sure, let me check."
    speak = dict(text=text, model="aura-2-thalia-en", encoding="mulaw", sample_rate=8000, container="none")
    audio = b"".join(deepgram_client(url).speak.v1.audio.generate(**speak))
    check("aura sdk: audio as long as its text", len(audio) == len(text) * 480, len(audio))
    for name, key, changed, status in [
        ("wrong key", "wrong", {}, 401), ("a text that is too long", KEY, {"text": "a" * 2001}, 413),
        ("no such rate", KEY, {"sample_rate": 11025}, 400),
    ]:
        try:
            b"".join(deepgram_client(url, key).speak.v1.audio.generate(**{**speak, **changed}))
            check(f"aura sdk: {name}", False)
        except ApiError as error:
            check(f"aura sdk: {name} is a {status}", error.status_code == status, error)


# --- Deepgram Flux TTS: the SDK's client, and every message against its types ---

def check_flux_voice(url):
    text = "Sure, let me check."
    options = dict(model="flux-alexis-en", encoding="mulaw", sample_rate="8000")
    messages = []
    with deepgram_client(url).speak.v2.connect(**options) as socket:
        socket.on(EventType.MESSAGE, messages.append)
        listener = threading.Thread(target=socket.start_listening, daemon=True)
        listener.start()
        for words in text.split(" "):
            socket.send_speak(speak.SpeakV2Speak(text=words + " "))
        socket.send_flush()
        socket.send_close()
        listener.join(10)
    audio = b"".join(m for m in messages if isinstance(m, bytes))
    check("flux voice sdk: audio as long as its text", len(audio) == len(text) * 480, len(audio))
    kinds = [m.type for m in messages if not isinstance(m, bytes)]
    check("flux voice sdk: a turn from its beginning to its end",
          kinds == ["Connected", "SpeechStarted", "SpeechMetadata", "Flushed", "SessionMetadata"], kinds)
    query = "&".join(f"{name}={value}" for name, value in options.items())
    with websockets.sync.client.connect(
            f"{url}/v2/speak?{query}", additional_headers={"Authorization": f"Token {KEY}"}) as socket:
        socket.send('{"type":"Interrupt"}')
        socket.send(json.dumps({"type": "Speak", "text": text}))
        socket.send('{"type":"Flush"}')
        socket.send('{"type":"Close"}')
        received = [json.loads(m) for m in socket if isinstance(m, str)]
    for message in received:
        getattr(speak, "SpeakV2" + message["type"]).model_validate(message)
    check("flux voice types: every message valid", len(received) == 6, received)
    try:
        with deepgram_client(url, "wrong").speak.v2.connect(**options):
            check("flux voice sdk: wrong key", False)
    except (websockets.exceptions.InvalidStatus, ApiError) as error:
        status = getattr(error, "status_code", None) or error.response.status_code
        check("flux voice sdk: wrong key is a 401", status == 401, error)


# --- ElevenLabs over HTTP ---

def check_elevenlabs_http(url):
    text = "Sure, let me check."
    options = dict(voice_id="voice1", text=text, model_id="eleven_flash_v2_5", language_code="en", output_format="ulaw_8000")
    audio = b"".join(ElevenLabs(base_url=url, api_key=KEY).text_to_speech.stream(**options))
    check("elevenlabs http sdk: audio as long as its text", len(audio) == len(text) * 480, len(audio))
    for name, key, changed, status in [
        ("wrong key", "wrong", {}, 401), ("no such format", KEY, {"output_format": "mp9"}, 400),
        ("a language for a model that takes none", KEY, {"model_id": "eleven_multilingual_v2"}, 400),
    ]:
        try:
            b"".join(ElevenLabs(base_url=url, api_key=key).text_to_speech.stream(**{**options, **changed}))
            check(f"elevenlabs http sdk: {name}", False)
        except ElevenLabsError as error:
            check(f"elevenlabs http sdk: {name} is a {status}", error.status_code == status, error)


# --- Google Cloud's voices, over REST with a key ---

def check_google_speech(url):
    def client(key):
        return texttospeech.TextToSpeechClient(
            transport="rest", client_options=ClientOptions(api_endpoint=url, api_key=key))

    text = "Sure, let me check."
    request = dict(
        input=texttospeech.SynthesisInput(text=text),
        voice=texttospeech.VoiceSelectionParams(language_code="en-US", name="en-US-Neural2-F"),
        audio_config=texttospeech.AudioConfig(
            audio_encoding=texttospeech.AudioEncoding.LINEAR16, sample_rate_hertz=8000))
    answer = client(KEY).synthesize_speech(**request)
    with wave.open(io.BytesIO(answer.audio_content)) as file:
        check("google speech sdk: a WAV file as long as its text",
              (file.getframerate(), file.getnframes()) == (8000, len(text) * 480), file.getparams())
    for name, key, changed in [
        ("wrong key", "wrong", {}),
        ("another's voice", KEY, {"voice": texttospeech.VoiceSelectionParams(
            language_code="es-ES", name="en-US-Neural2-F")}),
    ]:
        try:
            client(key).synthesize_speech(**{**request, **changed})
            check(f"google speech sdk: {name}", False)
        except BadRequest as error:
            check(f"google speech sdk: {name} is a 400", error.code == 400, error)


# --- OpenAI: speech and transcription over HTTP ---

def check_openai_audio(url):
    client = openai.OpenAI(base_url=url, api_key=KEY, max_retries=0)
    text = "Sure, let me check."
    with client.audio.speech.with_streaming_response.create(
            model="gpt-4o-mini-tts", voice="alloy", input=text, response_format="pcm") as response:
        audio = b"".join(response.iter_bytes())
    check("openai speech sdk: audio as long as its text", len(audio) == len(text) * 60 * 24 * 2, len(audio))
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(8000)
        writer.writeframes(b"".join(sample.to_bytes(2, "little", signed=True) for sample in SAMPLES))
    answer = client.audio.transcriptions.create(
        model="gpt-transcribe", file=("utterance.wav", file.getvalue()), language="en", include=["logprobs"])
    check("openai transcription sdk: words", answer.text == "Hello there.", answer)
    check("openai transcription sdk: log probabilities", answer.logprobs[0].logprob < 0, answer)
    verbose = client.audio.transcriptions.create(
        model="whisper-1", file=("utterance.wav", file.getvalue()), response_format="verbose_json")
    check("openai transcription sdk: segments", verbose.segments[0].no_speech_prob < 0.5, verbose)
    for name, error, call in [
        ("speech with a wrong key", openai.AuthenticationError,
         lambda: openai.OpenAI(base_url=url, api_key="wrong", max_retries=0).audio.speech.create(
             model="m", voice="v", input="hi", response_format="pcm")),
        ("a file that is none", openai.BadRequestError,
         lambda: client.audio.transcriptions.create(model="m", file=("utterance.wav", b"not a file"))),
    ]:
        try:
            call()
            check(f"openai sdk: {name}", False)
        except error:
            check(f"openai sdk: {name} is a {error.__name__}", True)


# --- OpenAI realtime transcription: every message against the SDK's union ---

def check_realtime(url):
    union = TypeAdapter(RealtimeServerEvent)
    with websockets.sync.client.connect(
            f"{url}/realtime?intent=transcription", additional_headers={"Authorization": f"Bearer {KEY}"}) as socket:
        update = {"type": "session.update", "session": {"type": "transcription", "audio": {"input": {
            "format": {"type": "audio/pcmu"}, "transcription": {"model": "gpt-realtime-whisper", "language": "en"},
            "turn_detection": None}}}}
        socket.send(json.dumps(update))
        socket.send(json.dumps({"type": "input_audio_buffer.append", "audio": base64.b64encode(SPEECH).decode()}))
        socket.send('{"type":"input_audio_buffer.commit"}')
        events = []
        while not events or events[-1].type != "conversation.item.input_audio_transcription.completed":
            events.append(union.validate_python(json.loads(socket.recv(5))))
        check("realtime types: every event valid", len(events) >= 5, events)
        check("realtime: words of the item", events[-1].transcript == "hello there", events[-1])
        socket.send('{"type":"input_audio_buffer.commit"}')
        error = union.validate_python(json.loads(socket.recv(5)))
        check("realtime: an empty commit is an error", error.type == "error", error)


# --- OpenAI realtime conversation: the SDK's client, and every message against its union ---

def check_conversation(url):
    union = TypeAdapter(RealtimeServerEvent)
    client = openai.OpenAI(api_key=KEY, base_url=url.replace("ws://", "http://"), websocket_base_url=url)
    with client.realtime.connect(model="gpt-realtime-2") as connection:
        connection.session.update(session={
            "type": "realtime", "instructions": "Be kind.", "output_modalities": ["audio"],
            "audio": {
                "input": {"format": {"type": "audio/pcmu"}, "transcription": {"model": "gpt-transcribe"},
                          "turn_detection": None},
                "output": {"format": {"type": "audio/pcmu"}, "voice": "marin"}},
            "tools": [{"type": "function", "name": "lookup", "parameters": {"type": "object"}}]})
        connection.input_audio_buffer.append(audio=base64.b64encode(SPEECH).decode())
        connection.input_audio_buffer.commit()
        connection.response.create()
        events, audio, item = [], b"", ""
        while not (any(e.type == "response.done" for e in events) and any(e.type.endswith(".completed") for e in events)):
            event = union.validate_python(json.loads(connection.recv_bytes()))
            events.append(event)
            if event.type == "response.output_audio.delta":
                audio, item = audio + base64.b64decode(event.delta), event.item_id
        done = next(e for e in events if e.type == "response.done")
        check("conversation: every event valid", len(events) > 20, events)
        check("conversation: done", done.response.status == "completed" and len(audio) > 8000, done)
        connection.conversation.item.truncate(item_id=item, content_index=0, audio_end_ms=500)
        event = union.validate_python(json.loads(connection.recv_bytes()))
        while event.type == "rate_limits.updated":
            event = union.validate_python(json.loads(connection.recv_bytes()))
        check("conversation: truncated", event.type == "conversation.item.truncated", event)
        connection.conversation.item.truncate(item_id=item, content_index=0, audio_end_ms=501)
        event = union.validate_python(json.loads(connection.recv_bytes()))
        check("conversation: what is not there cannot be cut", event.type == "error", event)


# --- AssemblyAI: the SDK's client ---

def check_assemblyai(url):
    events, ended = [], threading.Event()
    client = StreamingClient(StreamingClientOptions(api_host=url, api_key=KEY))
    for event in (StreamingEvents.Begin, StreamingEvents.Turn, StreamingEvents.Termination):
        client.on(event, lambda _, message: events.append(message))
    client.on(StreamingEvents.Termination, lambda _, message: (events.append(message), ended.set()))
    client.connect(StreamingParameters(
        sample_rate=8000, encoding="pcm_mulaw", speech_model="universal-streaming-english", format_turns=False))
    audio = SPEECH + SILENCE + SPEECH
    for start in range(0, len(audio), 800):
        client.stream(audio[start:start + 800])
    client.force_endpoint()
    client.disconnect(terminate=True)
    ended.wait(10)
    turns = [e for e in events if isinstance(e, TurnEvent) and e.end_of_turn]
    check("assemblyai sdk: begins", any(isinstance(e, BeginEvent) for e in events), events)
    check("assemblyai sdk: two turns", [t.transcript for t in turns] == ["hello there"] * 2, turns)
    check("assemblyai sdk: ends", any(isinstance(e, TerminationEvent) for e in events), events)
    with websockets.sync.client.connect(
            f"{url}/v3/ws?sample_rate=8000&encoding=pcm_mulaw", additional_headers={"Authorization": KEY}) as socket:
        socket.send(SPEECH[:160])
        try:
            while True:
                socket.recv(10)
        except websockets.exceptions.ConnectionClosed:
            pass
        check("assemblyai: 20 ms of audio close the socket with 3007", socket.close_code == 3007, socket.close_code)


# --- Cartesia: the SDK's client, then raw messages against its types ---

def check_cartesia(url):
    text = "Sure, let me check."
    output = {"container": "raw", "encoding": "pcm_mulaw", "sample_rate": 8000}
    voice = {"mode": "id", "id": "694f9389-aac1-45b6-b726-9d9369183238"}
    client = Cartesia(api_key=KEY, websocket_base_url=url)
    with client.tts.websocket_connect() as connection:
        context = connection.context(model_id="sonic-3.5", voice=voice, output_format=output)
        context.push(text)
        context.no_more_inputs()
        audio = b"".join(message.audio for message in context.receive() if message.type == "chunk")
        check("cartesia sdk: audio as long as its text", len(audio) == len(text) * 480, len(audio))
    union = TypeAdapter(WebsocketResponse)
    headers = {"Authorization": f"Bearer {KEY}", "Cartesia-Version": "2026-08-14"}
    with websockets.sync.client.connect(f"{url}/tts/websocket", additional_headers=headers) as socket:
        request = {"context_id": "a", "model_id": "sonic-3.5", "transcript": text, "voice": voice, "language": "en",
                   "output_format": output, "continue": False}
        socket.send(json.dumps(request))
        types = []
        while "done" not in types:
            types.append(union.validate_python(json.loads(socket.recv(5))).type)
        check("cartesia types: every message valid", set(types) == {"chunk", "done"}, types)
        socket.send(json.dumps(request))
        error = union.validate_python(json.loads(socket.recv(5)))
        check("cartesia: a context that has ended is not opened again", error.type == "error", error)


def main():
    flux, aura, openai_url, assemblyai, cartesia, realtime, conversation, flux_voice = sys.argv[1:9]
    check_flux(flux)
    check_aura(aura)
    check_flux_voice(flux_voice)
    check_elevenlabs_http(aura)
    check_google_speech(aura)
    check_openai_audio(openai_url)
    check_realtime(realtime)
    check_conversation(conversation)
    check_assemblyai(assemblyai)
    check_cartesia(cartesia)
    sys.exit(1 if check.failures else 0)


main()
