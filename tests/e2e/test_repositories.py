"""Charts from HTTP(S) repositories: a real nginx, and servers that misbehave."""

import hashlib
import os
import shutil
import time

import pytest

import charts
from conftest import SANITIZED, clean_environment
from servers import chart_server, new_name, proxy  # noqa: F401

SECRET = "tester-password"
VERSIONS = ["1.2.0", "1.10.0", "1.9.3", "2.0.0-rc.1", "0.3.1"]


@pytest.fixture
def repository(chart_server):
    """A fresh repository with a chart "web": its path below the server's root."""
    name = new_name()
    charts.write_repository(chart_server.folder / "www" / name,
                            [("web", version) for version in VERSIONS] + [("api", "3.0.0")])
    return name


@pytest.fixture
def private(chart_server):
    name = f"private/{new_name()}"
    charts.write_repository(chart_server.folder / "www" / name, [("web", "1.0.0")])
    return name


def http(server, path):
    return f"http://127.0.0.1:{server.ports[0]}/{path}"


def https(server, path):
    return f"https://127.0.0.1:{server.ports[1]}/{path}"


def write_spec(folder, url, releases, more=""):
    """releases: {name: (chart, version)}"""
    text = f"repositories:\n- name: r\n  url: {url}\n{more}releases:\n"
    for name, (chart, version) in releases.items():
        text += f"- name: {name}\n  chart: {chart}\n"
        text += f"  version: {version!r}\n" if version is not None else ""
    path = folder / "helmfile.yaml"
    path.write_text(text)
    return path


def asked(server, path):
    """What was asked of SERVER below PATH: [(path, status, Authorization)]."""
    time.sleep(0.05)  # nginx writes its log when the answer is out
    lines = (server.folder / "access.log").read_text().splitlines()
    found = [line.split(" ", 3) for line in lines]
    return [(p, int(status), let.strip('"')) for _, p, status, let in found
            if p.startswith(f"/{path}/")]


def versions(result):
    return [line.split('"')[1] for line in result.stdout.splitlines() if "version:" in line]


@pytest.mark.parametrize("constraint, want", [
    (None, "1.10.0"), ("", "1.10.0"), ("1.2.0", "1.2.0"), ("v1.2.0", "1.2.0"), ("^1", "1.10.0"),
    ("~1.9", "1.9.3"), (">=1, <1.10", "1.9.3"), ("1.x", "1.10.0"), ("0.3", "0.3.1"),
    (">=2.0.0-0", "2.0.0-rc.1"), ("0.1 - 1.2", "1.2.0"), ("<1 || >1.9.5", "1.10.0"),
])
def test_the_newest_version_that_satisfies_the_constraint_is_taken(run, tmp_path, chart_server,
                                                                   repository, constraint, want):
    spec = write_spec(tmp_path, http(chart_server, repository), {"a": ("r/web", constraint)})
    assert versions(run("-f", spec, "template")) == [want]


def test_devel_takes_pre_releases(run, tmp_path, chart_server, repository):
    spec = write_spec(tmp_path, http(chart_server, repository), {"a": ("r/web", None)})
    spec.write_text(spec.read_text() + "  devel: true\n")
    assert versions(run("-f", spec, "template")) == ["2.0.0-rc.1"]


def test_no_version_that_satisfies_lists_the_nearest(run, tmp_path, chart_server, repository):
    spec = write_spec(tmp_path, http(chart_server, repository), {"a": ("r/web", "~1.5")})
    result = run("-f", spec, "template", expect=1)
    assert 'no version satisfies "~1.5"' in result.stderr
    assert "hint: of 5, the nearest are " in result.stderr
    assert "helmfile.yaml:6:10" in result.stderr


def test_a_chart_that_is_not_there_is_named_with_its_index(run, tmp_path, chart_server, repository):
    spec = write_spec(tmp_path, http(chart_server, repository), {"a": ("r/wbe", None)})
    assert f'{repository}/index.yaml: has no chart "wbe"' in run("-f", spec, "template", expect=1).stderr


