"""The console in a real Chromium, with a recording as its microphone.

    console.py ADDRESS FIXTURES AGENT PICTURES [takeover|office|making|analytics|knowledge|interrupt]

ADDRESS is the private plane; FIXTURES the folder of recorded callers; AGENT `receptionist` or another agent that the
recording suits; PICTURES a folder for pictures of the pages, or `-` for none. With `takeover`, somebody is on the line
whose call is taken over; with `office`, there are a campaign and two reviews; with `making`, a campaign is made;
with `analytics`, there are past calls to count; with `knowledge`, there are two documents; with `interrupt`, a caller speaks over the agent; without, everything else is tried. Prints `ok …` for every thing that is as it
should be and stops with the first that is not.
"""

import importlib.util
import json
import pathlib
import re
import sys
import tempfile
import time
import wave

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

ADDRESS, FIXTURES, AGENT, PICTURES = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3], sys.argv[4]
PATIENCE = 60
DESKTOP, PHONE = (1280, 860), (390, 844)


def linear(code):
    """A sample of µ-law (ITU-T G.711)."""
    code = ~code & 0xFF
    magnitude = (((code & 0x0F) << 3) + 132 << (code >> 4 & 7)) - 132
    return -magnitude if code & 0x80 else magnitude


def microphone(clip, folder, wait, rest=120):
    """A recording in which the caller waits for the greeting, says `clip` after `wait` s, and is then silent for `rest` s."""
    data = clip.read_bytes()
    start = data.index(b"data") + 8
    rate = int.from_bytes(data[24:28], "little")
    # The recordings are µ-law, which a browser does not take.
    speech = b"".join(linear(code).to_bytes(2, "little", signed=True) for code in data[start:])
    path = folder / "microphone.wav"
    with wave.open(str(path), "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(2)
        target.setframerate(rate)
        target.writeframes(bytes(2 * rate * wait) + speech + bytes(2 * rate * rest))
    return path


def browser(audio, again=False):
    """- `again`: the recording is played anew when it is over."""
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for argument in [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={audio}{'' if again else '%noloop'}", "--autoplay-policy=no-user-gesture-required",
        "--disable-background-timer-throttling", "--disable-renderer-backgrounding",
    ]:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    driver.set_script_timeout(120)
    return driver


class Console:
    def __init__(self, driver):
        self.driver = driver
        self.size(DESKTOP)
        self.scheme("light")

    def size(self, size):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size[0] < 600})

    def scheme(self, scheme):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def open(self, place):
        self.driver.get(f"{ADDRESS}/#/{place}")

    def wait(self, what, condition):
        try:
            return WebDriverWait(self.driver, PATIENCE, 0.1).until(lambda _: condition())
        except Exception:
            text = self.driver.find_element(By.TAG_NAME, "body").text
            fail(f"{what}: not within {PATIENCE} s. The page says:\n{text}\n{self.driver.get_log('browser')}")

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.wait(f"there is {selector}", lambda: (self.all(selector) or [None])[0])

    def text(self, selector):
        # One question of the page at a time: it may be drawn anew between two.
        return self.driver.execute_script(
            "return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)", selector)

    def click(self, selector):
        self.one(selector)
        self.driver.execute_script("document.querySelector(arguments[0]).click()", selector)

    def press(self, words, within=""):
        """Clicks the button with these words."""
        self.wait(f"there is a button {words}", lambda: self.driver.execute_script(
            "const b = [...document.querySelectorAll(arguments[1] + ' button')].find((e) => e.textContent.trim() === arguments[0]);"
            "if (b) b.click(); return Boolean(b)", words, within))

    def picture(self, name):
        if PICTURES != "-":
            time.sleep(0.5)
            pathlib.Path(PICTURES, f"{name}.png").write_bytes(self.driver.get_screenshot_as_png())

    def has_no_complaints(self, page):
        """Neither a script error nor anything that the content security policy refused."""
        found = [line["message"] for line in self.driver.get_log("browser") if line["level"] in ("SEVERE", "WARNING")]
        check(f"{page} makes the browser complain of nothing", not found, found)

    def is_accessible(self, page):
        nodes = self.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        nameless = [
            node["role"]["value"] for node in nodes
            if not node.get("ignored") and node.get("role", {}).get("value") in
            {"button", "link", "textbox", "searchbox", "combobox", "slider", "dialog", "image", "table", "log"}
            and not node.get("name", {}).get("value", "").strip()]
        check(f"{page}: everything one can use has a name", not nameless, nameless)
        headings = self.driver.execute_script("return document.querySelectorAll('main h1').length")
        check(f"{page}: has one main heading", headings == 1, headings)
        wide = self.driver.execute_script(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        check(f"{page}: does not scroll sideways", wide <= 0, wide)
        for scheme in ("light", "dark"):
            self.scheme(scheme)
            time.sleep(0.4)
            faint = self.driver.execute_script(CONTRAST)
            check(f"{page}: every text stands out by 4.5 to 1, {scheme}", not faint, faint)
            self.driver.execute_script(AXE)
            found = self.driver.execute_async_script(RUN_AXE)
            check(f"{page}: axe finds nothing, {scheme}", not found, "\n".join(found))
        self.scheme("light")


# Deque's axe, as the package brings it, put into the page by the driver: the page itself loads no script but its own.
AXE = pathlib.Path(importlib.util.find_spec("axe_core_python").origin).with_name("axe.min.js").read_text(encoding="utf-8")
RUN_AXE = """
const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ["violations"], preload: false }).then(
  ({ violations }) => done(violations.map((rule) => `${rule.id}, ${rule.help}: ` +
    rule.nodes.slice(0, 4).map((node) => `${node.target.join(" ")}: ${node.html.slice(0, 160)}`).join(" | "))),
  (error) => done([String(error)]));
"""

# Texts whose colour is too near to the colour under them. Colours are drawn on a canvas and read back, since the page may
# name them in any way.
CONTRAST = """
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
canvas.canvas.width = canvas.canvas.height = 1;
const read = (colour) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255]; };
const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
const light = (c) => { const [r, g, b] = c.slice(0, 3).map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const ground = (element) => { const layers = [];
  for (let e = element; e; e = e.parentElement) layers.push(read(getComputedStyle(e).backgroundColor));
  return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255, 1]); };
const found = [];
for (const element of document.querySelectorAll("body *")) {
  const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  if (!own || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
  if (element.closest(".visually-hidden, .skip, [disabled], option, noscript")) continue;
  const style = getComputedStyle(element);
  const under = ground(element);
  let ink = read(element instanceof SVGElement ? style.fill : style.color);
  for (let e = element; e; e = e.parentElement) ink[3] *= Number(getComputedStyle(e).opacity);
  const [a, b] = [light(over(ink, under)), light(under)].sort((x, y) => y - x);
  const ratio = (a + 0.05) / (b + 0.05);
  if (ratio < 4.5) found.push(`${ratio.toFixed(2)} ${element.tagName}.${element.getAttribute("class")}: ${element.textContent.trim().slice(0, 40)}`);
}
return found;
"""


# Counts what travels as audio on the page's sockets.
METER = """
const Plain = WebSocket;
window.carried = { out: 0, in: 0, since: 0, until: 0 };
window.WebSocket = class extends Plain {
  constructor(...arguments_) {
    super(...arguments_);
    this.addEventListener("message", ({ data }) => { if (typeof data !== "string") carried.in += data.byteLength; });
  }
  send(data) {
    if (typeof data !== "string") {
      carried.since ||= performance.now();
      carried.until = performance.now();
      carried.out += data.byteLength;
    }
    super.send(data);
  }
};
"""
# Notes of every line that is told from now on whether the wall shows it two pictures later, and after how many ms that was.
DRAWN = """
window.drawn = [];
import(new URL("live.js", document.baseURI)).then(({ calls, listen }) => listen(({ kind, callID, data }) => {
  if (kind !== "call.turn") return;
  const told = performance.now();
  requestAnimationFrame(() => requestAnimationFrame(() => {
    // It may have been told again meanwhile.
    const { heard, text } = calls.get(callID)?.turns.find((turn) =>
      turn.number === data.number && turn.speaker === data.speaker && turn.part === data.part) ?? data;
    const lines = [...document.querySelectorAll(".live-card .bubble:not(.now)")];
    drawn.push([lines.some((line) => line.textContent.includes(heard ?? text)), performance.now() - told]);
  }));
}));
"""
# Keeps the page's streams of events at hand.
STREAMS = """{
  const Plain = EventSource;
  window.streams = [];
  window.EventSource = class extends Plain { constructor(...arguments_) { super(...arguments_); streams.push(this); } };
}"""
# A browser without WebCodecs.
PLAIN = "delete window.AudioEncoder; delete window.AudioDecoder;"


# A tenth of it is usual.
LATEST_PAINT = 1000


def paint(console):
    """How soon something is to be seen of the console, by a browser that has none of it."""
    times = []
    for _ in range(3):
        console.driver.get("about:blank")
        console.driver.execute_cdp_cmd("Network.clearBrowserCache", {})
        console.open("live")
        times.append(console.wait("the page is painted", lambda: console.driver.execute_script(
            "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime")))
    best = min(times)
    check(f"the first paint is {best:.0f} ms after the page was asked for", best < LATEST_PAINT, times)


def bandwidth(console):
    """Of the microphone on this page [kbit/s], and the bytes that came."""
    carried = console.driver.execute_script("return carried")
    return 8 * carried["out"] / max(carried["until"] - carried["since"], 1), carried["in"]


def check(what, is_so, otherwise=""):
    if not is_so:
        fail(f"{what}: {otherwise}")
    print(f"ok {what}", flush=True)


def fail(text):
    print(f"not ok {text}", flush=True)
    sys.exit(1)


def talk(console):
    """Calls the agent, is heard and answered, is seen on the wall, and hangs up."""
    driver = console.driver
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": METER})
    console.open(f"talk?agent={AGENT}")
    console.one(".orb .core")
    console.is_accessible("Talk")
    console.click(".orb .core")
    console.wait("the agent greets", lambda: console.text(".bubble.agent"))
    console.wait("the caller's words appear", lambda: [t for t in console.text(".bubble.caller:not(.now)") if "appointment" in t])
    check("what is said into the microphone is on the page", True)
    console.wait("the agent answers", lambda: len(console.text(".bubble.agent:not(.now)")) >= 2)
    check("the agent's answer is on the page", True)
    console.picture("talk")

    page = driver.current_window_handle
    driver.switch_to.new_window("tab")
    wall = Console(driver)
    wall.open("live")
    wall.wait("the wall has the call", lambda: wall.text(".live-card .bubble.caller"))
    check("the call is on the wall, with what was said", any("appointment" in t for t in wall.text(".live-card .bubble.caller")))
    wall.is_accessible("Live")
    wall.press("Listen", ".live-card")
    time.sleep(2)
    check("listening in goes on until it is stopped", "Stop listening" in wall.text(".live-card button"), wall.text(".toast"))
    driver.execute_script("const ask = window.fetch; window.asked = []; window.fetch = (url, how) => { asked.push(String(url)); return ask(url, how); };")
    for side in ("caller", "agent"):
        driver.execute_script(
            "const s = document.getElementById('listen-side'); s.value = arguments[0]; s.dispatchEvent(new Event('change'))", side)
        wall.wait(f"the {side} alone is listened to", lambda: any(url.endswith(f"/audio?side={side}") for url in driver.execute_script("return asked")))
    time.sleep(1)
    check("another side is listened to on the same call", "Stop listening" in wall.text(".live-card button"), wall.text(".toast"))
    wall.press("Stop listening", ".live-card")
    driver.execute_script(DRAWN)
    wall.press("Say…", ".live-card")
    field = wall.one("dialog input")
    field.send_keys("One moment, please.")
    wall.press("Say it", "dialog")
    wall.wait("the sentence is said", lambda: [t for t in wall.text(".live-card .bubble.agent:not(.now)") if t == "One moment, please."])
    check("an operator's sentence is said on the call", True)
    # A machine that is busy draws fewer pictures; no line waits for a third one.
    drawn = wall.wait("the line was watched", lambda: driver.execute_script("return drawn"))
    check("the wall shows what was said two pictures after it is told", all(is_there for is_there, _ in drawn), drawn)
    soonest = min(time for _, time in drawn)
    check(f"that is {soonest:.0f} ms later", soonest < 250, drawn)
    wall.picture("live")
    wall.press("Mute", ".live-card")
    wall.wait("the wall says that it is muted", lambda: wall.text(".live-card .chip.warn:not([hidden])"))
    check("an operator mutes the agent", True)
    wall.has_no_complaints("Live")
    driver.close()
    driver.switch_to.window(page)

    rate, came = bandwidth(console)
    check(f"the microphone takes {rate:.0f} kbit/s in packets of Opus, {came} bytes came", 5 < rate < 40 and came > 1000, rate)
    driver.find_element(By.TAG_NAME, "body").send_keys("1")
    check("a figure is a key of the telephone on the line, and leads nowhere", console.text("main h1") == ["Talk"]
          and "#/talk" in driver.current_url, driver.current_url)
    console.click(".orb .core")
    console.wait("the call is over", lambda: console.text(".stage a"))
    console.has_no_complaints("Talk")


def past(console):
    """Opens the call that was just held."""
    console.click(".stage a")
    console.wait("the recording is drawn", lambda: console.all(".wave .bars"))
    said = console.text(".turn.caller p")
    check("the transcript has what the caller said", any("appointment" in t for t in said), said)
    check("each answer has its response time in parts", len(console.all(".fall .bar")) >= 1)
    console.is_accessible("One call")
    console.click(".turn.caller")
    console.wait("a chosen line is played", lambda: console.driver.execute_script(
        "const w = document.querySelector('.wave'); return Number(w.getAttribute('aria-valuenow')) >= 8"))
    check("choosing a line of the transcript plays the recording from there", True)
    console.click(".play")
    console.click(".journal summary")
    console.wait("the journal is shown", lambda: len(console.text(".journal li")) > 20)
    first = console.text(".journal li")[:2]
    check("the journal begins with the settings and the start of the media", "mediaStarted" in first[1], first)
    console.click(".journal summary")
    console.driver.execute_script("scrollTo(0, 0)")
    console.picture("call")
    console.has_no_complaints("One call")

    console.open("calls")
    console.wait("the calls are listed", lambda: console.text("tbody tr"))
    console.is_accessible("Calls")
    console.one('input[type="search"]').send_keys("appointment")
    console.wait("the search finds it", lambda: "text=appointment" in console.driver.current_url and console.text("tbody tr"))
    check("the search finds the call by what was said", True)
    check("the words are marked where they were said", "appointment" in [t.lower() for t in console.text("tr.found mark")], console.text("tr.found"))
    console.is_accessible("Calls, with what was found")
    console.picture("calls")
    console.driver.execute_script("document.querySelector('tr.found a').click()")
    console.wait("it leads to the turn", lambda: [t for t in console.text(".turn.is-found") if "appointment" in t.lower()])
    back = console.one(".crumb").get_attribute("href")
    check("the way back leads to what was searched for", back.endswith("#/calls?text=appointment"), back)
    console.open("calls?text=appointment")
    console.wait("the search is still there", lambda: console.text("tbody tr"))
    console.one('input[type="search"]').send_keys(" never said")
    console.wait("another search finds nothing", lambda: console.driver.execute_script(
        "return !document.querySelector('.empty').hidden"))
    check("what nobody said finds no call", True)
    console.click(".empty a")
    console.wait("all calls are one step away", lambda: console.text("tbody tr") and console.driver.current_url.endswith("#/calls"))
    console.has_no_complaints("Calls")


def validate(console):
    """Breaks an agent's draft and is told where."""
    console.open("agents")
    console.wait("the agents are listed", lambda: console.text(".agent-card"))
    console.is_accessible("Agents")
    console.picture("agents")
    console.open(f"agents/{AGENT}")
    console.wait("the flow is drawn", lambda: len(console.all(".graph .node")) > 2)
    console.is_accessible("One agent")
    console.picture("agent")
    line = console.driver.execute_script(
        "const t = document.querySelector('.editor textarea');"
        "t.value = t.value.replace('max_reasks:', 'max_reask:');"
        "t.dispatchEvent(new Event('input', { bubbles: true }));"
        "return t.value.slice(0, t.value.indexOf('max_reask:')).split('\\n').length")
    console.wait("the fault is shown", lambda: console.text(".faults button"))
    places = console.text(".faults .place")
    check("a fault is shown with its line", any(p.startswith(f"{line}:") for p in places), places)
    check("the line is marked", console.text(".gutter .is-bad") != [])
    console.click(".faults button")
    console.driver.execute_script("document.querySelector('.verdict').scrollIntoView({ block: 'start' })")
    console.picture("agent-fault")
    console.open("agents")
    console.wait("the agents are listed again", lambda: console.text(".agent-card"))
    console.open(f"agents/{AGENT}")
    console.wait("the draft is still there", lambda: console.text(".faults button") and "max_reask:" in console.driver.execute_script(
        "return document.querySelector('.editor textarea').value"))
    console.is_accessible("A draft that was kept")
    console.press("Discard…")
    console.press("Discard", "dialog")
    console.wait("it is discarded", lambda: console.text(".verdict") == ["Valid: as it answers now"])
    check("nothing of it is left", console.driver.execute_script("return Object.keys(sessionStorage).length") == 0)
    console.has_no_complaints("Agents")


def small(console):
    """Every page at the width of a telephone."""
    console.size(PHONE)
    for page in ("live", "calls", "talk", "agents", "health"):
        console.open(page)
        console.one("main h1")
        time.sleep(0.5)
        console.is_accessible(f"{page} on a telephone")
    console.open("calls")
    console.click("td a")
    console.wait("the recording is drawn", lambda: console.all(".wave .bars"))
    console.is_accessible("One call on a telephone")
    console.picture("telephone")
    console.size(DESKTOP)
    console.open("health")
    console.wait("the health is shown", lambda: console.text(".checks li"))
    console.picture("health")
    console.has_no_complaints("Health")


def takeover(console):
    """Takes over the call that is on the line, speaks, and hands it back."""
    driver = console.driver
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": METER + PLAIN})
    console.open("live")
    console.wait("the wall has the call", lambda: console.text(".live-card"))
    console.press("Whisper…", ".live-card")
    console.one("dialog input").send_keys("She is a premium customer.")
    console.press("Whisper", "dialog")
    console.wait("an agent with a flow says that it cannot", lambda: [t for t in console.text(".toast") if "follows a flow" in t])
    check("a whisper that would change nothing is refused, with what to do instead", True)
    # The browser notes every answer that is no success.
    driver.get_log("browser")
    console.press("Take over", ".live-card")
    console.wait("the wall says that an operator has the line", lambda: console.all(".live-card .live-state .chip.warn:not([hidden])"))
    check("an operator has the line", "Hand back" in console.text(".live-card button"), console.text(".toast"))
    console.wait("the operator's words are written down", lambda: console.text(".live-card .bubble.operator"))
    check("what the operator says into the microphone is in the transcript", True)
    console.wait("the caller's words are too", lambda: len(console.text(".live-card .bubble.caller:not(.now)")) >= 1)
    check("the caller is written down meanwhile", True)
    console.is_accessible("Live, with an operator on the line")
    console.picture("takeover")
    shown = "return getComputedStyle(document.querySelector('.live-talk')).display"
    console.press("Compact")
    check("many calls are seen at a glance, without what is said", console.driver.execute_script(shown) == "none")
    console.is_accessible("Live, compact")
    console.press("Compact")
    check("and again with it", console.driver.execute_script(shown) != "none")
    check("the newest words are in sight", console.driver.execute_script(
        "const t = document.querySelector('.live-talk'); return t.scrollHeight - t.scrollTop - t.clientHeight < 40"))
    console.driver.execute_script("document.activeElement.blur()")
    check("screen readers are not told of every call", console.all(".live-talk[aria-live=off]"))
    console.one(".live-talk").click()
    console.wait("but of the one that somebody is at", lambda: console.all(".live-talk[aria-live=polite]"))
    rate, came = bandwidth(console)
    check(f"without WebCodecs it takes {rate:.0f} kbit/s in samples, {came} bytes came", 200 < rate < 300 and came > 1000, rate)
    call = console.one(".live-card").get_attribute("data-call")
    console.open(f"calls/{call}")
    # The wall, which has such a button as well, stays until the page is there.
    console.wait("the page of the call has it too", lambda: console.text("main .crumb") and "Hand back" in console.text("main button"))
    console.is_accessible("A live call")
    console.picture("live-call")
    console.press("Hand back", "main")
    console.wait("the agent says that it is back", lambda: [t for t in console.text(".bubble.agent:not(.now)") if "assistant again" in t])
    check("the line is handed back, with a sentence", "Take over" in console.text("main button"))
    console.press("Take over", "main")
    console.wait("the line is had again", lambda: "An operator has the line" in console.text("main .chip"))
    driver.get("about:blank")
    console.open(f"calls/{call}")
    console.wait("who leaves the console has left the line", lambda: len(
        [t for t in console.text(".bubble.agent:not(.now)") if "assistant again" in t]) >= 2)
    check("a page that is closed gives the line back", True)
    console.has_no_complaints("A live call")


def send_on(console):
    """Sends the caller on from the page of the call, to a number that is none, and then from the wall."""
    console.open("live")
    console.wait("the wall has the call", lambda: console.text(".live-card"))
    call = console.one(".live-card").get_attribute("data-call")
    console.open(f"calls/{call}")
    # The wall, which has such a button as well, stays until the page is there.
    console.wait("the page of the call has the button", lambda: console.text("main .crumb") and "Transfer…" in console.text("main button"))
    console.press("Transfer…", "main")
    console.is_accessible("Transferring a call from its page")
    console.one("#transfer-to").send_keys("nowhere")
    console.press("Transfer", "dialog")
    console.wait("the page says that the number is none", lambda: [t for t in console.text(".toast") if "must be a number" in t])
    # The browser notes every answer that is no success.
    console.driver.get_log("browser")
    console.wait("the message goes by itself", lambda: not console.text(".toast"))
    console.open("live")
    console.wait("the wall has the call still", lambda: console.text(".live-card"))
    console.press("Transfer…", ".live-card")
    console.is_accessible("Transferring a call")
    console.one("#transfer-to").send_keys("nowhere")
    console.press("Transfer", "dialog")
    console.wait("a number that is none is refused", lambda: [t for t in console.text(".toast") if "must be a number" in t])
    # The browser notes every answer that is no success.
    console.driver.get_log("browser")
    console.press("Transfer…", ".live-card")
    console.one("#transfer-to").send_keys("+12125550123")
    console.press("Transfer", "dialog")
    console.wait("the caller hears that they are put through", lambda: [
        t for t in console.text(".live-card .bubble.agent") if "putting you through" in t])
    console.wait("the agent has left the line", lambda: console.all(".live-card.is-over"))
    check("a caller is sent on from the wall", True)
    console.has_no_complaints("A transfer")


def interrupt(console):
    """A caller who says the same again and again, and so over the agent's answer; then every call is ended at once."""
    driver = console.driver
    console.open(f"talk?agent={AGENT}")
    console.one(".orb .core")
    console.click(".orb .core")
    console.wait("the agent greets", lambda: console.text(".bubble.agent"))
    page = driver.current_window_handle
    driver.switch_to.new_window("tab")
    wall = Console(driver)
    wall.open("live")
    lost = ".live-card .bubble.agent:not(.now)"
    wall.wait("the agent stops, and what was not heard is struck through", lambda: [t for t in wall.text(f"{lost} s") if t.strip()])
    said = wall.driver.execute_script(
        "const e = document.querySelector(arguments[0] + ' s').parentElement; return [e.textContent, e.querySelector('s').textContent]", lost)
    check("it is the end of what it was to say", said[0].endswith(said[1]) and len(said[1].strip()) > 0, said)
    wall.is_accessible("Live, with an interruption")
    wall.press("End calls…")
    wall.is_accessible("Ending calls")
    wall.driver.execute_script("document.getElementById('end-whose').value = arguments[0]", AGENT)
    wall.press("End them", "dialog")
    wall.wait("the wall says that it is over", lambda: wall.all(".live-card.is-over"))
    check("every call of an agent is ended with one button", any(re.search(r"[1-9]\d* calls? w(as|ere) ended", t) for t in wall.text(".toast")), wall.text(".toast"))
    wall.has_no_complaints("Live, with an interruption")
    driver.close()
    driver.switch_to.window(page)
    console.wait("the caller sees that it is over", lambda: console.text(".stage a"))
    console.click(".stage a")
    console.wait("the page of the call has it, too", lambda: [t for t in console.text(".turn.agent s") if t.strip()])
    check("the turn says that it was interrupted", "interrupted" in console.text(".turn.agent .chip.warn"), console.text(".turn.agent"))
    console.has_no_complaints("A call with an interruption")


def office(console):
    """Starts and pauses a campaign, approves and rejects what agents want to do."""
    console.open("campaigns")
    console.wait("the campaigns are listed", lambda: console.text("tbody tr"))
    check("single calls are not in the way", not any("dial-" in t for t in console.text("tbody td a")))
    console.is_accessible("Campaigns")
    console.picture("campaigns")
    console.click("tbody td a")
    console.wait("the funnel is drawn", lambda: console.text(".stage-row b") == ["3", "2", "1", "1"])
    check("the funnel says how many people are how far", True)
    share = "[data-figure=abandonment]"
    head = console.text(share)
    check("its head says how many met no agent in time, and the limit", len(head) == 1 and head[0].startswith("0.0 %")
          and "of 1 who answered" in head[0] and "within the limit of 2.5 %" in head[0], head)
    # What a campaign with more calls would tell, two of them too late; who is at a link stays there meanwhile.
    console.driver.execute_script(
        "document.querySelector('.funnel a').focus();"
        "const ask = window.fetch; window.restore = () => { window.fetch = ask; };"
        "window.fetch = async (url, how) => { const answer = await ask(url, how);"
        "  if (!String(url).endsWith('/campaigns/winter-checkups')) return answer;"
        "  const body = await answer.json();"
        "  Object.assign(body.status.abandonment, { answered: 60, abandoned: 1, late: 1, share: 2 / 60 });"
        "  return new Response(JSON.stringify(body)); };")
    console.wait("a share at the limit is told in words", lambda: any("3.3 %" in t and "nobody is called" in t for t in console.text(share)))
    check("and in colour", len(console.all(f"{share} b.bad")) == 1)
    check("the keyboard's place is kept while figures change", console.driver.execute_script("return document.activeElement.matches('.funnel a')"))
    console.is_accessible("A campaign at its limit")
    console.driver.execute_script("window.restore()")
    console.wait("the true share is there again", lambda: any("0.0 %" in t for t in console.text(share)))
    links = [a.get_attribute("href").split("#")[1] for a in console.all(".funnel a, section[aria-label='Attempts'] a, section[aria-label='Done'] a")]
    check("its numbers lead to their calls", sorted(set(links)) == sorted(f"/calls?campaign=winter-checkups{more}" for more in (
        "", "&feature=person", "&feature=talked", "&attempt=reached", "&attempt=busy")), links)
    console.press("Start")
    console.press("Call them", "dialog")
    console.wait("it runs", lambda: console.text("main .chip.good") == ["running"])
    console.press("Pause")
    console.one("dialog input").send_keys("the clinic is closed")
    console.press("Pause it", "dialog")
    console.wait("it is paused", lambda: console.text("main .chip.warn") == ["paused"])
    check("a campaign is paused, with its reason", "the clinic is closed" in " ".join(console.text("main p")))
    exported = console.driver.execute_async_script(
        "const done = arguments[0]; fetch(document.querySelector('a[download]').href).then((r) => r.text()).then(done)")
    check("the export has a line for each contact", len(exported.splitlines()) == 4, exported)
    console.is_accessible("One campaign")
    console.picture("campaign")
    console.has_no_complaints("Campaigns")

    console.open("reviews")
    console.wait("the reviews are listed", lambda: len(console.all(".review-list li")) == 2)
    console.is_accessible("Reviews")
    console.picture("reviews")
    console.press("Approve", ".review-list li:first-child")
    console.one("dialog input").send_keys("as agreed")
    console.press("Approve it", "dialog")
    console.wait("it no longer waits", lambda: len(console.all(".review-list li")) == 1)
    console.press("Reject", ".review-list li:first-child")
    console.press("Reject it", "dialog")
    console.wait("nothing waits", lambda: not console.all(".review-list li"))
    console.click("main input[type=checkbox]")
    console.wait("both are in the record", lambda: len(console.all(".review-list li")) == 2)
    words = " ".join(console.text(".review-list li"))
    check("who decided what is in the record", "Rejected by" in words and "as agreed" in words, words)
    console.size(PHONE)
    for page in ("campaigns", "campaigns/winter-checkups", "reviews"):
        console.open(page)
        console.one("main h1")
        time.sleep(0.5)
        console.is_accessible(f"{page} on a telephone")
    console.size(DESKTOP)
    console.has_no_complaints("Reviews")


def write(console, key, text):
    """Fills a field of the form, as somebody who types would."""
    field = console.one(f"#field-{key}")
    if field.tag_name == "select":
        console.driver.execute_script("arguments[0].value = arguments[1]", field, text)
    else:
        field.clear()
        field.send_keys(text)


def choose(console, column, field):
    """Says what a column of the file is."""
    console.driver.execute_script(
        "const s = document.querySelector(`select[aria-label='What ${arguments[0]} is']`);"
        "s.value = arguments[1]; s.dispatchEvent(new Event('change', { bubbles: true }))", column, field)


def making(console):
    """Makes a campaign, fills it from a file, rehearses it, and starts it."""
    console.open("campaigns")
    console.wait("there is nothing yet", lambda: console.all(".empty:not([hidden])"))
    console.click("a[href='#/campaigns?new=true']")
    console.wait("the form is there", lambda: console.all("#field-agent option"))
    console.is_accessible("New campaign")
    for key, text in [("name", "Winter Checkups"), ("agent", "reminder"), ("seller", "Lakeside Clinic"),
                      ("caller_ids", "+12127365999"), ("hours", "mon-sat 09:00-18:00"), ("pacing-concurrency", "3")]:
        write(console, key, text)
    console.press("Create it")
    console.wait("the fault is told at its field", lambda: console.text("#field-name-error") != [""])
    check("only the wrong field is marked", console.driver.execute_script(
        "return [...document.querySelectorAll('[aria-invalid]')].map((e) => e.id)") == ["field-name"])
    console.driver.get_log("browser")
    console.is_accessible("New campaign, with a fault")
    console.picture("campaign-new")
    console.click(".faults button")
    check("a fault leads to its field", console.driver.execute_script("return document.activeElement.id") == "field-name")
    write(console, "name", "winter-checkups")
    console.press("YAML")
    source = console.driver.execute_script("return document.querySelector('textarea.source').value")
    check("the form is YAML, too", 'name: "winter-checkups"' in source and "pacing:\n  concurrency: 3" in source, source)
    console.driver.execute_script(
        "const t = document.querySelector('textarea.source'); t.value = t.value.replace('concurrency', 'concurency')")
    console.press("Create it")
    console.wait("the line of the fault is told", lambda: any(t for t in console.text(".faults .place")))
    check("with what was meant", "did you mean" in " ".join(console.text(".faults button")))
    console.driver.get_log("browser")
    console.is_accessible("New campaign as YAML")
    console.driver.execute_script(
        "const t = document.querySelector('textarea.source'); t.value = t.value.replace('concurency', 'concurrency')")
    console.press("Create it")
    console.wait("its page is opened", lambda: console.text("main h1") == ["winter-checkups"])
    check("a campaign is made", console.text("main .facts .chip") == ["created"], console.text("main .chip"))

    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "people.csv")
        # As a spreadsheet of the western world writes it.
        rows = ["José Smith;212 736 5000;rings late", "Ben Jones;12;", "Cy Young;(305) 371-5000;"]
        rows += [f"Caller {n};2127365{n};" for n in range(100, 140)]
        lines = ["Kunde;Durchwahl;Bemerkung;consent;consent_date;consent_source"] + [f"{row};express;2025-01-02;form 7" for row in rows]
        path.write_bytes("\r\n".join(lines).encode("latin-1"))
        console.one("#contacts-file").send_keys(str(path))
        console.wait("the first rows are shown", lambda: len(console.all(".mapping tbody tr")) == 8)
        words = " ".join(console.text("section[aria-label='Contacts'] p"))
        check("encoding and delimiter are found out", "windows-1252" in words and "delimiter ;" in words, words)
        chosen = console.driver.execute_script("return [...document.querySelectorAll('.mapping select')].map((s) => s.value)")
        check("the number's column is guessed from what stands in it", chosen[:3] == ["kunde", "phone", "bemerkung"], chosen)
        check("what would be left out is told", "line 3: `12`" in " ".join(console.text("ul[aria-label='Rows that would be left out'] li")))
        choose(console, "Bemerkung", "")
        console.wait("the column is left out", lambda: "rings late" not in " ".join(console.text(".mapping tbody td")))
        choose(console, "Durchwahl", "")
        console.wait("without a number nothing can be taken", lambda: "no column holds" in " ".join(
            console.text("section[aria-label='Contacts'] .error")) and console.driver.execute_script(
                "return [...document.querySelectorAll('button')].find((b) => b.textContent === 'Import').disabled"))
        choose(console, "Durchwahl", "phone")
        console.wait("the rows are there again", lambda: len(console.all(".mapping tbody tr")) == 8)
        check("letters of Latin-1 are read", "José Smith" in console.text(".mapping tbody td"))
        console.is_accessible("A campaign that is filled")
        console.driver.execute_script("document.querySelector(\"section[aria-label='Contacts']\").scrollIntoView()")
        console.picture("campaign-import")
        console.press("Import")
        console.wait("what was taken is told", lambda: "42 added, 0 there already, 1 left out" in " ".join(
            console.text("section[aria-label='Contacts'] p")))
    console.wait("the funnel has them", lambda: console.text(".stage-row b")[0] == "42")
    left = console.driver.execute_async_script(
        "const done = arguments[0]; fetch(document.querySelector(\"section[aria-label='Contacts'] a\").href).then((r) => r.text()).then(done)")
    check("what was left out can be fetched, with its line", "\n3," in left, left)

    # A Tuesday to come, so that the hours are open.
    begins = time.time()
    while time.gmtime(begins).tm_wday != 1 or begins < time.time() + 3600:
        begins += 86400
    console.driver.execute_script(
        "document.getElementById('rehearsal-begins').value = arguments[0]", time.strftime("%Y-%m-%dT14:00", time.gmtime(begins)))
    console.press("Rehearse")
    console.wait("the rehearsal's figures are there", lambda: console.all("section[aria-label='Rehearsal'] .stat"))
    figures = dict(zip(console.text("section[aria-label='Rehearsal'] .stat span"), console.text("section[aria-label='Rehearsal'] .stat b")))
    check("everybody is called in the rehearsal", figures["contacts"] == "42" and int(figures["attempts"]) >= 42, figures)
    bars = len(console.all("section[aria-label='Rehearsal'] .bars-chart g"))
    check("each hour has a bar and a row", bars >= 1 and bars == len(console.all("section[aria-label='Rehearsal'] tbody tr")), bars)
    console.is_accessible("A rehearsed campaign")
    console.driver.execute_script("document.querySelector(\"section[aria-label='Rehearsal']\").scrollIntoView()")
    console.picture("campaign-rehearsal")
    console.press("Start")
    console.press("Call them", "dialog")
    console.wait("it runs", lambda: console.text("main .chip.good") == ["running"])
    check("a campaign is started", True)
    console.has_no_complaints("Campaigns that are made")
    console.size(PHONE)
    console.is_accessible("A rehearsed campaign on a telephone")
    console.open("campaigns?new=true")
    console.wait("the form is there", lambda: console.all("#field-agent option"))
    console.is_accessible("New campaign on a telephone")
    console.size(DESKTOP)


