"""Times relfile beside helmfile on a large spec: 1,000 releases in 50 sub-helmfiles, with bases and 3
environments; `template --since` where one values file has changed; and relfile alone on 10,000 releases, whose
time per release must be the same.

    PATH=…:$PATH python3 tests/bench/spec/run.py [--releases 1000] [--check]

helm and helmfile must be on the PATH. helmfile's `template` renders each release with a run of helm:
it is timed on a part of the spec, 20 releases, and relfile on the same part. Each figure is the median
of several runs, taken in turns; memory is the largest resident set. With --check the exit status is 1
where a goal is missed.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import run as bench  # noqa: E402

CHART = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "e2e", "beside", "echo")
FILES = 50

BASE = """environments:
  default: {{values: [{up}env/default.yaml]}}
  staging: {{values: [{up}env/default.yaml, {up}env/staging.yaml]}}
  production: {{values: [{up}env/default.yaml, {up}env/production.yaml.gotmpl]}}
"""

PART = """bases:
- ../base.yaml
---
commonLabels:
  part: "{number}"
templates:
  default: &default
    namespace: ns-{{{{ .Values.stage }}}}
    missingFileHandler: Warn
    values:
    - ../values/common.yaml
    - ../values/{{{{`{{{{ .Release.Name }}}}`}}}}.yaml.gotmpl
releases:
"""

RELEASE = """- name: r-{number}-{i}
  <<: *default
  chart: ../chart
  version: 1.0.{i}
  labels: {{tier: "{tier}"}}
  installed: {{{{ .Values.enabled }}}}
  values:
  - ../values/common.yaml
  - ../values/part.yaml.gotmpl
  - name: {{{{ .Environment.Name }}}}-{i}
    replicas: {i}
  set:
  - {{name: one, value: "{i}"}}
{needs}"""


def make_spec(folder, releases):
    each = releases // FILES
    bench.write(f"{folder}/base.yaml", BASE.format(up="../"))
    bench.write(f"{folder}/env/default.yaml", "stage: dev\nenabled: true\nimage: {tag: v1}\n")
    bench.write(f"{folder}/env/staging.yaml", "stage: staging\n")
    bench.write(f"{folder}/env/production.yaml.gotmpl", "stage: {{ .Environment.Name | trunc 4 }}\n")
    bench.write(f"{folder}/values/common.yaml", "common: {a: 1, list: [1, 2, 3]}\n")
    bench.write(f"{folder}/values/part.yaml.gotmpl",
                "name: {{ .Release.Name }}\ntag: {{ .Values.image.tag | quote }}\n")
    shutil.copytree(CHART, f"{folder}/chart")
    bench.write(f"{folder}/root.yaml", BASE.format(up=""))
    bench.write(f"{folder}/helmfile.yaml",
                "bases: [root.yaml]\n---\nhelmfiles:\n- path: parts/*.yaml.gotmpl\n")
    for number in range(FILES):
        text = PART.format(number=number)
        for i in range(each):
            needs = f"  needs: [ns-{{{{ .Values.stage }}}}/r-{number}-{i - 1}]\n" if i % 5 == 1 else ""
            text += RELEASE.format(number=number, i=i, tier=i % 3, needs=needs)
        bench.write(f"{folder}/parts/p{number:02}.yaml.gotmpl", text)


def change_one_file(folder):
    """A commit, after which the values file that only one release has is another."""
    path = f"{folder}/parts/p07.yaml.gotmpl"
    with open(path, encoding="utf-8") as file:
        text = file.read()
    head, name, rest = text.partition("- name: r-7-3\n")
    bench.write(path, head + name + rest.replace("  - ../values/common.yaml\n",
                                                 "  - ../values/common.yaml\n  - ../values/r-7-3.yaml\n", 1))
    bench.write(f"{folder}/values/r-7-3.yaml", "own: 1\n")
    for words in (["init", "-q"], ["add", "-A"], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"]):
        subprocess.run(["git", "-C", folder, *words], check=True)
    bench.write(f"{folder}/values/r-7-3.yaml", "own: 2\n")


class Table:
    def __init__(self):
        self.missed = False
        print(f"{'what':44} {'relfile':>10} {'helmfile':>10} {'ratio':>7} {'of CPU':>7} {'memory':>9}")

    def row(self, what, own, other=None, goal=0, most_mb=0, most_seconds=0):
        ratio = other[0] / own[0] if other else 0
        memory = own[1] / 1024
        bad = (goal and ratio < goal) or (most_mb and memory > most_mb) or (most_seconds and own[0] > most_seconds)
        self.missed |= bool(bad)
        of_cpu = other[2] / own[2] if other else 0
        print(f"{what:44} {own[0]:9.3f}s {other[0] if other else 0:9.2f}s {ratio:6.0f}x {of_cpu:6.0f}x {memory:6.0f} MB"
              f"{'  MISSED' if bad else ''}", flush=True)


def times(arguments, folder, env, runs, peer_runs, peer=True):
    own = bench.measure([[bench.RELFILE, *arguments]], folder, env, runs)[0]
    if not peer:
        return own, None
    return own, bench.measure([["helmfile", *arguments]], folder, env, peer_runs)[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--releases", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peer-runs", type=int, default=1)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    peer = bool(shutil.which("helmfile") and shutil.which("helm"))
    env = {**os.environ, "HELMFILE_UPGRADE_NOTICE_DISABLED": "1"}
    table = Table()
    with tempfile.TemporaryDirectory() as folder:
        make_spec(folder, options.releases)
        for environment in ("default", "production"):
            for command in (["list"], ["build"]):
                own, other = times(["-e", environment, *command], folder, env, options.runs,
                                   options.peer_runs, peer)
                table.row(f"{options.releases} releases: -e {environment} {' '.join(command)}", own, other,
                          100, 200)
        part = ["-f", "parts/p00.yaml.gotmpl", "template", "--skip-deps"]
        own, other = times(part, folder, env, options.runs, options.peer_runs, peer)
        table.row(f"{options.releases // FILES} releases: template", own, other, 100, 200)
        own, _ = times(["template"], folder, env, options.runs, 0, False)
        table.row(f"{options.releases} releases: template", own, None, 0, 200)
        change_one_file(folder)
        own, _ = times(["template", "--since", "HEAD"], folder, env, options.runs, 0, False)
        table.row(f"{options.releases} releases: template --since HEAD, one file", own, None, 0, 200, 0.1)
    with tempfile.TemporaryDirectory() as folder:
        make_spec(folder, options.releases * 10)
        for command in ("list", "build", "template"):
            own, _ = times([command], folder, env, 2, 0, False)
            table.row(f"{options.releases * 10} releases: {command}", own)
    sys.exit(1 if options.check and table.missed else 0)


if __name__ == "__main__":
    main()
