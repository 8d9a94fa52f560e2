"""What is said, and the exit code, where a state cannot be used: the whole message, as people see it."""

import re

import pytest

from servers import (git_http_server, git_https_store, git_ssh_store, minio_server, new_name,  # noqa: F401
                     proxy, s3_server, s3_store, ssh_server)  # noqa: F401
from test_state import SMALLEST

REPAIR = "relfile state fsck looks at all of them; docs/state.md says how to repair one"
NO_AWS = {"AWS_EC2_METADATA_DISABLED": "true"}


@pytest.fixture
def said(run, tmp_path):
    """said(URL): of a diff, the error and its hint, with the test's folder as HERE."""

    def said(url, command="diff", **env):
        done = run(command, "-f", SMALLEST, "--target", "demo", "--target-location", tmp_path / "c", "--state",
                   url, env=env, expect=None)
        assert done.code == 1, done
        lines = done.stderr.replace(str(tmp_path), "HERE").splitlines()
        start = next(i for i, line in enumerate(lines) if line.startswith("error: "))
        return [line for line in lines[start:] if line.startswith(("error: ", "hint: ", "  --> "))]

    return said


@pytest.mark.parametrize("url, env, message", [
    ("s4://bucket/prefix", {}, ['error: state "s4://bucket/prefix": no kind of store is called "s4"',
                                "hint: did you mean s3://?"]),
    ("kubernetes:/ns", {}, ['error: state "kubernetes:/ns": is neither a URL nor a path',
                            "hint: write kubernetes:// and what follows, or ./kubernetes:/ns for a folder"]),
    ("git+file:///none.git", {}, [
        "error: state \"git+file:///none.git\": git: /none.git: failed to resolve path '/none.git': "
        "No such file or directory", "hint: make one: git init --bare /none.git"]),
    ("git+file:///none.git?brnch=x", {}, ['error: state "git+file:///none.git": there is no option "brnch"',
                                          "hint: did you mean branch?"]),
    ("s3://bucket/p", NO_AWS, ["error: no credentials for AWS: there are none in the environment, in ~/.aws or from a "
                               "role", "hint: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"]),
    ("kubernetes://ns", {}, ['error: state "kubernetes://ns": no cluster is configured: there is no ~/.kube/config, '
                             "and this is no pod", "hint: name a file with --kubeconfig or KUBECONFIG"]),
])
def test_a_url_that_leads_nowhere(said, url, env, message):
    assert said(url, **env) == message


@pytest.mark.parametrize("change, message", [
    (lambda text: text[:100], ["error: unexpected end of JSON input",
                               "  --> HERE/s/releases/%/demo/hello/1.json:1:101", f"hint: {REPAIR}"]),
    (lambda text: "", ["error: HERE/s/releases/%/demo/hello/1.json: is an empty file",
                       f"hint: {REPAIR}"]),
    (lambda text: text.replace('"deployed"', '"failed"'), [
        "error: HERE/s/releases/%/demo/hello/1.json: was changed since relfile wrote it: its checksum is another",
        "hint: if that was meant: relfile state fsck --accept; otherwise docs/state.md says how to repair a record"]),
    (lambda text: text.replace('"format":2', '"format":9'), [
        "error: HERE/s/releases/%/demo/hello/1.json: was written by a newer relfile: it has format 9, not 2",
        "hint: use that relfile, or one that is newer still"]),
    (lambda text: "[]", ["error: HERE/s/releases/%/demo/hello/1.json: is not a record of a release", f"hint: {REPAIR}"]),
])
def test_a_record_that_is_none(run, said, tmp_path, change, message):
    run("sync", "-f", SMALLEST, "--target", "demo", "--target-location", tmp_path / "c", "--state", tmp_path / "s")
    record = tmp_path / "s/releases/%/demo/hello/1.json"
    record.write_text(change(record.read_text()))
    assert said(tmp_path / "s") == message
    fsck = run("state", "fsck", "--state", tmp_path / "s", expect=1)
    assert "releases/%/demo/hello/1.json" in fsck.stdout and "1 faults" in fsck.stdout


def without_ports(lines):
    return [re.sub(r"127\.0\.0\.1:\d+|team-\d+-\d+", "#", line) for line in lines]


@pytest.mark.parametrize("server", ["s3_server", "minio_server"])
def test_a_bucket_that_does_not_let_in(said, request, server):
    store = s3_store(request.getfixturevalue(server), new_name())
    wrong = without_ports(said(store.url, **{**store.env, "AWS_SECRET_ACCESS_KEY": "other"}))
    assert wrong[0].startswith("error: s3://#/team/prod: HTTP status 403: SignatureDoesNotMatch: "), wrong
    unknown = without_ports(said(store.url, **{**store.env, "AWS_ACCESS_KEY_ID": "nobody"}))
    assert unknown[0].startswith("error: s3://#/team/prod: HTTP status 403: InvalidAccessKeyId: "), unknown
    store.place.rmdir()
    gone = without_ports(said(store.url, **store.env))
    assert gone[0].startswith("error: s3://#/team/prod: HTTP status 404: NoSuchBucket: "), gone
    assert gone[1] == "hint: make the bucket; relfile does not"


@pytest.mark.parametrize("server", ["s3_server", "minio_server"])
def test_a_clock_that_is_wrong(said, request, server):
    """For the server: a proxy writes another time on each request."""
    there = request.getfixturevalue(server)
    store = s3_store(there, new_name())

    def late(_method, _path, headers, forward):
        headers.replace_header("x-amz-date", "20200101T000000Z")
        return forward()

    with proxy(there.ports[0], late) as port:
        wrong = without_ports(said(store.url.replace(f":{there.ports[0]}", f":{port}"), **store.env))
    assert wrong[0].startswith("error: s3://#/team/prod: HTTP status 403: RequestTimeTooSkewed: The difference between "
                               "the request time and the "), wrong
    assert re.fullmatch(r"hint: this machine's clock is wrong; the server says it is \w+, \d+ \w+ \d+ .* GMT", wrong[1])


def test_a_server_that_is_not_there(said):
    [line] = said("s3://bucket/p?endpoint=http://127.0.0.1:1", AWS_ACCESS_KEY_ID="a", AWS_SECRET_ACCESS_KEY="b")
    assert line.startswith("error: GET http://127.0.0.1:1/bucket/: Failed to connect to 127.0.0.1 port 1 after ")


def test_a_branch_that_is_protected(said, git_http_server):  # noqa: F811
    store = git_https_store(git_http_server, new_name())
    hook = store.place / "hooks" / "update"
    hook.write_text("#!/bin/sh\necho main is protected >&2\nexit 1\n")
    hook.chmod(0o755)
    refused = without_ports(said(store.url, "sync", **store.env))
    assert refused == ["error: https://#/git/#.git: refuses a change of branch main: hook declined",
                       "hint: if it is protected: let this user push, or use another ?branch="]


def test_a_repository_that_does_not_let_in(said, git_http_server, ssh_server, tmp_path):  # noqa: F811
    store = git_https_store(git_http_server, new_name())
    wrong = without_ports(said(store.url, **{**store.env, "RELFILE_GIT_PASSWORD": "other"}))
    assert wrong == ["error: https://#/git/#.git: user and password are wrong"] or "are wrong" in wrong[0], wrong
    missing = without_ports(said(store.url.replace(".git?", "-none.git?"), **store.env))
    assert "none.git" in missing[0] and len(missing) >= 1, missing
