"""Charts in OCI registries: real ones (docker-registry), helm beside, and some that misbehave."""

import base64
import hashlib
import json
import os
import shutil
import stat
import subprocess
import urllib.request

import pytest

import charts
from servers import new_name, proxy, registry_server  # noqa: F401

PASSWORD = "tester-password"
LOGIN = base64.b64encode(f"tester:{PASSWORD}".encode()).decode()
CHART_TYPE = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
CONFIG_TYPE = "application/vnd.cncf.helm.config.v1+json"
MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"

needs_helm = pytest.mark.skipif(not shutil.which("helm"), reason="there is no helm")


class Registry:
    """One of the registries, as a test uses it."""

    def __init__(self, server, number):
        self.host = f"127.0.0.1:{server.ports[number]}"
        self.ca = server.folder / "ca.pem"
        self.plain = number == 0
        self.server = server
        self.path = new_name()

    @property
    def url(self):
        return f"oci://{self.host}/{self.path}"

    @property
    def options(self):
        return ["--plain-http"] if self.plain else ["--ca-file", self.ca]

    def ask(self, path, data=None, method="GET", headers=None):
        """Of the registry without TLS: (status, headers, body)."""
        request = urllib.request.Request(f"http://{self.host}{path}", data=data, method=method,
                                         headers=headers or {})
        with urllib.request.urlopen(request) as answer:
            return answer.status, dict(answer.headers), answer.read()

    def put_blob(self, name, data):
        _, headers, _ = self.ask(f"/v2/{name}/blobs/uploads/", b"", "POST")
        place = headers["Location"]
        place = place[place.index("/v2/"):]
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        self.ask(f"{place}&digest={digest}", data, "PUT",
                 {"Content-Type": "application/octet-stream"})
        return {"digest": digest, "size": len(data)}

    def put_manifest(self, name, tag, manifest, kind=MANIFEST_TYPE):
        data = manifest if isinstance(manifest, bytes) else json.dumps(manifest).encode()
        self.ask(f"/v2/{name}/manifests/{tag}", data, "PUT", {"Content-Type": kind})
        return "sha256:" + hashlib.sha256(data).hexdigest()

    def put_chart(self, name, version, **more):
        archive = charts.packed(name.rpartition("/")[2], version)
        config = json.dumps({"name": name.rpartition("/")[2], "version": version}).encode()
        manifest = {"schemaVersion": 2,
                    "config": {"mediaType": CONFIG_TYPE, **self.put_blob(name, config)},
                    "layers": [{"mediaType": CHART_TYPE, **self.put_blob(name, archive)}], **more}
        return self.put_manifest(name, version.replace("+", "_"), manifest)


@pytest.fixture
def plain(registry_server):  # noqa: F811
    return Registry(registry_server, 0)


@pytest.fixture(params=[1, 2], ids=["password", "token"])
def guarded(request, registry_server):  # noqa: F811
    return Registry(registry_server, request.param)


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "web-1.2.0.tgz"
    path.write_bytes(charts.packed("web", "1.2.0", "description: a chart\nhome: https://example.com\n"
                                   "sources: [https://example.com/src]\n"
                                   "maintainers: [{name: Ann, email: ann@example.com}, {name: Bob}]\n"
                                   "annotations: {team: shop, org.opencontainers.image.title: no}\n"
                                   "keywords: [a, <b>]\nappVersion: 1.0\n"))
    return path


def log_in(run, registry, *more, password=PASSWORD, **how):
    return run("chart", "registry", "login", registry.host, "-u", "tester", "--password-stdin",
               *registry.options, *more, stdin=password + "\n", **how)


def helm(run, *arguments, **how):
    return run(*arguments, program="helm", **how)


def digest_in(output):
    return next(line.split()[1] for line in output.splitlines() if line.startswith("Digest:"))


def nothing_written(folder, home):
    cache = home / ".cache" / "relfile"
    left = [path for path in cache.rglob("*") if path.is_file() and "locks" not in path.parts]
    assert not left and not list(folder.glob("*.tgz")), left


# ---- there and back

def test_what_is_pushed_can_be_pulled(run, plain, archive, tmp_path):
    pushed = run("chart", "push", archive, plain.url, *plain.options).stdout
    assert pushed.startswith(f"Pushed: {plain.host}/{plain.path}/web:1.2.0\nDigest: sha256:")
    there = tmp_path / "there"
    pulled = run("chart", "pull", f"{plain.url}/web", "-d", there, *plain.options).stdout
    assert digest_in(pulled) == digest_in(pushed)
    assert (there / "web-1.2.0.tgz").read_bytes() == archive.read_bytes()


