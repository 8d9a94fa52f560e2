#!/usr/bin/env python3
"""Holds relfile's templates against helm's and helmfile's on random cases.

    run.py --seconds 60 --seed 1 [--group NAME] [--cases N] [--columns] [--found FILE]

Cases that come out differently go to FILE, each a vector as tests/conformance/vectors has them.
The same seed and number of cases give the same cases.
"""

import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import time

import calls
import chart
import data
import language
import mutate

HERE = pathlib.Path(__file__).parent
VECTORS = HERE.parent.parent / "conformance" / "vectors"
BATCH = 2000
BATCH_OF_CHARTS = 200
AGAIN = 12  # times a case is rendered again that came out differently


KINDS = {"calls": calls.case, "data": data.case, "language": language.case, "chart": chart.case}


def cases(rng, pools, names, kinds):
    while True:
        kind = rng.choice(kinds)
        made = KINDS[kind](rng) if kind in KINDS else mutate.case(rng, pools[rng.choice(names)])
        text = json.dumps(made, ensure_ascii=False)
        # a time printed by its parts has an address of Go's in it
        if made and mutate.is_text(text) and not ("printf" in text and "toDate" in text):
            yield made


def batch_of(source, number, size):
    lines = []
    for i in range(size):
        case = next(source)
        case["id"] = f"{case['group']}/{case['fn']}/r{number}-{i}"
        lines.append(json.dumps(case, ensure_ascii=False))
    return "\n".join(lines) + "\n"


class Runner:
    """Runs batches of cases through the oracle, and what it recorded through relfile."""

    def __init__(self, oracle, vectors, columns):
        self.oracle, self.vectors = oracle, vectors
        self.strict = ["--strict"] if columns else []
        self.total = self.differ = self.dropped = 0

    def record(self, text):
        cases = text.strip("\n").split("\n")
        status, output = self.ask(text, 60 + len(cases) / 10)
        lines = [line for line in output.decode().split("\n")[:-1] if line.endswith("}")]
        if status:
            print(f"the oracle ended with {status} after {len(lines)} cases:")
            print(cases[len(lines)], flush=True)
            rest = cases[len(lines) + 1:]
            return lines + self.record("\n".join(rest) + "\n") if rest else lines
        return lines

    def ask(self, text, seconds):
        """What the oracle ends with, and what it has written by then: a line for each case that is done."""
        try:
            done = subprocess.run([self.oracle], input=text.encode(), stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, check=False, timeout=seconds,
                                  env={"PATH": "/usr/bin:/bin", "TZ": "UTC"})
            return done.returncode, done.stdout
        except subprocess.TimeoutExpired as late:
            return f"no end in {seconds:.0f} s", late.stdout or b""

    def check(self, lines):
        """Those of LINES that relfile fails, and why."""
        with tempfile.TemporaryDirectory() as folder:
            kept, recorded = pathlib.Path(folder) / "kept", pathlib.Path(folder) / "recorded"
            recorded.write_text("\n".join(lines) + "\n", encoding="utf-8")
            try:
                done = subprocess.run([self.vectors, *self.strict, "--fail", "--keep", kept,
                                       recorded], stdout=subprocess.PIPE, check=False, timeout=10 + len(lines) / 20)
                status = done.returncode
            except subprocess.TimeoutExpired:
                status = "no end"
            if status not in (0, 1):
                return self.blame(lines, status)
            reasons = [line for line in done.stdout.decode(errors="replace").split("\n")
                       if line.startswith("FAIL ")]
            failed = kept.read_text(encoding="utf-8").split("\n")[:-1]
            return list(zip(failed, reasons, strict=True))

    def blame(self, lines, status):
        """The one of LINES that ends relfile with STATUS."""
        if len(lines) == 1:
            return [(lines[0], f"FAIL {json.loads(lines[0])['id']}: relfile ended with {status}")]
        half = len(lines) // 2
        return self.check(lines[:half]) + self.check(lines[half:])

    def stable(self, lines):
        """Those of LINES that come out the same time and again."""
        again = self.record("\n".join(line for line in lines for _ in range(AGAIN)) + "\n")
        texts = [again[i * AGAIN:(i + 1) * AGAIN] for i in range(len(lines))]
        return {line for line, same in zip(lines, texts) if all(text == line for text in same)}

    def differences(self, text):
        lines = self.record(text)
        plain = [line for line in lines if '"want_any"' not in line]
        failed = self.check(plain)
        stable = self.stable([line for line, _ in failed]) if failed else ()
        failures = [(line, why) for line, why in failed if line in stable]
        self.total += len(lines)
        self.differ += len(failures)
        self.dropped += len(lines) - len(plain) + len(failed) - len(failures)
        return failures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--cases", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--group", action="append")
    parser.add_argument("--kind", action="append")
    parser.add_argument("--charts", action="store_true", help="whole charts; the oracle is that of charts")
    parser.add_argument("--oracle", required=True)
    parser.add_argument("--vectors", required=True)
    parser.add_argument("--columns", action="store_true", help="of errors: compare columns, too")
    parser.add_argument("--found", default="found.jsonl")
    arguments = parser.parse_args()

    rng = random.Random(arguments.seed)
    pools = mutate.load(VECTORS)
    if arguments.charts:
        arguments.group, arguments.kind = ["charts"], ["mutate", "chart", "chart"]
    names = arguments.group or [n for n in pools if n not in ("charts", "helmfile")]
    source = cases(rng, pools, names, arguments.kind or ["mutate", "calls", "data", "language"])
    runner = Runner(arguments.oracle, arguments.vectors, arguments.columns)
    end = time.time() + arguments.seconds
    number = 0
    batch = BATCH_OF_CHARTS if arguments.charts else BATCH
    with open(arguments.found, "w", encoding="utf-8") as found:
        while time.time() < end and (not arguments.cases or runner.total < arguments.cases):
            for line, why in runner.differences(batch_of(source, number, batch)):
                print(why, flush=True)
                found.write(line + "\n")
                found.flush()
            number += 1
    print(f"{runner.total} cases, {runner.differ} differ, "
          f"{runner.dropped} depend on the order of maps, on time or on chance")
    return 1 if runner.differ else 0


sys.exit(main())
