"""Places, looks up, lists and ends calls at the sandbox carrier with Twilio's own client.

Usage: carrier.py BASE_URL ACCOUNT TOKEN (needs Tests/requirements.txt). Exit status 0 only if every check held.
"""

import datetime
import sys

from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

url, account, token = sys.argv[1:4]
failures = 0


def check(name, held, detail=""):
    global failures
    print(("ok   " if held else "FAIL ") + name + (f": {detail}" if detail and not held else ""))
    failures += not held


def refused(name, status, code, act):
    try:
        act()
        check(name, False, "it was accepted")
    except TwilioRestException as error:
        check(name, (error.status, error.code) == (status, code), error)


client = Client(account, token)
client.api.base_url = url
call = client.calls.create(
    to="+12127365000", from_="+12127365999", url="http://127.0.0.1:9/answer", timeout=25,
    status_callback="http://127.0.0.1:9/status", status_callback_event=["initiated", "completed"],
    machine_detection="Enable", async_amd="true", async_amd_status_callback="http://127.0.0.1:9/machine")
check("create: an id and a state", call.sid.startswith("CA") and call.status == "queued", (call.sid, call.status))
now = datetime.datetime.now(datetime.timezone.utc)
check("create: the time it was made", abs((now - call.date_created).total_seconds()) < 5, call.date_created)
check("fetch: the same call", client.calls(call.sid).fetch().to == "+12127365000")
found = client.calls.list(to="+12127365000", from_="+12127365999")
check("list: by both numbers", [each.sid for each in found] == [call.sid], found)
check("list: nobody else's", client.calls.list(to="+12127365001") == [])
check("update: an end", client.calls(call.sid).update(status="completed").sid == call.sid)
refused("fetch: no such call", 404, 20404, lambda: client.calls("CA" + "0" * 32).fetch())
refused(
    "create: no number", 400, 21211,
    lambda: client.calls.create(to="nobody", from_="+12127365999", url="http://127.0.0.1:9/answer"))
wrong = Client(account, "wrong")
wrong.api.base_url = url
refused("the wrong secret", 401, 20003, lambda: wrong.calls(call.sid).fetch())
sys.exit(1 if failures else 0)
