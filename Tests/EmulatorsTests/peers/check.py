"""Drives the emulators with the vendors' own SDKs, and holds every message against the SDKs' types.

Usage: check.py DEEPGRAM_URL OPENAI_URL ELEVENLABS_URL ANTHROPIC_URL GEMINI_URL
(needs Tests/requirements.txt; every key is "emulated")
Exit status 0 only if every check held.
"""

import base64
import json
import math
import sys
import threading

import anthropic
import openai
import websockets.exceptions
import websockets.sync.client
from anthropic.types import Message, RawMessageStreamEvent
from deepgram import DeepgramClient
from deepgram.core.events import EventType
from deepgram.environment import DeepgramClientEnvironment
from deepgram.listen.v1.types.listen_v1metadata import ListenV1Metadata
from deepgram.listen.v1.types.listen_v1results import ListenV1Results
from google import genai
from google.genai import errors, types
from elevenlabs.types import AudioOutputMulti, FinalOutputMulti
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import TypeAdapter

KEY = "emulated"


def mulaw(sample):
    """ITU-T G.711."""
    sign, magnitude = (0x80, -sample) if sample < 0 else (0, sample)
    magnitude = min(magnitude, 32635) + 132
    segment = magnitude.bit_length() - 8
    return ~(sign | segment << 4 | magnitude >> segment + 3 & 15) & 0xFF


SPEECH = bytes(mulaw(int(9000 * math.sin(math.tau * 400 * i / 8000))) for i in range(8000))
SILENCE = bytes([0xFF] * 4000)


def check(name, held, detail=""):
    print(("ok   " if held else "FAIL ") + name + (f": {detail}" if detail and not held else ""))
    check.failures += not held


check.failures = 0


# --- Deepgram: the SDK's live client, then raw messages against its types ---

def deepgram_client(url, key=KEY):
    http = url.replace("ws://", "http://")
    environment = DeepgramClientEnvironment(base=http, production=url, agent=url, agent_rest=http)
    return DeepgramClient(api_key=key, environment=environment)


LISTEN = dict(model="nova-3", encoding="mulaw", sample_rate="8000", channels="1", interim_results="true",
              endpointing="300")


def check_deepgram(url):
    messages = []
    with deepgram_client(url).listen.v1.connect(**LISTEN) as socket:
        socket.on(EventType.MESSAGE, messages.append)
        listener = threading.Thread(target=socket.start_listening, daemon=True)
        listener.start()
        socket.send_keep_alive()
        for start in range(0, len(SPEECH + SILENCE), 800):
            socket.send_media((SPEECH + SILENCE)[start:start + 800])
        socket.send_media(SPEECH)
        socket.send_finalize()
        socket.send_close_stream()
        listener.join(10)
    finals = [m for m in messages if isinstance(m, ListenV1Results) and m.is_final]
    texts = [m.channel.alternatives[0].transcript for m in finals]
    check("deepgram sdk: two sentences", texts[:2] == ["hello there", "hello there"], texts)
    check("deepgram sdk: endpoint, then Finalize", finals[0].speech_final and finals[1].from_finalize)
    check("deepgram sdk: Metadata at the end", isinstance(messages[-1], ListenV1Metadata))
    try:
        with deepgram_client(url, "wrong").listen.v1.connect(**LISTEN):
            check("deepgram sdk: wrong key", False)
    except websockets.exceptions.InvalidStatus as error:
        check("deepgram sdk: wrong key is a 401", error.response.status_code == 401, error)

    query = "&".join(f"{name}={value}" for name, value in LISTEN.items())
    with websockets.sync.client.connect(
            f"{url}/v1/listen?{query}", additional_headers={"Authorization": f"Token {KEY}"}) as socket:
        socket.send(SPEECH + SILENCE)
        socket.send('{"type":"CloseStream"}')
        models = {"Results": ListenV1Results, "Metadata": ListenV1Metadata}
        count = 0
        for text in socket:
            message = json.loads(text)
            models[message["type"]].model_validate(message)
            count += 1
        check("deepgram types: every message valid", count >= 2, count)
        check("deepgram: closed with 1000", socket.close_code == 1000, socket.close_code)


# --- OpenAI: the SDK's streaming client ---

TOOLS = [{"type": "function", "function": {"name": "lookup", "parameters": {
    "type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"], "additionalProperties": False}}}]