def test_a_pulled_chart_can_be_unpacked_once(run, plain, archive, tmp_path):
    run("chart", "push", archive, plain.url, *plain.options)
    run("chart", "pull", f"{plain.url}/web", "--untar", "--untardir", "sub", *plain.options, cwd=tmp_path)
    assert (tmp_path / "sub" / "web" / "Chart.yaml").exists()
    again = run("chart", "pull", f"{plain.url}/web", "--untar", "--untardir", "sub", *plain.options,
                cwd=tmp_path, expect=None)
    assert again.code and "is there already" in again.stderr


@needs_helm
def test_helm_has_the_same_manifest(run, plain, archive):
    os.utime(archive, (1767225600, 1767225600))
    ours = run("chart", "push", archive, f"{plain.url}/ours", *plain.options).stdout
    theirs = helm(run, "push", archive, f"{plain.url}/theirs", "--plain-http").stdout
    assert digest_in(ours) == digest_in(theirs)


@needs_helm
def test_helm_pulls_what_relfile_pushes(run, guarded, archive, tmp_path):
    log_in(run, guarded)
    run("chart", "push", archive, guarded.url, *guarded.options)
    helm(run, "pull", f"{guarded.url}/web", "--ca-file", guarded.ca, cwd=tmp_path / "home")
    assert (tmp_path / "home" / "web-1.2.0.tgz").read_bytes() == archive.read_bytes()


@needs_helm
def test_relfile_pulls_what_helm_pushes(run, guarded, archive, tmp_path):
    helm(run, "registry", "login", guarded.host, "-u", "tester", "--password-stdin", "--ca-file",
         guarded.ca, stdin=PASSWORD)
    pushed = helm(run, "push", archive, guarded.url, "--ca-file", guarded.ca).stdout
    pulled = run("chart", "pull", f"{guarded.url}/web", "-d", "there", *guarded.options, cwd=tmp_path)
    assert digest_in(pulled.stdout) == digest_in(pushed)
    assert (tmp_path / "there" / "web-1.2.0.tgz").read_bytes() == archive.read_bytes()


def test_a_provenance_file_goes_with_the_chart(run, plain, archive, tmp_path):
    archive.with_name("web-1.2.0.tgz.prov").write_text("-----BEGIN PGP SIGNED MESSAGE-----\n")
    run("chart", "push", archive, plain.url, *plain.options)
    run("chart", "pull", f"{plain.url}/web", "--prov", "-d", tmp_path / "there", *plain.options)
    assert (tmp_path / "there" / "web-1.2.0.tgz.prov").read_text().startswith("-----BEGIN")


def test_that_a_chart_has_no_provenance_is_said(run, plain, archive, tmp_path):
    """--prov takes it along if it is there, as with helm; it is --verify that wants it."""
    run("chart", "push", archive, plain.url, *plain.options)
    said = run("chart", "pull", f"{plain.url}/web", "--prov", "-d", tmp_path / "there", *plain.options).stdout
    assert f"WARNING: Verification not found for {plain.url}/web: " in said and "has no provenance" in said
    assert [path.name for path in (tmp_path / "there").iterdir()] == ["web-1.2.0.tgz"]
    result = run("chart", "pull", f"{plain.url}/web", "--verify", "--keyring", "/dev/null", "-d", tmp_path / "here",
                 *plain.options, expect=None)
    assert result.code and not (tmp_path / "here").exists()


# ---- versions

VERSIONS = ["1.2.0", "1.10.0", "1.9.3", "2.0.0-rc.1", "0.3.1+build.5"]


@pytest.mark.parametrize("constraint, found", [
    (None, "1.10.0"), ("1.9.3", "1.9.3"), ("^1", "1.10.0"), ("~1.9", "1.9.3"), (">0-0", "2.0.0-rc.1"),
    ("<1", "0.3.1+build.5"), ("0.3.1+build.5", "0.3.1+build.5"), ("2.0.0-rc.1", "2.0.0-rc.1")])
def test_the_version_is_found_as_helm_finds_it(run, plain, tmp_path, constraint, found):
    for version in VERSIONS:
        plain.put_chart(f"{plain.path}/web", version)
    wanted = ["--version", constraint] if constraint else []
    run("chart", "pull", f"{plain.url}/web", *wanted, "-d", "ours", *plain.options, cwd=tmp_path)
    assert [path.name for path in (tmp_path / "ours").iterdir()] == [f"web-{found}.tgz"]
    if shutil.which("helm"):
        (tmp_path / "theirs").mkdir()
        helm(run, "pull", f"{plain.url}/web", *wanted, "--plain-http", "-d", "theirs", cwd=tmp_path)
        assert [path.name for path in (tmp_path / "theirs").iterdir()] == [f"web-{found}.tgz"]


