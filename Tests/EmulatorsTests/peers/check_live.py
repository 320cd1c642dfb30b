"""Holds a spoken conversation with the emulated Live API by Google's own SDK, whose types admit no field that they do not know.

Usage: check_live.py GEMINI_LIVE_URL (needs Tests/requirements.txt; the key is "emulated")
Exit status 0 only if every check held.
"""

import asyncio
import sys

import websockets.exceptions
from google import genai
from google.genai import errors, types

MODEL = "gemini-3.1-flash-live-preview"
LOOKUP = types.FunctionDeclaration(
    name="lookup", description="Looks something up.",
    parameters=types.Schema(type="OBJECT", properties={"id": types.Schema(type="INTEGER")}))


def check(name, held, detail=""):
    print(("ok   " if held else "FAIL ") + name + (f": {str(detail)[:500]}" if detail and not held else ""))
    check.failures += not held


check.failures = 0


def client(url, key="emulated"):
    made = genai.Client(api_key=key, http_options=types.HttpOptions(api_version="v1beta"))
    # The SDK goes to TLS whatever it is told; nothing else of it is changed.
    made._api_client._websocket_base_url = lambda *_: url
    made._api_client._websocket_ssl_ctx = {}
    return made


def settings(**more):
    return types.LiveConnectConfig(
        response_modalities=["AUDIO"], system_instruction="Be brief.", input_audio_transcription={}, output_audio_transcription={},
        realtime_input_config=types.RealtimeInputConfig(
            automatic_activity_detection=types.AutomaticActivityDetection(disabled=True)),
        tools=[types.Tool(function_declarations=[LOOKUP])], **more)


async def speak(session):
    await session.send_realtime_input(activity_start=types.ActivityStart())
    await session.send_realtime_input(audio=types.Blob(data=bytes(32_000), mime_type="audio/pcm;rate=16000"))
    await session.send_realtime_input(activity_end=types.ActivityEnd())


def words(contents, member):
    return "".join(getattr(content, member).text or "" for content in contents if getattr(content, member))


async def answer(session, message):
    """Gives the results of the calls that a message asks for, and returns those calls."""
    calls = message.tool_call.function_calls if message.tool_call else []
    if calls:
        await session.send_tool_response(function_responses=[
            types.FunctionResponse(id=call.id, name=call.name, response={"result": "on stock"}) for call in calls])
    return calls


async def converse(url):
    resumption = types.SessionResumptionConfig()
    async with client(url).aio.live.connect(model=MODEL, config=settings(session_resumption=resumption)) as session:
        await speak(session)
        calls, contents, usage, handles, audio, types_of_audio = [], [], [], [], b"", set()
        async for message in session.receive():
            calls += await answer(session, message)
            usage += [message.usage_metadata] if message.usage_metadata else []
            contents += [message.server_content] if message.server_content else []
            for part in (message.server_content.model_turn.parts if message.server_content and message.server_content.model_turn else []):
                audio, types_of_audio = audio + part.inline_data.data, types_of_audio | {part.inline_data.mime_type}
        check("live sdk: what the caller said", words(contents, "input_transcription") == "hello there", contents)
        check("live sdk: a tool is called with its arguments", [(c.name, c.args) for c in calls] == [("lookup", {"id": 7})], calls)
        check("live sdk: what the model said after it", words(contents, "output_transcription").endswith("It says on stock."), contents)
        check("live sdk: sound at 24 kHz", types_of_audio == {"audio/pcm;rate=24000"} and len(audio) > 24_000, types_of_audio)
        check("live sdk: the turn ends with its cost", bool(contents[-1].turn_complete and usage and usage[-1].total_token_count), usage)

        await speak(session)
        interrupted = False
        async for message in session.receive():
            await answer(session, message)
            content, update = message.server_content, message.session_resumption_update
            handles += [update.new_handle] if update and update.new_handle else []
            if content and content.model_turn and not interrupted:
                interrupted = True
                await session.send_realtime_input(activity_start=types.ActivityStart())
            if content and content.interrupted:
                check("live sdk: the caller interrupts", True)
        await session.send_realtime_input(activity_end=types.ActivityEnd())
        check("live sdk: a handle to go on from", bool(handles))

    async with client(url).aio.live.connect(
            model=MODEL, config=settings(session_resumption=types.SessionResumptionConfig(handle=handles[-1]))) as session:
        await speak(session)
        contents = []
        async for message in session.receive():
            await answer(session, message)
            contents += [message.server_content] if message.server_content else []
        check("live sdk: another connection goes on", bool(contents[-1].turn_complete), contents)


async def misuse(url):
    try:
        async with client(url, key="wrong").aio.live.connect(model=MODEL, config=settings()) as session:
            await speak(session)
            async for _ in session.receive():
                pass
        check("live sdk: a wrong key is refused", False)
    except (errors.APIError, websockets.exceptions.WebSocketException) as problem:
        check("live sdk: a wrong key is refused", "API key not valid" in str(problem), problem)


asyncio.run(converse(sys.argv[1]))
asyncio.run(misuse(sys.argv[1]))
sys.exit(1 if check.failures else 0)
