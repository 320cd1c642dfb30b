"""Prints signature vectors made and judged by Twilio's own validator (PyPI package `twilio`).

The output is committed as twilio_vectors.json; the tests check Parley against it, and, where the package is at
hand, check that it still is what the validator says.
"""

import hashlib
import json
import random

from twilio.request_validator import RequestValidator


class Form:
    """A form with repeated fields, as the validator takes it."""

    def __init__(self, fields):
        self.fields = fields

    def __iter__(self):
        return iter(name for name, _ in self.fields)

    def __len__(self):
        return len(self.fields)

    def getlist(self, name):
        return [value for key, value in self.fields if key == name]


CALL = [
    ("CallSid", "CA1234567890ABCDE"), ("Caller", "+14158675309"), ("Digits", "1234"), ("From", "+14158675309"),
    ("To", "+18005551212"), ("FromCity", ""), ("CallerName", "O'Brien & Søn <sales>"), ("ApiVersion", "2010-04-01"),
]
URLS = [
    "https://example.com/twilio/voice", "https://example.com:443/twilio/voice", "https://example.com:8443/twilio/voice",
    "http://example.com/twilio/voice", "http://example.com:80/twilio/voice?a=1&b=%20x", "https://example.com",
    "https://example.com?foo=1&bar=2", "https://example.com:443?foo=1", "https://example.com/p#part",
]
TOKENS = ["12345", "f2ca1bb6c7e907d06dafe4687e579fce", "ключ"]


def vector(name, token, url, fields, signature=None, signed_url=None, body=None):
    validator = RequestValidator(token)
    params = body if body is not None else Form(fields)
    if signature is None:
        signature = validator.compute_signature(signed_url or url, {} if body is not None else params)
    return {
        "name": name, "token": token, "url": url, "fields": [list(field) for field in fields], "body": body,
        "signature": signature, "isValid": validator.validate(url, params, signature),
    }


def variant(url, scheme_port):
    """The same URL with the default port where it has none, and the other way round."""
    head, _, rest = url.partition("://")
    cut = min((rest.find(c) for c in "/?#" if c in rest), default=len(rest))
    host, tail = rest[:cut], rest[cut:]
    host = host.split(":")[0] if ":" in host else f"{host}:{scheme_port}"
    return f"{head}://{host}{tail}"


def vectors():
    rng = random.Random(20)
    result = []
    for token in TOKENS:
        for url in URLS:
            port = 443 if url.startswith("https") else 80
            result.append(vector("call", token, url, CALL))
            result.append(vector("no body", token, url, []))
            result.append(vector("other port form", token, url, CALL, signed_url=variant(url, port)))
            result.append(vector("port of another service", token, url, CALL, signed_url=variant(url, 8081)))
            right = RequestValidator(token).compute_signature(url, Form(CALL))
            result.append(vector("field changed", token, url, [("CallSid", "CA0")] + CALL[1:], signature=right))
            result.append(vector("field added", token, url, CALL + [("Extra", "1")], signature=right))
            result.append(vector("other token", token, url, CALL, RequestValidator("x").compute_signature(url, Form(CALL))))
            result.append(vector("empty signature", token, url, CALL, signature=""))
            result.append(vector("cut signature", token, url, CALL, signature=right[:-1]))
            result.append(vector("other case", token, url, CALL, signature=right.swapcase()))
    for index in range(60):
        alphabet = "abAB09+ /=&%üé漢𝄞e\u0301"
        word = lambda least: "".join(rng.choice(alphabet) for _ in range(rng.randint(least, 6)))
        fields = [(word(1), word(0)) for _ in range(rng.randint(1, 8))]
        fields += [rng.choice(fields) for _ in range(rng.randint(0, 2))]
        fields += [(rng.choice(fields)[0], word(0))]
        rng.shuffle(fields)
        result.append(vector(f"random {index}", TOKENS[index % 3], rng.choice(URLS), fields))
    for body in ["{}", '{"a":"é"}', ""]:
        right = hashlib.sha256(body.encode()).hexdigest()
        for hash_text in [right, right.upper(), right[:-1], "0" * 64]:
            url = f"https://example.com/hook?x=1&bodySHA256={hash_text}"
            result.append(vector("body hash", TOKENS[1], url, [], body=body))
    return result


if __name__ == "__main__":
    print("[\n" + ",\n".join(json.dumps(vector) for vector in vectors()) + "\n]")