def test_releases_share_what_is_fetched(run, tmp_path, chart_server, repository):
    releases = {f"a{i}": ("r/web", "^1") for i in range(20)} | {"b": ("r/api", None)}
    spec = write_spec(tmp_path, http(chart_server, repository), releases)
    assert len(versions(run("-f", spec, "template"))) == 21
    assert sorted(path.rsplit("/", 1)[1] for path, _, _ in asked(chart_server, repository)) == [
        "api-3.0.0.tgz", "index.yaml", "web-1.10.0.tgz"]


def test_a_second_run_only_asks_whether_the_index_is_new(run, tmp_path, chart_server, repository):
    spec = write_spec(tmp_path, http(chart_server, repository), {"a": ("r/web", "^1")})
    first = run("-f", spec, "template")
    before = len(asked(chart_server, repository))
    assert run("-f", spec, "template").stdout == first.stdout
    assert [(p.rsplit("/", 1)[1], s) for p, s, _ in asked(chart_server, repository)[before:]] == [
        ("index.yaml", 304)]
    # what is new is seen
    charts.write_repository(chart_server.folder / "www" / repository, [("web", "1.11.0")])
    assert versions(run("-f", spec, "template")) == ["1.11.0"]


def test_offline_the_network_is_not_touched(run, tmp_path, chart_server, repository):
    spec = write_spec(tmp_path, http(chart_server, repository), {"a": ("r/web", "^1")})
    result = run("-f", spec, "--offline", "template", expect=1)
    assert "is not in the cache" in result.stderr
    assert asked(chart_server, repository) == []
    first = run("-f", spec, "template")
    before = len(asked(chart_server, repository))
    assert run("-f", spec, "--offline", "template").stdout == first.stdout
    assert run("-f", spec, "template", env={"RELFILE_OFFLINE": "true"}).stdout == first.stdout
    assert run("-f", spec, "--skip-refresh", "template").stdout == first.stdout
    assert len(asked(chart_server, repository)) == before


def test_processes_share_the_cache(relfile, tmp_path, chart_server, repository, home):
    import subprocess

    spec = write_spec(tmp_path, http(chart_server, repository), {"a": ("r/web", "^1"), "b": ("r/api", None)})
    runs = [subprocess.Popen([relfile, "-f", spec, "template"], env=clean_environment(home),
                             stdout=subprocess.PIPE) for _ in range(8)]
    texts = {r.communicate()[0] for r in runs}
    assert len(texts) == 1 and all(r.returncode == 0 for r in runs)
    fetched = [p for p, s, _ in asked(chart_server, repository) if p.endswith(".tgz")]
    assert sorted(fetched) == [f"/{repository}/api-3.0.0.tgz", f"/{repository}/web-1.10.0.tgz"]
    drafts = home / ".cache" / "relfile" / "drafts"
    assert list(drafts.iterdir()) == []


# ---- who is let in

@pytest.mark.parametrize("how", ["spec", "environment", "url"])
def test_the_user_of_a_repository_is_let_in(run, tmp_path, chart_server, private, how):
    url, more, env = http(chart_server, private), "", {}
    if how == "spec":
        more = f"  username: tester\n  password: {SECRET}\n"
    elif how == "environment":
        env = {"R_USERNAME": "tester", "R_PASSWORD": SECRET}
    else:
        url = url.replace("http://", f"http://tester:{SECRET}@")
    spec = write_spec(tmp_path, url, {"a": ("r/web", None)}, more)
    assert versions(run("-f", spec, "template", env=env)) == ["1.0.0"]


def test_who_is_not_let_in_is_told_without_the_password(run, tmp_path, chart_server, private):
    spec = write_spec(tmp_path, http(chart_server, private), {"a": ("r/web", None)})
    result = run("-f", spec, "template", expect=1)
    assert "HTTP status 401" in result.stderr and "no user and password" in result.stderr
    spec = write_spec(tmp_path, http(chart_server, private), {"a": ("r/web", None)},
                      "  username: tester\n  password: wrong-secret\n")
    result = run("-f", spec, "--debug", "template", expect=1)
    assert 'the user "tester"' in result.stderr
    assert "wrong-secret" not in result.stderr


def other_host(folder, name, version, entries):
    """A repository whose index names charts elsewhere."""
    charts.write_repository(folder, [(name, version)])
    charts.write_index(folder, entries)


