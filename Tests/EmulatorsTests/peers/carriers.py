"""Places, looks up, lists and ends calls at the sandbox carrier with the clients of Telnyx, Plivo and Vonage, and with Twilio's
at SignalWire's address, as SignalWire's own is one of Twilio's.

Usage: carriers.py CARRIER BASE_URL ACCOUNT TOKEN [APPLICATION KEY_FILE] (needs Tests/requirements.txt). Exit status 0 only if
every check held.
"""

import sys

carrier, url, account, token = sys.argv[1:5]
to, sender, answer, status = "+12127365000", "+12127365999", "http://127.0.0.1:9/answer", "http://127.0.0.1:9/status"
failures = 0


def check(name, held, detail=""):
    global failures
    print(("ok   " if held else "FAIL ") + name + (f": {detail}" if detail and not held else ""))
    failures += not held


def signalwire():
    from twilio.rest import Client

    client = Client(account, token)
    client.api.base_url = url + "/api/laml"
    call = client.calls.create(
        to=to, from_=sender, url=answer, timeout=25, status_callback=status,
        status_callback_event=["initiated", "completed"], machine_detection="Enable", async_amd="true",
        async_amd_status_callback="http://127.0.0.1:9/machine")
    check("create: an id and a state", len(call.sid) == 36 and call.status == "queued", (call.sid, call.status))
    check("fetch: the same call", client.calls(call.sid).fetch().to == to)
    check("list: by both numbers", [each.sid for each in client.calls.list(to=to, from_=sender)] == [call.sid])
    check("update: an end", client.calls(call.sid).update(status="completed").sid == call.sid)


def telnyx():
    import telnyx

    client = telnyx.Telnyx(api_key=token, base_url=url + "/v2", max_retries=0)
    calls = client.texml.accounts.calls
    made = calls.calls(
        account, body={
            "ApplicationSid": sys.argv[5], "To": to, "From": sender, "Url": answer, "UrlMethod": "POST",
            "StatusCallback": status, "StatusCallbackEvent": "initiated completed", "Timeout": 25,
            "MachineDetection": "Enable", "AsyncAmd": True, "AsyncAmdStatusCallback": "http://127.0.0.1:9/machine"})
    check("create: a state", made.status == "queued" and made.to == to, made)
    found = calls.retrieve_calls(account, to=to, from_=sender).calls
    check("list: by both numbers", [each.to for each in found] == [to], found)
    call = calls.retrieve(found[0].sid, account_sid=account)
    check("retrieve: the same call", call.sid == found[0].sid and call.from_ == sender, call)
    calls.update(found[0].sid, account_sid=account, status="completed")
    check("update: an end", True)
    try:
        telnyx.Telnyx(api_key="wrong", base_url=url + "/v2", max_retries=0).texml.accounts.calls.retrieve_calls(account)
        check("the wrong secret", False, "it was accepted")
    except telnyx.AuthenticationError:
        check("the wrong secret", True)


def plivo():
    import plivo
    from plivo.rest import client as rest

    rest.API_VOICE_BASE_URI = rest.API_VOICE_BASE_URI_FALLBACK_1 = rest.API_VOICE_BASE_URI_FALLBACK_2 = url + "/v1/Account"
    client = plivo.RestClient(account, token)
    made = client.calls.create(
        from_=sender[1:], to_=to[1:], answer_url=answer, ring_url=status, hangup_url=status, ring_timeout=25,
        machine_detection="true", machine_detection_url="http://127.0.0.1:9/machine")
    check("create: the id of the request", len(made.request_uuid) == 36, made)
    names = client.calls.queued_call_list_ids().calls + client.calls.live_call_list_ids().calls
    check("queued or live: one call", len(names) == 1, names)
    check("list: nothing that is over", len(client.calls.list(to_number=to[1:]).objects) == 0)
    try:
        client.calls.delete("none")
        check("hang up: no such call", False, "it was accepted")
    except plivo.exceptions.ResourceNotFoundError:
        check("hang up: no such call", True)


def vonage():
    from vonage_http_client import Auth, HttpClient, HttpClientOptions
    from vonage_voice import CreateCallRequest, Phone, ToPhone, Voice

    client = HttpClient(
        # The file's name: as a text it takes one form of PEM alone.
        Auth(application_id=sys.argv[5], private_key=sys.argv[6]), HttpClientOptions(api_host=url.split("//")[1], max_retries=0))
    session = client._session
    send = session.request
    # The client knows https alone.
    session.request = lambda **more: send(**{**more, "url": more["url"].replace("https:", "http:")})
    voice = Voice(client)
    made = voice.create_call(
        CreateCallRequest(
            to=[ToPhone(number=to[1:])], from_=Phone(number=sender[1:]), answer_url=[answer], answer_method="POST",
            event_url=[status], event_method="POST", ringing_timer=25))
    check("create: an id and a state", made.status == "started" and made.conversation_uuid.startswith("CON-"), made)
    found, _ = voice.list_calls()
    check("list: the call", [each.uuid for each in found] == [made.uuid], found)
    check("fetch: the same call", voice.get_call(made.uuid).to.number == to[1:])
    voice.hangup(made.uuid)
    check("hang up", True)


{"signalwire": signalwire, "telnyx": telnyx, "plivo": plivo, "vonage": vonage}[carrier]()
sys.exit(1 if failures else 0)
