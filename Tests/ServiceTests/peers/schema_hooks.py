"""What schemathesis is given besides its own ideas: the ids of things that there are.

The file that PARLEY_THINGS names says by operation where such a thing is (`path`), and with which `query` and JSON `body` it
is asked for with success. Of four requests to an operation, one asks exactly so, two name the thing and are otherwise as
drawn, and one is as drawn throughout, so that what is not there is asked for as well.
"""

import collections
import json
import os
import re

import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase

with open(os.environ["PARLEY_THINGS"], encoding="utf-8") as file:
    THINGS = json.load(file)["operations"]
# Their answers go on for as long as a call does, so only a call that is over is asked for.
ENDLESS = {"listen"}
# With these a request may be the repetition of another, or depend on what is there.
CONDITIONS = ("Idempotency-Key", "If-Match", "If-None-Match")

turns = collections.Counter()


def parameters(template, path):
    """What the names in `template` are in `path`."""
    pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template))
    found = re.fullmatch(pattern, path)
    assert found, f"{path} is none of {template}"
    return found.groupdict()


@schemathesis.hook
def before_call(context, case, kwargs):
    operation = case.operation.definition.raw["operationId"]
    thing, meta = THINGS.get(operation), case.meta
    if thing is None or meta is None:
        return
    names = parameters(case.path, thing["path"]) if "{" in case.path else {}
    named = names and not meta.is_negative_at(ParameterLocation.PATH)
    if operation in ENDLESS:
        if named:
            case.path_parameters = names
        return
    # There, ids are those of earlier answers; and a method that is not the operation's is refused whatever it asks for.
    if meta.phase.name == TestPhase.STATEFUL or case.method.upper() != case.operation.method.upper():
        return
    is_positive = meta.generation.mode.is_positive
    turn = turns[operation, is_positive] % 4
    turns[operation, is_positive] += 1
    if turn == 3:
        return
    if named:
        case.path_parameters = names
    if turn == 0 and is_positive:
        if thing.get("query"):
            case.query = dict(thing["query"])
        if thing.get("body") is not None and case.media_type == "application/json":
            case.body = thing["body"]
        for name in CONDITIONS:
            case.headers.pop(name, None)
