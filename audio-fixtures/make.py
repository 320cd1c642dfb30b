#!/usr/bin/env python3
"""Makes the recorded callers of this folder: WAV files and manifest.json.

    ./make.py            render everything anew (needs sox, flite, festival and the voices named in README.md)
    ./make.py --check    compare the manifest with the catalogue and the files; needs nothing but Python

The catalogue below is the only place where an utterance is written down. Everything drawn by lot (order, voice, speed,
level, noise) comes from one seed, so two runs on the same package versions write the same bytes.
"""

import argparse
import array
import hashlib
import json
import math
import random
import shutil
import struct
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
MANIFEST = HERE / "manifest.json"
DICTIONARY = Path("/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict")

REFERENCE = date(2026, 11, 23)  # "today" of every spoken date; a Monday
SEED = 20261123
RATE = 8000
ROOM = RATE * 300 // 1000  # samples of room silence before and after
BAND = ["sinc", "-t", "120", "300-3400"]  # telephone band, Hz
AUDIBLE, SPEECH = 35, 30  # dB below the loudest: where a file is cut, and where its speech is said to begin and end
CONDITIONS = {"clean": None, "snr20": 20, "snr10": 10}  # dB

# An indented line is one utterance, a line in the first column opens a category with its agent, context and intent.
# After the words: `name=value` pairs. A name of OVERRIDES replaces what the category says, any other is an entity.
# "|" is a pause inside the sentence. `say` is what the synthesizer reads where its spelling differs from the text.
CATALOGUE = """
greeting receptionist open greeting
    hello
    hi good morning
    good afternoon
    hi there how are you
    hello is this the clinic
    good evening

booking receptionist open book_appointment
    i would like to book an appointment; demo=receptionist
    i'd like to make an appointment please
    hi i need to see the doctor on friday morning; date=2026-11-27
    can i get an appointment for tomorrow; date=2026-11-24
    i need to see a doctor as soon as possible
    could i book a checkup for next wednesday at ten; date=2026-12-02; time=10:00
    do you have anything free this thursday afternoon; date=2026-11-26
    i want to schedule a visit with the doctor
    i'd like to come in on monday at half past nine; date=2026-11-30; time=09:30
    can you fit me in today; date=2026-11-23
    my back hurts and i need to see somebody
    please book me in for the second of december; date=2026-12-02
    i was hoping to get an appointment some time next week
    is there a slot open at four o'clock tomorrow; date=2026-11-24; time=16:00
    hello i'm calling to set up an appointment for my daughter
    i need an appointment for a blood test
    could you put me down for december tenth at eleven fifteen; date=2026-12-10; time=11:15
    i want to come in for a flu shot
    hi yes we'd like to make an appointment with the doctor
    can somebody see me on saturday; date=2026-11-28
    i have a sore throat and i'd like to come in
    what is the earliest appointment you have
    book me an appointment at two thirty on tuesday please; date=2026-11-24; time=14:30
    i'd like an appointment next tuesday at nine; date=2026-12-01; time=09:00
    can the doctor see my son this week
    good morning i would like to arrange a physical exam

move receptionist open move_appointment
    i need to move my appointment
    can i change my appointment to another day
    i'd like to reschedule please
    could we move my appointment to next thursday; date=2026-12-03
    i can't make it to my appointment can we find another time
    can you push my appointment back an hour
    please change my appointment to three in the afternoon; time=15:00
    something came up and i need a later date for my visit

cancel receptionist open cancel_appointment
    i need to cancel my appointment
    please cancel my appointment for tomorrow; date=2026-11-24
    i won't be able to come so please cancel it
    i'd like to call off my visit on wednesday; date=2026-11-25
    cancel the appointment please
    i'm feeling better so i want to cancel the appointment i have
    can you take me off the schedule for friday; date=2026-11-27

hours receptionist open opening_hours
    what are your opening hours
    when do you open in the morning
    how late are you open today; date=2026-11-23
    are you open on the weekend
    what time do you close
    do you close for lunch
    could you tell me your office hours please
    are you open this friday; date=2026-11-27
    until when can i come by

message receptionist open take_message
    i'd like to leave a message
    can you take a message for the doctor
    please tell the doctor to call me back
    could you pass on a message for me
    i want to leave a note for the nurse
    have the doctor call me about my test results

person receptionist open speak_to_person
    can i speak to a person please
    i want to talk to a real human being
    put me through to the front desk please
    could i speak with the nurse
    let me talk to somebody else
    is there someone i can talk to

correction receptionist confirm correction
    no i said thursday; date=2026-11-26
    actually make it eleven o'clock; time=11:00
    sorry i meant the fifth of december; date=2026-12-05
    no not monday i said wednesday; date=2026-11-25
    wait that's wrong i want ten thirty; time=10:30
    no the name is susan clark; name=Susan Clark
    actually could we do friday instead; date=2026-11-27
    i meant half past three not half past two; time=15:30
    no no it's next thursday; date=2026-12-03
    change that to a quarter past four please; time=16:15
    that's not right it should be one in the afternoon; time=13:00

confirm receptionist confirm yes
    yes
    yes please; demo=receptionist
    yeah that's right
    sure that works for me
    yep
    that is correct
    okay sounds good
    absolutely
    yes go ahead
    no; intent=no
    no thank you; intent=no
    nope; intent=no
    no that's wrong; intent=no
    not really; intent=no
    no that doesn't work for me; intent=no

date receptionist date inform
    next tuesday; date=2026-12-01; demo=receptionist
    the third of december; date=2026-12-03
    tomorrow; date=2026-11-24
    december fourth; date=2026-12-04
    on friday; date=2026-11-27
    the day after tomorrow; date=2026-11-25
    monday would be good; date=2026-11-30
    this thursday please; date=2026-11-26
    next wednesday if possible; date=2026-12-02
    how about the eleventh of december; date=2026-12-11
    december twenty first; date=2026-12-21
    the thirtieth of november; date=2026-11-30
    a week from today; date=2026-11-30
    january seventh; date=2027-01-07

time receptionist time inform
    half past ten; time=10:30; demo=receptionist
    a quarter to three; time=14:45
    nine thirty; time=09:30
    two in the afternoon; time=14:00
    noon; time=12:00
    eleven in the morning please; time=11:00
    at four; time=16:00
    five o'clock; time=17:00
    eight fifteen would be perfect; time=08:15
    let's say a quarter past one; time=13:15
    half past two; time=14:30
    three forty five; time=15:45
    ten to twelve; time=11:50
    twelve thirty; time=12:30

name receptionist name inform
    maria jones; name=Maria Jones
    my name is peter miller; name=Peter Miller; demo=receptionist
    this is linda anderson; name=Linda Anderson
    it's david brown; name=David Brown
    james wilson; name=James Wilson
    my name is jennifer davis; name=Jennifer Davis
    robert taylor; name=Robert Taylor
    i am nancy moore; name=Nancy Moore
    the name is kevin harris; name=Kevin Harris
    emily white; name=Emily White
    thomas baker speaking; name=Thomas Baker

phone receptionist phone inform
    five five five zero one nine two; phone=5550192
    my number is five five five two three four eight; phone=5552348
    it's six one seven five five five zero one four three; phone=6175550143
    you can reach me at eight zero two five five five zero one six one; phone=8025550161
    five five five oh one two seven; phone=5550127
    four one five five five five zero one nine nine; phone=4155550199
    call me back at five five five zero one seven six; phone=5550176
    three one two five five five zero one eight four; phone=3125550184

pause receptionist open inform
    i'd like to make | an appointment for wednesday; intent=book_appointment; date=2026-11-25
    i need an appointment | on thursday at two; intent=book_appointment; date=2026-11-26; time=14:00
    my name is | george thompson; context=name; name=George Thompson
    my number is five five five | zero one eight three; context=phone; phone=5550183
    i'm calling to cancel | my appointment on monday; intent=cancel_appointment; date=2026-11-30
    could you tell me | when you open tomorrow; intent=opening_hours; date=2026-11-24
    let me think | maybe the ninth of december; context=date; date=2026-12-09
    well | a quarter past nine please; context=time; time=09:15
    yes | that's fine; context=confirm; intent=yes
    can we move my appointment | to december eighth; intent=move_appointment; date=2026-12-08

repeat receptionist open repeat
    could you repeat that please; context=confirm
    sorry what did you say; context=date
    can you say that again; context=time

goodbye receptionist open goodbye
    goodbye
    thank you goodbye; demo=receptionist
    that's all bye bye
    okay thanks have a nice day
    thanks for your help bye
    that's it thank you goodbye; agent=thermostat; demo=thermostat

thermostat thermostat open set_temperature
    set it to seventy; number=70; demo=thermostat
    how warm is it in here; intent=read_temperature
    make it sixty eight degrees; number=68
    turn the heat up to seventy two please; number=72
    what's the temperature right now; intent=read_temperature
    please set the temperature to sixty five; number=65
    seventy four; context=temperature; intent=inform; number=74
    i'd like it at seventy one degrees; number=71
    how cold is it in this room; intent=read_temperature
    could you lower it to sixty six; number=66
    tell me the temperature please; intent=read_temperature
    sixty nine degrees would be nice; context=temperature; intent=inform; number=69

out_of_task receptionist open none
    what's the weather going to be like on sunday
    did you watch the game last night
    tell me a joke
    who do you think will win the election; context=confirm
    sorry i think i have the wrong number; intent=wrong_number
    i'd like to order a large pizza with mushrooms
    is this the train station
    my cat is sitting on the piano again; context=date
    the stock market went down quite a bit; context=time
    do you know a good recipe for apple pie
    how tall is the tallest mountain in the world
    we painted the kitchen green last summer; context=name
    play some music please
    honey can you turn the television down; context=confirm
    appointment number cancel morning seven please doctor
    friday the quarter yes maria open half; context=confirm
    open the window of the third clock tomorrow; context=date
    i used to have a doctor who played the violin; context=name
    our school gets a new library next year; context=date
    the movie starts at eight but we never make it on time; context=time
    can you book me a flight to chicago
    i want to cancel my newspaper subscription
    when does the supermarket open
    set the table for seven people; agent=thermostat
    how warm was the water at the beach; agent=thermostat
    turn on the lights in the garage; agent=thermostat; context=temperature
    the car needs new tires before winter; context=phone

noise receptionist open none
    ; sound=cough
    ; sound=cough_twice; context=confirm
    ; sound=throat; context=date
    ; sound=breath_in; context=time
    ; sound=sigh; context=confirm
    ; sound=keyboard
    ; sound=sniff; context=name
    ; sound=rustle; context=phone

backchannel receptionist confirm none
    mhm; say=mm hm
    uh-huh; say=uh huh
    hmm; say=hmmm
    um; say=umm; context=date
    uh; context=time
    ah; context=open
"""