def test_no_version_fits(run, plain, tmp_path):
    plain.put_chart(f"{plain.path}/web", "1.2.0")
    result = run("chart", "pull", f"{plain.url}/web", "--version", "^2", *plain.options, cwd=tmp_path,
                 expect=None)
    assert result.code and 'no version satisfies "^2"' in result.stderr and "1.2.0" in result.stderr


def test_a_chart_can_be_named_by_its_digest(run, plain, tmp_path):
    digest = plain.put_chart(f"{plain.path}/web", "1.2.0")
    plain.put_chart(f"{plain.path}/web", "1.3.0")
    run("chart", "pull", f"{plain.url}/web@{digest}", *plain.options, cwd=tmp_path)
    assert (tmp_path / "web-1.2.0.tgz").exists()


def test_a_tag_and_a_digest_must_mean_the_same(run, plain, tmp_path):
    digest = plain.put_chart(f"{plain.path}/web", "1.2.0")
    plain.put_chart(f"{plain.path}/web", "1.3.0")
    result = run("chart", "pull", f"{plain.url}/web:1.3.0@{digest}", *plain.options, cwd=tmp_path,
                 expect=None)
    assert result.code and "digest mismatch" in result.stderr


@pytest.mark.parametrize("reference", ["oci://", "oci://host", "oci://host/UPPER", "oci://host/a:tag:x",
                                       "oci://host/a@sha256:abc", "oci://ho st/a", "oci://host/../a",
                                       "oci://-host/a", "oci://host:x/a"])
def test_what_is_no_reference_is_refused(run, tmp_path, home, reference):
    result = run("chart", "pull", reference, "--version", "1.0.0", cwd=tmp_path, expect=None)
    assert result.code and result.stderr.count("error:") == 1
    nothing_written(tmp_path, home)


# ---- who we are

def test_a_login_is_kept_for_its_owner_alone(run, guarded, home):
    result = log_in(run, guarded)
    assert result.stdout == "Login Succeeded\n" and PASSWORD not in result.stderr
    file = home / ".config" / "helm" / "registry" / "config.json"
    assert json.loads(file.read_text())["auths"][guarded.host]["auth"] == LOGIN
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    run("chart", "registry", "logout", guarded.host)
    assert json.loads(file.read_text())["auths"] == {}


def test_a_wrong_password_is_not_kept(run, guarded, home):
    result = log_in(run, guarded, password="wrong", expect=None)
    assert result.code and "wrong" in result.stderr or "401" in result.stderr
    assert not (home / ".config").exists()


def test_without_a_login_the_way_to_one_is_told(run, guarded, archive, tmp_path):
    result = run("chart", "pull", f"{guarded.url}/web", "--version", "1.0.0", *guarded.options, cwd=tmp_path,
                 expect=None)
    assert result.code and f"relfile chart registry login {guarded.host}" in result.stderr


def push_as_tester(run, registry, archive):
    return run("chart", "push", archive, registry.url, *registry.options, "--username", "tester",
               "--password", PASSWORD)


@pytest.mark.parametrize("form", ["auth", "plain", "url"])
def test_logins_of_docker_count(run, guarded, archive, tmp_path, home, form):
    push_as_tester(run, guarded, archive)
    entry = {"username": "tester", "password": PASSWORD} if form == "plain" else {"auth": LOGIN}
    key = f"https://{guarded.host}/v1/" if form == "url" else guarded.host
    folder = home / ".docker"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"auths": {key: entry}}))
    run("chart", "pull", f"{guarded.url}/web", *guarded.options, cwd=tmp_path / "home")
    moved = tmp_path / "elsewhere"
    folder.rename(moved)
    run("chart", "pull", f"{guarded.url}/web", *guarded.options, cwd=tmp_path,
        env={"DOCKER_CONFIG": str(moved)})


HELPER = """#!/bin/sh
echo "$1" >>"$HOME/asked"
case $1 in
get) [ "$(cat)" = "%s" ] && echo '{"ServerURL":"x","Username":"tester","Secret":"%s"}' ||
    { echo "credentials not found in native keychain"; exit 1; } ;;
*) cat >"$HOME/told" ;;
esac
"""


@pytest.mark.parametrize("kind", ["credHelpers", "credsStore"])
def test_programs_that_keep_secrets_are_asked(run, guarded, archive, tmp_path, home, kind):
    push_as_tester(run, guarded, archive)
    program = tmp_path / "bin" / "docker-credential-vault"
    program.parent.mkdir()
    program.write_text(HELPER % (guarded.host, PASSWORD))
    program.chmod(0o755)
    (home / ".docker").mkdir()
    config = {"credsStore": "vault"} if kind == "credsStore" else {"credHelpers": {guarded.host: "vault"}}
    (home / ".docker" / "config.json").write_text(json.dumps(config))
    path = {"PATH": f"{program.parent}:{os.environ['PATH']}"}
    run("chart", "pull", f"{guarded.url}/web", *guarded.options, cwd=tmp_path / "home", env=path)
    assert "get" in (home / "asked").read_text()