def check_openai(url):
    client = openai.OpenAI(base_url=url, api_key=KEY, max_retries=0)
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "tool please"}]
    with client.chat.completions.stream(
            model="m", messages=messages, tools=TOOLS, stream_options={"include_usage": True}) as stream:
        for _ in stream:
            pass
        completion = stream.get_final_completion()
    message = completion.choices[0].message
    calls = message.tool_calls or []
    check("openai sdk: tool call assembled", [(c.function.name, json.loads(c.function.arguments)) for c in calls]
          == [("lookup", {"id": 7})], calls)
    check("openai sdk: usage", completion.usage is not None and completion.usage.completion_tokens > 0)
    check("openai sdk: finish reason", completion.choices[0].finish_reason == "tool_calls")

    messages.append({"role": "assistant", "content": None, "tool_calls": [
        {"id": c.id, "type": "function", "function": {"name": c.function.name, "arguments": c.function.arguments}}
        for c in calls]})
    messages.append({"role": "tool", "tool_call_id": calls[0].id, "content": '{"status":"shipped"}'})
    chunks = list(client.chat.completions.create(model="m", messages=messages, tools=TOOLS, stream=True))
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    check("openai sdk: answer from the tool's result", "shipped" in text, text)
    for chunk in chunks:
        ChatCompletionChunk.model_validate(chunk.model_dump(exclude_unset=True))
    whole = client.chat.completions.create(model="m", messages=[{"role": "user", "content": "hi"}])
    ChatCompletion.model_validate(whole.model_dump(exclude_unset=True))
    check("openai types: chunks and the whole completion valid", True)

    for name, error, call in [
        ("wrong key", openai.AuthenticationError,
         lambda: openai.OpenAI(base_url=url, api_key="wrong", max_retries=0).chat.completions.create(
             model="m", messages=messages)),
        ("unanswered tool call", openai.BadRequestError,
         lambda: client.chat.completions.create(model="m", messages=messages[:-1])),
    ]:
        try:
            call()
            check(f"openai sdk: {name}", False)
        except error:
            check(f"openai sdk: {name} is a {error.__name__}", True)


# --- OpenAI Responses: the SDK's streaming client, every event against the SDK's union ---

def check_responses(url):
    client = openai.OpenAI(base_url=url, api_key=KEY, max_retries=0)
    union = TypeAdapter(ResponseStreamEvent)
    tools = [{"type": "function", "strict": True, **TOOLS[0]["function"]}]
    items = [{"role": "user", "content": "tool please"}]
    with client.responses.stream(
            model="m", instructions="Be brief.", input=items, tools=tools, store=False) as stream:
        for _ in stream:
            pass
        response = stream.get_final_response()
    calls = [item for item in response.output if item.type == "function_call"]
    check("responses sdk: tool call assembled", [(c.name, json.loads(c.arguments)) for c in calls]
          == [("lookup", {"id": 7})], calls)
    check("responses sdk: text before the call", response.output_text == "One moment.", response.output_text)
    check("responses sdk: usage", response.usage is not None and response.usage.output_tokens > 0)

    for call in calls:
        items += [
            {"type": "function_call", "call_id": call.call_id, "name": call.name, "arguments": call.arguments},
            {"type": "function_call_output", "call_id": call.call_id, "output": '{"status":"shipped"}'}]
    events = list(client.responses.create(model="m", input=items, tools=tools, stream=True))
    for event in events:
        union.validate_python(event.model_dump(exclude_unset=True))
    text = "".join(e.delta for e in events if e.type == "response.output_text.delta")
    check("responses sdk: answer from the tool's result", "shipped" in text, text)
    check("responses types: every event valid", events[-1].type == "response.completed")
    whole = client.responses.create(model="m", input="hi")
    Response.model_validate(whole.model_dump(exclude_unset=True))
    check("responses types: the whole response valid", whole.output_text == "Hello.", whole)
    try:
        client.responses.create(model="m", input=items[:-1])
        check("responses sdk: unanswered tool call", False)
    except openai.BadRequestError as error:
        check("responses sdk: unanswered tool call is a BadRequestError", "No tool output" in str(error), error)


# --- Anthropic: the SDK's streaming client, every event against the SDK's union ---

def check_anthropic(url):
    client = anthropic.Anthropic(base_url=url, api_key=KEY, max_retries=0)
    union = TypeAdapter(RawMessageStreamEvent)
    function = TOOLS[0]["function"]
    tools = [{"name": function["name"], "input_schema": function["parameters"]}]
    messages = [{"role": "user", "content": "tool please"}]
    with client.messages.stream(
            model="m", max_tokens=100, system="Be brief.", messages=messages, tools=tools) as stream:
        for _ in stream:
            pass
        message = stream.get_final_message()
    texts = [block.text for block in message.content if block.type == "text"]
    uses = [block for block in message.content if block.type == "tool_use"]
    check("anthropic sdk: text before the call", texts == ["One moment."], message)
    check("anthropic sdk: tool call assembled", [(u.name, u.input) for u in uses] == [("lookup", {"id": 7})], uses)
    check("anthropic sdk: stop reason and usage",
          message.stop_reason == "tool_use" and message.usage.output_tokens > 1, message)

    messages.append({"role": "assistant", "content": [
        {"type": "tool_use", "id": u.id, "name": u.name, "input": u.input} for u in uses]})
    messages.append({"role": "user", "content": [
        {"type": "tool_result", "tool_use_id": u.id, "content": "shipped"} for u in uses]})
    events = list(client.messages.create(model="m", max_tokens=100, messages=messages, tools=tools, stream=True))
    for event in events:
        union.validate_python(event.model_dump(exclude_unset=True))
    text = "".join(e.delta.text for e in events if e.type == "content_block_delta")
    check("anthropic sdk: answer from the tool's result", "shipped" in text, text)
    check("anthropic types: every event valid", events[-1].type == "message_stop")

    try:
        list(client.messages.create(
            model="m", max_tokens=100, messages=[{"role": "user", "content": "hi"}], stream=True))
        check("anthropic sdk: error inside the stream", False)
    except anthropic.APIStatusError as error:
        check("anthropic sdk: error inside the stream is overloaded_error", "verloaded" in str(error), error)
    whole = client.messages.create(model="m", max_tokens=100, messages=[{"role": "user", "content": "hi"}])
    Message.model_validate(whole.model_dump(exclude_unset=True))
    check("anthropic types: the whole message valid", whole.content[0].text == "Hello.", whole)


