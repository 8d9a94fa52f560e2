"""State in S3 and git, on real servers: the contract, what users see, and what can go wrong."""

import json
import os
import re
import signal
import subprocess
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from conftest import ROOT, clean_environment
from servers import (Server, git, git_file_store, git_https_store, git_ssh_store, new_name, proxy,
                     s3_store, store, s3_server, minio_server, git_http_server, ssh_server)  # noqa: F401

SMALLEST = ROOT / "examples" / "smallest" / "helmfile.yaml"
SHOP = ROOT / "examples" / "shop" / "helmfile.yaml.gotmpl"
UNIT = Path(os.environ.get("RELFILE_UNIT", ROOT / "build" / "unit"))


@pytest.fixture
def on(run, tmp_path):
    """on(store)("sync", …): relfile on a simulated cluster with its state in STORE."""

    def on(store, spec=SMALLEST, **more):
        def act(*arguments, env=None, **options):
            return run(*arguments, "-f", spec, "--target", "demo", "--target-location",
                       tmp_path / "demo", "--state", store.url,
                       env={**store.env, **more, **(env or {})}, **options)
        return act

    return on


def statuses(relfile):
    """Of all revisions of all releases."""
    items = json.loads(relfile("history", "-o", "json").stdout)
    return [item["status"] for item in items]


def ssh_option(store, name):
    return re.search(rf"{name}=([^&]+)", store.url)[1]


@contextmanager
def shared_connection(store):
    """A GIT_SSH_COMMAND with which only the first connection takes time."""
    with TemporaryDirectory(prefix="relfile-ssh-") as sockets:
        yield (f"ssh -i {ssh_option(store, 'sshKey')} -o ControlMaster=auto -o ControlPersist=5 "
               f"-o UserKnownHostsFile={ssh_option(store, 'knownHosts')} -o ControlPath={sockets}/%C")


def unit(program, store, home, **more):
    path = UNIT / "state" / program
    if not path.exists():
        pytest.skip(f"{path} is not built: make e2e")
    env = clean_environment(home, RELFILE_TEST_STATE=store.url, **store.env, **more)
    with ExitStack() as stack:
        if store.kind == "git+ssh":  # hundreds of connections
            env["GIT_SSH_COMMAND"] = stack.enter_context(shared_connection(store))
        done = subprocess.run([path], capture_output=True, encoding="utf-8", timeout=600,
                              check=False, env=env)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_store_keeps_the_contract(store, home):
    unit("test_remote", store, home)


def test_of_eight_processes_one_wins(store, home):
    unit("test_rivals", store, home, TEST_ROUNDS="1" if store.kind == "git+ssh" else "3")


@pytest.mark.parametrize("spec", [SMALLEST, SHOP], ids=["smallest", "shop"])
def test_what_was_synced_is_known(on, run, store, spec):
    relfile = on(store, spec)
    relfile("sync")
    releases = json.loads(run("list", "-o", "json", "-f", spec).stdout)
    status = relfile("status").stdout

    assert "no changes in" in (diff := relfile("diff")).stdout + diff.stderr
    for release in releases:
        if release["installed"] and release["enabled"]:
            assert release["name"] in status
    assert set(statuses(relfile)) == {"deployed"}
    relfile("sync")
    assert set(statuses(relfile)) <= {"deployed", "superseded"}
    relfile("destroy", "--yes")
    assert not statuses(relfile)


def test_another_run_has_the_lock_until_it_is_broken(on, store, relfile, home, tmp_path):
    here = on(store, SHOP)
    # in another cluster: a run that is stopped may hold the simulated one's own lock
    first = subprocess.Popen(
        [relfile, "sync", "-f", SHOP, "--target", "demo", "--target-location", tmp_path / "other",
         "--state", store.url], env=clean_environment(home, RELFILE_DEMO_PACE="30", **store.env),
        stderr=subprocess.PIPE, encoding="utf-8")
    try:
        next(line for line in first.stderr if "installing" in line)
        first.send_signal(signal.SIGSTOP)
        held = here("sync", expect=None)
        assert held.code != 0
        assert re.search(rf'lock ".+?" is held by .+?, pid {first.pid}', held.stderr)
        locks = json.loads(here("lock", "show", "-o", "json").stdout)
        assert locks and all(f"pid {first.pid}" in lock["holder"] for lock in locks)
        for lock in locks:
            here("lock", "break", lock["name"])
        assert json.loads(here("lock", "show", "-o", "json").stdout) == []
        here("sync")
    finally:
        first.send_signal(signal.SIGKILL)
        first.communicate()
    assert "deployed" in statuses(here)


