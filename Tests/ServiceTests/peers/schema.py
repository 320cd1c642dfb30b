"""Lets schemathesis ask the API for everything that its document promises, with ids of things that there are.

usage: schema.py URL THINGS (only | except) OPERATION...

URL is the API's, THINGS a JSON file: `key`, which is shown with each request, and `operations`, what schema_hooks.py reads. The
operations are named by their ids. Prints what schemathesis says, then a JSON object in one line: how often each operation was
answered with each status. Ends as schemathesis does.
"""

import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


def answers(report):
    """How often each operation was answered with each status, from schemathesis's report of its events."""
    found = collections.defaultdict(collections.Counter)
    with open(report, encoding="utf-8") as lines:
        for line in lines:
            scenario = json.loads(line).get("ScenarioFinished")
            recorder = scenario and scenario["recorder"]
            if not recorder:
                continue
            for case, interaction in recorder.get("interactions", {}).items():
                response = interaction.get("response")
                if response and case in recorder["cases"]:
                    asked = recorder["cases"][case]["value"]
                    found[f"{asked['method']} {asked['path']}"][response["status_code"]] += 1
    return found


LONGEST_ROUND_SECONDS = 600


def main(url, things, choice, *operations):
    with open(things, encoding="utf-8") as file:
        key = json.load(file)["key"]
    chosen = "--include-operation-id" if choice == "only" else "--exclude-operation-id"
    with tempfile.TemporaryDirectory() as folder:
        report = os.path.join(folder, "events.ndjson")
        # The stream of events never ends, so it is left to EventStreamTests.
        run = subprocess.run(
            [
                pathlib.Path(sys.executable).parent / "schemathesis", "--config-file", HERE / "schemathesis.toml",
                "run", f"{url}/openapi.json", "--url", url, "--header", f"Authorization: Bearer {key}",
                "--exclude-path", "/events", "-n", "20", "--seed", "7", "--no-color",
                "--request-timeout", "60",
                "--report-ndjson-path", report,
            ]
            + [argument for operation in operations for argument in (chosen, operation)],
            cwd=folder,
            # An answer that never ends is a fault as well, and nobody else would tell of it.
            timeout=LONGEST_ROUND_SECONDS,
            env=os.environ
            | {"PYTHONDONTWRITEBYTECODE": "1", "SCHEMATHESIS_HOOKS": str(HERE / "schema_hooks.py"), "PARLEY_THINGS": things},
        )
        print(json.dumps(answers(report)) if os.path.exists(report) else "{}", flush=True)
    return run.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
