"""What charts depend on: Chart.lock and charts/ as helm makes them, and charts of specs that are
completed in memory."""

import shutil
import tarfile

import pytest

import charts
from servers import chart_server, new_name, proxy  # noqa: F401

needs_helm = pytest.mark.skipif(not shutil.which("helm"), reason="helm is not installed")


@pytest.fixture
def url(chart_server):
    name = new_name()
    charts.write_repository(
        chart_server.folder / "www" / name,
        [(chart, version) for chart in ("web", "api") for version in ("1.2.0", "1.3.0", "2.0.0-rc.1")])
    return f"http://127.0.0.1:{chart_server.ports[0]}/{name}"


def metadata(url):
    return f"""\
dependencies:
- name: web
  version: ^1
  repository: {url}
  condition: web.enabled
  alias: front
- name: api
  version: ~1.2
  repository: "@r"
  tags: [a, "b<c>&"]
- name: near
  version: ">=0"
  repository: file://../near
- name: inner
  version: 1.x.x
"""


def write_parent(folder, url, text=None, files=None):
    charts.write_chart(folder / "near", "near", "0.3.0")
    return charts.write_chart(folder / "parent", "parent", "0.1.0",
                              metadata(url) if text is None else text,
                              {"charts/inner/Chart.yaml": "apiVersion: v2\nname: inner\nversion: 1.0.1\n",
                               **(files or {})})


@pytest.fixture
def known(home, url):
    """The repository is called "r" by helm."""
    config = home / ".config" / "helm"
    config.mkdir(parents=True)
    (config / "repositories.yaml").write_text(
        f'apiVersion: ""\ngenerated: "0001-01-01T00:00:00Z"\nrepositories:\n- name: r\n  url: {url}\n')


def lock(folder, name="Chart.lock"):
    return "".join(line for line in (folder / name).read_text().splitlines(keepends=True)
                   if not line.startswith("generated"))


def names(folder):
    return sorted(path.name for path in (folder / "charts").iterdir())


def test_update_fills_charts_and_writes_the_lock(run, tmp_path, url, known):
    parent = write_parent(tmp_path, url)
    result = run("chart", "dependency", "update", parent)
    assert names(parent) == ["api-1.2.0.tgz", "inner", "near-0.3.0.tgz", "web-1.3.0.tgz"]
    assert "Saving 4 charts" in result.stdout
    assert "  version: 1.3.0\n" in lock(parent) and "digest: sha256:" in lock(parent)
    with tarfile.open(parent / "charts" / "near-0.3.0.tgz") as tar:
        assert "near/Chart.yaml" in tar.getnames()
    before = (parent / "Chart.lock").read_text()
    run("chart", "dependency", "update", parent)
    assert (parent / "Chart.lock").read_text() == before  # nothing changed: it stays


@needs_helm
@pytest.mark.parametrize("version", ["v2", "v1"])
def test_helm_does_the_same(run, tmp_path, url, known, version):
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for folder in (ours, theirs):
        parent = write_parent(folder, url, "" if version == "v1" else None)
        if version == "v1":
            (parent / "Chart.yaml").write_text("apiVersion: v1\nname: parent\nversion: 0.1.0\n")
            (parent / "requirements.yaml").write_text(metadata(url))
    file = "Chart.lock" if version == "v2" else "requirements.lock"
    run("repo", "update", program="helm")
    for words in (["list"], ["update"], ["list"], ["build"], ["update", "--skip-refresh"]):
        got = run("chart", "dependency", *words, ".", cwd=ours / "parent")
        want = run("dependency", *words, ".", cwd=theirs / "parent", program="helm")
        assert got.stdout == want.stdout, words
        assert names(ours / "parent") == names(theirs / "parent")
        if (theirs / "parent" / file).exists():
            assert lock(ours / "parent", file) == lock(theirs / "parent", file)
    # each takes what the other made
    run("dependency", "build", ".", cwd=ours / "parent", program="helm")
    run("chart", "dependency", "build", ".", cwd=theirs / "parent")
    got = run("chart", "template", "x", ours / "parent")
    assert got.stdout == run("template", "x", theirs / "parent", program="helm").stdout


def test_build_takes_the_versions_of_the_lock(run, tmp_path, url, known, chart_server):
    parent = write_parent(tmp_path, url)
    run("chart", "dependency", "update", parent)
    charts.write_repository(chart_server.folder / "www" / url.rsplit("/", 1)[1],
                            [(c, v) for c in ("web", "api") for v in ("1.2.0", "1.3.0", "1.4.0")])
    for path in (parent / "charts").glob("*.tgz"):
        path.unlink()
    run("chart", "dependency", "build", parent)
    assert names(parent) == ["api-1.2.0.tgz", "inner", "near-0.3.0.tgz", "web-1.3.0.tgz"]
    run("chart", "dependency", "update", parent)
    assert "web-1.4.0.tgz" in names(parent) and "web-1.3.0.tgz" not in names(parent)


