"""Times relfile beside helm and helmfile, on the same specs and charts, and prints the ratios.

helm and helmfile must be on the PATH, relfile is $RELFILE or build/relfile. Each figure is the
median of several warm runs, taken in turns; memory is the largest resident set. With --check the
exit status is 1 where a goal is missed: for people at a quiet machine, never for the test-suite.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

RELFILE = os.path.abspath(os.environ.get("RELFILE", "build/relfile"))
MEASURE = os.path.abspath(os.environ.get("MEASURE", "build/tests/measure"))

VALUES = """replicaCount: {{ .Values.replicas }}
image:
  tag: {{ .Values.image.tag | quote }}
podLabels:
  release: {{ .Release.Name }}
  region: {{ .Values.region }}
ingress:
  enabled: true
  hosts:
    - host: {{ .Release.Name }}.example.com
      paths: [{path: /, pathType: Prefix}]
"""


def run_once(command, folder, env):
    """Seconds, kilobytes, and seconds of the processor, of one run."""
    done = subprocess.run([MEASURE] + command, cwd=folder, env=env, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: exit status {done.returncode}\n{done.stderr.decode()}")
    microseconds, kilobytes, processor = map(int, done.stdout.split())
    return microseconds / 1e6, kilobytes, processor / 1e6


def measure(commands, folder, env, runs):
    """For each of COMMANDS the medians of the seconds, the largest memory, and the median of the
    processor's seconds, taken in turns."""
    results = [[] for _ in commands]
    for _ in range(runs + 1):
        for command, result in zip(commands, results):
            result.append(run_once(command, folder, env))
    return [
        (statistics.median(r[0] for r in result[1:]), max(r[1] for r in result),
         statistics.median(r[2] for r in result[1:]))
        for result in results
    ]


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def make_spec(folder, releases):
    """A spec of RELEASES releases of one chart, each with a gotmpl values file of its own."""
    lines = ["environments:", "  default:", "    values: [env.yaml]", "---", "releases:"]
    write(f"{folder}/env.yaml", 'replicas: 3\nimage: {tag: "1.2.3"}\nregion: eu\n')
    for i in range(releases):
        write(f"{folder}/values/r{i}.yaml.gotmpl", VALUES + f"number: {i}\n")
        lines += [
            f"- name: r{i}",
            f"  namespace: ns{i % 10}",
            "  chart: ../web",
            f"  values: [values/r{i}.yaml.gotmpl]",
        ]
    write(f"{folder}/helmfile.yaml", "\n".join(lines) + "\n")


class Table:
    """The figures as they come, and whether the goals are met."""

    def __init__(self):
        self.missed = 0
        print(f"{'what':44} {'relfile':>10} {'other':>10} {'ratio':>8} {'memory':>9}  goal")

    def row(self, what, own, other=None, goal="", met=True):
        ratio = f"{other[0] / own[0]:.0f} x" if other else ""
        beside = f"{other[0] * 1000:.1f} ms" if other else ""
        self.missed += not met
        print(
            f"{what:44} {own[0] * 1000:7.1f} ms {beside:>10} {ratio:>8} {own[1] / 1024:6.1f} MB  "
            f"{goal}{'' if met else '  MISSED'}",
            flush=True,
        )


def bench(folder, env, runs, peers):
    table = Table()
    subprocess.run(["helm", "create", "web"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    for releases in (1, 100, 1000):
        make_spec(f"{folder}/s{releases}", releases)

    (own,) = measure([[RELFILE, "version"]], folder, env, runs * 3)
    table.row("version", own, None, "5 ms, 8 MB", own[0] <= 0.005 and own[1] <= 8 * 1024)

    own, other = measure(
        [[RELFILE, "template"], ["helm", "template", "r0", "../web"]], f"{folder}/s1", env, runs
    )
    table.row("template, 1 chart (helm)", own, other, ">= 10 x", other[0] >= 10 * own[0])

    one_hundred = f"{folder}/s100"
    quiet = ["helmfile", "--quiet"]
    own, other = measure(
        [[RELFILE, "template"], quiet + ["template", "--skip-deps"]], one_hundred, env, peers
    )
    hundred = own
    table.row(
        "template, 100 releases (helmfile)",
        own,
        other,
        ">= 50 x, 64 MB",
        other[0] >= 50 * own[0] and own[1] <= 64 * 1024,
    )
    own, other = measure([[RELFILE, "list"], quiet + ["list"]], one_hundred, env, peers)
    table.row("list, 100 releases (helmfile)", own, other, ">= 50 x", other[0] >= 50 * own[0])

    (own,) = measure([[RELFILE, "template"]], f"{folder}/s1000", env, runs)
    table.row(
        "template, 1000 releases",
        own,
        None,
        f"<= 12 x of 100 ({own[0] / hundred[0]:.1f} x), 200 MB",
        own[0] <= 12 * hundred[0] and own[1] <= 200 * 1024,
    )

    cluster = [
        "--target=demo",
        f"--target-location={folder}/clusters",
        f"--state=file://{folder}/state",
        "--quiet",
    ]
    first = run_once([RELFILE, "sync"] + cluster, one_hundred, env)
    table.row("first sync, 100 releases, demo target", first, None, "1 s", first[0] <= 1)
    (own,) = measure([[RELFILE, "sync"] + cluster], one_hundred, env, runs)
    table.row("sync again", own, None, "1 s", own[0] <= 1)
    (own,) = measure([[RELFILE, "diff"] + cluster], one_hundred, env, runs)
    table.row("diff after it, which is empty", own, None, "0.5 s", own[0] <= 0.5)
    return table.missed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9, help="of relfile, for each figure")
    parser.add_argument("--peer-runs", type=int, default=3, help="of what takes seconds")
    parser.add_argument("--check", action="store_true", help="fail where a goal is missed")
    options = parser.parse_args()
    for program in ("helm", "helmfile", RELFILE, MEASURE):
        if not shutil.which(program):
            sys.exit(f"{program} is not there")
    with tempfile.TemporaryDirectory() as folder:
        env = {"PATH": os.environ["PATH"], "HOME": folder, "TMPDIR": folder}
        missed = bench(folder, env, options.runs, options.peer_runs)
    sys.exit(1 if missed and options.check else 0)


if __name__ == "__main__":
    main()
