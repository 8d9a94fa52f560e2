"""Specs, bases, values and charts from elsewhere, named as helmfile names them: git over HTTPS, ssh and
files, web servers, buckets."""

import base64
import os
import shutil

import pytest

import charts
from conftest import ROOT
from servers import (chart_server, git, git_http_server, git_repository, new_name, proxy, registry_server,  # noqa: F401
                     s3_server, ssh_server)

PASSWORD = "tester-password"
HELMFILE = {"HELMFILE_UPGRADE_NOTICE_DISABLED": "1"}

FILES = {
    "deploy/helmfile.yaml.gotmpl": "environments: {default: {values: [../values/env.yaml]}}\n---\n"
                                   "bases: [base.yaml]\nreleases:\n- name: sub\n  chart: ../charts/web\n"
                                   "  values: [{from: '{{ .Values.from }}'}]\n",
    "deploy/base.yaml": "helmDefaults: {wait: true}\n",
    "values/env.yaml": "from: environment\n",
    "values/web.yaml": "from: values\n",
    "values/web.yaml.gotmpl": "from: {{ .Release.Name }}\n",
    "values/many/1.yaml": "from: first\n",
    "values/many/2.yaml": "from: second\n",
}


class Repository:
    """A git repository with FILES and a chart, and what makes it be reached."""

    def __init__(self, url, work, bare, environment):
        self.url, self.work, self.bare, self.environment = url, work, bare, environment

    def commit(self, files, branch="main", tag=None):
        git("checkout", "-q", "-B", branch, cwd=self.work)
        for path, text in files.items():
            (self.work / path).parent.mkdir(parents=True, exist_ok=True)
            (self.work / path).write_text(text)
        git("add", "-A", cwd=self.work)
        git("commit", "-q", "--allow-empty", "-m", "change", cwd=self.work)
        if tag:
            git("tag", "-a", tag, "-m", tag, cwd=self.work)
        git("push", "-q", "--force", "--tags", self.bare, branch, cwd=self.work)
        commit = git("rev-parse", "HEAD", cwd=self.work).strip()
        git("checkout", "-q", "main", cwd=self.work)
        return commit

    def source(self, path, query=""):
        return f"git::{self.url}@{path}{query}"


def make_repository(url, folder, bare, environment):
    work = folder / "work"
    git_repository(bare)
    git("init", "-q", "-b", "main", work)
    repository = Repository(url, work, bare, environment)
    charts.write_chart(work / "charts" / "web", "web", "1.0.0")
    repository.first = repository.commit(FILES, tag="v1")
    repository.commit({"values/web.yaml": "from: later\n"})
    repository.commit({"values/web.yaml": "from: branch\n"}, "team/x")
    return repository


def http_repository(server, folder, tls=True):
    name = new_name()
    port = server.ports[1 if tls else 0]
    url = f"http{'s' if tls else ''}://127.0.0.1:{port}/git/{name}.git"
    return make_repository(url, folder, server.folder / "repos" / f"{name}.git",
                           {"RELFILE_GIT_USERNAME": "tester", "RELFILE_GIT_PASSWORD": PASSWORD,
                            "SSL_CERT_FILE": str(server.folder / "ca.pem"),
                            "GIT_SSL_CAINFO": str(server.folder / "ca.pem")})


@pytest.fixture(params=["file", "https", "ssh"])
def repository(request, tmp_path):
    folder = tmp_path / "repository"
    folder.mkdir()
    if request.param == "https":
        return http_repository(request.getfixturevalue("git_http_server"), folder)
    bare = folder / "ops.git"
    if request.param == "file":
        return make_repository(f"file://{bare}", folder, bare, {})
    server = request.getfixturevalue("ssh_server")
    user = os.environ.get("USER") or "root"
    return make_repository(f"ssh://{user}@127.0.0.1:{server.ports[0]}{bare}", folder, bare,
                           {"GIT_SSH_COMMAND": f"ssh -i {server.folder}/key "
                            f"-o UserKnownHostsFile={server.folder}/known_hosts"})


@pytest.fixture
def local(tmp_path):
    """A repository on this machine."""
    folder = tmp_path / "repository"
    folder.mkdir()
    return make_repository(f"file://{folder}/ops.git", folder, folder / "ops.git", {})


def write_spec(folder, text):
    path = folder / "helmfile.yaml"
    path.write_text(text)
    return path


def release(repository, values):
    return (f"releases:\n- name: web\n  chart: {repository.source('charts/web', '?ref=v1')}\n"
            f"  values: [\"{values}\"]\n")