def ask(console, question):
    """Tries a question as somebody does who has no mouse."""
    field = console.one("#knowledge-question")
    field.clear()
    field.send_keys(question + "\n")


def knowledge(console):
    """Puts a document in, sees what an agent would be given, changes the document, writes another, and takes both out."""
    rows = ".knowledge tbody tr"
    passages = ".knowledge .passages li"

    def said():
        return " ".join(console.text(".knowledge [role=status]"))

    console.open(f"agents/{AGENT}")
    console.wait("the documents are listed", lambda: len(console.all(rows)) == 2)
    ask(console, "where do guests park")
    console.wait("nothing is known of it yet", lambda: "No document says anything" in " ".join(console.text(".knowledge p")))
    console.is_accessible("An agent with documents")
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "parking.md")
        path.write_text("# Parking\n\nGuests park behind the house, in the yard.\n")
        console.one("#knowledge-file").send_keys(str(path))
        console.wait("the document is there", lambda: len(console.all(rows)) == 3 and "parking.md is there" in said())
        check("who brought it goes on in the list", console.driver.execute_script(
            "return document.activeElement.getAttribute('aria-label')") == "The documents")
        ask(console, "where do guests park")
        console.wait("the passage is shown", lambda: any("behind the house" in text for text in console.text(passages)))
        found = console.text(passages)
        check("with where it is from and how well it fits", len(found) == 1 and "parking.md" in found[0] and
              "Parking" in found[0] and re.search(r"score \d", found[0]), found)
        console.is_accessible("An agent with a passage")
        console.driver.execute_script("document.querySelector('.knowledge').scrollIntoView()")
        console.picture("knowledge")
        path.write_text("# Parking\n\nGuests park in the street.\n")
        console.one("#knowledge-file").send_keys(str(path))
        console.press("Cancel", "dialog")
        console.wait("nothing is replaced that somebody does not mean", lambda: not console.all("dialog"))
        console.one("#knowledge-file").send_keys(str(path))
        console.press("Replace", "dialog")
        console.wait("it is replaced", lambda: "parking.md is replaced" in said())
        ask(console, "street")
        console.wait("what the new one says is found", lambda: any("in the street" in text for text in console.text(passages)))
    # With keys alone.
    console.one("button[aria-label='Open parking.md']").send_keys("\n")
    field = console.one("dialog textarea")
    check("a document is shown as it stands in its file", field.get_attribute("value") == "# Parking\n\nGuests park in the street.\n")
    console.driver.get_log("browser")
    console.is_accessible("A document")
    field.send_keys("Bicycles stand in the cellar.")
    console.press("Save", "dialog")
    console.wait("it is changed", lambda: "parking.md is changed" in said())
    console.press("Write one…", ".knowledge")
    console.one("#knowledge-name").send_keys("../evil.md")
    console.one("#knowledge-text").send_keys("# Cellar\n\nThe cellar is dry.")
    console.press("Put it in", "dialog")
    check("a name that leads elsewhere is not taken", console.driver.execute_script(
        "return document.querySelector('#knowledge-name').validity.patternMismatch"))
    console.one("#knowledge-name").clear()
    console.one("#knowledge-name").send_keys("cellar.txt")
    console.press("Put it in", "dialog")
    console.wait("it is there", lambda: len(console.all(rows)) == 4)
    ask(console, "cellar")
    console.wait("both are found", lambda: len(console.all(passages)) == 2)
    for name, left in (("cellar.txt", 3), ("parking.md", 2)):
        console.press("Remove…", f".knowledge tr[data-document='{name}']")
        console.press("Remove", "dialog")
        console.wait(f"{name} is gone", lambda: len(console.all(rows)) == left)
    ask(console, "cellar")
    console.wait("nobody is told of it any more", lambda: not console.all(passages))
    console.has_no_complaints("Documents")
    console.size(PHONE)
    console.is_accessible("An agent with documents on a telephone")
    console.size(DESKTOP)


