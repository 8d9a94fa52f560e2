"""Runs helmfile and relfile on the same specs and compares all that both print, write and exit with.

    python3 tests/conformance/helmfile/run.py [--trees 1-50] [--schema 1-50] [--report out] [FOLDER...]

Without folders: the random trees of tests/differential/generate.py, or with --schema the random
specs of tests/differential/grammar.py. Each FOLDER is somebody's
repository, as for tests/differential/helmfiles.py: each of its specs, in each of its environments.
Compared are `list`, `list --output json`, `build`, `build --embed-values`, `print-env`, `print-env
--output json`, `show-dag`, `write-values` with what it writes, `template`, and exit codes.

Programs run in a copy of the folder each, so that the paths in what they print are the same; both
get the environment of helmfiles.py. Results are written to REPORT, as charts.py does: `same`,
`refused` (both fail), `unable` (helmfile needs what is not here: a plugin, a network, an OCI
registry), `differs`, `only-helmfile`, `only-relfile`, `crash`. The exit status is 1 where anything
differs. Without helmfile on the PATH nothing is run.
"""

import argparse
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve()
ROOT = HERE.parents[3]
sys.path[:0] = [str(ROOT / "tests" / "differential"), str(ROOT / "tests" / "e2e")]
import beside  # noqa: E402
import charts  # noqa: E402
import generate  # noqa: E402
import grammar  # noqa: E402
import helmfiles  # noqa: E402

COMMANDS = {
    "list": ["list", "--skip-charts"],
    "list-json": ["list", "--output", "json", "--skip-charts"],
    "build": ["build"],
    "embed": ["build", "--embed-values"],
    "print-env": ["print-env"],
    "print-env-json": ["print-env", "--output", "json"],
    "show-dag": ["show-dag"],
    "write-values": ["write-values", "--skip-deps", "--output-file-template",
                     "written/{{ .State.BaseName }}-{{ .Release.Name }}.yaml"],
    "template": ["template", "--skip-deps"],
}
ABROAD = re.compile(r"no such host|dial tcp|connection refused|executable file not found|oci://|"
                    r"plugin.*not|secrets|failed to download|no cached repo|repo .* not found|"
                    r"could not find a ready|kustomize|is not a valid chart repository|"
                    r"lookup .* on |[Cc]hart\.yaml file is missing|go-getter|git (ls-remote|clone)|"
                    r"no repositor|KUBECONFIG|cluster unreachable|path .* not found", re.S)


class Programs:
    """The two, in copies of a folder that have the same path."""

    def __init__(self, options, folder, home):
        self.options, self.home, self.folder = options, Path(home), folder
        (self.home / "bin").mkdir()
        for name in ("helm", "sh", "bash", "cat", "echo", "true", "env", "printf", "ls", "date"):
            path = options.helm if name == "helm" else shutil.which(name)
            if path:
                os.symlink(path, self.home / "bin" / name)
        self.environment = {**helmfiles.required_variables(folder), "PATH": str(self.home / "bin"),
                            "HOME": str(self.home), "TZ": "UTC", "LC_ALL": "C.UTF-8",
                            "HELMFILE_DISABLE_HOOKS": "false" if options.schema else "true",
                            "HELMFILE_UPGRADE_NOTICE_DISABLED": "1"}

    def run(self, program, case, arguments, rendered):
        place = self.home / "work"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self.folder, place, symlinks=True)
        path = place / case
        words = [program, "-f", path.name, *arguments]
        more = {"HELMFILE_RENDER_YAML": "true"} if rendered else {}
        if "relfile" in program:
            words.insert(1, f"--render-yaml={'always' if rendered else 'never'}")
        else:
            words.insert(1, "--sequential-helmfiles")
        done = subprocess.run(words, cwd=path.parent, env={**self.environment, **more},
                              capture_output=True, timeout=self.options.timeout, check=False)
        output = done.stdout
        if done.returncode == 0 and arguments and "write-values" in arguments:
            for written in sorted(path for path in place.rglob("written/*") if path.is_file()):
                output += b"# " + str(written.relative_to(place)).encode() + b"\n" + written.read_bytes()
        return done.returncode, output, done.stderr.decode(errors="replace")