@pytest.mark.parametrize("passed", [False, True])
def test_another_host_gets_credentials_only_if_it_is_said(run, tmp_path, chart_server, private, passed):
    """CVE-2021-32690"""
    seen = []

    def answer(_method, _path, headers, _forward):
        seen.append(headers.get("Authorization"))
        return 200, [], charts.packed("web", "1.0.0")

    with proxy(0, answer) as port:
        charts.write_repository(chart_server.folder / "www" / private, [("web", "1.0.0")],
                                url=f"http://127.0.0.1:{port}/")
        more = f"  username: tester\n  password: {SECRET}\n"
        more += "  passCredentials: true\n" if passed else ""
        spec = write_spec(tmp_path, http(chart_server, private), {"a": ("r/web", None)}, more)
        run("-f", spec, "template")
    assert [bool(let) for let in seen] == [passed]


def test_a_redirect_to_another_host_loses_the_credentials(run, tmp_path, chart_server, private):
    """CVE-2018-1000007, CVE-2022-27774"""
    seen = []

    def answer(_method, path, headers, _forward):
        seen.append(headers.get("Authorization"))
        return 302, [("Location", http(chart_server, path[1:]))], b""

    charts.write_repository(chart_server.folder / "www" / private, [("web", "1.0.0")])
    with proxy(0, answer) as port:
        spec = write_spec(tmp_path, f"http://127.0.0.1:{port}/{private}", {"a": ("r/web", None)},
                          f"  username: tester\n  password: {SECRET}\n  passCredentials: true\n")
        assert "HTTP status 401" in run("-f", spec, "template", expect=1).stderr
    assert seen[0]
    assert [let for _, _, let in asked(chart_server, private)] == ["-"]


# ---- TLS

def test_a_certificate_of_an_unknown_authority_is_refused(run, tmp_path, chart_server, repository):
    """CVE-2019-1010275"""
    url = https(chart_server, repository)
    spec = write_spec(tmp_path, url, {"a": ("r/web", "^1")})
    assert "certificate" in run("-f", spec, "template", expect=1).stderr
    spec = write_spec(tmp_path, url, {"a": ("r/web", "^1")},
                      f"  caFile: {chart_server.folder}/ca.pem\n")
    assert versions(run("-f", spec, "template")) == ["1.10.0"]
    shutil.copy(chart_server.folder / "ca.pem", tmp_path / "own.pem")
    spec = write_spec(tmp_path, url, {"a": ("r/web", "^1")}, "  caFile: own.pem\n")
    assert versions(run("-f", spec, "template")) == ["1.10.0"]


def test_a_certificate_need_not_be_checked_if_it_is_said(run, tmp_path, chart_server, repository):
    spec = write_spec(tmp_path, https(chart_server, repository), {"a": ("r/web", "^1")},
                      "  skipTLSVerify: true\n")
    assert versions(run("-f", spec, "template")) == ["1.10.0"]


def test_encryption_is_not_left_by_a_redirect(run, tmp_path, chart_server, repository):
    """CVE-2022-27776"""
    spec = write_spec(tmp_path, https(chart_server, f"moved/{repository}"), {"a": ("r/web", "^1")},
                      f"  caFile: {chart_server.folder}/ca.pem\n")
    assert "not encrypted" in run("-f", spec, "template", expect=1).stderr


# ---- servers that misbehave

def tiny(run, tmp_path, answer, expect=0, env=None, more=""):
    """One release of a chart from a server that answers as ANSWER says."""
    with proxy(0, answer) as port:
        spec = write_spec(tmp_path, f"http://127.0.0.1:{port}", {"a": ("r/web", None)}, more)
        return run("-f", spec, "template", expect=expect, env=env)


WEB = charts.packed("web", "1.0.0")


def index(url="web-1.0.0.tgz", digest=hashlib.sha256(WEB).hexdigest(), version="1.0.0"):
    return (f"apiVersion: v1\nentries:\n  web:\n  - name: web\n    version: {version}\n"
            f"    urls: [{url!r}]\n    digest: {digest!r}\n").encode()


def serve(index_text, chart=WEB):
    def answer(_method, path, _headers, _forward):
        return 200, [], index_text if path == "/index.yaml" else chart
    return answer