def test_a_lock_of_other_dependencies_is_refused(run, tmp_path, url, known):
    parent = write_parent(tmp_path, url)
    run("chart", "dependency", "update", parent)
    text = (parent / "Chart.yaml").read_text().replace("^1", '">=1.2"')
    (parent / "Chart.yaml").write_text(text)
    result = run("chart", "dependency", "build", parent, expect=1)
    assert "Chart.lock) is out of sync" in result.stderr


@pytest.mark.parametrize("text, message", [
    ("- name: web\n  version: ^9\n  repository: URL\n", 'no version satisfies "^9"'),
    ("- name: nope\n  version: ^1\n  repository: URL\n", 'has no chart "nope"'),
    ("- name: web\n  version: ^1\n  repository: '@nobody'\n", "no repository definition for @nobody"),
    ("- name: web\n  version: ^1\n  repository: stable\n", "no repository definition for stable"),
    ("- name: web\n  version: 'x.y.z.w'\n  repository: URL\n", "invalid version/constraint"),
    ("- name: web\n  version: ^1\n  repository: file://../nowhere\n", "not found"),
    ("- name: near\n  version: ^9\n  repository: file://../near\n", 'does not satisfy "^9"'),
    ("- name: absent\n  version: ^1\n", "not found"),
])
def test_what_cannot_be_had_is_one_error_and_changes_nothing(run, tmp_path, url, text, message):
    parent = write_parent(tmp_path, url, "dependencies:\n" + text.replace("URL", url))
    result = run("chart", "dependency", "update", parent, expect=1)
    assert message in result.stderr and result.stderr.count("error: ") == 1
    assert names(parent) == ["inner"] and not (parent / "Chart.lock").exists()


def test_a_repository_that_cannot_be_reached_is_not_said_to_have_sent_its_index(run, tmp_path, url):
    parent = write_parent(tmp_path, url, f"dependencies:\n- {{name: web, version: ^1, repository: '{url}'}}\n"
                                         "- {name: api, version: ^1, repository: 'http://127.0.0.1:1'}\n")
    said = run("chart", "dependency", "update", parent, expect=1).stdout
    assert f'...Successfully got an update from the "{url}" chart repository\n' in said
    assert '...Unable to get an update from the "http://127.0.0.1:1" chart repository:\n\tGET ' in said


@pytest.mark.parametrize("command", ["update", "build"])
def test_a_lock_that_is_a_link_is_not_written_to(run, tmp_path, url, known, command):
    """CVE-2025-53547"""
    parent = write_parent(tmp_path, url)
    victim = tmp_path / "victim"
    (parent / "Chart.lock").symlink_to(victim)
    result = run("chart", "dependency", command, parent, expect=1)
    assert "link" in result.stderr
    assert not victim.exists()
    victim.write_text("dependencies: []\ndigest: x\ngenerated: 2026-01-01T00:00:00Z\n")
    before = victim.read_text()
    run("chart", "dependency", "update", parent, expect=1)
    assert victim.read_text() == before


def test_names_that_lead_out_of_charts_are_refused(run, tmp_path, chart_server):
    """CVE-2024-25620"""
    name = new_name()
    folder = chart_server.folder / "www" / name
    charts.write_repository(folder, [("web", "1.0.0")])
    index = (folder / "index.yaml").read_text()
    url = f"http://127.0.0.1:{chart_server.ports[0]}/{name}"
    (folder / "index.yaml").write_text(index.replace('"web-1.0.0.tgz"', '"web-1.0.0.tgz?x=/..%2f..%2fy"')
                                       .replace("web-1.0.0.tgz?x", "..%2f..%2fweb.tgz?x"))
    parent = write_parent(tmp_path, url, f"dependencies:\n- name: web\n  version: ^1\n  repository: {url}\n")
    run("chart", "dependency", "update", parent, expect=1)
    assert names(parent) == ["inner"]


# ---- charts of specs

def write_spec(folder, url, more=""):
    path = folder / "helmfile.yaml"
    path.write_text(f"repositories:\n- name: r\n  url: {url}\nreleases:\n- name: a\n  chart: ./parent\n{more}")
    return path