def test_a_login_goes_to_the_program_that_is_set_up(run, guarded, tmp_path, home):
    program = tmp_path / "bin" / "docker-credential-vault"
    program.parent.mkdir()
    program.write_text(HELPER % (guarded.host, PASSWORD))
    program.chmod(0o755)
    config = tmp_path / "config.json"
    config.write_text('{"credsStore": "vault", "other": 1}')
    log_in(run, guarded, "--registry-config", config,
           env={"PATH": f"{program.parent}:{os.environ['PATH']}"})
    assert json.loads((home / "told").read_text())["Secret"] == PASSWORD
    assert PASSWORD not in config.read_text() and json.loads(config.read_text())["other"] == 1


def test_an_identity_token_is_exchanged(run, registry_server, archive, tmp_path, home):  # noqa: F811
    registry = Registry(registry_server, 2)
    push_as_tester(run, registry, archive)
    (home / ".docker").mkdir()
    (home / ".docker" / "config.json").write_text(json.dumps(
        {"auths": {registry.host: {"auth": "", "identitytoken": f"refresh-{PASSWORD}"}}}))
    run("chart", "pull", f"{registry.url}/web", *registry.options, cwd=tmp_path / "home")


def test_what_is_public_needs_no_login(run, registry_server, archive, tmp_path):  # noqa: F811
    registry = Registry(registry_server, 2)
    registry.path = f"public/{registry.path}"
    push_as_tester(run, registry, archive)
    run("chart", "pull", f"{registry.url}/web", *registry.options, cwd=tmp_path / "home")


def test_a_certificate_nobody_vouches_for_is_refused(run, guarded, tmp_path):
    result = run("chart", "pull", f"{guarded.url}/web", cwd=tmp_path, expect=None)
    assert result.code and "certificate" in result.stderr
    again = run("chart", "pull", f"{guarded.url}/web", "--insecure-skip-tls-verify", cwd=tmp_path,
                expect=None)
    assert "401" in again.stderr


# ---- registries that misbehave

def refused(run, url, folder, home, words):
    """Neither the folder nor the cache has anything of what is pulled."""
    result = run("chart", "pull", *url, "--plain-http", cwd=folder, expect=None)
    assert result.code and words in result.stderr
    nothing_written(folder, home)


def behind(plain, fault):
    """A registry before PLAIN, whose answers FAULT changes."""
    return proxy(int(plain.host.rpartition(":")[2]), fault)


def pull_through(run, plain, fault, folder, *more, **how):
    with behind(plain, fault) as port:
        return run("chart", "pull", f"oci://127.0.0.1:{port}/{plain.path}/web", "--version", "1.2.0",
                   "--plain-http", *more, cwd=folder, **{"expect": None, **how})


@pytest.mark.parametrize("realm", ["https://thief.example/token", "http://127.0.0.2:1/token",
                                   "https://u:p@127.0.0.1:1/token", "file:///etc/passwd"])
def test_a_registry_cannot_send_our_password_to_another_host(run, plain, tmp_path, realm):
    """CVE-2026-48978"""
    def fault(method, path, headers, forward):
        return 401, [("WWW-Authenticate", f'Bearer realm="{realm}",service="x"')], b""

    result = pull_through(run, plain, fault, tmp_path, "--username", "tester", "--password", PASSWORD)
    assert result.code and "sends us" in result.stderr and PASSWORD not in result.stderr


def test_a_token_service_elsewhere_can_be_trusted(run, plain, tmp_path):
    plain.put_chart(f"{plain.path}/web", "1.2.0")

    def token(method, path, headers, forward):
        assert headers["Authorization"] == f"Basic {LOGIN}"
        return 200, [], b'{"access_token": "let-me-in"}'

    with proxy(1, token) as port:
        def fault(method, path, headers, forward):
            if headers.get("Authorization") == "Bearer let-me-in":
                return forward()
            return 401, [("WWW-Authenticate", f'Bearer realm="http://localhost:{port}/t",service="x"')], b""

        login = ["--username", "tester", "--password", PASSWORD]
        assert "another host" in pull_through(run, plain, fault, tmp_path, *login).stderr
        pull_through(run, plain, fault, tmp_path, *login, expect=0, env={"RELFILE_TOKEN_HOSTS": "a,localhost"})