OVERRIDES = {"agent", "context", "intent", "say", "demo", "sound"}
DEMO_VOICE = {"receptionist": "rms", "thermostat": "hts"}


@dataclass(frozen=True)
class Voice:
    """A speaker: an engine's voice, with the whole spectrum moved by `shift` for another length of vocal tract."""

    name: str
    engine: str
    source: str
    shift: float = 1.0


# Chosen by measurement, see README.md: voices that an unadapted general recognizer follows.
VOICES = [
    Voice("rms", "flite", "rms"),
    Voice("rms-deep", "flite", "rms", 0.92),
    Voice("rms-light", "flite", "rms", 1.10),
    Voice("awb", "flite", "awb"),
    Voice("awb-light", "flite", "awb", 1.15),
    Voice("slt-low", "flite", "slt", 0.93),
    Voice("hts", "festival", "cmu_us_slt_arctic_hts"),
    Voice("hts-low", "festival", "cmu_us_slt_arctic_hts", 0.92),
    Voice("kal", "festival", "kal_diphone"),
    Voice("ked", "festival", "ked_diphone"),
]
SPEEDS = [1.0, 0.88, 1.12]  # 1 is the voice's own; larger is faster
NOISES = ["pink", "babble", "street"]
BABBLE = [
    "the committee will meet again after the summer and publish a longer report about the harbor",
    "most of the bread in this village is baked before sunrise by two brothers and their uncle",
    "when the river froze the children walked across it and nobody could keep them at home",
    "an old map of the island hangs above the fireplace next to a painting of three horses",
    "several engineers looked at the bridge and none of them agreed about what had to be done",
    "she keeps the letters in a wooden box and reads one of them every year in the spring",
]