def contacts(console):
    """Finds somebody of a campaign, notes something of them, and forgets it."""
    rows = "table tbody tr"
    console.open("contacts")
    console.wait("they are listed", lambda: len(console.all(rows)) > 1)
    console.is_accessible("Contacts")
    number = console.text(f"{rows} button")[0]
    console.one("#search").send_keys(number[-8:])
    console.wait("one is found by a part of the number", lambda: console.text(f"{rows} button") == [number])
    console.one(f"button[aria-label='Open {number}']").send_keys("\n")
    console.wait("everything about them is shown", lambda: number in " ".join(console.text(".contact-file h2")))
    words = " ".join(console.text(".contact-file"))
    check("and nothing that there is not", not re.search(r"\b(null|undefined)\b", words), words)
    check("with their campaign", console.all(".contact-file a[href^='#/campaigns/']"))
    console.one("#fact-name").send_keys("language")
    console.one("#fact-value").send_keys("German\n")
    console.wait("what was noted is there", lambda: "German" in " ".join(console.text("[data-fact=language]")))
    console.is_accessible("A contact")
    console.picture("contacts")
    search = console.one("#search")
    search.clear()
    search.send_keys("german")
    console.wait("they are found by it", lambda: console.text(f"{rows} button") == [number])
    console.press("Forget", "[data-fact=language]")
    console.wait("it is forgotten", lambda: not console.all("[data-fact=language]"))
    console.has_no_complaints("Contacts")
    console.size(PHONE)
    console.is_accessible("A contact on a telephone")
    console.size(DESKTOP)