# --- Gemini: the SDK's streaming client, whose types refuse keys they do not know ---

def check_gemini(url):
    options = types.HttpOptions(base_url=url.removesuffix("/v1beta"))
    client = genai.Client(api_key=KEY, http_options=options)
    stranger = genai.Client(api_key="wrong", http_options=options)
    function = TOOLS[0]["function"]
    config = types.GenerateContentConfig(
        system_instruction="Be brief.", automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        tools=[types.Tool(function_declarations=[types.FunctionDeclaration(
            name=function["name"], parameters_json_schema=function["parameters"])])])
    contents = [types.Content(role="user", parts=[types.Part(text="tool please")])]
    chunks = list(client.models.generate_content_stream(model="m", contents=contents, config=config))
    parts = [part for chunk in chunks for part in chunk.candidates[0].content.parts]
    text = "".join(part.text or "" for part in parts)
    calls = [part.function_call for part in parts if part.function_call]
    check("gemini sdk: text before the call", text == "One moment.", text)
    check("gemini sdk: tool call assembled", [(c.name, c.args) for c in calls] == [("lookup", {"id": 7})], calls)
    check("gemini sdk: finish reason and usage", chunks[-1].candidates[0].finish_reason == types.FinishReason.STOP
          and chunks[-1].usage_metadata.candidates_token_count > 0, chunks[-1])

    contents.append(types.Content(role="model", parts=parts))
    contents.append(types.Content(role="user", parts=[types.Part(function_response=types.FunctionResponse(
        id=c.id, name=c.name, response={"status": "shipped"})) for c in calls]))
    answer = client.models.generate_content(model="m", contents=contents, config=config)
    check("gemini sdk: answer from the tool's result", "shipped" in answer.text, answer)
    for part in contents[1].parts:
        part.thought_signature = None
    for name, status, call in [
        ("call without its signature", 400,
         lambda: client.models.generate_content(model="m", contents=contents, config=config)),
        ("wrong key", 400, lambda: stranger.models.generate_content(model="m", contents="hi")),
    ]:
        try:
            call()
            check(f"gemini sdk: {name}", False)
        except errors.ClientError as error:
            check(f"gemini sdk: {name} is a {status}", error.code == status, error)


# --- ElevenLabs: its SDK has types for the multi-context socket, but no client ---

def check_elevenlabs(url):
    address = f"{url}/v1/text-to-speech/voice1/multi-stream-input?output_format=ulaw_8000&sync_alignment=true"
    with websockets.sync.client.connect(address, additional_headers={"xi-api-key": KEY}) as socket:
        for message in [
            {"text": " ", "context_id": "t1", "voice_settings": {"stability": 0.5, "similarity_boost": 0.8}},
            {"text": "Sure, let me check. ", "context_id": "t1", "flush": True},
            {"context_id": "t1", "close_context": True},
        ]:
            socket.send(json.dumps(message))
        audio, starts = b"", set()
        while True:
            message = json.loads(socket.recv(5))
            if message.get("isFinal"):
                final = FinalOutputMulti.model_validate(message)
                break
            output = AudioOutputMulti.model_validate(message)
            audio += base64.b64decode(output.audio)
            if output.alignment:
                starts.add(output.alignment.char_start_times_ms[0])
        check("elevenlabs types: audio and the end valid", final.context_id == "t1", final)
        check("elevenlabs: audio as long as its text", abs(len(audio) - 20 * 480) < 12, len(audio))
        check("elevenlabs: alignment begins at 0 in every message", starts == {0}, starts)
        socket.send('{"close_socket":true}')


def main():
    deepgram, chat, elevenlabs, messages, gemini = sys.argv[1:6]
    check_deepgram(deepgram)
    check_openai(chat)
    check_responses(chat)
    check_elevenlabs(elevenlabs)
    check_anthropic(messages)
    check_gemini(gemini)
    sys.exit(1 if check.failures else 0)


main()