def test_credentials_do_not_follow_a_redirect_to_another_host(run, plain, tmp_path):
    """GHSA-vh4v-2xq2-g5cg"""
    plain.put_chart(f"{plain.path}/web", "1.2.0")
    seen = []

    def other(method, path, headers, forward):
        seen.append(headers.get("Authorization"))
        return forward()

    with behind(plain, other) as elsewhere:
        def fault(method, path, headers, forward):
            if headers.get("Authorization") != f"Basic {LOGIN}":
                return 401, [("WWW-Authenticate", 'Basic realm="x"')], b""
            if "/blobs/" in path:
                return 307, [("Location", f"http://127.0.0.1:{elsewhere}{path}")], b""
            return forward()

        pull_through(run, plain, fault, tmp_path, "--username", "tester", "--password", PASSWORD, expect=0)
    assert seen == [None, None]


def test_an_upload_is_not_sent_to_another_host(run, plain, archive):
    """CVE-2026-50151"""
    def fault(method, path, headers, forward):
        if method == "POST":
            return 202, [("Location", "http://127.0.0.2:1/v2/x/blobs/uploads/1")], b""
        return forward()

    with behind(plain, fault) as port:
        result = run("chart", "push", archive, f"oci://127.0.0.1:{port}/x", "--plain-http", expect=None)
    assert result.code and "another server" in result.stderr


def changed_blob(change):
    def fault(method, path, headers, forward):
        status, answer, body = forward()
        return (status, answer, change(body)) if "/blobs/" in path else (status, answer, body)

    return fault


@pytest.mark.parametrize("change", [lambda body: body[:-1], lambda body: body + b"x",
                                    lambda body: bytes([body[0] ^ 1]) + body[1:], lambda body: b""],
                         ids=["cut off", "longer", "changed", "empty"])
def test_a_blob_that_is_not_what_was_announced_is_refused(run, plain, tmp_path, home, change):
    plain.put_chart(f"{plain.path}/web", "1.2.0")
    result = pull_through(run, plain, changed_blob(change), tmp_path)
    assert result.code and result.stderr.count("error:") == 1
    nothing_written(tmp_path, home)


def test_a_manifest_that_is_not_what_was_asked_for_is_refused(run, plain, tmp_path, home):
    digest = plain.put_chart(f"{plain.path}/web", "1.2.0")
    plain.put_chart(f"{plain.path}/web", "1.3.0")

    def fault(method, path, headers, forward):
        if "/manifests/" not in path:
            return forward()
        return plain.ask(f"/v2/{plain.path}/web/manifests/1.3.0", headers={"Accept": MANIFEST_TYPE})[0], [], \
            plain.ask(f"/v2/{plain.path}/web/manifests/1.3.0", headers={"Accept": MANIFEST_TYPE})[2]

    with behind(plain, fault) as port:
        refused(run, [f"oci://127.0.0.1:{port}/{plain.path}/web@{digest}"], tmp_path, home, "digest mismatch")


def test_a_connection_that_breaks_is_tried_again(run, plain, tmp_path):
    plain.put_chart(f"{plain.path}/web", "1.2.0")
    broken = []

    def fault(method, path, headers, forward):
        if "/blobs/" in path and len(broken) < 2:
            broken.append(path)
            return None
        return forward()

    pull_through(run, plain, fault, tmp_path, expect=0)
    assert len(broken) == 2


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_registry_that_is_busy_is_asked_again_when_it_says(run, plain, tmp_path, status):
    plain.put_chart(f"{plain.path}/web", "1.2.0")
    refused = []

    def fault(method, path, headers, forward):
        if "/manifests/" in path and not refused:
            refused.append(path)
            return status, [("Retry-After", "1")], b""
        return forward()

    pull_through(run, plain, fault, tmp_path, expect=0)
    assert refused


@pytest.mark.parametrize("status, code, words", [
    (401, "UNAUTHORIZED", "log in"), (403, "DENIED", "may not"), (404, "MANIFEST_UNKNOWN", "gone away")])
def test_a_refusal_is_told_in_the_registrys_words(run, plain, tmp_path, home, status, code, words):
    body = json.dumps({"errors": [{"code": code, "message": "gone away\x1b[31m"}]}).encode()
    result = pull_through(run, plain, lambda *_: (status, [], body), tmp_path)
    assert result.code and str(status) in result.stderr and words in result.stderr
    assert "gone away" in result.stderr and "\x1b" not in result.stderr
    nothing_written(tmp_path, home)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"null", b"{\"config\": 1}", b"\xff\xfe", b"[" * 100000,
                                  b'{"config":{"digest":"sha256:1","size":1}}', b"<html>",
                                  b'{"config":{"digest":"../../x","size":1},"layers":[]}',
                                  b'{"manifests":[' + b",".join(
                                      [b'{"digest":"sha256:%064d","size":1}' % n for n in range(2000)]) + b"]}",
                                  b" " * (5 << 20)],
                         ids=lambda body: body[:20].decode("latin-1"))