def versions(console):
    """Compares an agent's versions and rolls it back."""
    rows = ".versions tbody tr"
    console.open(f"agents/{AGENT}")
    console.wait("the versions are listed", lambda: len(console.all(rows)) == 2)
    check("the newest is live", "live" in console.text(rows)[0] and "live" not in console.text(rows)[1], console.text(rows))
    console.is_accessible("An agent with versions")
    check("no call leads nowhere", not console.all(f"{rows} td:nth-child(3) a"))
    console.driver.execute_script("document.querySelector('.versions').scrollIntoView()")
    console.picture("versions")
    console.press("Compare", ".versions tbody tr:last-child")
    console.wait("what changed is shown", lambda: '-greeting: "Good day."' in " ".join(console.text("dialog pre")))
    console.press("Close", "dialog")
    console.press("Roll back to it", ".versions tbody tr:last-child")
    console.one("dialog input").send_keys("too short")
    console.press("Roll back", "dialog")
    console.wait("the older one is live", lambda: "live" in console.text(rows)[1] and "live" not in console.text(rows)[0])
    check("nobody can roll back to what is live", not console.all(".versions tbody tr:last-child button"))
    console.has_no_complaints("Versions")
    console.open("health")
    budgets = "section[aria-label='Error budgets'] dt"
    console.wait("the error budget of what takes calls is shown", lambda: console.text(budgets) == [f"{AGENT}, version 1"])
    counted = [link.get_attribute("href") for link in console.all("section[aria-label='Error budgets'] dd a")]
    check("its numbers lead to the calls that they count", counted and all(
        re.search(rf"#/calls\?agent={AGENT}&version=\w+&since=\d+&endedSince=\d+", href) for href in counted), counted)
    console.is_accessible("Health with error budgets")
    console.open("live")
    console.press("Stop…")
    console.one("#stop-whose")
    console.driver.execute_script("document.getElementById('stop-whose').value = arguments[0]", AGENT)
    console.one("#stop-reason").send_keys("it says wrong things")
    console.is_accessible("Stopping an agent")
    console.press("Stop", "dialog")
    stopped = ".stops .notice span"
    console.wait("the wall says that it is stopped", lambda: [t for t in console.text(stopped) if AGENT in t and "it says wrong things" in t])
    console.is_accessible("Live, with an agent stopped")
    console.open("health")
    console.wait("so does the health", lambda: any("it says wrong things" in t for t in console.text("section[aria-label='Readiness'] .notice")))
    console.open("live")
    console.press(f"Let {AGENT} go on")
    console.wait("it goes on", lambda: not console.text(stopped))
    check("an agent is stopped and goes on", True)
    # The same page, for a place after the # loads nothing anew.
    console.open("live")
    console.one("main h1")
    console.driver.execute_script(
        "const ask = window.fetch; window.restore = () => { window.fetch = ask; };"
        "window.fetch = (url, how) => /[/](agents|incidents)/.test(url) ? Promise.reject(new Error('away')) : ask(url, how);")
    console.open("health")
    unknown = ["Not known at the moment."]
    console.wait("the health is shown while neither agents nor incidents can be read", lambda: console.text(".checks li") and
                 all(console.text(f"section[aria-label='{name}'] p") == unknown for name in ("Error budgets", "Incidents")))
    console.driver.execute_script("window.restore()")
    console.has_no_complaints("Health with error budgets")