def test_a_chart_with_another_digest_is_refused_and_not_kept(run, tmp_path, home):
    result = tiny(run, tmp_path, serve(index(digest="0" * 64)), expect=1)
    assert f"its digest is {hashlib.sha256(WEB).hexdigest()}, not {'0' * 64}" in result.stderr
    blobs = [p for p in (home / ".cache" / "relfile" / "blobs").rglob("*") if p.is_file()]
    assert [p.name for p in blobs] == [hashlib.sha256(index(digest="0" * 64)).hexdigest()]


def test_a_busy_server_is_asked_again_when_it_says(run, tmp_path):
    times = []

    def answer(_method, path, _headers, _forward):
        times.append(time.monotonic())
        if len(times) == 1:
            return 429, [("Retry-After", "1")], b"slow down"
        if len(times) == 3:
            return 503, [], b"busy"
        return 200, [], index() if path == "/index.yaml" else WEB

    assert versions(tiny(run, tmp_path, answer)) == ["1.0.0"]
    assert len(times) == 4 and times[1] - times[0] >= 1


def test_a_download_that_is_cut_is_fetched_again(run, tmp_path):
    tries = []

    def answer(_method, path, _headers, _forward):
        if path == "/index.yaml":
            return 200, [], index()
        tries.append(path)
        return None if len(tries) < 3 else (200, [], WEB)

    assert versions(tiny(run, tmp_path, answer)) == ["1.0.0"]


LARGE = charts.packed("web", "1.0.0", files={"noise.bin": os.urandom(300000)})


def large_index():
    return index(digest=hashlib.sha256(LARGE).hexdigest())


def kept(home):
    """What the cache has of charts, whole or not."""
    files = (path for path in (home / ".cache" / "relfile").rglob("*") if path.is_file())
    return [path.name for path in files if path.stat().st_size > len(LARGE) // 8]


def test_a_download_that_breaks_off_goes_on_where_it_did(run, tmp_path, chart_server):  # noqa: F811
    """nginx is the server; only the connection is cut."""
    place = chart_server.folder / "www" / tmp_path.name
    place.mkdir()
    (place / "index.yaml").write_bytes(large_index())
    (place / "web-1.0.0.tgz").write_bytes(LARGE)
    ranges = []

    def cut(_method, path, headers, forward):
        said = forward()
        if path.endswith("index.yaml"):
            return said
        ranges.append(headers["Range"])
        return (*said, 100000) if len(said[2]) > 100000 else said

    with proxy(chart_server.ports[0], cut) as port:
        spec = write_spec(tmp_path, f"http://127.0.0.1:{port}/{tmp_path.name}", {"a": ("r/web", None)})
        assert versions(run("-f", spec, "template")) == ["1.0.0"]
    assert ranges == [None, "bytes=100000-", "bytes=200000-", "bytes=300000-"][:len(ranges)] and len(ranges) >= 3


@pytest.mark.parametrize("server", ["sends all again", "sends something else", "has a shorter one", "has none now"])
def test_what_another_try_is_sent_is_never_mixed_with_the_first(run, tmp_path, server):
    asked = []

    def answer(_method, path, headers, _forward):
        if path == "/index.yaml":
            return 200, [], large_index()
        asked.append((headers["Range"], headers["If-Range"]))
        if len(asked) == 1:
            return 200, [("ETag", '"one"')], bytes(200000) + LARGE, 100000
        if len(asked) == 2 and server == "sends something else":
            return 206, [("ETag", '"two"'), ("Content-Range", "bytes 100000-100001/2")], b"xx"
        if len(asked) == 2 and server == "has a shorter one":
            return 416, [], b""
        if len(asked) == 2 and server == "has none now":
            return 503, [("Retry-After", "0")], b"busy"
        return 200, [("ETag", '"two"')], LARGE

    assert versions(tiny(run, tmp_path, answer)) == ["1.0.0"]
    assert asked[:2] == [(None, None), ("bytes=100000-", '"one"')]
    assert len(asked) == (2 if server == "sends all again" else 3)


def test_without_a_mark_of_the_version_a_download_begins_anew(run, tmp_path):
    asked = []

    def answer(_method, path, headers, _forward):
        if path == "/index.yaml":
            return 200, [], large_index()
        asked.append(headers["Range"])
        return (200, [("ETag", 'W/"1"')], LARGE, 1000) if len(asked) < 3 else (200, [], LARGE)

    assert versions(tiny(run, tmp_path, answer)) == ["1.0.0"]
    assert asked == [None] * 3


def test_a_download_that_is_always_cut_is_refused_and_not_kept(run, tmp_path, home):
    def answer(_method, path, _headers, _forward):
        return (200, [], large_index()) if path == "/index.yaml" else (200, [], LARGE, len(LARGE) // 2)

    result = tiny(run, tmp_path, answer, expect=1)
    assert result.stderr.count("error:") == 1 and "web-1.0.0.tgz" in result.stderr
    assert not kept(home)


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 502, 503])
@pytest.mark.parametrize("path", ["/index.yaml", "/web-1.0.0.tgz"])
def test_a_refusal_is_one_clear_error(run, tmp_path, home, status, path):
    asked = []

    def answer(_method, wanted, _headers, _forward):
        if wanted != path:
            return 200, [], large_index()
        asked.append(wanted)
        return status, [("Retry-After", "0")], b"no \x1b[31mtoday"

    result = tiny(run, tmp_path, answer, expect=1)
    assert result.stderr.count("error:") == 1 and f"HTTP status {status}: no " in result.stderr
    assert path in result.stderr and "\x1b" not in result.stderr
    assert len(asked) == (5 if status in (429, 500, 502, 503) else 1)
    assert not kept(home)


