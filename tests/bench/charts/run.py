"""Times `relfile chart template` beside `helm template` on charts, and prints the ratios.

    PATH=…:$PATH python3 tests/bench/charts/run.py [--single CHART] [--most N] [--check] FOLDER...

The cases are those of tests/conformance/charts: each chart below the FOLDERs with its own values and
with each values file beside it; those count that both render. Of the processor's time the sums count,
since a busy machine distorts them less; once with and once without the charts that make RSA keys, whose primes
cost everybody the same, and chance.
--single CHART is rendered ten times by each, in turns, for its time and its memory. With --check the
exit status is 1 where a goal is missed.
"""

import argparse
import base64
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "../../differential")]
import run as bench  # noqa: E402
from charts import charts_below, values_of  # noqa: E402

ALL_FASTER, FASTER, SMALLER = 20, 10, 5  # goals
PROGRAMS = ([bench.RELFILE, "chart", "template"], ["helm", "template"])


def once(program, chart, values, folder):
    """(seconds of the processor, kilobytes), or None where PROGRAM refuses the chart."""
    command = [*program, "sample", chart, *(["-f", values] if values else [])]
    done = subprocess.run([bench.MEASURE, *command], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        return None
    _, kilobytes, processor = map(int, done.stdout.split())
    return processor / 1e6, kilobytes


def makes_keys(chart, values, folder):
    """Whether there are keys or certificates in what relfile renders that are others the next time."""
    command = [*PROGRAMS[0], "sample", chart, *(["-f", values] if values else [])]
    one, two = (subprocess.run(command, cwd=folder, capture_output=True, check=False).stdout for _ in range(2))
    return one != two and any(mark in one for mark in (b"-----BEGIN ", base64.b64encode(b"-----BEGIN ")[:14]))


def print_sums(title, rows):
    """The ratio of the sums."""
    own, other = (sum(row[i][0] for row in rows) for i in (0, 1))
    print(f"{len(rows)} cases, {title}: relfile {own:.2f} s, helm {other:.2f} s of the processor: {other / own:.1f} x")
    return other / own


def print_rows(title, rows):
    print(f"  {title}")
    for own, other, name, _ in rows:
        print(f"    {name:40} {own[0] * 1e3:7.1f} ms {other[0] * 1e3:8.1f} ms {other[0] / own[0]:6.1f} x")


def all_cases(folders, most, folder):
    """Print the sums over the cases; the ratio."""
    charts = [chart for below in folders for chart in charts_below(os.path.abspath(below))]
    random.Random(1).shuffle(charts)
    rows = []
    for chart in charts:
        for values in values_of(chart, 4):
            if len(rows) == most:
                break
            values = values and os.path.abspath(values)
            own, other = (once(program, chart, values, folder) for program in PROGRAMS)
            if own and other:
                rows.append((own, other, os.path.basename(chart), makes_keys(chart, values, folder)))
    ratio = print_sums("all", rows)
    plain = [row for row in rows if not row[3]]
    if plain:
        print_sums("those that make no keys", plain)
    ratios = sorted(row[1][0] / row[0][0] for row in rows)
    print(f"  a case: {statistics.median(ratios):.1f} x in the middle, "
          f"{ratios[len(ratios) // 10]:.1f} x and more in nine of ten")
    print(f"  memory: {statistics.median(row[1][1] / row[0][1] for row in rows):.1f} x less in the middle")
    print_rows("the most time:", sorted(rows, key=lambda row: -row[0][0])[:5])
    print_rows("the worst ratios without keys:", sorted(plain, key=lambda row: row[1][0] / row[0][0])[:10])
    return ratio


def single(chart, folder):
    """Print time and memory of one chart; the ratios."""
    rounds = [[once(program, os.path.abspath(chart), None, folder) for program in PROGRAMS]
              for _ in range(10)]
    own, other = (statistics.median(r[i][0] for r in rounds) for i in (0, 1))
    own_memory, other_memory = (max(r[i][1] for r in rounds) / 1024 for i in (0, 1))
    print(f"{os.path.basename(chart)}: relfile {own * 1e3:.1f} ms, {own_memory:.1f} MB; "
          f"helm {other * 1e3:.1f} ms, {other_memory:.1f} MB: {other / own:.1f} x as fast, "
          f"{other_memory / own_memory:.1f} x less memory")
    return other / own, other_memory / own_memory


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--single", metavar="CHART")
    parser.add_argument("--most", type=int, metavar="N", help="N cases, picked at random")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("folders", nargs="*")
    options = parser.parse_args()
    if not shutil.which("helm"):
        sys.exit("helm is not there")
    missed = False
    with tempfile.TemporaryDirectory() as folder:
        if options.single:
            faster, smaller = single(options.single, folder)
            missed |= faster < FASTER or smaller < SMALLER
        if options.folders:
            missed |= all_cases(options.folders, options.most, folder) < ALL_FASTER
    return 1 if missed and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