def publishing(console):
    """Edits an agent and publishes it, hears what is new in it, gives a version a share of the calls, and takes all off."""
    rows = ".versions tbody tr"
    console.open(f"agents/{AGENT}")
    console.wait("the versions are listed", lambda: len(console.all(rows)) == 2)
    check("what answers already cannot be published again", console.driver.execute_script(
        "return [...document.querySelectorAll('button')].find((b) => b.textContent === 'Publish…').disabled"))
    console.driver.execute_script(
        "const t = document.querySelector('.editor textarea');"
        "t.value = t.value.replace('Hello, this is the thermostat.', 'Good evening, the thermostat speaks.');"
        "t.dispatchEvent(new Event('input', { bubbles: true }))")
    console.wait("the draft is good", lambda: console.text(".verdict") == ["Valid draft"])
    console.one("input[aria-label='What the caller says']").send_keys("set it to seventy degrees")
    console.press("Say it")
    console.wait("the agent that is tried acts", lambda: "thermostat_step" in " ".join(console.text(".trial-note .mono")))
    tried = "section[aria-label='Try it'] .bubble"
    check("it greets with the draft's words", console.text(tried)[0] == "Good evening, the thermostat speaks.", console.text(tried))
    check("and tells what it did", "The room is at seventy degrees." in console.text(tried), console.text(tried))
    console.press("Run its scripts")
    scripts = "section[aria-label='Scripts']"
    console.wait("its scripts are run", lambda: console.text(f"{scripts} p") == ["2 conversations, 1 failed."])
    check("each says whether it passed", console.text(f"{scripts} li .chip") == ["passed", "failed", "not read"], console.text(f"{scripts} li .chip"))
    check("and what was otherwise", "must never be called" in " ".join(console.text(f"{scripts} .error")), console.text(f"{scripts} li"))
    console.is_accessible("An agent that is tried")
    console.driver.execute_script("document.querySelector(\"section[aria-label='Try it']\").scrollIntoView()")
    console.picture("trial")
    console.press("Publish…")
    console.wait("what changes is shown", lambda: '-greeting: "Hello, this is the thermostat."\n'
                 '+greeting: "Good evening, the thermostat speaks."' in " ".join(console.text("dialog pre")))
    console.is_accessible("Publishing an agent")
    console.picture("publish")
    console.one("#publish-note").send_keys("for the evening")
    console.press("Publish", "dialog")
    console.wait("it is the live version", lambda: len(console.all(rows)) == 3 and "live 100 %" in console.text(rows)[0])
    check("its note is in the record", "for the evening" in console.text(rows)[0], console.text(rows))
    console.wait("the draft is what answers", lambda: console.text(".verdict") == ["Valid: as it answers now"])
    check("so it is said above it", "Version 3 answers" in " ".join(console.text(".section-head span")))

    console.press("Split…", f"{rows}:last-child")
    console.driver.execute_script("document.getElementById('split-percent').value = 20")
    console.press("Split", "dialog")
    console.wait("the first has a share", lambda: "trial 20 %" in console.text(rows)[2] and "live 80 %" in console.text(rows)[0])
    console.press("Split…", f"{rows}:last-child")
    console.driver.execute_script("document.getElementById('split-percent').value = 0")
    console.press("Split", "dialog")
    console.wait("the trial is over", lambda: "live 100 %" in console.text(rows)[0] and "trial" not in console.text(rows)[2])
    check("calls are split between two versions, and no longer", True)

    console.open(f"talk?agent={AGENT}")
    console.click(".orb .core")
    console.wait("a call hears the new version", lambda: [t for t in console.text(".bubble.agent") if "Good evening, the thermostat" in t])
    console.click(".orb .core")
    console.wait("the call is over", lambda: console.text(".stage a"))

    console.open(f"agents/{AGENT}")
    console.wait("the call is counted", lambda: console.text(f"{rows}:first-child td:nth-child(3) a") == ["1"])
    console.click(f"{rows}:first-child td:nth-child(3) a")
    console.wait("the version's number of calls leads to them", lambda: console.text("main h1") == ["Calls"] and len(console.all("main tbody tr")) == 1)
    console.open(f"agents/{AGENT}")
    console.press("Unpublish…", ".versions")
    console.press("Unpublish", "dialog")
    console.wait("the file answers again", lambda: "None is live" in " ".join(console.text(".versions .error")))
    console.wait("its source is shown", lambda: "Hello, this is the thermostat." in console.driver.execute_script(
        "return document.querySelector('.editor textarea').value"))
    check("an agent's versions are taken off", True)
    console.has_no_complaints("Publishing")