def judged(ours, theirs, name):
    both = f"--- helmfile: {theirs[0]}\n{theirs[2]}\n--- relfile: {ours[0]}\n{ours[2]}"
    if ours[0] < 0:
        return "crash", both
    if theirs[0] and ABROAD.search(theirs[2]) and not (ours[0] == theirs[0]):
        return "unable", both
    if ours[0] and theirs[0]:
        return ("refused" if ours[0] == theirs[0] else "status"), both
    if name == "show-dag" and ours[0] and not theirs[0] and not theirs[1].strip():
        return "unable", both  # helmfile prints nothing, and succeeds, where releases cannot be read
    if ours[0] or theirs[0]:
        return "only-relfile" if theirs[0] else "only-helmfile", both
    if ours[1] == theirs[1]:
        return "same", ""
    if name == "show-dag" and re.search("Error|error|failed|not found", theirs[2]):
        return "unable", both  # helmfile's table is cut short where a chart cannot be had
    return "differs", charts.difference(ours[1], theirs[1]) + "\n" + both


def compare(options, folder, case):
    """[(command, result, details)]"""
    found = []
    with tempfile.TemporaryDirectory() as home:
        programs = Programs(options, folder, home)
        path, environment, rendered = case
        for name in options.commands:
            words = COMMANDS[name]
            if environment != "default":
                words = ["-e", environment, *words]
            try:
                theirs = programs.run(options.helmfile, path, words, rendered)
                ours = programs.run(options.relfile, path, words, rendered)
                found.append((name, *judged(ours, theirs, name)))
            except subprocess.TimeoutExpired as slow:
                found.append((name, "slow", str(slow.cmd)))
    return found


def is_spec(path):
    """Whether it looks like one, whatever it is called."""
    if not re.search(r"\.ya?ml(\.gotmpl)?$", path):
        return False
    text = helmfiles.read(path)
    return bool(re.search(r"^(releases|helmfiles):", text, re.M)) and not re.search(r"^kind:", text, re.M)


def cases_below(folder, limit):
    for path in helmfiles.files_below(folder):
        if not is_spec(path):
            continue
        for environment in helmfiles.environments_of(helmfiles.read(path), limit):
            yield os.path.relpath(path, folder), environment, False


def tree_folder(maker, seed, base):
    folder = Path(base) / f"{maker.__name__}-{seed}"
    files, _ = maker.tree(seed)
    beside.write_files(beside.Case("", files, {}, []), folder)
    return str(folder)


def spec_name(folder):
    return next(name for name in ("helmfile.yaml.gotmpl", "helmfile.yaml")
                if os.path.exists(os.path.join(folder, name)))


def all_cases(options, base):
    maker = grammar if options.schema else generate
    first, _, last = (options.schema or options.trees).partition("-")
    for seed in range(int(first), int(last or first) + 1) if not options.folders else ():
        folder = tree_folder(maker, seed, base)
        name = spec_name(folder)
        for environment in helmfiles.environments_of(helmfiles.read(os.path.join(folder, name)),
                                                     options.limit):
            yield folder, (name, environment, False)
    for folder in options.folders:
        for case in cases_below(folder, options.limit):
            yield folder, case


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folders", nargs="*", metavar="FOLDER", type=os.path.abspath)
    parser.add_argument("--helmfile", default=shutil.which("helmfile"))
    parser.add_argument("--helm", default=shutil.which("helm"))
    parser.add_argument("--relfile", default=str(ROOT / "build" / "relfile"))
    parser.add_argument("--report", default="build/conformance", help="folder for what differs")
    parser.add_argument("--only", default="", help="expression for the names of cases")
    parser.add_argument("--trees", default="1-20", help="which random trees, without folders")
    parser.add_argument("--schema", help="which random specs by the schema, instead")
    parser.add_argument("--commands", default=list(COMMANDS), type=lambda text: text.split(","))
    parser.add_argument("--limit", type=int, default=2, help="environments a file, besides default")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--timeout", type=float, default=60)
    options = parser.parse_args()
    if not options.helmfile or not options.helm:
        print("skipped: helmfile or helm is not on the PATH")
        return
    with tempfile.TemporaryDirectory() as base:
        cases = [(folder, case) for folder, case in all_cases(options, base)
                 if re.search(options.only, os.path.join(folder, case[0]))]
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            found = list(pool.map(lambda item: compare(options, *item), cases))
    results = [(f"{command} {os.path.join(os.path.basename(folder), case[0])} -e {case[1]}", result, details)
               for (folder, case), outcomes in zip(cases, found) for command, result, details in outcomes]
    charts.write_report(options, results)
    counts = {}
    for name, result, _ in results:
        key = (name.split(" ", 1)[0], result)
        counts[key] = counts.get(key, 0) + 1
    for (command, result), count in sorted(counts.items()):
        print(f"{command} {result}: {count}")
    sys.exit(any(result not in ("same", "refused", "unable") for _, result, _ in results))


if __name__ == "__main__":
    main()