# Sounds that are not speech: pieces of shaped noise, each (sox synth type, effects, seconds, attack, level dB).
SOUNDS = {
    "cough": [
        ("whitenoise", ["bandpass", "1400", "1.2q"], 0.06, 0.004, 0),
        ("pinknoise", ["bandpass", "900", "0.8q"], 0.22, 0.01, -6),
        ("sawtooth 150", ["lowpass", "1500", "tremolo", "60", "70"], 0.10, 0.02, -14),
    ],
    "throat": [
        ("sawtooth 95", ["lowpass", "1800", "tremolo", "31", "90"], 0.28, 0.06, -4),
        None,
        ("sawtooth 105", ["lowpass", "2000", "tremolo", "37", "90"], 0.36, 0.05, -2),
    ],
    "breath_in": [("pinknoise", ["bandpass", "1600", "0.7q"], 0.9, 0.5, -8)],
    "sigh": [("pinknoise", ["bandpass", "800", "0.7q"], 1.2, 0.15, -8)],
    "sniff": [
        ("whitenoise", ["bandpass", "2300", "1.0q"], 0.18, 0.12, -8),
        None,
        ("whitenoise", ["bandpass", "2500", "1.0q"], 0.24, 0.15, -6),
    ],
}
SOUNDS["cough_twice"] = SOUNDS["cough"] + [None] + SOUNDS["cough"]
CLICK = ("whitenoise", ["bandpass", "2200", "1.0q"], 0.012, 0.001, -3)
CRACKLE = ("whitenoise", ["bandpass", "1900", "0.6q"], 0.05, 0.01, -6)