def settings(console):
    """Puts a number on the list, makes the first key, which closes the console, and an account that opens it again."""
    console.open("settings")
    console.wait("there are keys and accounts", lambda: console.all('section[aria-label="Accounts"]'))
    console.wait("who did what is told", lambda: len(console.all(".audit tbody tr")) > 3)
    acts = console.text(".audit tbody tr:first-child td")
    console.one("#audit-act").send_keys(acts[3] + "\n")
    console.wait("of one act alone", lambda: (found := console.text(".audit tbody td:nth-child(4)")) and set(found) == {acts[3]})
    console.press("Check the chain")
    console.wait("the record is whole", lambda: any(t.startswith("Whole: ") for t in console.text(".audit [role=status]")))
    console.is_accessible("Settings")
    console.one("#dnc-number").send_keys("(212) 555-0123")
    console.press("Look up")
    console.press("Never call again…")
    console.one("dialog input").send_keys("asked by letter")
    console.press("Never call again", "dialog")
    console.wait("the list is longer", lambda: "1 number" in " ".join(console.text('section[aria-label="Do not call"] dd')))
    check("a number is on the list of those who are not called", True)

    console.press("New key…")
    console.one("#new-name").send_keys("root")
    console.driver.execute_script("document.getElementById('new-scope').value = 'admin'")
    console.press("Make the key", "dialog")
    console.wait("the sign-in is asked for", lambda: console.all("#sign-in-by-key"))
    key = console.text(".new-key")
    console.press("I have kept it", "dialog")
    console.picture("sign-in")
    check("the first key closes the console, and is shown once", len(key) == 1 and key[0].startswith("parley_"), key)
    console.is_accessible("Sign in")
    console.one("#key").send_keys(key[0])
    console.press("Sign in", "#sign-in-by-key")
    console.wait("the key opens it", lambda: console.text("#who") == ["root · admin"])

    console.press("New account…")
    console.one("#new-name").send_keys("mia")
    console.driver.execute_script("document.getElementById('new-scope').value = 'builder'")
    console.one("#new-password").send_keys("a dozen letters")
    console.press("Add", "dialog")
    console.wait("the account is listed", lambda: console.all('[data-account="mia"]'))
    console.picture("settings")
    # Somebody else, with the same key in another browser: this one keeps nothing of it.
    console.driver.execute_async_script("""
        const [key, done] = arguments;
        fetch("/api/v1/session", { method: "POST", credentials: "omit", headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ key }) }).then(done, done);""", key[0])
    console.open("health")
    console.open("settings")
    console.wait("both sessions are listed", lambda: len(console.all("[data-session]")) == 2)
    check("one's own session has no button", len(console.all("[data-session] button")) == 1)
    console.press("End…", "[data-session]:has(button)")
    console.press("End", "dialog")
    console.wait("the other session is gone", lambda: len(console.all("[data-session]")) == 1)
    check("an admin ends somebody's session, and stays signed in", console.text("#who") == ["root · admin"])
    console.press("Sign out")
    console.wait("who signed out leaves no name behind", lambda: console.text("#who") == [""] and console.text("main h1") == ["Sign in"])
    console.driver.execute_script("location.hash = '#/health'")
    console.driver.execute_script("location.hash = '#/settings'")
    time.sleep(0.3)
    check("and no address opens a page that would be refused", console.text("main h1") == ["Sign in"], console.text("main h1"))
    check("nor a call", console.driver.execute_async_script(
        "const done = arguments[0]; import(new URL('live.js', document.baseURI)).then(({ calls }) => done(calls.size))") == 0)
    console.one("#name").send_keys("mia")
    console.one("#password").send_keys("a dozen lettres")
    console.press("Sign in", "#sign-in-by-name")
    console.wait("a wrong password is said to be one", lambda: "wrong" in " ".join(console.text("#key-error")))
    console.one("#password").clear()
    console.one("#password").send_keys("a dozen letters")
    console.press("Sign in", "#sign-in-by-name")
    console.wait("a name and a password open it", lambda: console.text("#who") == ["mia · builder"])
    console.wait("keys are for admins", lambda: console.all('section[aria-label="Numbers"]')
                 and not console.all('section[aria-label="Keys"]'))
    for old, word in [("a dozen lettres", "wrong"), ("a dozen letters", "changed")]:
        console.press("Change…", 'section[aria-label="Your password"]')
        console.one("#old-password").send_keys(old)
        console.one("#new-password").send_keys("another dozen")
        console.press("Change", "dialog")
        console.wait(f"it is said that it is {word}", lambda: word in " ".join(console.text(".toast")))
    console.open("health")
    console.open("settings")
    console.wait("whoever changed it is still signed in", lambda: console.all('section[aria-label="Your password"]'))
    check("people change their own password", console.text("#who") == ["mia · builder"])
    console.size(PHONE)
    console.is_accessible("Settings on a telephone")
    console.size(DESKTOP)


