"""deps, repos, fetch and cache: what a spec needs from elsewhere, written down and fetched ahead."""

import shutil

import pytest

import charts
from servers import chart_server, new_name  # noqa: F401

needs_helmfile = pytest.mark.skipif(not shutil.which("helmfile"), reason="helmfile is not installed")
QUIET = {"HELMFILE_UPGRADE_NOTICE_DISABLED": "1"}


@pytest.fixture
def place(chart_server):
    name = new_name()
    folder = chart_server.folder / "www" / name
    charts.write_repository(folder, [("web", "1.2.0"), ("web", "1.3.0"), ("api", "0.4.0")])
    return folder, f"http://127.0.0.1:{chart_server.ports[0]}/{name}"


def write_spec(folder, url, releases, more=""):
    text = f"repositories:\n- name: r\n  url: {url}\n{more}releases:\n"
    for name, (chart, version) in releases.items():
        text += f"- name: {name}\n  chart: {chart}\n  namespace: shop\n"
        text += f"  version: {version!r}\n" if version else ""
    path = folder / "helmfile.yaml"
    path.write_text(text)
    return path


def lines(path, *left_out):
    return [line for line in path.read_text().splitlines() if not line.startswith(left_out)]


def test_deps_writes_the_versions_down_and_they_count(run, tmp_path, place):
    folder, url = place
    spec = write_spec(tmp_path, url, {"a": ("r/web", "^1"), "b": ("r/web", "1.2.0"), "c": ("r/api", None)})
    run("-f", spec, "deps")
    lock = tmp_path / "helmfile.lock"
    assert [line.strip() for line in lines(lock) if "version" in line][1:] == [
        "version: 0.4.0", "version: 1.3.0", "version: 1.2.0"]
    charts.write_repository(folder, [("web", "1.2.0"), ("web", "1.3.0"), ("web", "1.9.0"), ("api", "0.4.0"),
                                     ("api", "0.5.0")])
    assert '"1.9.0"' not in run("-f", spec, "template").stdout
    assert "1.3.0" in run("-f", spec, "list").stdout
    before = lock.read_text()
    run("-f", spec, "deps")
    assert '"1.9.0"' in run("-f", spec, "template").stdout and lock.read_text() != before


def test_deps_changes_nothing_if_nothing_has_changed(run, tmp_path, place):
    spec = write_spec(tmp_path, place[1], {"a": ("r/web", "^1")})
    run("-f", spec, "deps")
    before = (tmp_path / "helmfile.lock").read_text()
    run("-f", spec, "deps")
    assert (tmp_path / "helmfile.lock").read_text() == before


@needs_helmfile
@pytest.mark.parametrize("releases", [
    {"a": ("r/web", "^1")},
    {"a": ("r/web", None)},
    {"a": ("r/web", "^1"), "b": ("r/web", "1.2.0"), "c": ("r/web", ">=1 <2")},
])
def test_helmfile_writes_the_same_lock(run, tmp_path, place, releases):
    spec = write_spec(tmp_path, place[1], releases)
    lock = tmp_path / "helmfile.lock"
    run("-f", spec, "deps")
    ours = lines(lock, "version", "generated")
    # each reads what the other wrote
    assert run("-f", spec, "template", program="helmfile", env=QUIET).stdout == run("-f", spec, "template").stdout
    lock.unlink()
    run("-f", spec, "deps", program="helmfile", env=QUIET)
    assert lines(lock, "version", "generated") == ours
    run("-f", spec, "template")


def test_a_constraint_that_the_lock_does_not_satisfy_is_an_error(run, tmp_path, place):
    spec = write_spec(tmp_path, place[1], {"a": ("r/web", "^1")})
    run("-f", spec, "deps")
    spec.write_text(spec.read_text().replace("^1", "^2"))
    result = run("-f", spec, "template", expect=1)
    assert "helmfile.lock has no version of \"web\"" in result.stderr and "relfile deps" in result.stderr