def test_what_is_no_manifest_is_refused(run, plain, tmp_path, home, body):
    result = pull_through(run, plain, lambda *_: (200, [], body), tmp_path)
    assert result.code and result.stderr.count("error:") == 1
    nothing_written(tmp_path, home)


def test_a_blob_larger_than_any_chart_is_not_fetched(run, plain, tmp_path):
    """CVE-2024-29893"""
    name = f"{plain.path}/web"
    config = plain.put_blob(name, b"{}")
    manifest = json.dumps({"schemaVersion": 2, "config": {"mediaType": CONFIG_TYPE, **config}, "layers": [
        {"mediaType": CHART_TYPE, "digest": "sha256:" + "0" * 64, "size": 10**12}]}).encode()

    def fault(method, path, headers, forward):
        return (200, [], manifest) if "/manifests/" in path else forward()

    result = pull_through(run, plain, fault, tmp_path)
    assert result.code and "bytes, more than" in result.stderr


def test_what_is_no_chart_is_refused(run, plain, tmp_path, home):
    name = f"{plain.path}/web"
    config = {"mediaType": "application/vnd.docker.container.image.v1+json", **plain.put_blob(name, b"{}")}
    plain.put_manifest(name, "1.2.0", {"schemaVersion": 2, "config": config, "layers": []})
    refused(run, [f"{plain.url}/web", "--version", "1.2.0"], tmp_path, home, "is no chart")


def test_tags_in_pages_are_all_seen(run, plain, tmp_path):
    plain.put_chart(f"{plain.path}/web", "1.2.0")
    asked = []

    def fault(method, path, headers, forward):
        if "/tags/list" not in path:
            return forward()
        asked.append(path)
        if "last=" not in path:
            return 200, [("Link", f'<{path}?n=1&last=0.1.0>; rel="next"')], b'{"tags": ["0.1.0", "latest"]}'
        return 200, [], b'{"tags": ["1.2.0"]}'

    with behind(plain, fault) as port:
        run("chart", "pull", f"oci://127.0.0.1:{port}/{plain.path}/web", "--plain-http", cwd=tmp_path)
    assert (tmp_path / "web-1.2.0.tgz").exists() and len(asked) >= 2


@pytest.mark.parametrize("link", ["http://127.0.0.2:1/v2/x/tags/list", "//127.0.0.2/x", "https://127.0.0.1:1/"])
def test_pages_of_another_server_are_not_asked_for(run, plain, tmp_path, link):
    def fault(method, path, headers, forward):
        return 200, [("Link", f'<{link}>; rel="next"')], b'{"tags": []}'

    with behind(plain, fault) as port:
        result = run("chart", "pull", f"oci://127.0.0.1:{port}/x/web", "--plain-http", cwd=tmp_path, expect=None)
    assert result.code and ("another server" in result.stderr or "no place" in result.stderr)


# ---- signatures of cosign

@pytest.fixture
def keys(tmp_path):
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    for name in ("good", "other"):
        subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out",
                        tmp_path / f"{name}.key"], check=True)
        subprocess.run(["openssl", "ec", "-in", tmp_path / f"{name}.key", "-pubout", "-out",
                        tmp_path / f"{name}.pub"], check=True, capture_output=True)
    return tmp_path


def sign(registry, name, digest, key, said=None):
    payload = json.dumps({"critical": {"identity": {"docker-reference": name},
                                       "image": {"docker-manifest-digest": said or digest},
                                       "type": "cosign container image signature"}, "optional": None}).encode()
    made = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=payload, check=True,
                          capture_output=True).stdout
    layer = {"mediaType": "application/vnd.dev.cosign.simplesigning.v1+json", **registry.put_blob(name, payload),
             "annotations": {"dev.cosignproject.cosign/signature": base64.b64encode(made).decode()}}
    config = {"mediaType": "application/vnd.oci.image.config.v1+json", **registry.put_blob(name, b"{}")}
    registry.put_manifest(name, digest.replace(":", "-") + ".sig",
                          {"schemaVersion": 2, "config": config, "layers": [layer]})


def pull_signed(run, registry, folder, key, **how):
    return run("chart", "pull", f"{registry.url}/web", "--cosign-key", key, *registry.options, cwd=folder, **how)


def test_a_chart_that_is_signed_is_taken(run, plain, keys):
    digest = plain.put_chart(f"{plain.path}/web", "1.2.0")
    sign(plain, f"{plain.path}/web", digest, keys / "good.key")
    pull_signed(run, plain, keys, keys / "good.pub")
    assert (keys / "web-1.2.0.tgz").exists()


