"""Prints signature vectors made and judged by the carriers' own packages (PyPI: `plivo`, `telnyx`, `vonage-jwt`).

The output is committed as carrier_vectors.json; the tests check Parley against it.
"""

import base64
import hashlib
import json
import random
import time

import jwt
from nacl.signing import SigningKey
from plivo.utils.signature_v3 import (
    construct_get_url, construct_post_url, get_signature_v3, validate_v3_signature)
from telnyx.lib import webhook_verification as telnyx
from vonage_jwt.verify_jwt import verify_signature

rng = random.Random(6)


def plivo(name, url, fields, signature=None, nonce="05429567804466091622", token="ktxk9Gh3mKl2"):
    params = {}
    for key, value in fields:
        params.setdefault(key, []).append(value)
    base = construct_post_url(url, params).decode()
    right = get_signature_v3(token.encode(), base, nonce)
    right = right.decode() if isinstance(right, bytes) else right
    given = right if signature is None else signature.replace("RIGHT", right)
    return {
        "carrier": "plivo", "name": name, "key": token, "url": url, "fields": [list(f) for f in fields], "nonce": nonce,
        "signature": given, "isValid": bool(validate_v3_signature("POST", url, nonce, token, given, params)),
    }


def telnyx_vector(name, body, timestamp, signed=None, flip=False, key=SigningKey(b"\7" * 32), other=None):
    signature = bytearray(key.sign(f"{timestamp}|".encode() + (signed if signed is not None else body).encode()).signature)
    if flip:
        signature[5] ^= 1
    given = base64.b64encode(bytes(signature)).decode()
    public = base64.b64encode(bytes((other or key).verify_key)).decode()
    now = time.time
    try:
        telnyx.time.time = lambda: NOW
        telnyx.verify_webhook_signature(
            body, {telnyx.SIGNATURE_HEADER: given, telnyx.TIMESTAMP_HEADER: str(timestamp)}, public)
        valid = True
    except telnyx.WebhookVerificationError:
        valid = False
    finally:
        telnyx.time.time = now
    return {
        "carrier": "telnyx", "name": name, "key": public, "body": body, "time": str(timestamp), "now": NOW,
        "signature": given, "isValid": valid,
    }


def vonage(name, secret, claims, key=None, algorithm="HS256"):
    token = jwt.encode(claims, key or secret, algorithm=algorithm)
    try:
        valid = verify_signature(token, secret)
    except Exception:
        valid = False
    return {
        "carrier": "vonage", "name": name, "key": secret, "token": token, "body": BODY, "now": NOW,
        # The package checks the signature; time and body are for whoever calls it.
        "isSigned": valid,
        "isValid": valid and abs(claims.get("iat", 0) - NOW) <= 300 and claims.get("payload_hash") == HASH,
    }


NOW = 1_790_000_000
BODY = '{"conversation_uuid":"CON-1","from":"14155550100"}'
HASH = hashlib.sha256(BODY.encode()).hexdigest()
SECRET = "a-signature-secret-of-the-account"
CALL = [("CallUUID", "c-1"), ("From", "14155550100"), ("To", "14155550199"), ("Event", "StartApp"), ("CallStatus", "ringing")]
CLAIMS = {"iat": NOW, "jti": "c5ba8f24-1a14-4c10-bfdf-3fbe8ce511b5", "iss": "Vonage", "payload_hash": HASH,
          "api_key": "abcd1234", "application_id": "aaaaaaaa-bbbb-cccc-dddd-0123456789ab"}


def vectors():
    result = []
    for url in ["https://example.com/plivo/voice", "https://example.com/plivo/voice?b=2&a=1",
                "https://example.com:8443/p/q?x=", "http://example.com/plivo/voice?z=%20y&z=1"]:
        result.append(plivo("call", url, CALL))
        result.append(plivo("no fields", url, []))
        result.append(plivo("repeated", url, CALL + [("To", "1"), ("To", "0")]))
        result.append(plivo("several signatures", url, CALL, "AAAA,RIGHT,BBBB"))
        result.append(plivo("cut", url, CALL, "RIGHT"[:-1]))
        result.append(plivo("empty", url, CALL, "AAAA"))
        right = plivo("x", url, CALL)["signature"]
        result.append(plivo("field changed", url, [("CallUUID", "c-2")] + CALL[1:], right))
        result.append(plivo("other nonce", url, CALL, right, nonce="1"))
        result.append(plivo("other token", url, CALL, right, token="another"))
    for index in range(30):
        word = lambda: "".join(rng.choice("abAB09 /=&%.-") for _ in range(rng.randint(1, 6)))
        result.append(plivo(f"random {index}", "https://example.com/plivo/voice?k=" + "v" * (index % 3),
                            [(word(), word()) for _ in range(rng.randint(1, 6))]))
    body = "CallSid=v3%3Aabc&From=%2B13125550100"
    for name, options in [
        ("right", {}), ("body changed", {"signed": body + "&x=1"}), ("bit flipped", {"flip": True}),
        ("other key", {"other": SigningKey(b"\x09" * 32)}),
    ]:
        result.append(telnyx_vector(name, body, NOW, **options))
    for age in [-400, -290, 290, 400]:
        result.append(telnyx_vector(f"age {age}", body, NOW - age))
    result.append(telnyx_vector("no body", "", NOW))
    result.append(vonage("right", SECRET, CLAIMS))
    result.append(vonage("other secret", SECRET, CLAIMS, key="another-secret-of-another-account"))
    result.append(vonage("other algorithm", SECRET, CLAIMS, algorithm="HS512"))
    result.append(vonage("other body", SECRET, {**CLAIMS, "payload_hash": HASH[:-1] + "0"}))
    result.append(vonage("no hash", SECRET, {k: v for k, v in CLAIMS.items() if k != "payload_hash"}))
    result.append(vonage("old", SECRET, {**CLAIMS, "iat": NOW - 301}))
    result.append(vonage("young", SECRET, {**CLAIMS, "iat": NOW - 299}))
    token = result[-7]["token"]
    head, _, rest = token.partition(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    for name, text in [("no algorithm", none + "." + rest.split(".")[0] + "."), ("cut", token[:-1]), ("two parts", head + "." + rest.split(".")[0])]:
        try:
            signed = verify_signature(text, SECRET)
        except Exception:
            signed = False
        result.append({"carrier": "vonage", "name": name, "key": SECRET, "token": text, "body": BODY, "now": NOW,
                       "isSigned": signed, "isValid": signed})
    return result


if __name__ == "__main__":
    print("[\n" + ",\n".join(json.dumps(vector) for vector in vectors()) + "\n]")