def test_the_lock_of_a_run_that_was_killed_is_taken_over(on, store, relfile, home, tmp_path):
    first = subprocess.Popen(
        [relfile, "sync", "-f", SHOP, "--target", "demo", "--target-location", tmp_path / "demo",
         "--state", store.url], env=clean_environment(home, RELFILE_DEMO_PACE="30", **store.env),
        stderr=subprocess.PIPE, encoding="utf-8")
    next(line for line in first.stderr if "installing" in line)
    first.kill()
    first.communicate()
    on(store, SHOP)("sync")
    assert "no changes in" in (diff := on(store, SHOP)("diff")).stdout + diff.stderr


# ---- S3


@pytest.fixture
def bucket(s3_server):  # noqa: F811
    return s3_store(s3_server, new_name())


def fails(result, *words):
    """An error of one line, which has all WORDS and no secret."""
    assert result.code not in (0, 134, 139), result
    for word in words:
        assert word in result.stderr, result.stderr
    assert "tester-secret" not in result.stderr and "tester-password" not in result.stderr


def test_s3_wrong_credentials_are_named(on, bucket):
    fails(on(bucket, AWS_SECRET_ACCESS_KEY="wrong")("sync", expect=None), "SignatureDoesNotMatch")
    fails(on(bucket, AWS_ACCESS_KEY_ID="nobody")("sync", expect=None), "InvalidAccessKeyId")
    none = bucket._replace(env={"AWS_EC2_METADATA_DISABLED": "true"})
    fails(on(none)("sync", expect=None), "no credentials for AWS", "AWS_PROFILE")
    fails(on(none, AWS_PROFILE="team")("sync", expect=None), 'no profile "team"')


def test_s3_credentials_come_from_a_profile(on, bucket, home):
    (home / ".aws").mkdir()
    (home / ".aws" / "credentials").write_text(
        "[default]\naws_access_key_id = nobody\naws_secret_access_key = x\n"
        "[base]\naws_access_key_id = tester\naws_secret_access_key = tester-secret\n")
    (home / ".aws" / "config").write_text(
        "[profile team]\nregion = us-east-1\ncredential_process = "
        "echo '{\"AccessKeyId\": \"tester\", \"SecretAccessKey\": \"tester-secret\"}'\n")
    none = bucket._replace(env={}, url=bucket.url.replace("region=us-east-1&", ""))
    fails(on(none)("sync", expect=None), "InvalidAccessKeyId")
    on(none, AWS_PROFILE="base")("sync")
    on(none._replace(url=none.url + "&profile=team"))("sync")


def test_s3_a_bucket_that_is_missing_is_not_an_empty_one(on, bucket):
    missing = bucket._replace(url=bucket.url.replace(bucket.place.name, "nowhere"))
    fails(on(missing)("sync", expect=None), "NoSuchBucket")
    fails(on(missing)("diff", expect=None), "NoSuchBucket")


def test_s3_a_wrong_url_is_explained(on, bucket):
    for url, word in [("s3://", "name of a bucket is missing"), ("s3://b?regoin=x", "mean region?"),
                      ("s3://b/p?pathStyle=maybe", "not true or false"), ("s4://b", "mean s3://?")]:
        fails(on(bucket._replace(url=url))("sync", expect=None), word)


def test_s3_a_server_that_is_not_there_is_an_error(on, bucket):
    gone = bucket._replace(url=re.sub(r"127.0.0.1:\d+", "127.0.0.1:9", bucket.url))
    fails(on(gone)("diff", expect=None), "127.0.0.1")


