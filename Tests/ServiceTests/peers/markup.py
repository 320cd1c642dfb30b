"""Compares our answers to webhooks with what the vendors' own packages build of the same words.

Standard input: JSON lines of {"carrier", "what", "text"}; markup is compared element by element, Vonage's objects are read by
its models. Prints `ok CARRIER WHAT` for each that is the same, and how it differs otherwise.
"""
import json
import sys
import xml.etree.ElementTree as ET

from plivo import plivoxml
from twilio.twiml.voice_response import Connect, Dial, Gather, VoiceResponse
from vonage_voice.models import Connect as VonageConnect
from vonage_voice.models import Input, Talk

MEDIA, AFTER, ACTION = "wss://h.example/media/1/t?a=b&c=d", "https://h.example/after", "https://h.example/done"
NUMBER, SIP = "+493012345678", "sip:anna@desk.example;transport=tls"
QUESTION, SECONDS = [("You are <2> & wait.", "de-DE"), ("Para español, uno.", "es-ES")], 8


def twilio(what):
    answer = VoiceResponse()
    match what:
        case "connect":
            connect = Connect(action=AFTER)
            stream = connect.stream(url=MEDIA)
            stream.parameter(name="token", value="a<b>&\"c'")
            answer.append(connect)
        case "number":
            answer.dial(NUMBER, action=ACTION)
        case "sip":
            dial = Dial(action=ACTION)
            dial.sip(SIP)
            answer.append(dial)
        case "hang up":
            answer.hangup()
        case "refuse":
            answer.reject(reason="busy")
        case "key":
            gather = Gather(action=ACTION, num_digits=1, timeout=SECONDS)
            for words, language in QUESTION:
                gather.say(words, language=language)
            answer.append(gather)
            answer.redirect(ACTION)
    return str(answer)


def compatible(what, attributes):
    """SignalWire and Telnyx follow Twilio's words; the stream has Telnyx' own besides."""
    answer = VoiceResponse()
    match what:
        case "connect":
            connect = Connect()
            connect.stream(url=MEDIA, **attributes)
            answer.append(connect)
            answer.redirect(AFTER, method="POST")
        case "number":
            answer.dial(NUMBER, action=ACTION, method="POST")
        case "sip":
            dial = Dial(action=ACTION, method="POST")
            dial.sip(SIP)
            answer.append(dial)
        case "key":
            gather = Gather(action=ACTION, method="POST", num_digits=1, timeout=SECONDS)
            for words, language in QUESTION:
                gather.say(words, language=language)
            answer.append(gather)
            answer.redirect(ACTION, method="POST")
        case _:
            return twilio(what)
    return str(answer)


def plivo(what):
    answer = plivoxml.ResponseElement()
    match what:
        case "connect":
            answer.add(plivoxml.StreamElement(
                MEDIA, bidirectional=True, keepCallAlive=True, audioTrack="inbound",
                contentType="audio/x-mulaw;rate=8000"))
            answer.add(plivoxml.RedirectElement(AFTER, method="POST"))
        case "number" | "sip":
            dial = plivoxml.DialElement(action=ACTION, method="POST", redirect=True)
            dial.add(plivoxml.NumberElement(NUMBER) if what == "number" else plivoxml.UserElement(SIP))
            answer.add(dial)
        case "hang up":
            answer.add(plivoxml.HangupElement())
        case "refuse":
            answer.add(plivoxml.HangupElement(reason="busy"))
        case "key":
            keys = plivoxml.GetInputElement(
                action=ACTION, method="POST", num_digits=1, input_type="dtmf", execution_timeout=SECONDS)
            for words, language in QUESTION:
                keys.add(plivoxml.SpeakElement(words, language=language))
            answer.add(keys)
            answer.add(plivoxml.RedirectElement(ACTION, method="POST"))
    return answer.to_string()


TELNYX = {
    "track": "inbound_track", "codec": "G722", "bidirectional_mode": "rtp", "bidirectional_codec": "G722",
    "bidirectional_sampling_rate": "16000",
}


def plain(element):
    """Names, attributes and text, whatever the order of attributes and the space between."""
    return [element.tag, sorted(element.attrib.items()), (element.text or "").strip(), [plain(child) for child in element]]


def vonage(text):
    """The models take it, and say the same again. They want a number of ours for a socket, too, which has none to show it to."""
    actions, sent = json.loads(text), json.loads(text)
    for action in actions:
        if action["action"] == "connect" and action["endpoint"][0]["type"] == "websocket":
            action["randomFromNumber"] = True
            # They read the name of the program and write that of the wire.
            action["endpoint"][0]["contentType"] = action["endpoint"][0].pop("content-type")
    models = {"connect": VonageConnect, "talk": Talk, "input": Input}
    read = [models[action["action"]].model_validate(action) for action in actions]
    again = [action.model_dump(by_alias=True, exclude_none=True, mode="json") for action in read]
    for given, kept in zip(sent, again, strict=True):
        for key, value in given.items():
            if key == "endpoint":
                for one, other in zip(value, kept[key], strict=True):
                    if any(other.get(name) != field for name, field in one.items()):
                        return f"{one} is read as {other}"
            elif kept.get(key) != value:
                return f"{key}: {value} is read as {kept.get(key)}"
    return None


def main():
    for line in sys.stdin:
        case = json.loads(line)
        carrier, what, text = case["carrier"], case["what"], case["text"]
        if carrier == "vonage":
            difference = vonage(text)
        else:
            built = {
                "twilio": lambda: twilio(what), "signalwire": lambda: compatible(what, {}),
                "telnyx": lambda: compatible(what, TELNYX), "plivo": lambda: plivo(what),
            }[carrier]()
            difference = None if plain(ET.fromstring(text)) == plain(ET.fromstring(built)) else f"\n{text}\n{built}"
        print(f"ok {carrier} {what}" if difference is None else f"differs {carrier} {what}: {difference}")


if __name__ == "__main__":
    main()
