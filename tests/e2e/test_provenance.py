"""Charts from elsewhere that must prove who made them: --verify, `verify: true`, --prov. What is not
proved is refused, wherever a chart is fetched, and nothing of it is left."""

import hashlib
import shutil

import pytest

import charts
from servers import chart_server, new_name, registry_server  # noqa: F401
from signing import keys, write_signed  # noqa: F401
from test_registry import plain  # noqa: F401

needs_helm = pytest.mark.skipif(not shutil.which("helm"), reason="helm is not installed")

# What can be wrong, and what is said of it.
WRONG = {
    "no provenance file": "provenance",
    "another archive": "sha256 sum does not match",
    "another key": "signature",
    "changed text": "signature",
}


@pytest.fixture
def shelf(run, keys, chart_server):  # noqa: F811
    """A folder of the server with an index and web 1.2.0, signed by ada."""
    folder = chart_server.folder / "www" / new_name()
    write_signed(run, keys, folder, "web", "1.2.0")
    index(folder)
    return folder


def index(folder):
    charts.write_index(folder, {"web": [{
        "apiVersion": "v2", "name": "web", "version": "1.2.0", "urls": ["web-1.2.0.tgz"],
        "digest": hashlib.sha256((folder / "web-1.2.0.tgz").read_bytes()).hexdigest()}]})


def spoil(run, keys, folder, wrong):  # noqa: F811
    archive, text = folder / "web-1.2.0.tgz", folder / "web-1.2.0.tgz.prov"
    if wrong == "no provenance file":
        text.unlink()
    elif wrong == "another archive":
        archive.write_bytes(charts.packed("web", "1.2.0", "description: mine\n"))
        index(folder)
    elif wrong == "another key":
        write_signed(run, keys, folder, "web", "1.2.0", key="eve")
        index(folder)
    elif wrong == "changed text":
        text.write_text(text.read_text().replace("version: 1.2.0", "version: 1.2.1"))


def url_of(server, folder):
    return f"http://127.0.0.1:{server.ports[0]}/{folder.name}"


def commands(url, folder):
    """Each way to a chart of the repository at URL; the chart in FOLDER depends on it."""
    yield ["chart", "template", "web", "--repo", url]
    yield ["chart", "template", f"{url}/web-1.2.0.tgz"]
    yield ["chart", "show", "chart", "web", "--repo", url]
    yield ["chart", "pull", "web", "--repo", url, "-d", folder / "pulled"]
    yield ["chart", "pull", "web", "--repo", url, "--untar", "-d", folder / "unpacked"]
    yield ["chart", "dependency", "update", folder / "parent"]


def write_parent(folder, url):
    charts.write_chart(folder / "parent", "parent", "0.1.0",
                       f"dependencies:\n- {{name: web, version: ^1, repository: {url!r}}}\n")


def test_what_is_signed_is_taken(run, keys, shelf, chart_server, tmp_path):  # noqa: F811
    url = url_of(chart_server, shelf)
    write_parent(tmp_path, url)
    for command in commands(url, tmp_path):
        run(*command, "--verify", "--keyring", keys / "public.gpg")
    run("chart", "dependency", "build", tmp_path / "parent", "--verify", "--keyring", keys / "public.gpg")
    assert (tmp_path / "pulled" / "web-1.2.0.tgz.prov").exists()


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_not_proved_is_refused_everywhere(run, keys, shelf, chart_server, tmp_path, wrong):  # noqa: F811
    """CVE-2026-35205"""
    spoil(run, keys, shelf, wrong)
    url = url_of(chart_server, shelf)
    write_parent(tmp_path, url)
    for command in commands(url, tmp_path):
        run(*command, "--keyring", keys / "public.gpg")  # without --verify nobody asks
    for left in ("pulled", "unpacked", "parent/charts", "parent/Chart.lock"):
        path = tmp_path / left
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for command in commands(url, tmp_path):
        result = run(*command, "--verify", "--keyring", keys / "public.gpg", expect=None)
        assert result.code == 1 and WRONG[wrong] in result.stderr, command
        assert not result.stdout or "dependency" in command  # which tells of the index that it asked for
    assert not [path for path in ("pulled", "unpacked", "parent/charts", "parent/Chart.lock")
                if (tmp_path / path).exists()]


@needs_helm
def test_pull_says_what_helm_says(run, keys, shelf, chart_server, tmp_path):  # noqa: F811
    command = ["pull", "web", "--repo", url_of(chart_server, shelf), "--verify", "--keyring", keys / "public.gpg"]
    theirs = run(*command, "-d", tmp_path, program="helm")
    assert theirs.stdout == run("chart", *command, "-d", tmp_path).stdout


# ---- archives and folders that are here

def test_a_file_that_is_here_must_be_proved_as_well(run, keys, shelf):  # noqa: F811
    verify = ["--verify", "--keyring", keys / "public.gpg"]
    run("chart", "template", shelf / "web-1.2.0.tgz", *verify)
    unpacked = run("chart", "template", shelf / "source" / "web-1.2.0" / "web", *verify, expect=1)
    assert "unpacked charts cannot be verified" in unpacked.stderr
    (shelf / "web-1.2.0.tgz.prov").unlink()
    assert run("chart", "template", shelf / "web-1.2.0.tgz", *verify, expect=1).stdout == ""


# ---- registries

