"""Makes the text fuzzer's seeds of the project's own files: python3 corpus_from_files.py ROOT CORPUS

The first byte of a seed chooses what reads it, by its place in TextKind.
"""

import pathlib
import re
import sys

root, corpus = map(pathlib.Path, sys.argv[1:])
source = (pathlib.Path(__file__).parent / "TextFuzzer/TextKind.swift").read_text()
kinds = re.findall(r"^    case (\w+)$", source, re.MULTILINE)
files = {
    "agent": root.glob("config/agents/*.yaml"),
    "connector": root.glob("config/tools/**/*.yaml"),
    "script": root.glob("config/agents/tests/**/*.yaml"),
    "configuration": [root / "config/parley.yaml"],
    "json": [],
}
texts = {
    "form": [b"CallSid=CA1&From=%2B12125550123&To=sip%3Aa%40b&Digits=1+2%23&x=%zz&=&&a", b"a=%F0%9F%98%80&b=%ff"],
    "json": [b'{"a":[1,-2.5e3,true,false,null,"\\u00e9\\n"],"b":{"c":{}}}', b"[[[[]]]]", b'"\\ud83d\\ude00"', b"1e308"],
    "table": [
        b'\xef\xbb\xbfname;phone\r\n"Mia; ""B""";+12125550123\r\n\r\nx', "a,b\nM\xfcller,1\n".encode("latin-1"),
        b"a\tb\n=1+1\t\x00\n", b'a,b\n"open', b"\xff\xfea\x00,\x00b\x00\n\x00",
    ],
}
for place, kind in enumerate(kinds):
    seeds = [path.read_bytes() for path in files.get(kind, [])] + texts.get(kind, [])
    assert seeds, f"no seeds for {kind}"
    for number, seed in enumerate(seeds):
        (corpus / f"{kind}-{number}").write_bytes(bytes([place]) + seed[:8000])