def analytics(console):
    """Counts calls, and goes from each number to the calls that it counts."""
    console.open("analytics")
    console.wait("the numbers are shown", lambda: console.text("a.stat b"))
    console.wait("the bars are drawn", lambda: len(console.all(".bars-chart a")) == 8)
    console.is_accessible("Analytics")
    console.driver.execute_script("scrollTo(0, 0)")
    console.picture("analytics")
    console.has_no_complaints("Analytics")
    stats = len(console.all("a.stat"))
    links = console.driver.execute_script(
        "return [...document.querySelectorAll('.numbers-page a')].filter((a) => !a.closest('svg'))"
        ".map((a) => [a.closest('section, .card')?.getAttribute('aria-label') ?? 'Totals',"
        " a.classList.contains('stat') ? a.textContent : a.textContent, a.getAttribute('href')])")
    followed, cells, seen = 0, 0, set()
    for panel, words, href in links:
        number = re.search(r"· (\d+)$", words) or re.search(r"on (\d+) calls?$", words) or re.fullmatch(r"(\d+)(?: calls?)?", words) or re.match(r"(\d+)calls$|(\d+)at the same", words)
        # Attempts of a campaign lead to its page.
        if not number or href in seen or not href.startswith("#/calls"):
            continue
        seen.add(href)
        # Those of `As a table` are many alike; some of them do.
        cells += panel == "Calls"
        if panel == "Calls" and cells % 4:
            continue
        number = int(next(group for group in number.groups() if group))
        console.driver.execute_script(
            "document.querySelector('main').replaceChildren(); location.hash = arguments[0]", href)
        console.wait("the calls page is there", lambda: console.text("main h1") == ["Calls"] and (
            console.all("tbody tr") or console.all(".empty:not([hidden])")))
        while True:
            more = console.driver.execute_script("const b = document.querySelector('.more:not([hidden]) button'); if (b) b.click(); return Boolean(b)")
            if not more:
                break
            time.sleep(0.3)
        found = len(console.all("tbody tr"))
        check(f"{panel}: {words!r} leads to as many calls", found == number, (found, number, href))
        followed += 1
    check("numbers of scorecards were followed", sum(panel == "Scorecards" for panel, _, _ in links) >= 10)
    check("many numbers were followed", followed > 25 and stats >= 8, (followed, stats))
    check("so were the shares of taking turns, of reasons, of callers and what is open", all(
        any(re.search(picks, href) for href in seen) for picks in (
            "feature=asked", "feature=interrupted", "feature=agentSpoke", "feature=backchannels", "feature=noEndReason",
            "feature=retained", "feature=lost", "disposition=booked", "judged=true", "judged=false", "currency=USD", "[?&]at=")), sorted(seen))
    for name, least in (("slower", 3), ("yieldSlower", 3), ("longer", 2)):
        spread = [(int(match[1]), href) for _, _, href in links if (match := re.search(rf"[?&]{name}=(\d+)", href))]
        check(f"each percentile of {name} leads somewhere", len(spread) >= least, spread)
        before = None
        for value, href in sorted(set(spread)):
            console.driver.execute_script(
                "document.querySelector('main').replaceChildren(); location.hash = arguments[0]", href)
            console.wait("the calls page is there", lambda: console.text("main h1") == ["Calls"] and (
                console.all("tbody tr") or console.all(".empty:not([hidden])")))
            while console.driver.execute_script("const b = document.querySelector('.more:not([hidden]) button'); if (b) b.click(); return Boolean(b)"):
                time.sleep(0.3)
            found = len(console.all("tbody tr"))
            check(f"{name}={value} leads to calls, fewer the later", 0 < found < 90 and (before is None or found <= before), (found, before))
            before = found
    chips = console.text("main .facts button")
    check("what the calls are picked by is said", chips, chips)
    console.is_accessible("Calls picked by a number")
    console.open("analytics")
    console.wait("the numbers are shown again", lambda: console.text("a.stat b"))
    before = console.text("a.stat b")[0]
    console.driver.execute_script(
        "const s = document.getElementById('direction'); s.value = 'outbound'; s.dispatchEvent(new Event('change'))")
    console.wait("a filter changes the numbers", lambda: console.text("a.stat b") and console.text("a.stat b")[0] != before)
    check("the filter is in the address", "direction=outbound" in console.driver.current_url)
    console.size(PHONE)
    console.open("analytics")
    console.wait("the bars are drawn", lambda: console.all(".bars-chart a"))
    console.click(".numbers-page summary")
    console.is_accessible("Analytics on a telephone")
    console.size(DESKTOP)


