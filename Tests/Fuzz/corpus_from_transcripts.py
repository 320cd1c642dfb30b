"""Makes the fuzzer's seeds of the transcripts of the dialects: python3 corpus_from_transcripts.py TRANSCRIPTS SEEDS

The first byte of a seed chooses the dialect by its place in MediaDialects.all; messages are parted by zero bytes, and a
binary one begins with 1.
"""

import pathlib
import re
import sys

here = pathlib.Path(__file__).parent
table = (here / "../../Sources/Telephony/Media/MediaDialects.swift").read_text()
names = [name.lower() for name in re.findall(r"MediaDialects\((\w+)Dialect\.self\)", table)]
transcripts, seeds = map(pathlib.Path, sys.argv[1:])
seeds.mkdir(parents=True, exist_ok=True)
for number, name in enumerate(names):
    parts, conversations = [], []
    for line in (transcripts / f"{name}.golden").read_text().splitlines() + ["at"]:
        word, _, rest = line.partition(" ")
        if word == "peer":
            parts.append(rest.encode())
        elif word == "peer#":
            parts.append(b"\1" + bytes.fromhex(rest))
        elif word == "at" and parts:
            conversations.append(parts)
            parts = []
    for index, parts in enumerate(conversations):
        # A zero byte ends a message, so audio loses its zeros here and nowhere else.
        (seeds / f"{name}-{index}").write_bytes(bytes([number]) + b"\0".join(p.replace(b"\0", b"\x02") for p in parts))
