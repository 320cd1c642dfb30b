"""Figures of docs/scale.md: `parley campaign bench` on one core, with SQLite and with a PostgreSQL server of its own on another.

The server is started in a temporary directory on a socket there, and ended and removed whatever happens.
"""
import json
import os
import pathlib
import pwd
import re
import shutil
import subprocess
import tempfile

TICK = os.sysconf("SC_CLK_TCK")
SERVERS = pathlib.Path("/usr/lib/postgresql")


class Server:
    """A PostgreSQL server that keeps what it says it has kept (fsync is on), on one core."""

    def __init__(self, core):
        found = sorted((path for path in SERVERS.glob("*/bin") if (path / "initdb").exists()), key=lambda path: int(path.parent.name))
        if not found:
            raise RuntimeError(f"no PostgreSQL server is installed below {SERVERS}; scripts/setup installs one")
        self.programs = found[-1]
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="parley-pg-", dir="/tmp"))
        self.as_user = []
        # The server refuses to be root's.
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.directory, owner.pw_uid, owner.pw_gid)
            self.as_user = ["runuser", "-u", "postgres", "--"]
        self.data = self.directory / "data"
        self.process = None
        try:
            self.run("initdb", "--pgdata", self.data, "--username", "parley", "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8")
            options = f"-c listen_addresses='' -c unix_socket_directories={self.directory} -c shared_buffers=256MB -c max_wal_size=2GB"
            self.run("pg_ctl", "--pgdata", self.data, "--silent", "--wait", "--timeout", "60", "--log", self.directory / "log", "--options", options, "start", core=core)
            self.process = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        except BaseException:
            self.stop()
            raise
        self.location = f"host={self.directory} user=parley dbname=postgres"

    def run(self, program, *arguments, core=None):
        pin = ["taskset", "-c", str(core)] if core is not None else []
        subprocess.run([*pin, *self.as_user, self.programs / program, *arguments], check=True, stdout=subprocess.DEVNULL, cwd=self.directory, timeout=120)

    def cpu_seconds(self):
        """Of the server and of its processes that have ended or run, all of which are its children."""
        total = 0
        for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = path.read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            number = int(path.parent.name)
            if number == self.process:
                total += sum(map(int, fields[11:15]))
            elif int(fields[1]) == self.process:
                total += int(fields[11]) + int(fields[12])
        return total / TICK

    def stop(self):
        try:
            if (self.data / "postmaster.pid").exists():
                self.run("pg_ctl", "--pgdata", self.data, "--silent", "--mode", "immediate", "stop")
        finally:
            shutil.rmtree(self.directory, ignore_errors=True)


def bench(parley, root, core, rows, decisions, calls, server=None):
    """One run; what the server took is added for each thing."""
    arguments = [parley, "campaign", "bench", "--json", "--rows", rows, "--decisions", decisions, "--calls", calls]
    if server:
        arguments += ["--database", server.location]
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as directory:
        config = pathlib.Path(directory) / "parley.yaml"
        config.write_text("log:\n  level: warning\n")
        before = server.cpu_seconds() if server else 0
        result = subprocess.run(
            ["taskset", "-c", str(core), *map(str, arguments), "--config", str(config)], cwd=root, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=1800)
        after = server.cpu_seconds() if server else 0
    if result.returncode != 0:
        raise RuntimeError(f"parley campaign bench failed: {result.stderr.decode()[-500:]}")
    report = json.loads(result.stdout)
    if server:
        report["serverCPUSeconds"] = round(after - before, 2)
    return report


def measure(parley, root, core, server_core, quick, repeat):
    """All rows of the table, SQLite first."""
    rows, decisions, calls = (20_000, 1_000, 100) if quick else (1_000_000, 20_000, 2_000)
    reports = []
    for _ in range(repeat):
        reports.append(bench(parley, root, core, rows, decisions, calls))
        server = Server(server_core)
        try:
            reports.append(bench(parley, root, core, rows, decisions, calls, server))
        finally:
            server.stop()
        # What a call costs the server alone.
        server = Server(server_core)
        try:
            report = bench(parley, root, core, 1, 1, calls, server)
            reports[-1]["serverCallCPUMilliseconds"] = round(report["serverCPUSeconds"] / calls * 1000, 2)
        finally:
            server.stop()
    return reports


def table(reports):
    """Markdown, an engine a column; of several runs the median, and in brackets the least and the most."""
    engines = list(dict.fromkeys(report["engine"] for report in reports))
    print("| |" + "|".join(f" {engine} " for engine in engines) + "|")
    print("|---" * (len(engines) + 1) + "|")
    for key in dict.fromkeys(key for report in reports for key in report if key != "engine"):
        cells = []
        for engine in engines:
            values = sorted(report[key] for report in reports if report["engine"] == engine and key in report)
            if not values:
                cells.append("–")
            elif values[0] == values[-1]:
                cells.append(f"{values[0]:.6g}")
            else:
                cells.append(f"{values[len(values) // 2]:.6g} ({values[0]:.6g}–{values[-1]:.6g})")
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", key).lower().replace("cpu", "CPU ").replace("  ", " ")
        print(f"| {name} | " + " | ".join(cells) + " |")