def test_s3_a_clock_that_is_wrong_is_said(on, bucket, s3_server):  # noqa: F811
    def skewed(*_):
        return 403, [("Date", "Tue, 01 Sep 2026 10:00:00 GMT")], (
            b"<Error><Code>RequestTimeTooSkewed</Code><Message>The difference between the request "
            b"time and the server's time is too large.</Message></Error>")

    with proxy(s3_server.ports[0], skewed) as port:
        store = s3_store(s3_server, new_name(), port)
        fails(on(store)("sync", expect=None), "RequestTimeTooSkewed", "clock is wrong",
              "01 Sep 2026")


def records(store):
    return sorted(store.place.glob("**/releases/**/*.json"))


def test_s3_a_damaged_record_is_named(on, bucket, home):
    on(bucket)("sync")
    [record] = records(bucket)
    text = record.read_bytes()
    # who has read it before is not told by the server that it has another text now
    relfile = on(bucket, XDG_CACHE_HOME=str(home / "elsewhere"))
    record.write_bytes(text.replace(b'"deployed"', b'"uninstalled"'))
    fails(relfile("diff", expect=None), "hello/1.json", "checksum")
    record.write_bytes(text[:100])
    fails(relfile("diff", expect=None), "hello/1.json")
    record.write_bytes(text)
    relfile("diff")


@pytest.mark.parametrize("server", ["s3_server", "minio_server"])
def test_s3_what_has_not_changed_is_not_read_again(on, request, server, home):
    asked, server = [], request.getfixturevalue(server)

    def count(method, path, _headers, forward):
        asked.append((method, path))
        return forward()

    with proxy(server.ports[0], count) as port:
        store = s3_store(server, new_name(), port)
        relfile = on(store, SHOP)
        relfile("sync")
        listed = relfile("state", "list").stdout
        asked.clear()
        assert relfile("state", "list").stdout == listed
        assert [method for method, _ in asked] == ["GET"] and "list-type=2" in asked[0][1]
        [kept] = (home / ".cache/relfile/s3").iterdir()
        assert kept.stat().st_mode & 0o777 == 0o700
        on(store, SHOP, XDG_CACHE_HOME=str(home / "another"))("destroy", "--yes")  # by another
        asked.clear()
        assert relfile("state", "list").stdout != listed
        for file in kept.iterdir():  # what is damaged here is no answer
            file.write_bytes(file.read_bytes()[:-20])
        relfile("sync")
        relfile("state", "fsck")
        assert json.loads(relfile("state", "list", "-o", "json").stdout)


def test_s3_fsck_looks_at_the_objects_themselves(on, bucket):
    on(bucket)("sync")
    on(bucket)("state", "list")
    [record] = records(bucket)
    record.write_bytes(record.read_bytes().replace(b'"deployed"', b'"uninstalled"'))
    assert "hello/1.json" in on(bucket)("state", "fsck", expect=1).stdout


def test_s3_errors_that_pass_are_tried_again(on, s3_server):  # noqa: F811
    count = {"all": 0}

    def every_third(_method, _path, _headers, forward):
        count["all"] += 1
        if count["all"] % 3 == 0:
            return 503, [], b"<Error><Code>SlowDown</Code></Error>"
        return forward()

    with proxy(s3_server.ports[0], every_third) as port:
        store = s3_store(s3_server, new_name(), port)
        on(store)("sync")
    assert count["all"] > 6


def test_s3_a_put_whose_answer_is_lost_is_not_a_conflict(on, s3_server):  # noqa: F811
    lost = set()

    def lose_first(method, path, headers, forward):
        answer = forward()
        if method in ("PUT", "DELETE") and (method, path) not in lost:
            lost.add((method, path))
            return None
        return answer

    with proxy(s3_server.ports[0], lose_first) as port:
        store = s3_store(s3_server, new_name(), port)
        relfile = on(store)
        relfile("sync")
        assert statuses(relfile) == ["deployed"]
    assert not list((store.place / "team/prod/locks").glob("*"))
    assert len(lost) >= 3


def test_s3_two_writers_at_one_moment_are_not_an_error(on, s3_server):  # noqa: F811
    clashed = set()

    def clash_once(method, path, headers, forward):
        if method == "PUT" and path not in clashed:
            clashed.add(path)
            return 409, [], b"<Error><Code>ConditionalRequestConflict</Code></Error>"
        return forward()

    with proxy(s3_server.ports[0], clash_once) as port:
        on(s3_store(s3_server, new_name(), port))("sync")
    assert clashed