@dataclass
class Utterance:
    category: str
    text: str
    agent: str
    context: str
    intent: str
    entities: dict = field(default_factory=dict)
    pieces: list = field(default_factory=list)  # what is read aloud, split at pauses
    demo: str | None = None
    sound: str | None = None
    split: str = "tune"
    voice: Voice | None = None
    speed: float = 1.0
    noise: str = "pink"


# --- the catalogue -------------------------------------------------------------------------------------------------


def utterances() -> list[Utterance]:
    """The catalogue, in the manifest's order and with everything drawn that is left to chance."""
    dice = random.Random(SEED)
    everything = list(parse(CATALOGUE))
    choose_held_out(everything, dice)
    for split in ("tune", "held"):
        cast(sorted((u for u in everything if u.split == split), key=lambda u: u.category), dice)
    tune, held = ([u for u in everything if u.split == split] for split in ("tune", "held"))
    dice.shuffle(tune)
    dice.shuffle(held)
    return tune + held


def parse(catalogue: str):
    for line in filter(str.strip, catalogue.splitlines()):
        if not line.startswith(" "):
            category, agent, context, intent = line.split()
            continue
        words, *pairs = (part.strip() for part in line.split(";"))
        values = dict(pair.split("=", 1) for pair in pairs)
        extra = {name: values.pop(name) for name in list(values) if name in OVERRIDES}
        if "number" in values:
            values["number"] = int(values["number"])
        yield Utterance(
            category=category,
            text=" ".join(words.replace("|", " ").split()),
            agent=extra.get("agent", agent),
            context=extra.get("context", context),
            intent=extra.get("intent", intent),
            entities=values,
            pieces=[piece.strip() for piece in extra.get("say", words).split("|")],
            demo=extra.get("demo"),
            sound=extra.get("sound"),
        )