def cache_of(home):
    return home / ".cache" / "relfile"


def no_drafts(home):
    drafts = cache_of(home) / "drafts"
    assert not drafts.exists() or not list(drafts.iterdir())


# ---- what can be from elsewhere

def test_a_chart_and_its_values_are_in_a_repository(run, repository, tmp_path):
    spec = write_spec(tmp_path, release(repository, repository.source("values/web.yaml", "?ref=v1")))
    out = run("-f", spec, "template", env=repository.environment).stdout
    assert 'from: "values"' in out and "# Source: web/templates/map.yaml" in out


def test_a_template_of_values_is_in_a_repository(run, local, tmp_path):
    spec = write_spec(tmp_path, release(local, local.source("values/web.yaml.gotmpl", "?ref=v1")))
    assert 'from: "web"' in run("-f", spec, "template").stdout


def test_a_sub_helmfile_is_in_a_repository_with_all_it_needs(run, repository, tmp_path):
    spec = write_spec(tmp_path, "helmfiles:\n- path: "
                      + repository.source("deploy/helmfile.yaml.gotmpl", "?ref=v1") + "\n")
    assert 'from: "environment"' in run("-f", spec, "template", env=repository.environment).stdout


def test_the_spec_itself_is_in_a_repository(run, repository):
    source = repository.source("deploy/helmfile.yaml.gotmpl", "?ref=v1")
    assert 'from: "environment"' in run("-f", source, "template", env=repository.environment).stdout


def test_bases_and_environments_are_in_a_repository(run, local, tmp_path):
    spec = write_spec(tmp_path, "bases: ['" + local.source("deploy/base.yaml", "?ref=v1") + "']\n"
                      "environments: {default: {values: ['" + local.source("values/env.yaml", "?ref=v1")
                      + "']}}\n---\nreleases:\n- name: web\n  chart: ./web\n"
                      "  values: [{from: '{{ .Values.from }}'}]\n")
    spec = spec.rename(spec.with_suffix(".yaml.gotmpl"))
    out = run("-f", spec, "build").stdout
    assert "wait: true" in out and "from: environment" in out


def test_a_pattern_means_files_of_a_repository(run, local, tmp_path):
    spec = write_spec(tmp_path, "environments: {default: {values: ['"
                      + local.source("values/many/*.yaml", "?ref=v1") + "']}}\n---\nreleases:\n"
                      "- name: web\n  chart: ./web\n  values: [{from: '{{ .Values.from }}'}]\n")
    spec = spec.rename(spec.with_suffix(".yaml.gotmpl"))
    assert "from: second" in run("-f", spec, "build").stdout


def test_a_folder_behind_two_slashes(run, local, tmp_path):
    spec = write_spec(tmp_path, f"releases:\n- name: web\n  chart: git::{local.url}//charts/web?ref=v1\n")
    assert "# Source: web/" in run("-f", spec, "template").stdout


@pytest.mark.skipif(not shutil.which("helmfile"), reason="there is no helmfile")
def test_helmfile_renders_the_same(run, local, tmp_path):
    spec = write_spec(tmp_path, "helmfiles:\n- path: " + local.source("deploy/helmfile.yaml.gotmpl", "?ref=v1")
                      + "\n" + release(local, local.source("values/web.yaml", "?ref=v1")))
    ours = run("-f", spec, "template").stdout
    theirs = run("-f", spec, "template", program="helmfile",
                 env={**HELMFILE, "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "protocol.file.allow",
                      "GIT_CONFIG_VALUE_0": "always"}).stdout
    assert theirs == ours


# ---- which commit

@pytest.mark.parametrize("ref, found", [("", "later"), ("main", "later"), ("team/x", "branch"), ("v1", "values"),
                                        ("COMMIT", "values"), ("SHORT", "values"),
                                        ("refs/heads/team/x", "branch")])
def test_a_ref_is_a_branch_a_tag_or_a_commit(run, repository, tmp_path, ref, found):
    ref = ref.replace("COMMIT", repository.first).replace("SHORT", repository.first[:9])
    query = f"?ref={ref}" if ref else ""
    spec = write_spec(tmp_path, release(repository, repository.source("values/web.yaml", query)))
    assert f'from: "{found}"' in run("-f", spec, "template", env=repository.environment).stdout