@pytest.mark.parametrize("wrong", [None, "no provenance file", "another key", "changed text"])
def test_the_provenance_of_a_registry_counts(run, keys, plain, tmp_path, wrong):  # noqa: F811
    write_signed(run, keys, tmp_path, "web", "1.2.0", key="eve" if wrong == "another key" else "ada")
    if wrong in ("no provenance file", "changed text"):
        spoil(run, keys, tmp_path, wrong)
    run("chart", "push", tmp_path / "web-1.2.0.tgz", plain.url, *plain.options)
    for more in ([], ["--version", "^1"]):
        result = run("chart", "pull", f"{plain.url}/web", "-d", tmp_path / "there", *more, "--verify",
                     "--keyring", keys / "public.gpg", *plain.options, expect=None)
        assert (result.code == 0) == (wrong is None), result.stderr
    assert (tmp_path / "there").exists() == (wrong is None)


def test_a_chart_that_is_named_by_its_digest_is_proved(run, keys, plain, tmp_path):  # noqa: F811
    write_signed(run, keys, tmp_path, "web", "1.2.0")
    pushed = run("chart", "push", tmp_path / "web-1.2.0.tgz", plain.url, *plain.options).stdout
    digest = next(line.split()[1] for line in pushed.splitlines() if line.startswith("Digest:"))
    for keyring, code in (("public.gpg", 0), ("other.gpg", 1)):
        run("chart", "template", f"{plain.url}/web@{digest}", "--verify", "--keyring", keys / keyring,
            *plain.options, expect=code)


# ---- specs

def write_spec(folder, url, release="", repository="", defaults=""):
    (folder / "helmfile.yaml").write_text(
        (f"helmDefaults:\n{defaults}" if defaults else "") +
        f"repositories:\n- name: r\n  url: {url}\n{repository}"
        f"releases:\n- name: one\n  chart: r/web\n{release}")
    return folder / "helmfile.yaml"


SAID = {
    "by the release": {"release": "  verify: true\n  keyring: KEYS\n"},
    "by a template of the release": {"release": "  verifyTemplate: '{{ true }}'\n  keyring: KEYS\n"},
    "by the repository": {"repository": "  verify: true\n  keyring: KEYS\n"},
    "for all releases": {"defaults": "  verify: true\n  keyring: KEYS\n"},
    "for all, and the repository has the keys": {"defaults": "  verify: true\n", "repository": "  keyring: KEYS\n"},
}


@pytest.mark.parametrize("said", SAID)
def test_a_spec_wants_proof(run, keys, shelf, chart_server, tmp_path, demo, said):  # noqa: F811
    shutil.copy(keys / "public.gpg", tmp_path / "trusted.gpg")
    spec = write_spec(tmp_path, url_of(chart_server, shelf),
                      **{where: text.replace("KEYS", "trusted.gpg") for where, text in SAID[said].items()})
    for command in ("template", "lint", "fetch", "deps"):
        run("-f", spec, command)
    run("-f", spec, "sync", *demo.options)
    shutil.copy(keys / "other.gpg", tmp_path / "trusted.gpg")
    for command in ("template", "lint", "fetch", "deps"):
        result = run("-f", spec, command, expect=None)
        assert result.code and "signature of web-1.2.0.tgz" in result.stderr, command
    assert run("-f", spec, "apply", *demo.options, expect=None).code


def test_a_release_may_do_without(run, keys, shelf, chart_server, tmp_path):  # noqa: F811
    spoil(run, keys, shelf, "no provenance file")
    spec = write_spec(tmp_path, url_of(chart_server, shelf), release="  verify: false\n",
                      repository="  verify: true\n", defaults="  verify: true\n")
    run("-f", spec, "template")


@pytest.mark.parametrize("chart, code", [("web-1.2.0.tgz", 0), ("source/web-1.2.0/web", 1)])
def test_charts_that_are_here_are_asked_too(run, keys, shelf, tmp_path, chart, code):  # noqa: F811
    spec = tmp_path / "helmfile.yaml"
    spec.write_text(f"releases:\n- name: one\n  chart: {shelf / chart}\n  verify: true\n"
                    f"  keyring: {keys}/public.gpg\n")
    result = run("-f", spec, "template", expect=None)
    assert bool(result.code) == bool(code), result.stderr


def test_arguments_for_helm_may_ask_for_it(run, keys, shelf, chart_server, tmp_path):  # noqa: F811
    spec = write_spec(tmp_path, url_of(chart_server, shelf))
    run("-f", spec, "template", "--args", f"--verify --keyring {keys}/public.gpg")
    run("-f", spec, "template", "--args", f"--verify --keyring {keys}/other.gpg", expect=None)


# ---- cosign, of what has no such signatures

def test_what_is_in_no_registry_has_no_signature_of_cosign(run, keys, shelf, chart_server, tmp_path):  # noqa: F811
    url = url_of(chart_server, shelf)
    write_parent(tmp_path, url)
    for command in [*commands(url, tmp_path), ["chart", "template", shelf / "web-1.2.0.tgz"]]:
        result = run(*command, "--cosign-key", keys / "word", expect=1)
        assert "only charts in registries have signatures of cosign" in result.stderr
    for place in ("release", "repository", "defaults"):
        spec = write_spec(tmp_path, url, **{place: "  cosignKey: cosign.pub\n"})
        assert run("-f", spec, "template", expect=None).code