def test_s3_a_server_that_ignores_conditions_is_refused(on, s3_server):  # noqa: F811
    def lies(method, path, headers, forward):
        if method == "PUT" and "If-Match" in headers:
            return 200, [("ETag", '"x"')], b""
        return forward()

    with proxy(s3_server.ports[0], lies) as port:
        fails(on(s3_store(s3_server, new_name(), port))("sync", expect=None), "ignores conditions")


def test_s3_a_server_that_dies_in_a_run_loses_nothing(on, relfile, home, tmp_path):
    from servers import versitygw
    if not versitygw():
        pytest.skip("versitygw is not installed: make servers, which needs Go")
    server = Server("s3.sh", tmp_path / "s3").start()
    store = s3_store(server, new_name())
    try:
        for delay in (0.05, 0.15, 0.3):
            env = clean_environment(home, RELFILE_DEMO_PACE="0.05", **store.env)
            process = subprocess.Popen(
                [relfile, "sync", "-f", SHOP, "--target", "demo", "--target-location",
                 tmp_path / "demo", "--state", store.url, "--set", f"x={delay}"],
                env=env, stderr=subprocess.PIPE, encoding="utf-8")
            time.sleep(delay)
            server.kill()
            time.sleep(0.5)
            server.start()
            process.communicate(timeout=300)
            for path in records(store):  # whole, each of them
                json.loads(path.read_text())
        on(store, SHOP)("sync")
        assert "no changes in" in (diff := on(store, SHOP)("diff")).stdout + diff.stderr
    finally:
        server.kill()


# ---- git


def test_git_history_reads_well(on, tmp_path):
    store = git_file_store(tmp_path)
    on(store, GIT_AUTHOR_NAME="Ada", GIT_AUTHOR_EMAIL="ada@example.com")("sync")
    titles = git("-C", store.place, "log", "--reverse", "--format=%an %s", "main").splitlines()

    assert titles == ["Ada sync of default: 1 installed"]
    assert "\ndemo/hello: revision 1, deployed\n" in git("-C", store.place, "log", "-1", "--format=%B", "main")
    *texts, record, run = git("-C", store.place, "ls-tree", "-r", "--name-only", "main").split()
    assert texts and all(re.fullmatch(r"state/blobs/[0-9a-f]{64}", text) for text in texts)
    assert record == "state/releases/%/demo/hello/1.json" and run.startswith("state/runs/")
    git("-C", store.place, "fsck", "--strict")


def test_git_other_commits_on_the_branch_stay(on, store, tmp_path):
    if not store.kind.startswith("git"):
        pytest.skip("for git")
    clone = tmp_path / "clone"
    git("clone", "-q", store.place, clone)
    (clone / "README.md").write_text("What is here\n")
    git("-C", clone, "add", ".")
    git("-C", clone, "commit", "-qm", "Say what is here")
    git("-C", clone, "push", "-q", "origin", "HEAD:main")
    on(store)("sync")
    names = git("-C", store.place, "ls-tree", "-r", "--name-only", "main").split()
    assert "README.md" in names and "state/releases/%/demo/hello/1.json" in names
    assert "no changes in" in (diff := on(store)("diff")).stdout + diff.stderr


def test_git_wrong_credentials_are_named(on, git_http_server, ssh_server, tmp_path):  # noqa: F811
    store = git_https_store(git_http_server, new_name())
    fails(on(store, RELFILE_GIT_PASSWORD="wrong")("sync", expect=None), "password are wrong")
    fails(on(store._replace(env={}))("sync", expect=None), "wants a password",
          "RELFILE_GIT_PASSWORD")
    fails(on(store._replace(url=store.url.split("&caFile")[0]))("sync", expect=None), "certificate")
    ssh = git_ssh_store(ssh_server, tmp_path)
    unknown = re.sub("knownHosts=[^&]*", "knownHosts=/dev/null", ssh.url)
    fails(on(ssh._replace(url=unknown))("sync", expect=None), "verification failed")
    no_key = re.sub("sshKey=[^&]*", "sshKey=/dev/null", ssh.url)
    fails(on(ssh._replace(url=no_key))("sync", expect=None), "Permission denied")