def test_of_a_remote_only_one_commit_is_fetched(run, git_http_server, tmp_path):  # noqa: F811
    repository = http_repository(git_http_server, tmp_path)
    for number in range(20):
        repository.commit({"large": "".join(f"{number} {line}\n" for line in range(20000))})
    log = git_http_server.folder / "access.log"
    before = len(log.read_text())
    run("-f", repository.source("deploy/helmfile.yaml.gotmpl"), "list", env=repository.environment)
    sent = [int(line.split()[9]) for line in log.read_text()[before:].splitlines() if "POST" in line]
    assert sum(sent) < 200000


def test_what_was_fetched_is_used_until_it_is_asked_for_anew(run, local, tmp_path):
    plain = write_spec(tmp_path, release(local, local.source("values/web.yaml", "?ref=main")))
    assert 'from: "later"' in run("-f", plain, "template").stdout
    local.commit({"values/web.yaml": "from: newest\n"})
    assert 'from: "later"' in run("-f", plain, "template").stdout
    spec = write_spec(tmp_path, release(local, local.source("values/web.yaml", "?cache=false&ref=main")))
    assert 'from: "newest"' in run("-f", spec, "template").stdout


def test_offline_the_cache_must_do(run, repository, tmp_path):
    spec = write_spec(tmp_path, release(repository, repository.source("values/web.yaml", "?ref=v1")))
    first = run("-f", spec, "template", env=repository.environment).stdout
    shutil.rmtree(repository.bare)
    assert run("-f", spec, "--offline", "template").stdout == first
    result = run("-f", spec, "--offline", "template", expect=None,
                 env={"RELFILE_CACHE_HOME": str(tmp_path / "empty")})
    assert result.code and "not in the cache" in result.stderr


# ---- what goes wrong

def refused(run, folder, source, home, *words, **how):
    """That a spec with values from SOURCE is one error with WORDS, which leaves nothing behind."""
    charts.write_chart(folder / "web", "web", "1.0.0")
    spec = write_spec(folder, f"releases:\n- name: web\n  chart: ./web\n  values: [\"{source}\"]\n")
    result = run("-f", spec, "template", expect=None, **how)
    assert result.code and result.stderr.count("error:") == 1, result.stderr
    for word in words:
        assert word in result.stderr
    assert PASSWORD not in result.stderr
    no_drafts(home)
    return result


@pytest.mark.parametrize("ref", ["nope", "--upload-pack=touch", "-oProxyCommand=x", "main~1", "@{-1}", ":/change",
                                 "deadbeef", "a b", "..", "refs/heads"])
def test_a_ref_that_is_not_there(run, repository, tmp_path, home, ref):
    refused(run, tmp_path, repository.source("values/web.yaml", f"?ref={ref}"), home, "no branch, tag or commit",
            env=repository.environment)


def test_a_repository_that_is_not_there(run, repository, tmp_path, home):
    refused(run, tmp_path, f"git::{repository.url[:-4]}-none.git@values/web.yaml", home, "-none.git",
            env=repository.environment)


@pytest.mark.parametrize("source, words", [
    ("git::https://127.0.0.1:1/x.git@a.yaml", "127.0.0.1"),
    ("git::ssh://127.0.0.1:1/x.git@a.yaml", "127.0.0.1"),
    ("git::ssh://-oProxyCommand=touch%20x/x.git@a.yaml", "no host"),
    ("git::ext::sh -c touch% x@a.yaml", ""),
    ("git::ext://sh/x@a.yaml", "https, ssh or file"),
    ("hg::https://127.0.0.1:1/x@a.yaml", "no way to fetch"),
    ("git::file:///etc@passwd", "no git repository"),
])
def test_what_cannot_be_a_repository(run, tmp_path, home, source, words):
    refused(run, tmp_path, source, home, words)
    assert not (tmp_path / "x").exists()


def test_what_is_no_git_server(run, tmp_path, home):
    with proxy(1, lambda *_: (200, [("Content-Type", "text/html")], b"<html>hello")) as port:
        refused(run, tmp_path, f"git::http://127.0.0.1:{port}/x.git@a.yaml", home, "is no git repository")


