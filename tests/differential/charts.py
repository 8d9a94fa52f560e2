"""Renders folders of charts with relfile and with helm, and compares the two to the byte: what
tests/conformance/charts runs.

Every chart below the folders is rendered with its own values, and once more with each file of values
that lies beside it (ci/*.yaml, values-*.yaml), as its authors test it: by `relfile chart template`, or
as the release of a spec made for it. What helm renders relfile must render; what helm refuses relfile
must refuse, for the same cause. Results:

    same      equal to the byte
    random    equal but for lines in which two runs of helm differ, too (passwords, keys, dates)
    refused   both fail, for the same cause
    network   helm cannot fetch what a schema refers to, which relfile does not try
    differs   the manifests differ
    crash     relfile is killed by a signal
    cause     both fail, relfile without the words of helm's cause
    only-helm, only-relfile   the other one fails
    slow      one of them takes longer than --timeout

REPORT/<result>.txt has a line for each, REPORT/<result>--<case>.diff what differs. The exit status is
1 where anything but the first three is found.
"""

import argparse
import collections
import concurrent.futures
import difflib
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zlib

NAME, NAMESPACE = "sample", "testing"
RUNS = 4  # of helm, to know which lines are random
GOOD = ("same", "random", "refused")


def charts_below(folder):
    """Folders with a Chart.yaml that are not inside another chart."""
    for path, folders, files in os.walk(folder):
        if "Chart.yaml" in files:
            folders.clear()
            yield path
        folders.sort()


class Case:
    """CHART with a file of VALUES, or None, and OPTIONS."""

    def __init__(self, root, chart, values=None, options=()):
        self.chart, self.values, self.options = chart, values, options
        self.title = " ".join([os.path.relpath(chart, root)] +
                              (["-f " + os.path.relpath(values, chart)] if values else []) + list(options))


def values_of(chart, limit):
    """None for the chart as it is, and each file of values that comes with it."""
    patterns = ("ci/*.yaml", "ci/*.yml", "values-*.y*ml", "values.*.y*ml", "*-values.y*ml",
                "tests/values*.yaml", "test/values*.yaml", "examples/*values*.yaml")
    yield None
    found = {file for pattern in patterns for file in glob.glob(os.path.join(glob.escape(chart), pattern))}
    for file in sorted(found)[:limit]:
        if os.path.isfile(file) and not file.endswith(".schema.yaml"):
            yield file


def cases_of(chart, root, options):
    """Each file of values alone, and with as many of VARIANTS as are asked for, in turn."""
    for values in values_of(chart, options.limit):
        plain = Case(root, chart, values)
        if not options.only_variants:
            yield plain
        start = zlib.crc32(plain.title.encode())
        for i in range(options.variants):
            yield Case(root, chart, values, VARIANTS[(start + i) % len(VARIANTS)])


# Options besides: what one of them is for must not change how the rest is rendered.
VARIANTS = (
    ("--is-upgrade", "--kube-version", "1.25", "--include-crds"),
    ("--kube-version", "v1.30.4", "--skip-tests", "--set", "global.imageRegistry=r.example.com,replicaCount=3"),
    ("--kube-version", "1.33", "-a", "monitoring.coreos.com/v1", "-a", "cert-manager.io/v1/Certificate",
     "--set-string", "fullnameOverride=1.0"),
    ("--no-hooks", "--api-versions", "policy/v1beta1/PodDisruptionBudget,route.openshift.io/v1",
     "--set-json", 'nodeSelector={"a":"b"}', "--set", "tolerations[0].key=k"),
    ("--output-dir", "out", "--include-crds"),
    ("--output-dir", "out", "--release-name", "--skip-tests"),
    ("--skip-crds", "--set", "nameOverride=null,serviceAccount.create=false,ingress.enabled=true"),
    ("--show-only",),
    ("--archive", "--include-crds"),
    ("--debug", "--skip-schema-validation", "--set-literal", "nameOverride=a,b"),
)


def run(command, folder, home, timeout):
    """(exit status, stdout, stderr) of a program that sees nothing of the caller's."""
    environment = {"PATH": os.environ["PATH"], "HOME": home, "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True,
                          timeout=timeout, check=False)
    return done.returncode, done.stdout, done.stderr.decode(errors="replace")


def files_below(folder):
    found = glob.glob(os.path.join(glob.escape(folder), "**"), recursive=True, include_hidden=True)
    return sorted(path for path in found if os.path.isfile(path))


def written_below(folder):
    """What is in the files below FOLDER, one after the other."""
    for path in files_below(folder):
        with open(path, "rb") as file:
            yield os.path.relpath(path, folder).encode() + b"\n" + file.read()