@pytest.mark.parametrize("case", ["unsigned", "another key", "another chart", "no key", "taken before"])
def test_a_chart_that_is_not_signed_is_refused(run, plain, keys, case):
    """CVE-2022-35929, CVE-2026-22703, CVE-2026-24122, CVE-2026-39395"""
    name = f"{plain.path}/web"
    digest = plain.put_chart(name, "1.2.0")
    if case in ("another key", "no key"):
        sign(plain, name, digest, keys / "other.key")
    if case == "another chart":
        sign(plain, name, digest, keys / "good.key", said="sha256:" + "0" * 64)
    if case == "taken before":
        run("chart", "pull", f"{plain.url}/web", "-d", "before", *plain.options, cwd=keys)
    key = keys / ("good.key" if case == "no key" else "good.pub")
    result = pull_signed(run, plain, keys, key, expect=None)
    assert result.code and not (keys / "web-1.2.0.tgz").exists()


@pytest.mark.parametrize("place", ["release", "repository", "defaults"])
@pytest.mark.parametrize("signer, code", [("good", 0), ("other", 1), (None, 1)])
def test_a_spec_wants_charts_that_are_signed(run, plain, keys, place, signer, code):
    name = f"{plain.path}/web"
    digest = plain.put_chart(name, "1.2.0")
    if signer:
        sign(plain, name, digest, keys / f"{signer}.key")
    said = {where: "  cosignKey: good.pub\n" if where == place else "" for where in ("release", "repository", "defaults")}
    spec = keys / "helmfile.yaml"
    spec.write_text((f"helmDefaults:\n{said['defaults']}" if said["defaults"] else "") +
                    f"repositories:\n- name: team\n  url: {plain.host}/{plain.path}\n  oci: true\n  plainHttp: true\n"
                    f"{said['repository']}releases:\n- name: one\n  chart: team/web\n{said['release']}")
    result = run("-f", spec, "template", expect=None)
    assert bool(result.code) == bool(code), result.stderr
    assert not code or "signature" in result.stderr


# ---- what charts depend on

def write_parent(folder, registry, version="^1"):
    return charts.write_chart(folder / "parent", "parent", "0.1.0",
                              f"dependencies:\n- {{name: web, version: '{version}', repository: '{registry.url}'}}\n")


def test_dependencies_come_from_registries(run, guarded, archive, tmp_path, home):
    push_as_tester(run, guarded, archive)
    parent = write_parent(tmp_path, guarded)
    shutil.rmtree(home / ".config", ignore_errors=True)
    refused = run("chart", "dependency", "update", parent, *guarded.options, expect=1)
    assert "401" in refused.stderr and not (parent / "charts").exists()
    log_in(run, guarded)
    run("chart", "dependency", "update", parent, *guarded.options)
    assert (parent / "charts" / "web-1.2.0.tgz").read_bytes() == archive.read_bytes()
    shutil.rmtree(parent / "charts")
    run("chart", "dependency", "build", parent, *guarded.options)
    run("chart", "dependency", "build", parent, *guarded.options, "--offline")
    assert 'version: "1.2.0"' in run("chart", "template", parent).stdout


@needs_helm
def test_helm_has_the_same_lock_of_dependencies_in_registries(run, plain, archive, tmp_path):
    run("chart", "push", archive, plain.url, *plain.options)
    locks = []
    for who in ("ours", "theirs"):
        parent = write_parent(tmp_path / who, plain)
        if who == "ours":
            run("chart", "dependency", "update", parent, *plain.options)
        else:
            helm(run, "dependency", "update", parent, "--plain-http")
        locks.append([line for line in (parent / "Chart.lock").read_text().splitlines() if "generated" not in line])
    assert locks[0] == locks[1]


def test_a_dependency_that_must_be_signed_is(run, plain, keys):
    name = f"{plain.path}/web"
    digest = plain.put_chart(name, "1.2.0")
    parent = write_parent(keys, plain)
    update = ["chart", "dependency", "update", parent, *plain.options, "--cosign-key", keys / "good.pub"]
    assert "signature" in run(*update, expect=1).stderr
    assert not (parent / "charts").exists()
    sign(plain, name, digest, keys / "good.key")
    run(*update)


# ---- in specs

SPEC = """\
repositories:
- name: team
  url: {host}/{path}
  oci: true
  {access}
releases:
- name: one
  chart: team/web
  version: ^1
- name: two
  chart: team/web
  version: 1.2.0
"""


def write_spec(folder, registry, access):
    spec = folder / "helmfile.yaml"
    spec.write_text(SPEC.format(host=registry.host, path=registry.path, access=access))
    return spec


def test_a_spec_takes_charts_from_registries(run, plain, tmp_path):
    for version in ("1.2.0", "1.3.0", "2.0.0"):
        plain.put_chart(f"{plain.path}/web", version)
    spec = write_spec(tmp_path, plain, "plainHttp: true")
    out = run("-f", spec, "template").stdout
    assert 'version: "1.3.0"' in out and 'version: "1.2.0"' in out and "2.0.0" not in out


