"""What the end-to-end tests share: relfile as a user runs it, in an environment of its own.

    make && python3 -m pytest tests/e2e

RELFILE names another binary than build/relfile.
"""

import fcntl
import json
import os
import pty
import select
import subprocess
import termios
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Variables of the caller that programs under test see. Nothing else leaks in.
KEPT = ("PATH", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS")

# Whether relfile is built with sanitizers, which take time and address space of their own.
SANITIZED = "ASAN_OPTIONS" in os.environ or "address" in os.environ.get("RELFILE", "")


class Result(NamedTuple):
    code: int
    stdout: str
    stderr: str


class Demo(NamedTuple):
    """A simulated cluster of the test's own."""

    location: Path
    state: Path

    @property
    def options(self):
        return ["--target", "demo", "--target-location", str(self.location),
                "--state", f"file://{self.state}"]

    def objects(self):
        """All objects of all clusters, as (cluster, object)."""
        clusters = self.location / "clusters"
        return [(path.relative_to(clusters).parts[0], json.loads(path.read_text()))
                for path in sorted(clusters.rglob("*.json"))]

    def released(self):
        """kind/name of what releases consist of, without what is told to stay. What was made
        from it (pods), and what waits for these (volume claims), goes a little later, when the
        cluster gets to it."""
        found = []
        for _, item in self.objects():
            annotations = item["metadata"].get("annotations", {})
            if ("meta.helm.sh/release-name" in annotations
                    and not item["metadata"].get("ownerReferences")
                    and not item["metadata"].get("deletionTimestamp")
                    and annotations.get("helm.sh/resource-policy") != "keep"):
                found.append(f"{item['kind']}/{item['metadata']['name']}")
        return found


def open_terminal():
    """Both ends of a terminal; the test is skipped where the machine has none to give (a chroot)."""
    try:
        return pty.openpty()
    except OSError as error:
        pytest.skip(f"no terminals here: {error}")


def clean_environment(home, **more):
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {**environment, "HOME": str(home), "TZ": "UTC", "LC_ALL": "C.UTF-8", **more}


@pytest.fixture(scope="session")
def relfile():
    path = Path(os.environ.get("RELFILE", ROOT / "build" / "relfile")).absolute()
    assert path.exists(), f"there is no {path}: run make, or set RELFILE"
    return path


@pytest.fixture
def home(tmp_path):
    path = tmp_path / "home"
    path.mkdir()
    return path


@pytest.fixture
def run(relfile, home):
    """run("list", "-o", "json", cwd=…, env={…}, expect=2) -> Result; expect=None takes any code."""

    def run(*arguments, env=None, cwd=ROOT, expect=0, program=None, stdin=None):
        done = subprocess.run([str(a) for a in (program or relfile, *arguments)], cwd=cwd,
                              env=clean_environment(home, **(env or {})), input=stdin,
                              capture_output=True, encoding="utf-8", timeout=600, check=False)
        result = Result(done.returncode, done.stdout, done.stderr)
        if expect is not None and result.code != expect:
            pytest.fail(f"{' '.join(map(str, done.args))} ends with {result.code}, not {expect}\n"
                        f"{result.stdout[-3000:]}\n{result.stderr[-3000:]}", pytrace=False)
        return result

    return run


@pytest.fixture(scope="session")
def pointed():
    """relfile with points at which it can be killed."""
    path = Path(os.environ.get("RELFILE_POINTED", ROOT / "build" / "tests" / "relfile")).absolute()
    if not path.exists():
        pytest.skip(f"{path} is not built: make build/tests/relfile")
    return path


def write_files(folder, files):
    """The FOLDER, with a text for each name."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@pytest.fixture
def on_terminal(relfile, home):
    """run relfile where stdout and stderr are one terminal; ANSWER is typed at a question."""

    def on_terminal(*arguments, cwd, answer=None, env=None):
        main, other = open_terminal()
        process = subprocess.Popen(
            [str(relfile), *map(str, arguments)], cwd=cwd, stdin=other, stdout=other, stderr=other,
            env=clean_environment(home, TERM="xterm", **(env or {})), start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(other)
        text = b""
        while select.select([main], [], [], 60)[0]:
            try:
                part = os.read(main, 4096)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            text += part
            if answer is not None and b"[y/N]: " in text:
                os.write(main, f"{answer}\n".encode())
                answer = None
        os.close(main)
        return process.wait(60), text.decode()

    return on_terminal


@pytest.fixture
def demo(run, tmp_path):
    if "  demo " not in run("help", "targets", expect=None).stdout:
        pytest.skip("this relfile has no demo target")
    return Demo(tmp_path / "demo", tmp_path / "state")


# A chart of two small objects, for what is about releases and not about charts.
CHART = {
    "Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0\nappVersion: '7'\n",
    "values.yaml": "text: one\n",
    "templates/config.yaml": """apiVersion: v1
kind: ConfigMap
metadata: {name: '{{ .Release.Name }}'}
data: {text: '{{ .Values.text }}'}
{{- if .Values.more }}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: '{{ .Release.Name }}-more'}
{{- end }}
{{- if .Values.bad }}
---
apiVersion: nowhere/v1
kind: Nothing
metadata: {name: bad}
{{- end }}
""",
    "templates/NOTES.txt": "This is {{ .Release.Name }}.\n",
}


class Spec:
    """A folder with a chart and a spec, which are changed on the way, and a cluster."""

    def __init__(self, folder, run, demo):
        self.folder, self.run, self.demo = folder, run, demo
        for name, text in CHART.items():
            self.write(f"app/{name}", text)

    def write(self, name, text):
        write_files(self.folder, {name: text})

    def releases(self, *releases, more=""):
        """Each is flow YAML without braces."""
        lines = "".join(f"- {{{release}}}\n" for release in releases)
        self.write("helmfile.yaml", f"{more}releases:\n{lines or '[]'}")

    def __call__(self, *arguments, **options):
        return self.run(*arguments, *self.demo.options, cwd=self.folder, **options)

    def json(self, *arguments, **options):
        return json.loads(self(*arguments, "-o", "json", **options).stdout)

    def texts(self):
        return {item["metadata"]["name"]: item.get("data", {}).get("text")
                for _, item in self.demo.objects()
                if item["kind"] == "ConfigMap" and item["metadata"]["name"] != "kube-root-ca.crt"}


@pytest.fixture
def spec(run, demo, tmp_path):
    made = Spec(tmp_path / "spec", run, demo)
    made.releases("name: web, namespace: shop, chart: ./app, needs: [db]",
                  "name: db, namespace: shop, chart: ./app", "name: other, chart: ./app")
    return made