def test_git_credentials_come_from_a_helper(on, git_http_server, home):  # noqa: F811
    store = git_https_store(git_http_server, new_name())
    (home / ".gitconfig").write_text(
        "[credential]\n\thelper = \"!f() { echo username=tester; echo password=tester-password; }; f\"\n")
    on(store._replace(env={}))("sync")


def test_git_a_repository_that_is_missing_is_not_an_empty_one(on, git_http_server, ssh_server,  # noqa: F811
                                                              tmp_path):
    file = git_file_store(tmp_path)
    https = git_https_store(git_http_server, new_name())
    fails(on(file._replace(url="git+file:///nowhere"))("diff", expect=None), "git init --bare")
    fails(on(https._replace(url=https.url.replace(".git?", "-x.git?")))("diff", expect=None), "404")
    (tmp_path / "ssh").mkdir()
    ssh = git_ssh_store(ssh_server, tmp_path / "ssh")
    fails(on(ssh._replace(url=ssh.url.replace("state.git", "x.git")))("diff", expect=None),
          "does not appear to be a git repository")


def test_git_a_branch_that_is_protected_is_said(on, git_http_server):  # noqa: F811
    store = git_https_store(git_http_server, new_name())
    hook = store.place / "hooks" / "update"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho protected >&2\nexit 1\n")
    hook.chmod(0o755)
    fails(on(store)("sync", expect=None), "refuses a change of branch main", "hook declined")


def test_git_a_branch_that_is_checked_out_is_not_touched(on, tmp_path):
    git("init", "-q", "-b", "main", tmp_path / "work")
    store = git_file_store(tmp_path)._replace(url=f"git+file://{tmp_path}/work")
    fails(on(store)("sync", expect=None), "is checked out")
    on(store._replace(url=f"git+file://{tmp_path}/work?branch=state"))("sync")


def test_git_a_branch_that_was_rewritten_is_said(on, git_http_server, tmp_path):  # noqa: F811
    store = git_https_store(git_http_server, new_name())
    on(store)("sync")
    clone = tmp_path / "clone"
    git("clone", "-q", store.place, clone)
    git("-C", clone, "commit", "-q", "--amend", "-m", "Rewritten")
    git("-C", clone, "push", "-qf")
    assert "was rewritten" in on(store)("diff").stderr
    assert "was rewritten" not in on(store)("diff").stderr


def test_git_a_damaged_record_is_named(on, tmp_path):
    store = git_file_store(tmp_path)
    on(store)("sync")
    clone = tmp_path / "clone"
    git("clone", "-q", store.place, clone)
    [record] = (clone / "state/releases").rglob("1.json")
    record.write_text(record.read_text()[:100])
    git("-C", clone, "commit", "-qam", "Oops")
    git("-C", clone, "push", "-q")
    fails(on(store)("diff", expect=None), "hello/1.json")


def test_git_a_server_that_dies_in_a_run_loses_nothing(on, relfile, home, tmp_path,
                                                       git_http_server):  # noqa: F811
    server = Server("git-http.sh", tmp_path / "git", ports=2).start()
    store = git_https_store(server, new_name())
    try:
        for delay in (0.2, 0.5):
            process = subprocess.Popen(
                [relfile, "sync", "-f", SHOP, "--target", "demo", "--target-location",
                 tmp_path / "demo", "--state", store.url],
                env=clean_environment(home, **store.env), stderr=subprocess.PIPE, encoding="utf-8")
            time.sleep(delay)
            server.kill()
            time.sleep(0.5)
            server.start()
            process.communicate(timeout=300)
            git("-C", store.place, "fsck", "--strict")
        on(store, SHOP)("sync")
        assert "no changes in" in (diff := on(store, SHOP)("diff")).stdout + diff.stderr
        graph = git("-C", store.place, "log", "--format=%P", "main").splitlines()
        assert all(len(parents.split()) <= 1 for parents in graph)  # a line, and no merges
    finally:
        server.kill()


def test_no_library_is_loaded_that_is_not_needed(run):
    loaded = run("version", env={"LD_DEBUG": "libs"}).stderr
    assert "libcurl" not in loaded and "libgit2" not in loaded