def choose_held_out(everything: list[Utterance], dice: random.Random):
    """Marks exactly the last third as held out, every category in proportion (largest remainder)."""
    groups: dict[str, list[Utterance]] = {}
    for utterance in everything:
        groups.setdefault(utterance.category, []).append(utterance)
    share = {name: len(group) // 3 for name, group in groups.items()}
    missing = len(everything) // 3 - sum(share.values())
    for name in sorted(groups, key=lambda name: -(len(groups[name]) % 3))[:missing]:
        share[name] += 1
    for name, group in groups.items():
        for utterance in dice.sample([u for u in group if u.demo is None], share[name]):
            utterance.split = "held"


def cast(group: list[Utterance], dice: random.Random):
    """Deals voices, speeds and kinds of noise round by round, so that each gets its share of every category."""
    decks: dict[str, list] = {"voice": [], "speed": [], "noise": []}

    def deal(kind: str, cards: list):
        if not decks[kind]:
            decks[kind] = dice.sample(cards, len(cards))
        return decks[kind].pop()

    for utterance in group:
        utterance.noise = deal("noise", NOISES)
        if utterance.sound is None:
            utterance.voice = deal("voice", VOICES)
            utterance.speed = deal("speed", SPEEDS)
        if utterance.demo is not None:
            utterance.voice = next(v for v in VOICES if v.name == DEMO_VOICE[utterance.demo])
            utterance.speed = 1.0


def faults_in(everything: list[Utterance]) -> list[str]:
    """What contradicts the rules of the catalogue: unknown words, texts used twice, dates that cannot be."""
    faults = []
    spoken = [u.text for u in everything if u.text]
    faults += [f"text is there twice: {text}" for text in sorted(set(spoken)) if spoken.count(text) > 1]
    if DICTIONARY.exists():
        known = {line.split()[0] for line in DICTIONARY.read_text().splitlines() if line}
        faults += [f"not in the dictionary: {word}" for word in sorted({w for t in spoken for w in t.split()} - known)]
    else:
        print(f"{DICTIONARY} is not installed: words not looked up", file=sys.stderr)
    days = "monday tuesday wednesday thursday friday saturday sunday".split()
    for utterance in everything:
        if "date" not in utterance.entities:
            continue
        day, words = date.fromisoformat(utterance.entities["date"]), utterance.text.split()
        named = [i for i, word in enumerate(words) if word in days]
        if named:  # the last one counts: "no not monday i said wednesday"
            last = named[-1]
            step = days.index(words[last]) - REFERENCE.weekday()
            following = last > 0 and words[last - 1] == "next"
            expected = REFERENCE + timedelta(days=step + 7 if following else (step - 1) % 7 + 1)
            if day != expected:
                faults.append(f"{utterance.text}: expected {expected}")
        elif day < REFERENCE:
            faults.append(f"{utterance.text}: {day} is past")
    return faults


# --- sound ---------------------------------------------------------------------------------------------------------


def run(*command, feed: bytes | None = None) -> bytes:
    done = subprocess.run([str(part) for part in command], input=feed, capture_output=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stderr.decode(errors='replace')}")
    return done.stdout


def telephone(source, *effects) -> list[float]:
    """Samples of `source` (a file, or sox arguments that make sound) in the telephone band at 8 kHz, full scale 1."""
    arguments = source if isinstance(source, list) else [source]
    raw = run("sox", "-R", "-D", *arguments, "-t", "f64", "-c", "1", "-", "gain", "-6", *effects, "rate", "-v", RATE, *BAND)
    return list(array.array("d", raw))


def speak(jobs: list[tuple[str, Voice, float]], folder: Path) -> list[list[float]]:
    """Reads every (text, voice, speed) aloud. Festival is started once for all: it takes long to load."""
    scheme, paths = [], []
    for index, (text, voice, speed) in enumerate(jobs):
        path = folder / f"{index}.wav"
        paths.append(path)
        # Playing the sound `shift` times faster moves pitch and formants together; the stretch gives the time back.
        stretch = voice.shift / speed
        if voice.engine == "flite":
            run("flite", "-voice", voice.source, "--setf", f"duration_stretch={stretch}", "-t", text, "-o", path)
            continue
        scheme.append(f"(voice_{voice.source})")
        if voice.source.endswith("hts"):
            scheme.append(f"(set! hts_engine_params (append hts_engine_params (list '(\"-r\" {1 / stretch}))))")
        else:
            scheme.append(f"(Parameter.set 'Duration_Stretch {stretch})")
        scheme.append(f'(utt.save.wave (utt.synth (Utterance Text "{text}")) "{path}" \'riff)')
    script = folder / "speak.scm"
    script.write_text("\n".join(scheme))
    run("festival", "--batch", script)
    return [
        telephone(path, *(["speed", voice.shift] if voice.shift != 1 else []))
        for path, (_, voice, _) in zip(paths, jobs)
    ]


def level(samples: list[float]) -> float:
    return math.sqrt(sum(x * x for x in samples) / max(1, len(samples)))


def scaled(samples: list[float], gain: float) -> list[float]:
    return [x * gain for x in samples]


def heard(samples: list[float], depth: float) -> tuple[int, int]:
    """Start of the first and end of the last 10 ms window within `depth` dB of the loudest, in steps of 2.5 ms."""
    window, step = RATE // 100, RATE // 400
    loud = [level(samples[i : i + window]) for i in range(0, max(1, len(samples) - window + 1), step)]
    floor = max(loud) * 10 ** (-depth / 20)
    inside = [i for i, value in enumerate(loud) if value >= floor]
    return inside[0] * step, min(inside[-1] * step + window, len(samples))


def trimmed(samples: list[float]) -> list[float]:
    """Without the silence at both ends; what fades out softly stays, and the cuts do not click."""
    first, past = heard(samples, AUDIBLE)
    part = samples[first:past]
    edge = min(RATE // 500, len(part))
    for i in range(edge):
        part[i] *= i / edge
        part[-1 - i] *= i / edge
    return part


def shaped(piece) -> list[float]:
    kind, effects, seconds, attack, gain = piece
    source = ["-r", "16000", "-n"]
    release = seconds - attack
    return scaled(
        telephone(source, "synth", seconds, *kind.split(), *effects, "fade", "t", attack, seconds, release),
        10 ** (gain / 20),
    )


def silence(seconds: float) -> list[float]:
    return [0.0] * round(seconds * RATE)


def sound(name: str, dice: random.Random) -> list[float]:
    """A cough, a breath, a keyboard ... out of shaped noise."""
    if name in ("keyboard", "rustle"):
        piece, count, gap = (shaped(CLICK), 14, (0.05, 0.22)) if name == "keyboard" else (shaped(CRACKLE), 22, (0, 0.05))
        out = []
        for _ in range(count):
            out += scaled(piece, dice.uniform(0.3, 1)) + silence(dice.uniform(*gap))
        return out
    return [x for piece in SOUNDS[name] for x in (shaped(piece) if piece else silence(0.14))]


def noise_beds(folder: Path) -> dict[str, list[float]]:
    """Half a minute of each kind of background noise, in the telephone band."""
    seconds, source = 30, ["-r", "16000", "-n"]
    voices = [VOICES[i % len(VOICES)] for i in (0, 3, 5, 6, 8, 9)]
    talk = speak([(text, voice, 1.0) for text, voice in zip(BABBLE, voices)], folder)
    talk = [scaled(part, 1 / level(part)) for part in talk]
    babble = [sum(part[(i + 4000 * n) % len(part)] for n, part in enumerate(talk)) for i in range(seconds * RATE)]
    traffic = telephone(source, "synth", seconds, "brownnoise", "tremolo", "0.23", "60")
    hum = telephone(source, "synth", seconds, "sawtooth", "120")
    traffic, hum = scaled(traffic, 1 / level(traffic)), scaled(hum, 0.5 / level(hum))
    return {
        "pink": telephone(source, "synth", seconds, "pinknoise"),
        "babble": babble,
        "street": [a + b for a, b in zip(traffic, hum)],
    }


# --- files ---------------------------------------------------------------------------------------------------------


def mulaw(sample: float) -> int:
    """One G.711 µ-law byte for a sample of full scale 1."""
    value = max(-32635, min(32635, round(sample * 32768)))
    sign = 0x80 if value < 0 else 0
    value = abs(value) + 132
    exponent = value.bit_length() - 8
    return ~(sign | exponent << 4 | value >> exponent + 3 & 0x0F) & 0xFF


def linear(byte: int) -> int:
    """The 16-bit sample of one µ-law byte."""
    byte = ~byte & 0xFF
    value = ((byte & 0x0F) << 3 | 0x84) << (byte >> 4 & 7)
    return 132 - value if byte & 0x80 else value - 132


def wave(samples: list[float]) -> bytes:
    data = bytes(map(mulaw, samples))
    head = struct.pack("<HHIIHHH", 7, 1, RATE, RATE, 1, 8, 0)
    chunks = b"WAVEfmt " + struct.pack("<I", len(head)) + head + b"fact" + struct.pack("<II", 4, len(data))
    chunks += b"data" + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks


def unwave(content: bytes) -> bytes:
    """The µ-law bytes of a file that `wave` wrote; raises ValueError on anything else."""
    if content[:4] != b"RIFF" or content[8:16] != b"WAVEfmt ":
        raise ValueError("is no WAV file")
    if struct.unpack_from("<HHIIHH", content, 20) != (7, 1, RATE, RATE, 1, 8):
        raise ValueError("is not µ-law, 8000 Hz, mono")
    count = struct.unpack_from("<I", content, 46)[0]
    if content[50:54] != b"data" or struct.unpack_from("<I", content, 54)[0] != count:
        raise ValueError("has a damaged header")
    if len(content) != 58 + count + count % 2:
        raise ValueError("is cut short or too long")
    return content[58 : 58 + count]


# --- the two commands ----------------------------------------------------------------------------------------------


def make():
    everything = utterances()
    if faults := faults_in(everything):
        sys.exit("\n".join(faults))
    for tool in ("sox", "flite", "festival"):
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is missing; README.md lists the packages")
    for condition in CONDITIONS:
        shutil.rmtree(HERE / condition, ignore_errors=True)
        (HERE / condition).mkdir()
    dice = random.Random(SEED + 1)
    with tempfile.TemporaryDirectory() as name:
        beds = noise_beds(Path(name))
        jobs = [(piece, u.voice, u.speed) for u in everything if u.voice for piece in u.pieces]
        spoken = iter([trimmed(part) for part in speak(jobs, Path(name))])
        entries = []
        for number, utterance in enumerate(everything, 1):
            parts = [next(spoken) for _ in utterance.pieces] if utterance.voice else [trimmed(sound(utterance.sound, dice))]
            entries.append(record(f"{number:03d}-{utterance.category}", utterance, parts, beds, dice))
    lines = ",\n".join("  " + json.dumps(entry, ensure_ascii=False) for entry in entries)
    MANIFEST.write_text(f"[\n{lines}\n]\n")


def record(name: str, utterance: Utterance, parts: list[list[float]], beds: dict, dice: random.Random) -> dict:
    """Joins the parts with pauses, adds the room and the noise, writes the three files; returns the manifest entry."""
    target = 10 ** (dice.uniform(-27, -20) / 20)  # callers are not equally loud
    loudness = level([x for part in parts for x in part])
    peak = max(abs(x) for part in parts for x in part)
    gain = min(target / loudness, 0.9 / peak)
    speech, pauses = [], []
    for part in parts:
        if speech:
            pauses.append([ROOM + len(speech), 0])
            speech += silence(dice.uniform(0.5, 0.9))
            pauses[-1][1] = ROOM + len(speech)
        speech += scaled(part, gain)
    start = ROOM + heard(parts[0], SPEECH)[0]
    end = ROOM + len(speech) - len(parts[-1]) + heard(parts[-1], SPEECH)[1]
    lead = silence(ROOM / RATE)
    speech = lead + speech + lead
    room = cut(beds["pink"], len(speech), 10 ** (dice.uniform(-66, -58) / 20), range(len(speech)), dice)
    quiet = [a + b for a, b in zip(speech, room)]
    paused = {i for a, b in pauses for i in range(a, b)}
    active = [i for i in range(start, end) if i not in paused]
    loudness = level([speech[i] for i in active])
    files, sums = {}, {}
    for condition, snr in CONDITIONS.items():
        samples = quiet
        if snr is not None:
            noise = cut(beds[utterance.noise], len(speech), loudness / 10 ** (snr / 20), active, dice)
            samples = [a + b for a, b in zip(quiet, noise)]
        content = wave(samples)
        files[condition] = f"{condition}/{name}.wav"
        sums[condition] = hashlib.sha256(content).hexdigest()
        (HERE / files[condition]).write_bytes(content)
    entry = described(utterance) | {
        "id": name,
        "files": files,
        "duration": round(len(speech) / RATE, 6),
        "speechStart": start,
        "speechEnd": end,
        "pauses": pauses,
        "sha256": sums,
    }
    order = ["id", "split", "category", "files", "text", "agent", "context", "intent", "entities", "demo", "voice"]
    order += ["speed", "noise", "duration", "speechStart", "speechEnd", "pauses", "sha256"]
    return {key: entry[key] for key in order if key in entry}


def cut(bed: list[float], count: int, loudness: float, over, dice: random.Random) -> list[float]:
    """A stretch of a noise bed from a random place (the bed is a loop), with this level over these samples."""
    at = dice.randrange(len(bed))
    part = [bed[(at + i) % len(bed)] for i in range(count)]
    return scaled(part, loudness / level([part[i] for i in over]))


def described(utterance: Utterance) -> dict:
    """What the manifest says of an utterance before any sound is made."""
    entry = {
        "split": utterance.split,
        "category": utterance.category,
        "text": utterance.text,
        "agent": utterance.agent,
        "context": utterance.context,
        "intent": utterance.intent,
        "entities": utterance.entities,
        "voice": utterance.voice.name if utterance.voice else utterance.sound,
        "speed": utterance.speed,
        "noise": utterance.noise,
    }
    return entry | ({"demo": utterance.demo} if utterance.demo else {})


def check() -> list[str]:
    """Everything in which manifest, catalogue and files disagree."""
    everything, entries = utterances(), json.loads(MANIFEST.read_text())
    faults = faults_in(everything)
    if len(entries) != len(everything):
        faults.append(f"manifest has {len(entries)} entries, the catalogue {len(everything)}")
    known = {MANIFEST.name, "make.py", "README.md"}
    for index, (entry, utterance) in enumerate(zip(entries, everything)):
        name = f"{index + 1:03d}-{utterance.category}"
        if entry["id"] != name:
            faults.append(f"{entry['id']}: expected {name} here")
        faults += [f"{name}: {key} differs" for key, value in described(utterance).items() if entry.get(key) != value]
        if (entry["split"] == "held") != (3 * index >= 2 * len(entries)):
            faults.append(f"{name}: only the last third is held out")
        if not 0 <= entry["speechStart"] < entry["speechEnd"] <= entry["duration"] * RATE:
            faults.append(f"{name}: speech lies outside of the file")
        known |= set(entry["files"].values())
        faults += [f"{path}: {fault}" for path, fault in faults_of_files(entry)]
    present = {str(p.relative_to(HERE)) for p in HERE.rglob("*") if p.is_file() and "__pycache__" not in p.parts}
    faults += [f"{path}: is not in the manifest" for path in sorted(present - known)]
    for kind in ("category", "voice", "speed", "noise"):
        sides = [{e[kind] for e in entries if e["split"] == split and e["text"]} for split in ("tune", "held")]
        faults += [f"{kind} {value} stands in one split only" for value in sorted(sides[0] ^ sides[1], key=str)]
    return faults


def faults_of_files(entry: dict):
    decoded = {}
    for condition, path in entry["files"].items():
        if not (HERE / path).is_file():
            yield path, "is missing"
            continue
        content = (HERE / path).read_bytes()
        if hashlib.sha256(content).hexdigest() != entry["sha256"][condition]:
            yield path, "has another sha256"
        try:
            decoded[condition] = [linear(byte) for byte in unwave(content)]
        except ValueError as error:
            yield path, str(error)
            continue
        if abs(len(decoded[condition]) / RATE - entry["duration"]) > 1e-5:
            yield path, "has another duration"
    clean = decoded.get("clean")
    for condition, snr in CONDITIONS.items():
        if snr is None or clean is None or len(decoded.get(condition, [])) != len(clean):
            continue
        paused = {i for a, b in entry["pauses"] for i in range(a, b)}
        over = [i for i in range(entry["speechStart"], entry["speechEnd"]) if i not in paused]
        noise = [decoded[condition][i] - clean[i] for i in over]
        measured = 20 * math.log10(level([clean[i] for i in over]) / level(noise))
        if abs(measured - snr) > 1:
            yield entry["files"][condition], f"has {measured:.1f} dB SNR"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="verify the manifest and the files, render nothing")
    if parser.parse_args().check:
        found = check()
        print("\n".join(found) if found else "manifest and files agree")
        sys.exit(1 if found else 0)
    make()
