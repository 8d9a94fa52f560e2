"""Lists and renders the specs of folders with relfile and with helmfile, and compares the two.

    python3 tests/differential/helmfiles.py --helmfile helmfile --helm helm --report out FOLDER...

Each FOLDER is somebody's repository. Each file in it that is called like a spec is a case, in each
of its environments: `list` must say the same, and where all charts are in the repository `template`
must print the same bytes. A file that is no .gotmpl is taken twice: as helmfile 1 reads it
(--render-yaml=never), and rendered as helmfile 0 did (helmfile: HELMFILE_RENDER_YAML=true, relfile:
--render-yaml=always). Results are those of charts.py; `refused` only says that both fail, and what
they say is in REPORT/refused--*. `unable` means that helmfile looks for a program or plugin (kustomize,
secrets) that is not there.

Specs of other people may run programs: the PATH they see holds helm and nothing else, hooks are
forbidden, and variables they require are set to their own names in lower case.
"""

import argparse
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile

import charts

SPEC = re.compile(r"(^|/)[^/]*helmfile[^/]*\.ya?ml(\.gotmpl)?$|helmfile\.d/[^/]+\.ya?ml(\.gotmpl)?$")
GOOD = ("same", "random", "refused", "unable")


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def files_below(folder):
    for path, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "templates")
        for name in sorted(files):
            if os.path.isfile(os.path.join(path, name)):
                yield os.path.join(path, name)


def required_variables(folder):
    """What templates below FOLDER require of the environment, each with some value."""
    found = set()
    for path in files_below(folder):
        if path.endswith((".yaml", ".yml", ".gotmpl", ".tpl")):
            found |= set(re.findall(r'requiredEnv\s+"(\w+)"', read(path)))
    return {name: name.lower().replace("_", "-") for name in found if name not in ("PATH", "HOME")}


def environments_of(text, limit):
    """default, and the names of the first other ones in the text of a spec."""
    block = re.search(r"^environments:[ \t]*\n((?:[ \t#].*\n|\n|\{\{.*\n)*)", text + "\n", re.M)
    names = re.findall(r"^  [\"']?([\w.-]+)[\"']?:", block.group(1), re.M) if block else []
    return ["default"] + [name for name in dict.fromkeys(names) if name != "default"][:limit]


def cases_below(folder, limit):
    """(file, environment, rendered as a template though it is no .gotmpl?)"""
    for path in files_below(folder):
        if not SPEC.search(os.path.relpath(path, folder)):
            continue
        for environment in environments_of(read(path), limit):
            yield path, environment, False
            if not path.endswith(".gotmpl"):
                yield path, environment, True


class Runner:
    """The two programs, in the repository of a spec, with an environment of their own."""

    def __init__(self, options, folder, home):
        self.options, self.home = options, home
        self.environment = {**required_variables(folder), "PATH": os.path.join(home, "bin"),
                            "HOME": home, "TZ": "UTC", "LC_ALL": "C.UTF-8",
                            "HELMFILE_DISABLE_HOOKS": "true"}
        os.mkdir(os.path.join(home, "bin"))
        os.symlink(options.helm, os.path.join(home, "bin", "helm"))

    def run(self, path, command, **more):
        done = subprocess.run(command, cwd=os.path.dirname(path), env={**self.environment, **more},
                              capture_output=True, timeout=self.options.timeout, check=False)
        return done.returncode, done.stdout, done.stderr.decode(errors="replace")

    def helmfile(self, case, *arguments):
        path, environment, rendered = case
        return self.run(path, [self.options.helmfile, "-f", os.path.basename(path), "-e", environment,
                               "--no-color", *arguments], HELMFILE_RENDER_YAML=str(rendered).lower())

    def relfile(self, case, *arguments):
        path, environment, rendered = case
        return self.run(path, [self.options.relfile, "-f", os.path.basename(path), "-e", environment,
                               f"--render-yaml={'always' if rendered else 'never'}", *arguments])