def test_latest_is_no_version(run, plain, tmp_path):
    spec = tmp_path / "helmfile.yaml"
    spec.write_text(f"releases:\n- name: a\n  chart: {plain.url}/web\n  version: latest\n")
    result = run("-f", spec, "template", expect=None)
    assert result.code and "semver compliant" in result.stderr and "helmfile.yaml:3:10" in result.stderr


def test_a_spec_logs_in(run, guarded, tmp_path):
    archive = tmp_path / "web-1.2.0.tgz"
    archive.write_bytes(charts.packed("web", "1.2.0"))
    push_as_tester(run, guarded, archive)
    spec = write_spec(tmp_path, guarded, f"caFile: {guarded.ca}")
    run("-f", spec, "template", env={"TEAM_USERNAME": "tester", "TEAM_PASSWORD": PASSWORD})
    result = run("-f", spec, "template", expect=None, env={"RELFILE_CACHE_HOME": str(tmp_path / "empty")})
    assert result.code and "401" in result.stderr


def test_what_is_in_the_cache_needs_no_registry(run, plain, tmp_path):
    plain.put_chart(f"{plain.path}/web", "1.2.0")
    spec = tmp_path / "helmfile.yaml"
    spec.write_text(f"repositories: [{{name: t, url: {plain.host}/{plain.path}, oci: true, plainHttp: true}}]\n"
                    "releases:\n- name: a\n  chart: t/web\n  version: 1.2.0\n")
    first = run("-f", spec, "template").stdout
    assert run("-f", spec, "--offline", "template").stdout == first
    result = run("-f", spec, "--offline", "template", expect=None,
                 env={"RELFILE_CACHE_HOME": str(tmp_path / "empty")})
    assert result.code and "not in the cache" in result.stderr


@pytest.mark.skipif(not shutil.which("helmfile"), reason="there is no helmfile")
def test_helmfile_renders_the_same(run, plain, tmp_path, archive):
    run("chart", "push", archive, plain.url, *plain.options)
    spec = write_spec(tmp_path, plain, "plainHttp: true")
    ours = run("-f", spec, "template").stdout
    theirs = run("-f", spec, "template", program="helmfile", env={"HELMFILE_UPGRADE_NOTICE_DISABLED": "1"}).stdout
    assert [line for line in theirs.splitlines() if not line.startswith(("Pulled:", "Digest:"))] \
        == ours.splitlines()


# The chart, its version, and what both take; None: both refuse it.
OF_RELEASES = {
    "none, so the newest": ("team/web", "", "1.10.0"),
    "none of a URL": ("{url}/web", "", "1.10.0"),
    "none that counts": ("team/web", 'version: ""', "1.10.0"),
    "none but a tag": ("{url}/web:1.2.0", "", "1.2.0"),
    "one beside a tag": ("{url}/web:1.2.0", "version: 1.3.0", "1.3.0"),
    "latest": ("team/web", "version: latest", None),
    "latest of a URL": ("{url}/web", "version: latest", None),
    "latest as a tag": ("{url}/web:latest", "", None),
    "prereleases, too": ("team/web", 'version: ">=1.0.0-0"', "2.0.0-rc.1"),
    "one that is not there": ("{url}/web", "version: 9.9.9", None),
}


@needs_helm
@pytest.mark.skipif(not shutil.which("helmfile"), reason="there is no helmfile")
@pytest.mark.parametrize("chart, version, taken", OF_RELEASES.values(), ids=OF_RELEASES)
def test_helmfile_takes_the_same_version(run, plain, tmp_path, chart, version, taken):
    for there in ("1.2.0", "1.3.0", "2.0.0-rc.1", "1.10.0"):
        plain.put_chart(f"{plain.path}/web", there)
    spec = tmp_path / "helmfile.yaml"
    spec.write_text("helmfiles: [sub.yaml]\n")
    (tmp_path / "sub.yaml").write_text(
        f"repositories: [{{name: team, url: {plain.host}/{plain.path}, oci: true, plainHttp: true}}]\n"
        "helmDefaults: {plainHttp: true}\n"
        f"releases:\n- name: a\n  chart: {chart.format(url=plain.url)}\n  {version}\n")
    ours = run("-f", spec, "template", expect=None)
    theirs = run("-f", spec, "template", program="helmfile", expect=None,
                 env={"HELMFILE_UPGRADE_NOTICE_DISABLED": "1"})
    if not taken:
        assert ours.code and theirs.code and not ours.stdout, (ours, theirs)
    else:
        assert f'version: "{taken}"' in ours.stdout and ours.stdout.strip() in theirs.stdout, (ours, theirs)
    if "latest" in version:
        assert "semver compliant" in ours.stderr and "semver compliant" in theirs.stderr, (ours, theirs)
