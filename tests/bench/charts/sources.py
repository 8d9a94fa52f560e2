"""Times what is fetched, beside helm: a chart found in a large index, and ten dependencies.

    PATH=…:$PATH python3 tests/bench/charts/sources.py [--index FILE] [--megabytes N] [--delay MS] [--check]

--index FILE is a repository's index.yaml; its entries are repeated under other names until there are N
megabytes (26). Without it entries are made. Each file of the repository comes DELAY milliseconds (100)
after it was asked for, as from far away. Memory and time for the index are those beyond a repository with
one chart. With --check the exit status is 1 where a goal is missed.
"""

import argparse
import functools
import http.server
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "../../e2e")]
import charts  # noqa: E402
import run as bench  # noqa: E402

PROGRAMS = {"relfile": [bench.RELFILE, "chart"], "helm": ["helm"]}
MOST_MS, MOST_MB = 200, 8  # goals
ROUNDS = 7
MADE = "  - name: NAME\n    version: 1.{n}.0\n    description: one of many\n    keywords:\n{words}    urls:\n    - x.tgz\n"


class Listener(http.server.ThreadingHTTPServer):
    request_queue_size = 64


class Server(http.server.SimpleHTTPRequestHandler):
    delay = 0

    def do_GET(self):
        if self.path.endswith(".tgz"):
            time.sleep(Server.delay)
        super().do_GET()

    def log_message(self, *_):
        pass


def entries_of(index):
    """{name: its lines} of an index's text, or of one that is made."""
    if not index:
        words = "".join(f"    - some keyword that makes it long, number {n}\n" for n in range(26))
        return {"made": "".join(MADE.format(n=n, words=words) for n in range(130)).replace("NAME", "made")}
    text = re.split(r"^entries:\n", Path(index).read_text(encoding="utf-8"), maxsplit=1, flags=re.M)[1]
    text = re.split(r"^\w", text, maxsplit=1, flags=re.M)[0]
    found = re.findall(r"^  (\S+):\n((?:(?!  \w).*\n)*)", text, flags=re.M)
    return {name: lines for name, lines in found}


def write_large(folder, index, size):
    entries, text, n = entries_of(index), (folder / "index.yaml").read_text(), 0
    more = []
    while sum(map(len, more)) < size:
        more += [f"  x{n}-{name}:\n{lines}" for name, lines in entries.items()]
        n += 1
    (folder / "index.yaml").write_text(text.replace("entries:\n", "entries:\n" + "".join(more)))


def measured(program, words, home):
    """(milliseconds, megabytes, milliseconds of the processor)"""
    done = subprocess.run([bench.MEASURE, *PROGRAMS[program], *words], cwd=home, capture_output=True, text=True,
                          env={"PATH": os.environ["PATH"], "HOME": home}, check=False)
    if done.returncode:
        sys.exit(f"{program} {' '.join(words)}: {done.stderr}")
    wall, kilobytes, processor = map(int, done.stdout.split())
    return wall / 1e3, kilobytes / 1024, processor / 1e3


def medians(program, words, home):
    rounds = [measured(program, words, home) for _ in range(ROUNDS)]
    return [statistics.median(column) for column in zip(*rounds)]


def index_of(url, home):
    """Print what a chart costs in the large index; whether the goals are met."""
    good = True
    for program in PROGRAMS:
        if not shutil.which(PROGRAMS[program][0]):
            continue
        small, large = (medians(program, ["show", "chart", "web", "--repo", f"{url}/{name}"], home)
                        for name in ("small", "large"))
        wall, memory, processor = (b - a for a, b in zip(small, large))
        print(f"  {program}: {wall:.0f} ms, {processor:.0f} ms of the processor, {memory:.1f} MB of memory more")
        if program == "relfile":
            good = wall <= MOST_MS and memory <= MOST_MB
    return good


def ten(url, folder, home):
    """Print how long ten dependencies take; whether relfile's are fetched at the same time."""
    wanted = "".join(f"- {{name: d{n}, version: 1.0.0, repository: '{url}/ten'}}\n" for n in range(10))
    walls = {}
    for program in PROGRAMS:
        if not shutil.which(PROGRAMS[program][0]):
            continue
        walls[program] = []
        for n in range(3):
            chart = charts.write_chart(folder / f"{program}{n}", "parent", "0.1.0", f"dependencies:\n{wanted}")
            shutil.rmtree(os.path.join(home, ".cache"), ignore_errors=True)
            walls[program].append(measured(program, ["dependency", "update", str(chart)], home)[0])
    print("  " + ", ".join(f"{program}: {statistics.median(wall):.0f} ms" for program, wall in walls.items()))
    return statistics.median(walls["relfile"]) < 4 * Server.delay * 1000 + 200


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--index", metavar="FILE")
    parser.add_argument("--megabytes", type=float, default=26)
    parser.add_argument("--delay", type=int, default=100, metavar="MS")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    Server.delay = options.delay / 1e3
    with tempfile.TemporaryDirectory() as name:
        folder, home = Path(name) / "www", os.path.join(name, "home")
        os.mkdir(home)
        for repository in ("small", "large"):
            charts.write_repository(folder / repository, [("web", "1.0.0")])
        charts.write_repository(folder / "ten", [(f"d{n}", "1.0.0") for n in range(10)])
        write_large(folder / "large", options.index, options.megabytes * 2**20)
        server = Listener(("127.0.0.1", 0), functools.partial(Server, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        print(f"a chart in an index of {(folder / 'large' / 'index.yaml').stat().st_size / 2**20:.1f} MB:")
        good = index_of(url, home)
        print(f"ten dependencies, each {options.delay} ms away:")
        good &= ten(url, Path(name), home)
        server.shutdown()
    return 0 if good or not options.check else 1


if __name__ == "__main__":
    sys.exit(main())