def everything(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_local_chart_of_a_spec_is_completed_and_not_written_to(run, tmp_path, url):
    parent = write_parent(tmp_path, url)
    before = everything(parent)
    result = run("-f", write_spec(tmp_path, url), "template")
    for name, version in (("a-front", "1.3.0"), ("a-api", "1.2.0"), ("a-near", "0.3.0")):
        assert f"name: {name}\n" in result.stdout and f'version: "{version}"' in result.stdout
    assert everything(parent) == before
    assert run("-f", tmp_path / "helmfile.yaml", "--offline", "template").stdout == result.stdout


@pytest.mark.skipif(not shutil.which("helmfile"), reason="helmfile is not installed")
def test_helmfile_renders_the_same(run, tmp_path, url):
    write_parent(tmp_path, url)
    spec = write_spec(tmp_path, url)
    ours = run("-f", spec, "template")
    theirs = run("-f", spec, "template", program="helmfile", env={"HELMFILE_UPGRADE_NOTICE_DISABLED": "1"})
    assert ours.stdout == theirs.stdout


def test_the_lock_of_a_local_chart_counts(run, tmp_path, url, chart_server):
    parent = write_parent(tmp_path, url)
    spec = write_spec(tmp_path, url)
    config = tmp_path / "repos.yaml"
    config.write_text(f"repositories:\n- name: r\n  url: {url}\n")
    run("chart", "dependency", "update", parent, env={"HELM_REPOSITORY_CONFIG": str(config)})
    for path in (parent / "charts").glob("*.tgz"):
        path.unlink()
    charts.write_repository(chart_server.folder / "www" / url.rsplit("/", 1)[1],
                            [(c, v) for c in ("web", "api") for v in ("1.2.0", "1.3.0", "1.9.0")])
    assert 'version: "1.3.0"' in run("-f", spec, "template").stdout
    (parent / "Chart.lock").unlink()
    assert 'version: "1.9.0"' in run("-f", spec, "template").stdout


@pytest.mark.parametrize("how", ["--skip-deps", "skipDeps"])
def test_dependencies_are_not_fetched_if_it_is_said(run, tmp_path, url, how):
    write_parent(tmp_path, url)
    spec = write_spec(tmp_path, url, "  skipDeps: true\n" if how == "skipDeps" else "")
    words = [how] if how.startswith("--") else []
    result = run("-f", spec, *words, "template", expect=1)
    assert "missing in charts/ directory: web, api, near" in result.stderr


def test_what_is_in_charts_needs_no_network(run, tmp_path, chart_server, url, known):
    parent = write_parent(tmp_path, url)
    run("chart", "dependency", "update", parent)
    spec = write_spec(tmp_path, "http://127.0.0.1:1/")
    assert 'version: "1.3.0"' in run("-f", spec, "--offline", "template").stdout


# ---- pull

def test_pull_saves_the_archive_or_what_is_in_it(run, tmp_path, url, known):
    run("chart", "pull", "r/web", "--version", "^1", cwd=tmp_path)
    run("chart", "pull", "web", "--repo", url, "--version", "1.2.0", "-d", "sub", cwd=tmp_path)
    run("chart", "pull", f"{url}/api-1.2.0.tgz", "--untar", "--untardir", "in", cwd=tmp_path)
    assert sorted(p.name for p in tmp_path.glob("*.tgz")) == ["web-1.3.0.tgz"]
    assert (tmp_path / "sub" / "web-1.2.0.tgz").read_bytes() == charts.packed("web", "1.2.0")
    assert (tmp_path / "in" / "api" / "templates" / "map.yaml").exists()
    run("chart", "pull", "r/web", "--version", "^1", "--untar", cwd=tmp_path)
    assert "already" in run("chart", "pull", "r/web", "--untar", cwd=tmp_path, expect=1).stderr


@pytest.mark.parametrize("name", [".", "..", "../x", "a/b", ""])
def test_a_chart_whose_name_is_a_path_is_not_unpacked(run, tmp_path, name):
    """CVE-2026-35206"""
    data = charts.packed("web", "1.0.0", files={"Chart.yaml": f"apiVersion: v2\nname: {name!r}\nversion: 1.0.0\n"})
    with proxy(0, lambda *_: (200, [], data)) as port:
        result = run("chart", "pull", f"http://127.0.0.1:{port}/web-1.0.0.tgz", "--untar", "--untardir", "in",
                     cwd=tmp_path, expect=1)
    assert "name" in result.stderr
    assert not (tmp_path / "in").exists()


def test_provenance_is_saved_beside_the_archive(run, tmp_path, chart_server, url, known):
    folder = chart_server.folder / "www" / url.rsplit("/", 1)[1]
    assert "WARNING: Verification not found" in run("chart", "pull", "r/web", "--prov", cwd=tmp_path).stdout
    (folder / "web-1.3.0.tgz.prov").write_text("signed\n")
    run("chart", "pull", "r/web", "--prov", cwd=tmp_path)
    assert (tmp_path / "web-1.3.0.tgz.prov").read_text() == "signed\n"