def test_a_chart_that_is_not_the_one_that_was_locked_is_refused(run, tmp_path, place, home):
    folder, url = place
    spec = write_spec(tmp_path, url, {"a": ("r/web", "^1")})
    run("-f", spec, "deps")
    other = charts.packed("web", "1.3.0", "description: other\n")
    index = (folder / "index.yaml").read_text()
    (folder / "web-1.3.0.tgz").write_bytes(other)
    (folder / "index.yaml").write_text("\n".join(l for l in index.splitlines() if "digest" not in l) + "\n")
    run("cache", "cleanup")
    result = run("-f", spec, "template", expect=1)
    assert "its digest is" in result.stderr


@pytest.mark.parametrize("text, message", [
    ("version: x\n", "its version"), ("- a\n", ""), ("dependencies: [1, null]\nversion: v1.0.0\n", "no version of"),
    ("{", ""),
])
def test_a_broken_lock_is_one_error(run, tmp_path, place, text, message):
    spec = write_spec(tmp_path, place[1], {"a": ("r/web", "^1")})
    (tmp_path / "helmfile.lock").write_text(text)
    result = run("-f", spec, "template", expect=1)
    assert message in result.stderr and result.stderr.count("error: ") == 1


def test_the_lock_may_be_elsewhere_and_is_not_written_through_a_link(run, tmp_path, place):
    spec = write_spec(tmp_path, place[1], {"a": ("r/web", "^1")}, "lockFilePath: locks/own.lock\n")
    run("-f", spec, "deps")
    assert (tmp_path / "locks" / "own.lock").exists() and not (tmp_path / "helmfile.lock").exists()
    (tmp_path / "locks" / "own.lock").rename(tmp_path / "victim")
    (tmp_path / "locks" / "own.lock").symlink_to(tmp_path / "victim")
    assert "link" in run("-f", spec, "deps", expect=1).stderr


def test_repos_says_which_repository_cannot_be_reached(run, tmp_path, place):
    spec = write_spec(tmp_path, place[1], {"a": ("r/web", "^1")})
    run("-f", spec, "repos")
    spec = write_spec(tmp_path, place[1] + "/nothing", {"a": ("r/web", "^1")})
    result = run("-f", spec, "repos", expect=1)
    assert "404" in result.stderr and "helmfile.yaml:2:" in result.stderr


def test_fetch_makes_runs_without_a_network_possible(run, tmp_path, place):
    spec = write_spec(tmp_path, place[1], {"a": ("r/web", "^1"), "b": ("r/api", None)})
    run("-f", spec, "fetch")
    assert run("-f", spec, "--offline", "template").stdout.count("kind: ConfigMap") == 2


def test_fetch_writes_charts_and_a_spec_that_uses_them(run, tmp_path, place):
    spec = write_spec(tmp_path, place[1], {"a": ("r/web", "^1")})
    want = run("-f", spec, "template").stdout
    result = run("-f", spec, "fetch", "--output-dir", "out", "--write-output", cwd=tmp_path)
    assert (tmp_path / "out" / "shop" / "a" / "r" / "web" / "^1" / "web" / "Chart.yaml").exists()
    (tmp_path / "local.yaml").write_text(result.stdout)
    assert run("-f", "local.yaml", "--offline", "template", cwd=tmp_path).stdout == want
    assert "--output-dir" in run("-f", spec, "fetch", "--write-output", expect=3).stderr


def test_the_cache_is_shown_and_emptied(run, tmp_path, place, home):
    assert run("cache", "info").stdout == f"Cache directory: {home}/.cache/relfile\n"
    spec = write_spec(tmp_path, place[1], {"a": ("r/web", "^1")})
    run("-f", spec, "template")
    shown = run("cache", "info").stdout
    assert f"- {place[1]}/index.yaml" in shown and f"- {place[1]}/web-1.3.0.tgz" in shown
    moved = run("cache", "info", env={"HELMFILE_CACHE_HOME": str(tmp_path / "x")}).stdout
    assert moved == f"Cache directory: {tmp_path}/x/relfile\n"
    run("cache", "cleanup")
    assert run("cache", "info").stdout == f"Cache directory: {home}/.cache/relfile\n"