def packed(chart, folder):
    """The chart's folder as an archive, links followed, as it would be in a repository; without
    those that lead nowhere."""
    path = os.path.join(folder, "chart.tgz")
    if not os.path.exists(path):
        with tarfile.open(path, "w:gz", dereference=True) as archive:
            for file in files_below(chart):
                archive.add(file, os.path.join(os.path.basename(chart), os.path.relpath(file, chart)))
    return path


def first_template(chart, folder):
    """A template of the chart's own, for --show-only: which one is the same each time."""
    names = sorted(glob.glob(os.path.join(glob.escape(chart), "templates", "**", "[!_]*.yaml"), recursive=True))
    names = [os.path.relpath(name, chart) for name in names]
    return names[zlib.crc32(folder.encode()) % len(names)] if names else "templates/none.yaml"


def template_run(options, program, case, folder):
    """PROGRAM's `template` for CASE; what it wrote into files is part of what it printed."""
    extra, chart = list(case.options), case.chart
    if "--archive" in extra:
        extra.remove("--archive")
        chart = packed(chart, folder)
    if "--show-only" in extra:
        extra.append(first_template(chart, case.title))
    command = program + ["template", NAME, chart, "-n", NAMESPACE] + extra
    code, stdout, stderr = run(command + (["-f", case.values] if case.values else []), folder, folder,
                               options.timeout)
    out = os.path.join(folder, "out")
    if "--output-dir" in extra:
        # helm's order of the lines "wrote …" is the order of the objects, as its files' parts are
        stdout += b"".join(written_below(out))
        shutil.rmtree(out, ignore_errors=True)
    return code, stdout, stderr


def helm_run(options, case, folder):
    """What helm says, or has said when it was recorded."""
    if options.goldens:
        if case.title not in options.goldens:
            return 1, b"", "nothing is recorded of this case"
        said = options.goldens[case.title]
        return said["code"], said["stdout"].encode(), said["stderr"]
    return template_run(options, [options.helm], case, folder)


def read_goldens(path):
    with open(path, encoding="utf-8") as file:
        return {said["case"]: said for said in map(json.loads, file)}


def record(options, cases, path):
    """Write what helm says of CASES into the file at PATH, a line each."""
    with open(path, "w", encoding="utf-8") as file:
        for case in cases:
            with tempfile.TemporaryDirectory() as folder:
                code, stdout, stderr = helm_run(options, case, folder)
            said = {"case": case.title, "code": code, "stdout": stdout.decode() if code == 0 else "",
                    "stderr": stderr.replace(os.path.dirname(case.chart), "")[-2000:] if code else ""}
            file.write(json.dumps(said, ensure_ascii=False) + "\n")


def relfile_run(options, case, folder):
    if options.through == "chart":
        return template_run(options, [options.relfile, "chart"], case, folder)
    release = {"name": NAME, "namespace": NAMESPACE, "chart": case.chart}
    if case.values:
        release["values"] = [case.values]
    with open(os.path.join(folder, "helmfile.yaml"), "w", encoding="utf-8") as file:
        json.dump({"releases": [release]}, file)
    return run([options.relfile, "template"], folder, folder, options.timeout)


def equal_but_random(ours, first, others):
    """Is OURS like FIRST in all lines in which the OTHERS, of the same program, are, too?"""
    ours, first = ours.split(b"\n"), first.split(b"\n")
    others = [text.split(b"\n") for text in others]
    if len(ours) != len(first) or any(len(other) != len(first) for other in others):
        return False
    return all(a == b or any(other[i] != b for other in others)
               for i, (a, b) in enumerate(zip(ours, first)))


def squeezed(text):
    return re.sub(r"[\s|`'\"]+", " ", text).strip()


# What relfile says in words of its own: helm's, and relfile's.
SAID_OTHERWISE = (
    (r"library charts are not installable", "is a library: it cannot be installed"),
    (r"(no template .*) associated with template gotpl", r"\1"),
    (r"(bad character) (U)", r"\1: \2"),
    (r"(can t evaluate field \S+) in type .*", r"\1"),
    (r"cannot unmarshal \w+ into Go value of type util.SimpleHead", "a manifest must be a map"),
    (r"unable to execute template", "includes itself without end"),
    (r"^%!t\(.*", "where its dependency of that name needs a map"),
    (r"(can t give argument to non-function \S+).*", r"\1"),
)


def cause_of(stderr):
    """The words of helm's error that say why: what follows the places, in its last line."""
    cause = re.split(r": |\): ", squeezed(stderr.split("\nUse --debug flag")[0]))[-1].strip()
    for theirs, ours in SAID_OTHERWISE:
        cause = re.sub(theirs, ours, cause)
    return cause


def difference(ours, theirs):
    lines = [text.decode(errors="replace").split("\n") for text in (theirs, ours)]
    return "\n".join(difflib.unified_diff(*lines, "helm", "relfile", lineterm="", n=3))


