"""What the service's own sockets saw: the time from a vendor's message in its socket to the service's own message in answer.

The load driver's stamps (`parley load --stamps`) are in the messages. Here tcpdump notes when the kernel put each of them into a
socket, so neither the emulators' lateness nor the driver's is part of it. Needs root, tcpdump, and what requirements.txt names.
"""
import collections
import re
import subprocess
import tempfile
import time

import dpkt

# As the emulators write them: a word of sixteen letters, and base64 of audio that begins with two marks.
FINAL = re.compile(rb"\b[a-p]{16}\b")
AUDIO = re.compile(rb"KtU[A-Za-z0-9+/]{21}")
# [s] Without a message to a caller, before an answer.
PAUSE = 0.1
Ports = collections.namedtuple("Ports", "carrier recognizer model voice")


class Wire:
    """Listens on loopback from here until `stop`."""

    def __init__(self, ports, core):
        self.ports = ports
        self.file = tempfile.NamedTemporaryFile(suffix=".pcap")
        ways = f"src port {ports.recognizer} or dst port {ports.model} or src port {ports.voice} or src port {ports.carrier}"
        # Messages alone: what only confirms carries none.
        carries = "(ip[2:2] - ((ip[0] & 0xf) << 2) - ((tcp[12] & 0xf0) >> 2)) > 0"
        self.process = subprocess.Popen(
            ["taskset", "-c", str(core), "tcpdump", "-i", "lo", "-n", "-s", "0", "-B", "65536", "--time-stamp-precision=nano",
             "-w", self.file.name, f"tcp and ({ways}) and {carries}"],
            stderr=subprocess.PIPE, text=True)
        if "listening on" not in (line := self.process.stderr.readline()) and "listening on" not in (line := line + self.process.stderr.readline()):
            raise RuntimeError(f"tcpdump cannot listen: {line.strip()}")

    def stop(self):
        """Milliseconds: from each final to the request for its answer, and from each first audio to its first message to the caller."""
        time.sleep(0.2)
        self.process.terminate()
        words = self.process.communicate(timeout=20)[1]
        if (lost := re.search(r"(\d+) packets? dropped by kernel", words)) and int(lost[1]):
            raise RuntimeError(f"tcpdump lost {lost[1]} messages")
        came, went, last = {}, {}, {}
        with self.file, open(self.file.name, "rb") as capture:
            for at, frame in dpkt.pcap.Reader(capture):
                segment = dpkt.ethernet.Ethernet(frame).data.data
                if segment.sport == self.ports.recognizer:
                    self.note(FINAL, segment.data, at, came)
                elif segment.dport == self.ports.model:
                    self.note(FINAL, segment.data, at, went)
                elif segment.sport == self.ports.voice:
                    self.note(AUDIO, segment.data, at, came)
                elif segment.sport == self.ports.carrier:
                    # An answer's first: what a sentence behind it waits for is the caller's ears.
                    if at - last.get(segment.dport, at) > PAUSE:
                        self.note(AUDIO, segment.data, at, went)
                    last[segment.dport] = at
        both = [(stamp, float(went[stamp] - came[stamp]) * 1000) for stamp in came if stamp in went]
        return ([after for stamp, after in both if len(stamp) == 16], [after for stamp, after in both if len(stamp) == 24])

    @staticmethod
    def note(pattern, data, at, times):
        for stamp in pattern.findall(data):
            times.setdefault(stamp, at)