def scorecard(console):
    """Looks at what a scorecard made of a call, and at the turn that shows it."""
    console.open("calls/c1000")
    console.wait("the findings are shown", lambda: len(console.all(".scorecard .findings li")) == 4)
    points = console.text(".scorecard .section-head span")
    # Of the weights 1, 2, 3 and 4 only the first two count: it passed, and failed.
    check("the points are said", points and points[0].startswith("33 of 100 points · 3 of 10 by weight"), points)
    console.is_accessible("A call with a scorecard")
    turns = dict(zip(console.text("section[aria-label='Taking turns'] dt"), console.text("section[aria-label='Taking turns'] dd")))
    check("how caller and agent took turns is told", turns["Turns that were answered"] == "80 %: 4 of 5"
          and turns["Interruptions that silenced the agent"] == "none" and turns["The agent began while the caller spoke"] == "17 %: 1 of 6"
          and "at most" in turns["Answer after the caller's last word, median"], turns)
    console.click(".scorecard .findings a")
    console.wait("the evidence leads to its turn", lambda: len(console.all(".turn.agent.is-found")) == 1)
    check("the turn has the focus", console.driver.execute_script("return document.activeElement.matches('.turn.is-found')"))
    check("it is the third", console.driver.execute_script(
        "return [...document.querySelectorAll('.talk-list .turn')].indexOf(document.activeElement)") == 2)
    console.driver.execute_script("scrollTo(0, 0)")
    console.picture("scorecard")
    console.click(".scorecard button")
    console.wait("it is scored again, by an agent without a card", lambda: any("has no scorecard" in words for words in console.text(".scorecard p")))
    console.has_no_complaints("A call with a scorecard")


def analysis(console):
    """Looks at what was written down of a call, and at the turn that shows it."""
    console.open("calls/c1000")
    console.wait("the summary is shown", lambda: any("Somebody asked for an appointment" in words for words in console.text(".analysis p")))
    check("who wrote it is said", console.text(".analysis .section-head span") == ["by a model"])
    check("the values are shown", console.text(".analysis dt") == ["date", "party"], console.text(".analysis dt"))
    check("what was not found is named", "Not found: time" in console.text(".analysis p"), console.text(".analysis p"))
    console.is_accessible("A call that was written down")
    console.click(".analysis dd a")
    console.wait("the evidence leads to its turn", lambda: len(console.all(".turn.agent.is-found")) == 1)
    console.click(".analysis a.chip")
    console.wait("calls of its disposition are listed", lambda: console.text(".facts .chip") == ["filed under booked×"])
    console.wait("it is the only one", lambda: len(console.all("tbody tr")) == 1)
    console.open("calls/c1000")
    console.click(".analysis button")
    console.wait("it is written down again, by an agent that has nothing to", lambda: any("no `after_call`" in words for words in console.text(".analysis p")))
    console.has_no_complaints("A call that was written down")


def keyboard(console):
    """Goes about without a mouse."""
    console.open("live")
    console.one("main h1")
    body = console.driver.find_element(By.TAG_NAME, "body")
    body.send_keys("4")
    console.wait("a figure goes to a page", lambda: console.text("main h1") == ["Agents"])
    body.send_keys("2")
    console.wait("and another", lambda: console.text("main h1") == ["Calls"])
    body.send_keys("/")
    check("a slash goes to the search", console.driver.execute_script("return document.activeElement.id") == "search")


def connection(console):
    """Loses the stream of events, and has it again."""
    driver = console.driver
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": STREAMS})
    driver.get("about:blank")
    console.open("live")
    console.wait("events are followed", lambda: driver.execute_script("return streams.length === 1 && streams[0].readyState === 1"))
    check("nothing is said of a connection that is there", console.text("#offline") == [""], console.text("#offline"))
    driver.execute_script("streams[0].onerror()")
    console.wait("it is said that what is shown is old", lambda: "as they were" in console.text("#offline")[0])
    console.is_accessible("Live without a connection")
    driver.execute_script("streams[0].onopen()")
    check("and that it no longer is", console.text("#offline") == [""], console.text("#offline"))
    console.has_no_complaints("A connection that was lost")


if PICTURES != "-":
    pathlib.Path(PICTURES).mkdir(parents=True, exist_ok=True)
with tempfile.TemporaryDirectory() as folder:
    part = (sys.argv + [""])[5]
    parts = {
        "takeover": [takeover, send_on], "interrupt": [interrupt], "office": [office, versions, publishing, settings], "making": [making, contacts],
        "analytics": [analytics, scorecard, analysis], "knowledge": [knowledge],
    }.get(part, [talk, past, validate, small, keyboard, connection, paint])
    # Who rests for two seconds only speaks while the agent answers.
    wait, rest = {"takeover": (2, 120), "interrupt": (1, 1)}.get(part, (9, 120))
    clip = microphone(FIXTURES / "clean" / "065-booking.wav", pathlib.Path(folder), wait, rest)
    driver = browser(clip, again=part == "interrupt")
    try:
        console = Console(driver)
        for part in parts:
            part(console)
    finally:
        driver.quit()
