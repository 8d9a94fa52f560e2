"""Times relfile's template engine beside helm's, on the same charts, and prints the ratios.

    python3 tests/bench/engine/run.py [--seconds S] [--check] [FOLDER...]

Charts are those of the recorded renders (charts.jsonl), as one set, and each chart below the
FOLDERs by itself; those that both engines render to as many bytes count. What is timed is putting
values together, parsing and executing all templates, from files in memory and with nothing kept
from one pass to the next. Times are of the processor, so that a busy machine distorts them less;
threads are by the clock, and memory is what one pass takes besides the loaded charts, whose files
both have in memory, and what a whole process takes that loads a chart, as `chart template` does, and
renders it once. $ENGINE is build/tests/engine; Go's is built in go/, which needs `go` and
the network once. With --check the exit status is 1 where a goal is missed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../differential"))
from charts import charts_below  # noqa: E402

ENGINE = os.path.abspath(os.environ.get("ENGINE", "build/tests/engine"))
VECTORS = os.path.join(HERE, "../../conformance/vectors/charts.jsonl")
FASTER, SMALLER, SCALES = 3, 10, 1.8  # goals


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data.encode("utf-8"))


def unpack_vectors(folder):
    """The charts of the recorded renders; one that has only templates gets a Chart.yaml."""
    with open(VECTORS, encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            case = json.loads(line)
            if "error" in case or not case.get("templates"):
                continue
            chart = os.path.join(folder, f"c{number}")
            files = {f"templates/{name}": text for name, text in case["templates"].items()}
            files.setdefault("Chart.yaml", "apiVersion: v2\nname: t\nversion: 0.1.0\n")
            files.update(case.get("files", {}))
            if all(isinstance(text, str) for text in files.values()):
                for name, text in files.items():
                    write(os.path.join(chart, name), text)


def listed(program, charts):
    """{chart: bytes} of what PROGRAM can render."""
    done = subprocess.run([program, "list", *charts], capture_output=True, text=True, check=False)
    return {path: int(size) for size, path in (line.split(" ", 1) for line in done.stdout.splitlines())}


def timed(program, seconds, threads, charts, how="run"):
    done = subprocess.run([program, how, str(seconds), str(threads), *charts], check=True,
                          capture_output=True, text=True)
    return json.loads(done.stdout)


def compare(title, go, charts, seconds):
    """Print a row; the ratios of time, memory and threads."""
    ours, theirs = timed(ENGINE, seconds, 1, charts), timed(go, seconds, 1, charts)
    two = timed(ENGINE, seconds, 2, charts)
    one_pass = timed(ENGINE, 0, 1, charts), timed(go, 0, 1, charts)
    wholes = timed(ENGINE, 0, 1, charts, "run-mapped"), one_pass[1]
    per_pass = [r["cpu"] / r["passes"] for r in (ours, theirs)]
    steps = ours["steps"] / ours["passes"]
    faster = per_pass[1] / per_pass[0]
    smaller = one_pass[1]["kilobytes"] / max(one_pass[0]["kilobytes"], 1)
    scales = (two["passes"] / two["wall"]) / (ours["passes"] / ours["wall"])
    print(f"{title}: {len(charts)} chart{'s' * (len(charts) != 1)}, "
          f"{ours['bytes'] / ours['passes'] / 1e6:.2f} MB out, {steps:.0f} nodes")
    for name, r, seconds_each, once, all_of in (
            ("relfile", ours, per_pass[0], one_pass[0], wholes[0]),
            ("go", theirs, per_pass[1], one_pass[1], wholes[1])):
        made = f", {r['allocations'] / r['passes']:.0f} allocations" if "allocations" in r else ""
        print(f"  {name:8} {seconds_each * 1e3:9.2f} ms  {seconds_each / steps * 1e9:7.0f} ns/node  "
              f"{r['bytes'] / r['passes'] / 1e6 / seconds_each:7.1f} MB/s  "
              f"{r['allocated'] / r['passes'] / 1e6:7.2f} MB allocated{made}  "
              f"{once['kilobytes'] / 1024:6.1f} MB more at most, {all_of['process'] / 1024:6.1f} MB in all")
    whole = wholes[1]["process"] / wholes[0]["process"]
    print(f"  {faster:.1f} x as fast, {smaller:.1f} x less memory ({whole:.1f} x for whole processes), "
          f"two threads {scales:.2f} x one")
    return faster, smaller, scales


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--go", help="Go's half, built already")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("folders", nargs="*")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        go = options.go or os.path.join(folder, "go-engine")
        if not options.go:
            subprocess.run(["go", "build", "-o", go, "."], cwd=os.path.join(HERE, "go"), check=True)
        unpack_vectors(os.path.join(folder, "vectors"))
        sets = [("charts of the recorded renders", list(charts_below(os.path.join(folder, "vectors"))))]
        sets += [(os.path.basename(chart), [chart])
                 for below in options.folders for chart in charts_below(below)]
        missed = False
        for title, charts in sets:
            ours, theirs = listed(ENGINE, charts), listed(go, charts)
            same = [chart for chart in charts if chart in ours and ours[chart] == theirs.get(chart)]
            if not same:
                print(f"{title}: not rendered alike by both: {ours} {theirs}")
                continue
            ratios = compare(title, go, same, options.seconds)
            missed |= any(r < goal for r, goal in zip(ratios, (FASTER, SMALLER, SCALES)))
    return 1 if missed and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