@pytest.mark.parametrize("text, message", [
    (b"", "has no apiVersion"),
    (b"<html>hello</html>", "has no apiVersion"),
    (b"entries:\n  web: []\n", "has no apiVersion"),
    (b"apiVersion: v1\nentries: [a]\n", 'its "entries" is no map'),
    (b"apiVersion: v1\nentries:\n  web: 1\n", "are no list"),
    (b"apiVersion: v1\nentries:\n  web: []\n", "has no usable version"),
    (b"apiVersion: v1\nentries:\n  web:\n  - null\n  - name: web\n  - version: x\n    name: web\n", "has no usable version"),
    (b"apiVersion: v1\nentries:\n  web:\n  - name: [\n", "did not find expected"),
    (b"apiVersion: v1\nentries: {}\n", "has no chart"),
    (index(url="file:///etc/passwd"), "cannot be fetched"),
    (index(url="/etc/passwd", digest="12"), "no SHA-256"),
    (index().replace(b"digest: '", b"digest: 12 #"), "digest that is no text"),
    (b"apiVersion: v1\nentries:\n  web:\n  - {name: web, version: 1.0.0}\n", "has no downloadable URLs"),
    (b"apiVersion: v1\nentries:\n  web:\n  - {name: ../web, version: 1.0.0, urls: [a]}\n", "has no usable version"),
    (b"a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\n"
     b"d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e]\n"
     b"g: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f]\nentries: [*g,*g,*g,*g,*g,*g]\napiVersion: v1\n", "excessive aliasing"),
])
def test_an_index_that_is_none_is_one_clear_error(run, tmp_path, text, message):
    """CVE-2022-23525, CVE-2024-26147"""
    result = tiny(run, tmp_path, serve(text), expect=1)
    assert message in result.stderr
    assert result.stderr.count("error: ") == 1


@pytest.mark.parametrize("text", [
    b'{"apiVersion":"v1","entries":{"web":[{"name":"web","version":"1.0.0","urls":["web-1.0.0.tgz"]}]}}',
    b"---\napiVersion: v1\nentries: {web: [{name: web, version: 1.0.0, urls: [web-1.0.0.tgz]}]}\n",
    b"entries:\n    'web':\n      - name: web\n        version: 1.0.0\n        urls: [web-1.0.0.tgz]\napiVersion: v1\n",
    b"entries:\n  api:\n  - name: api\n    description: |\n      web:\n      - a\n  web:\n  -\n    name: web\n"
    b"    version: 1.0.0\n    urls:\n    - web-1.0.0.tgz\n# end\napiVersion: v1",
    b"x: &u [web-1.0.0.tgz]\napiVersion: v1\nentries:\n  web:\n  - name: web\n    version: 1.0.0\n    urls: *u\n",
    b"apiVersion: v1\r\nentries:\r\n  web:\r\n  - name: web\r\n    version: 1.0.0\r\n    urls:\r\n    - web-1.0.0.tgz\r\n",
])
def test_an_index_may_be_written_in_other_ways(run, tmp_path, text):
    assert versions(tiny(run, tmp_path, serve(text))) == ["1.0.0"]