def test_a_server_that_breaks_off(run, git_http_server, tmp_path, home):  # noqa: F811
    repository = http_repository(git_http_server, tmp_path, tls=False)

    def cut(method, path, headers, forward):
        status, answer, body = forward()
        return status, answer, body[:len(body) // 2] if method == "POST" else body

    with proxy(git_http_server.ports[0], cut) as port:
        url = repository.url.replace(str(git_http_server.ports[0]), str(port))
        refused(run, tmp_path, f"git::{url}@values/web.yaml", home, "too early", env=repository.environment)


def test_a_wrong_password_is_refused_and_not_shown(run, git_http_server, tmp_path, home):  # noqa: F811
    repository = http_repository(git_http_server, tmp_path)
    url = repository.url.replace("//", "//tester:very-secret@")
    environment = {"SSL_CERT_FILE": repository.environment["SSL_CERT_FILE"]}
    result = refused(run, tmp_path, f"git::{url}@values/web.yaml", home, "wrong", env=environment)
    assert "very-secret" not in result.stderr


def test_a_password_in_the_url_lets_in(run, git_http_server, tmp_path):  # noqa: F811
    repository = http_repository(git_http_server, tmp_path)
    url = repository.url.replace("//", f"//tester:{PASSWORD}@")
    run("-f", f"git::{url}@deploy/helmfile.yaml.gotmpl", "list",
        env={"SSL_CERT_FILE": repository.environment["SSL_CERT_FILE"]})


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_who_is_elsewhere_is_not_told_the_password(run, git_http_server, tmp_path, host):  # noqa: F811
    """A repository that has moved to another port, or another host. CVE-2026-41506"""
    repository = http_repository(git_http_server, tmp_path, tls=False)
    port, seen = git_http_server.ports[0], []

    def other(method, path, headers, forward):
        seen.append(headers.get("Authorization"))
        return forward()

    with proxy(port, other) as there:
        path = repository.url.partition(str(port))[2]

        def moved(method, asked, headers, forward):
            if "/old" not in asked:
                return forward()
            return 301, [("Location", f"http://{host}:{there}{path}/info/refs?service=git-upload-pack")], b""

        with proxy(port, moved) as here:
            result = run("-f", f"git::http://127.0.0.1:{here}/old@deploy/helmfile.yaml.gotmpl", "list",
                         env=repository.environment, expect=None)
    assert seen and not any(seen) and result.code
    assert "wants a password" in result.stderr and host in result.stderr


def test_a_repository_that_has_moved_to_the_same_host_is_found(run, git_http_server, tmp_path):  # noqa: F811
    repository = http_repository(git_http_server, tmp_path, tls=False)
    path = repository.url.partition(str(git_http_server.ports[0]))[2]

    def moved(method, asked, headers, forward):
        if "/old" not in asked:
            return forward()
        return 301, [("Location", f"{path}/info/refs?service=git-upload-pack")], b""

    with proxy(git_http_server.ports[0], moved) as port:
        run("-f", f"git::http://127.0.0.1:{port}/old@deploy/helmfile.yaml.gotmpl", "list",
            env=repository.environment)


def test_a_key_in_the_url_lets_in(run, ssh_server, tmp_path):  # noqa: F811
    user = os.environ.get("USER") or "root"
    bare = tmp_path / "ops.git"
    repository = make_repository(f"ssh://{user}@127.0.0.1:{ssh_server.ports[0]}{bare}", tmp_path, bare, {})
    key = base64.b64encode((ssh_server.folder / "key").read_bytes()).decode().replace("+", "%2B")
    environment = {"GIT_SSH_COMMAND": f"ssh -o UserKnownHostsFile={ssh_server.folder}/known_hosts"}
    result = run("-f", repository.source("deploy/helmfile.yaml.gotmpl", f"?sshkey={key}"), "list", "--debug",
                 env=environment)
    assert key[:40] not in result.stderr


@pytest.mark.parametrize("known", ["nothing", "another key"])
def test_a_host_with_a_key_that_is_not_known_is_refused(run, ssh_server, tmp_path, home, known):  # noqa: F811
    """CVE-2025-23390"""
    user, port, hosts = os.environ.get("USER") or "root", ssh_server.ports[0], tmp_path / "known_hosts"
    hosts.write_text("" if known == "nothing" else
                     f"[127.0.0.1]:{port} ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{'A' * 43}\n")
    bare = tmp_path / "ops.git"
    repository = make_repository(f"ssh://{user}@127.0.0.1:{port}{bare}", tmp_path, bare,
                                 {"GIT_SSH_COMMAND": f"ssh -i {ssh_server.folder}/key -o UserKnownHostsFile={hosts}"})
    refused(run, tmp_path, repository.source("deploy/helmfile.yaml.gotmpl"), home, "key", env=repository.environment)


@pytest.mark.parametrize("path", ["../../../etc/passwd", "values/../../x.yaml", "/etc/passwd"])
def test_a_path_does_not_lead_out_of_the_repository(run, local, tmp_path, home, path):
    """CVE-2022-24348, CVE-2023-0475"""
    refused(run, tmp_path, local.source(path, "?ref=v1"), home, "leads out")


@pytest.mark.parametrize("place, target", [("link", "/etc/passwd"), ("link", "../x"), ("values/link", "../../x"),
                                           ("a/b/link", "../c/../../../x"), ("link", "charts/../../x")])
def test_a_link_does_not_lead_out_of_the_repository(run, local, tmp_path, home, place, target):
    """CVE-2025-8959, CVE-2026-4660, CVE-2022-24904"""
    (local.work / place).parent.mkdir(parents=True, exist_ok=True)
    (local.work / place).symlink_to(target)
    local.commit({}, tag="linked")
    refused(run, tmp_path, local.source("values/web.yaml", "?ref=linked"), home, "leads out of the repository")


def test_a_link_within_the_repository_is_followed(run, local, tmp_path):
    (local.work / "values" / "link.yaml").symlink_to("../deploy/../values/web.yaml")
    (local.work / "values" / "link.yaml").unlink()
    (local.work / "values" / "link.yaml").symlink_to("many/1.yaml")
    local.commit({}, tag="linked")
    spec = write_spec(tmp_path, release(local, local.source("values/link.yaml", "?ref=linked")))
    assert 'from: "first"' in run("-f", spec, "template").stdout


def tree(repository, entries):
    """A commit of a tree that git itself would not make: [(mode, name, object)]."""
    import hashlib
    import zlib
    data = b"".join(f"{mode} {name}".encode() + b"\0" + bytes.fromhex(item) for mode, name, item in entries)
    whole = b"tree %d\0" % len(data) + data
    name = hashlib.sha1(whole).hexdigest()
    path = repository.bare / "objects" / name[:2] / name[2:]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(zlib.compress(whole))
    commit = git("-C", repository.bare, "-c", "user.name=t", "-c", "user.email=t@t", "commit-tree", name, "-m",
                 "x").strip()
    git("-C", repository.bare, "update-ref", "refs/heads/hostile", commit)


@pytest.mark.parametrize("name", ["..", ".", ".git", ".GIT", "a/b", "../x"])
def test_names_that_are_no_names_are_refused(run, local, tmp_path, home, name):
    """CVE-2017-1000117, CVE-2022-26945, CVE-2024-3817, CVE-2024-6257, CVE-2024-24577, CVE-2026-71556, CVE-2026-5917"""
    blob = git("-C", local.bare, "rev-parse", "main:values/web.yaml").strip()
    tree(local, [("100644", name, blob)])
    refused(run, tmp_path, local.source("x.yaml", "?ref=hostile"), home, "cannot be")


def test_nothing_is_written_through_a_link(run, local, tmp_path, home):
    """CVE-2026-33762"""
    outside = tmp_path / "outside"
    outside.mkdir()
    (local.work / "link").symlink_to(str(outside))
    local.commit({}, tag="linked")
    link = git("-C", local.bare, "rev-parse", "linked:link").strip()
    folder = git("-C", local.bare, "rev-parse", "main:values").strip()
    tree(local, [("120000", "d", link), ("40000", "d", folder)])
    refused(run, tmp_path, local.source("d/web.yaml", "?ref=hostile"), home)
    assert not list(outside.iterdir())


def test_all_of_it_can_be_forbidden(run, local, tmp_path, home):
    refused(run, tmp_path, local.source("values/web.yaml"), home, "disabled",
            env={"HELMFILE_DISABLE_INSECURE_FEATURES": "true"})


# ---- files that may be missing

def test_a_missing_file_of_a_repository_is_handled_as_any(run, local, tmp_path, home):
    source = local.source("values/none.yaml", "?ref=v1")
    refused(run, tmp_path, source, home, "does not exist")
    spec = write_spec(tmp_path, release(local, source) + "  missingFileHandler: Warn\n")
    assert "does not exist" in run("-f", spec, "template").stderr


def test_a_missing_branch_is_a_missing_file_if_one_says_so(run, local, tmp_path, home):
    source = local.source("values/web.yaml", "?ref=none")
    text = release(local, source) + "  missingFileHandler: Warn\n"
    assert run("-f", write_spec(tmp_path, text), "template", expect=None).code
    text += "  missingFileHandlerConfig: {ignoreMissingGitBranch: true}\n"
    assert "does not exist" in run("-f", write_spec(tmp_path, text), "template").stderr


# ---- web servers

def test_values_and_charts_come_from_web_servers(run, chart_server, tmp_path):  # noqa: F811
    name = new_name()
    folder = chart_server.folder / "www" / name
    charts.write_repository(folder, [("web", "1.0.0")])
    (folder / "web.yaml.gotmpl").write_text("from: {{ .Release.Name }}\n")
    base = f"http://127.0.0.1:{chart_server.ports[0]}/{name}"
    spec = write_spec(tmp_path, f"releases:\n- name: web\n  chart: {base}/web-1.0.0.tgz\n"
                      f"  values: ['{base}/web.yaml.gotmpl?token=abc']\n")
    assert 'from: "web"' in run("-f", spec, "template").stdout
    charts.write_chart(tmp_path / "web", "web", "1.0.0")
    spec = write_spec(tmp_path, f"releases:\n- name: web\n  chart: ./web\n  values: ['{base}/none.yaml']\n")
    assert "404" in run("-f", spec, "template", expect=None).stderr


# ---- buckets

@pytest.fixture
def bucket(s3_server):  # noqa: F811
    name = new_name()
    folder = s3_server.folder / "data" / name
    (folder / "dir").mkdir(parents=True)
    (folder / "dir" / "web-1.0.0.tgz").write_bytes(charts.packed("web", "1.0.0"))
    (folder / "dir" / "web.yaml").write_text("from: bucket\n")
    environment = {"AWS_ACCESS_KEY_ID": "tester", "AWS_SECRET_ACCESS_KEY": "tester-secret",
                   "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{s3_server.ports[0]}"}
    return name, environment, f"http://127.0.0.1:{s3_server.ports[0]}"


@pytest.mark.parametrize("form", ["s3://{bucket}/dir/web.yaml", "s3://{bucket}/dir/web.yaml?region=us-east-1",
                                  "s3::{endpoint}/{bucket}/dir/web.yaml"])
def test_charts_and_values_come_from_buckets(run, bucket, tmp_path, form):
    name, environment, endpoint = bucket
    source = form.format(bucket=name, endpoint=endpoint)
    spec = write_spec(tmp_path, f"releases:\n- name: web\n  chart: s3://{name}/dir/web-1.0.0.tgz\n"
                      f"  values: ['{source}']\n")
    assert 'from: "bucket"' in run("-f", spec, "template", env=environment).stdout


@pytest.mark.parametrize("key, secret, words", [("none.yaml", "tester-secret", "404"),
                                                ("web.yaml", "wrong", "SignatureDoesNotMatch")])
def test_a_bucket_that_refuses(run, bucket, tmp_path, home, key, secret, words):
    name, environment, _ = bucket
    refused(run, tmp_path, f"s3://{name}/dir/{key}", home, words,
            env={**environment, "AWS_SECRET_ACCESS_KEY": secret})


# ---- the example

def test_the_example_takes_charts_from_everywhere(run, tmp_path, chart_server, s3_server, bucket,  # noqa: F811
                                                  registry_server):  # noqa: F811
    name, environment, _ = bucket
    archive = charts.packed("web", "1.2.0")
    charts.write_repository(chart_server.folder / "www" / name, [("web", "1.2.0")])
    (tmp_path / "web-1.2.0.tgz").write_bytes(archive)
    host = f"127.0.0.1:{registry_server.ports[0]}"
    run("chart", "push", tmp_path / "web-1.2.0.tgz", f"oci://{host}/{name}", "--plain-http")
    (s3_server.folder / "data" / name / "charts").mkdir()
    (s3_server.folder / "data" / name / "charts" / "web-1.2.0.tgz").write_bytes(archive)
    charts.write_chart(tmp_path / "repo" / "charts" / "web", "web", "1.2.0")
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "one"], ["tag", "v1"]):
        git("-C", tmp_path / "repo", *arguments)
    places = {"http": f"http://127.0.0.1:{chart_server.ports[0]}/{name}", "registry": f"{host}/{name}", "plainHttp": "true",
              "git": f"file://{tmp_path}/repo", "bucket": name, "archive": str(tmp_path / "web-1.2.0.tgz")}
    said = ",".join(f"places.{key}={value}" for key, value in places.items())
    out = run("-f", ROOT / "examples" / "sources" / "helmfile.yaml.gotmpl", "template", "--state-values-set", said,
              env=environment).stdout
    for release in ("http", "url", "oci", "git", "s3", "archive", "patched"):
        assert f"name: {release}-web" in out
    assert 'patched: "yes"' in out