def compare(options, case):
    """(result, details) of one case."""
    with tempfile.TemporaryDirectory() as folder:
        code, theirs, their_errors = helm_run(options, case, folder)
        our_code, ours, our_errors = relfile_run(options, case, folder)
        both = f"--- helm: {code}\n{their_errors}\n--- relfile: {our_code}\n{our_errors}"
        if our_code < 0:
            return "crash", both
        if code and "HTTP request failed" in their_errors:
            return "network", both
        if code and our_code:
            same = cause_of(their_errors) in squeezed(our_errors)
            return "refused" if same else "cause", both
        if code or our_code:
            return "only-relfile" if code else "only-helm", both
        # helmfile ends each release with a line, too
        end = b"\n" if options.through == "spec" else b""
        theirs += end
        if ours == theirs:
            return "same", ""
        others = [helm_run(options, case, folder)[1] + end for _ in range(RUNS)]
        if equal_but_random(ours, theirs, others):
            return "random", ""
        return "differs", difference(ours, theirs)


def compare_safely(options, case):
    try:
        return compare(options, case)
    except subprocess.TimeoutExpired as slow:
        return "slow", str(slow.cmd)


def write_report(options, results):
    os.makedirs(options.report, exist_ok=True)
    for result in {result for _, result, _ in results}:
        with open(os.path.join(options.report, f"{result}.txt"), "w", encoding="utf-8") as file:
            file.writelines(f"{name}\n" for name, found, _ in results if found == result)
    for name, result, details in results:
        if details:
            path = os.path.join(options.report, f"{result}--{re.sub(r'[^A-Za-z0-9.+-]+', '_', name)[:180]}.diff")
            with open(path, "w", encoding="utf-8") as file:
                file.write(f"{name}\n{details}\n")


def first_difference(details):
    """The first line of helm's and of relfile's that differ; of failures, what is said last."""
    lines = [line for line in details.splitlines() if line.strip()]
    for i, line in enumerate(lines):
        if line[:1] in "-+" and not line.startswith(("--- ", "+++ ")):
            other = next((m for m in lines[i + 1:] if m[:1] in "-+" and m[0] != line[0]), "")
            return f"{line}\n    {other}" if other else line
    return lines[-1] if lines else ""


def summary(cases, results):
    """Counts, of cases and of charts; a chart counts by the worst of its cases."""
    for name, result, details in results:
        if result not in GOOD:
            print(f"{result}: {name}\n    {first_difference(details)}")
    counts = collections.Counter(result for _, result, _ in results)
    by_chart = collections.defaultdict(set)
    for case, (_, result, _) in zip(cases, results):
        by_chart[case.chart].add(result)
    good = sum(found <= set(GOOD) for found in by_chart.values())
    equal = sum(bool(found & {"same", "random"}) and found <= set(GOOD) for found in by_chart.values())
    print(", ".join(f"{name}: {count}" for name, count in counts.most_common()))
    print(f"{len(cases)} cases; charts: {good} of {len(by_chart)} agree, {equal} of these render")
    agreed = sum(counts[name] for name in GOOD)
    print(f"{agreed} equal, {counts['differs']} differ, {len(results) - agreed - counts['differs']} failed")
    return len(results) - agreed


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folders", nargs="+", metavar="FOLDER", type=os.path.abspath)
    parser.add_argument("--through", choices=("chart", "spec"), default="chart",
                        help="render by relfile chart template, or as the release of a spec")
    parser.add_argument("--helm", default="helm")
    parser.add_argument("--relfile", default="build/relfile", type=os.path.abspath)
    parser.add_argument("--goldens", metavar="FILE", help="what helm has said, instead of helm")
    parser.add_argument("--record", metavar="FILE", help="write such a file, and compare nothing")
    parser.add_argument("--report", default="build/differential", help="folder for what differs")
    parser.add_argument("--only", default="", help="expression for the names of cases")
    parser.add_argument("--limit", type=int, default=8, help="files of values a chart, at most")
    parser.add_argument("--variants", type=int, default=0, metavar="N",
                        help=f"each case with N of {len(VARIANTS)} sets of options, too")
    parser.add_argument("--only-variants", action="store_true", help="and not without any")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--timeout", type=float, default=60)
    options = parser.parse_args()
    root = os.path.commonpath(options.folders)
    cases = [case for folder in options.folders for chart in charts_below(folder)
             for case in cases_of(chart, root, options) if re.search(options.only, case.title)]
    if options.record:
        record(options, cases, options.record)
        return
    if options.goldens:
        options.goldens = read_goldens(options.goldens)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        found = list(pool.map(lambda case: compare_safely(options, case), cases))
    results = [(case.title, *result) for case, result in zip(cases, found)]
    write_report(options, results)
    sys.exit(1 if summary(cases, results) else 0)