@pytest.mark.parametrize("url", ["web-1.0.0.tgz", "./web-1.0.0.tgz", "/x/web-1.0.0.tgz", "../../a/web.tgz"])
def test_urls_in_an_index_may_be_relative(run, tmp_path, url):
    assert versions(tiny(run, tmp_path, serve(index(url=url)))) == ["1.0.0"]


def test_secrets_in_a_url_are_sent_and_not_shown(run, tmp_path):
    seen = []

    def answer(_method, path, _headers, _forward):
        seen.append(path)
        return (200, [], index()) if "index" in path else (404, [], b"")

    with proxy(0, answer) as port:
        spec = write_spec(tmp_path, f"http://127.0.0.1:{port}/c?token={SECRET}", {"a": ("r/web", None)})
        result = run("-f", spec, "--debug", "template", expect=1)
    assert seen == [f"/c/index.yaml?token={SECRET}", f"/c/web-1.0.0.tgz?token={SECRET}"]
    assert SECRET not in result.stderr


def test_a_chart_that_is_no_chart_is_told(run, tmp_path):
    junk = b"\x1f\x8b junk"
    result = tiny(run, tmp_path, serve(index(digest=hashlib.sha256(junk).hexdigest()), junk), expect=1)
    assert "helmfile.yaml:6:10" in result.stderr


# ---- beside helm

def test_repositories_that_helm_knows_are_known(run, tmp_path, home, chart_server, repository):
    config = home / ".config" / "helm"
    config.mkdir(parents=True)
    (config / "repositories.yaml").write_text(
        f"apiVersion: ''\nrepositories:\n- name: mine\n  url: {http(chart_server, repository)}\n")
    spec = write_spec(tmp_path, "http://127.0.0.1:1/", {"a": ("mine/web", "^1")})
    assert versions(run("-f", spec, "template")) == ["1.10.0"]
    moved = tmp_path / "repos.yaml"
    (config / "repositories.yaml").rename(moved)
    assert "repo mine not found" in run("-f", spec, "template", expect=1).stderr
    run("-f", spec, "template", env={"HELM_REPOSITORY_CONFIG": str(moved)})


@pytest.mark.skipif(not shutil.which("helmfile"), reason="helmfile is not installed")
@pytest.mark.parametrize("constraint", [None, "^1", "~1.9", "1.2.0", "v1.2.0", ">=2.0.0-0", "0.3", "*"])
def test_helmfile_takes_the_same_version(run, tmp_path, chart_server, repository, constraint):
    spec = write_spec(tmp_path, http(chart_server, repository), {"a": ("r/web", constraint)})
    ours = run("-f", spec, "template")
    theirs = run("-f", spec, "template", program="helmfile", env={"HELMFILE_UPGRADE_NOTICE_DISABLED": "1"})
    assert ours.stdout == theirs.stdout


# ---- size

def measured(relfile, home, *words):
    """CPU seconds of a run."""
    import subprocess

    process = subprocess.Popen([relfile, *map(str, words)], env=clean_environment(home), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_utime + usage.ru_stime


@pytest.mark.skipif(SANITIZED, reason="sanitizers take time of their own")
def test_a_large_index_takes_little_time(relfile, tmp_path, home, chart_server, repository):
    folder = chart_server.folder / "www" / repository
    spec = write_spec(tmp_path, http(chart_server, repository), {"a": ("r/web", "^1")})
    measured(relfile, home, "-f", spec, "template")
    small = measured(relfile, home, "-f", spec, "template")
    text = (folder / "index.yaml").read_text()
    words = "\n".join(f"    - some keyword that makes it long, number {n}" for n in range(26))
    more = "".join(
        f"  x{chart}:\n" + "".join(
            f"  - name: x{chart}\n    version: {n // 20}.{n % 20}.0\n    description: |\n      web:\n        - a\n"
            f"    keywords:\n{words}\n    urls:\n    - x.tgz\n" for n in range(130))
        for chart in range(150))
    (folder / "index.yaml").write_text(text.replace("entries:\n", "entries:\n" + more))
    assert (folder / "index.yaml").stat().st_size > 24 << 20
    measured(relfile, home, "-f", spec, "template")
    large = measured(relfile, home, "-f", spec, "template")
    assert large - small < 0.2