def judge(ours, theirs, equal):
    """(result, details) of two runs; EQUAL compares what they printed."""
    both = f"--- helmfile: {theirs[0]}\n{theirs[2]}\n--- relfile: {ours[0]}\n{ours[2]}"
    if ours[0] < 0:
        return "crash", both
    if ours[0] and theirs[0]:
        return "refused", both
    if theirs[0] and re.search(r"executable file not found|plugin.* not (installed|found)", theirs[2]):
        return "unable", both
    if ours[0] or theirs[0]:
        return "only-relfile" if theirs[0] else "only-helmfile", both
    if equal(ours[1], theirs[1]):
        return "same", ""
    return "differs", charts.difference(ours[1], theirs[1])


def lines_of(text):
    """A list as JSON, an item a line."""
    return "\n".join(json.dumps(item, sort_keys=True) for item in json.loads(text or "[]")).encode()


def compare_lists(runner, case):
    """((result, details), what helmfile listed)"""
    theirs = runner.helmfile(case, "list", "--output", "json", "--skip-charts")
    ours = runner.relfile(case, "list", "--output", "json", "--skip-charts")
    theirs, ours = ((code, out if code else lines_of(out), err) for code, out, err in (theirs, ours))
    listed = [] if theirs[0] else [json.loads(line) for line in theirs[1].splitlines()]
    return judge(ours, theirs, lambda a, b: a == b), listed


def is_local(folder, chart):
    path = os.path.normpath(os.path.join(folder, chart))
    return os.path.isfile(os.path.join(path, "Chart.yaml"))


def compare_manifests(runner, case):
    theirs = runner.helmfile(case, "template", "--skip-deps")
    ours = runner.relfile(case, "template")

    def equal(mine, others):
        return mine == others or charts.equal_but_random(
            mine, others, [runner.helmfile(case, "template", "--skip-deps")[1]])
    return judge(ours, theirs, equal)


def compare(options, folder, case):
    """[(command, result, details)] of one case."""
    with tempfile.TemporaryDirectory() as home:
        runner = Runner(options, folder, home)
        try:
            result, listed = compare_lists(runner, case)
            found = [("list", *result)]
            used = [item for item in listed if item["installed"] and item["enabled"]]
            if used and all(is_local(os.path.dirname(case[0]), item["chart"]) for item in used):
                found.append(("template", *compare_manifests(runner, case)))
            return found
        except subprocess.TimeoutExpired as slow:
            return [("?", "slow", str(slow.cmd))]


def title(options, case):
    path, environment, rendered = case
    root = os.path.commonpath([os.path.dirname(folder) for folder in options.folders])
    return f"{os.path.relpath(path, root)} -e {environment}{' rendered' if rendered else ''}"


def summary(results):
    counts, files, bad = {}, set(), set()
    for name, result, _ in results:
        command = name.split(" ", 1)[0]
        file = name.split(" ")[1]
        counts[command, result] = counts.get((command, result), 0) + 1
        files.add(file)
        if result not in GOOD:
            bad.add(file)
    for (command, result), count in sorted(counts.items()):
        print(f"{command} {result}: {count}")
    print(f"files: {len(files) - len(bad)} of {len(files)} agree")
    return bool(bad)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folders", nargs="+", metavar="FOLDER", type=os.path.abspath)
    parser.add_argument("--helmfile", default="helmfile", type=os.path.abspath)
    parser.add_argument("--helm", default="helm", type=os.path.abspath)
    parser.add_argument("--relfile", default="build/relfile", type=os.path.abspath)
    parser.add_argument("--report", default="build/differential", help="folder for what differs")
    parser.add_argument("--only", default="", help="expression for the names of cases")
    parser.add_argument("--limit", type=int, default=2, help="environments a file, besides default")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--timeout", type=float, default=60)
    options = parser.parse_args()
    cases = [(folder, case) for folder in options.folders for case in cases_below(folder, options.limit)
             if re.search(options.only, title(options, case))]
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        found = list(pool.map(lambda item: compare(options, *item), cases))
    results = [(f"{command} {title(options, case)}", result, details)
               for (_, case), outcomes in zip(cases, found) for command, result, details in outcomes]
    charts.write_report(options, results)
    sys.exit(1 if summary(results) else 0)


if __name__ == "__main__":
    main()
