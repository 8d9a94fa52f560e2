"""State in git: a run is one commit of the branch, and what it has written is safe, and seen, before that."""

import json
import re
import subprocess

import pytest

from conftest import clean_environment
from servers import (git, git_file_store, git_http_server, git_https_store, new_name, store_of,  # noqa: F401
                     ssh_server)  # noqa: F401

JOURNAL = "refs/relfile/journal/main.state"


@pytest.fixture(params=["git+file", "git+https"])
def store(request, tmp_path):
    return store_of(request, tmp_path)


@pytest.fixture(params=["git+file", "git+https", "git+ssh"])
def any_store(request, tmp_path):
    return store_of(request, tmp_path)


def hook(store, condition):
    """The server takes a push of $1, which was $2, as $3 only on CONDITION."""
    path = store.place / "hooks" / "update"
    path.write_text(f"#!/bin/sh\n{condition} || {{ echo not here >&2; exit 1; }}\n")
    path.chmod(0o755)


class Team:
    """Runs that share a state; each namespace has its own lock."""

    def __init__(self, program, home, folder, store):
        self.program, self.folder, self.store = program, folder, store
        self.env = clean_environment(home, **store.env)
        (folder / "app/templates").mkdir(parents=True)
        (folder / "app/Chart.yaml").write_text("apiVersion: v2\nname: app\nversion: 1.0.0\n")
        (folder / "app/templates/all.yaml").write_text(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '{{ .Release.Name }}'}\ndata: {a: '{{ .Values.a }}'}\n")

    def spec(self, namespace, names, a=1, waits=False):
        """WAITS: hooks of its releases do, for the file "go-NAMESPACE"."""
        hooks = [{"events": ["presync"], "command": "sh", "args": [
            "-c", f"touch begun-{namespace}; for i in $(seq 900); do [ -e go-{namespace} ] && exit; sleep 0.1; done"]}]
        path = self.folder / f"{namespace}.json"
        path.write_text(json.dumps({"releases": [
            {"name": name, "namespace": namespace, "chart": "./app", "values": [{"a": a}], "hooks": hooks if waits else []}
            for name in names]}))
        return path

    def start(self, spec, *arguments, **env):
        return subprocess.Popen(
            [self.program, *arguments, "-f", spec, "--target", "demo", "--target-location", self.folder / "cluster",
             "--state", self.store.url], cwd=self.folder, env={**self.env, **env}, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, spec, *arguments, expect=0, **env):
        process = self.start(spec, *arguments, **env)
        out, err = process.communicate(timeout=120)
        assert process.returncode == expect, err
        return out + err

    def begin(self, namespace, *names):
        """A run that waits in the middle of its first release."""
        process = self.start(self.spec(namespace, names, waits=True), "sync")
        assert process.stderr
        for _ in range(300):
            if (self.folder / f"begun-{namespace}").exists():
                return process
            try:
                process.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
            break
        pytest.fail(process.communicate()[1])

    def go(self, namespace, process):
        (self.folder / f"go-{namespace}").touch()
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err

    def commits(self):
        there = git("-C", self.store.place, "for-each-ref", "refs/heads/main")
        return git("-C", self.store.place, "log", "--reverse", "--format=%s", "main").splitlines() if there else []

    def records(self, spec):
        return sorted((r["namespace"], r["name"], r["status"])
                      for r in json.loads(self.run(spec, "state", "list", "-o", "json")))

    def journal(self):
        return git("-C", self.store.place, "for-each-ref", "--format=%(objectname)", JOURNAL).strip()

    def is_ended(self):
        return self.journal() == git("-C", self.store.place, "rev-parse", "main").strip()


@pytest.fixture
def team(relfile, home, tmp_path):
    return lambda where: Team(relfile, home, tmp_path / "team", where)


def test_a_run_is_one_commit_that_says_what_it_did(team, any_store):
    store = any_store
    shop = team(store)
    count = 3 if store.kind == "git+ssh" else 12  # connections of ssh take long
    names = [f"web-{i}" for i in range(count)]
    shop.run(shop.spec("shop", names), "sync", GIT_AUTHOR_NAME="Ada", GIT_AUTHOR_EMAIL="ada@example.com")
    shop.run(shop.spec("shop", names, a=2), "sync")
    shop.run(shop.spec("shop", names), "destroy", "--yes")
    assert shop.commits() == [f"sync of default: {count} installed", f"sync of default: {count} upgraded",
                              f"destroy of default: {count} uninstalled"]
    message = git("-C", store.place, "log", "-1", "--format=%an%n%B", "main~2")
    lines = message.splitlines()
    assert lines[0] == "Ada" and "shop/web-2: revision 1, deployed" in lines and "locked" not in message
    trailers = git("-C", store.place, "log", "-1", "--format=%(trailers)", "main~2")
    assert re.fullmatch(r"Run: \S+Z-[0-9a-f]+\nActor: \S+@\S+\nChange-Id: I[0-9a-f]{40}\n*", trailers), trailers
    paths = git("-C", store.place, "log", "--name-only", "--format=", "main")
    assert "locks/" not in paths and shop.is_ended()
    git("-C", store.place, "fsck", "--strict")


def test_what_a_run_has_written_is_seen_before_its_end(team, store):
    shop = team(store)
    shop.run(shop.spec("shop", ["db"]), "sync")
    before = shop.commits()
    process = shop.begin("shop", "db", "web")
    spec = shop.folder / "shop.json"
    assert shop.records(spec)
    assert "default/shop" in shop.run(spec, "lock", "show")
    assert "is held by" in shop.run(spec, "sync", expect=1)
    assert "running" in shop.run(spec, "log")
    assert shop.commits() == before and not shop.is_ended()
    shop.go("shop", process)
    assert len(shop.commits()) == len(before) + 1 and shop.is_ended()


def test_runs_side_by_side_are_a_commit_each_of_what_they_did(team, store):
    both = team(store)
    one = both.begin("one", "a", "b")
    two = both.begin("two", "c")
    both.run(both.spec("three", ["d"]), "sync")
    files = git("-C", store.place, "ls-tree", "-r", "--name-only", "main")
    assert "/three/d/" in files and "/one/" not in files and "/two/" not in files and "locks/" not in files
    both.go("one", one)
    files = git("-C", store.place, "ls-tree", "-r", "--name-only", "main")
    assert "/one/b/" in files and "/two/" not in files and not both.is_ended()
    both.go("two", two)
    assert both.commits() == ["sync of default: 1 installed", "sync of default: 2 installed",
                              "sync of default: 1 installed"]
    assert both.is_ended() and len(both.records(both.folder / "one.json")) == 4
    both.run(both.folder / "one.json", "state", "fsck")


@pytest.mark.parametrize("how", ["sync", "abort"])
def test_what_a_killed_run_has_written_comes_with_the_next(team, store, how):
    shop = team(store)
    process = shop.begin("shop", "web")
    process.kill()
    process.communicate()
    spec = shop.folder / "shop.json"
    (shop.folder / "go-shop").touch()
    assert shop.commits() == []
    if how == "sync":
        assert "was interrupted" in shop.run(spec, "sync")
        title = "sync of default: 1 installed"
    else:
        run = json.loads(shop.run(spec, "log", "-o", "json"))[0]["id"]
        shop.run(spec, "run", "abort", run)
        title = "sync of default, aborted: "
    assert [commit.startswith(title) for commit in shop.commits()] == [True], shop.commits()
    assert shop.is_ended()
    shop.run(spec, "state", "fsck")


def test_what_is_changed_without_a_lock_is_one_commit_too(team, store, tmp_path):
    shop = team(store)
    spec = shop.spec("shop", ["a", "b", "c"])
    shop.run(spec, "sync")
    backup = tmp_path / "backup"
    backup.write_text(shop.run(spec, "state", "pull"))
    git("-C", store.place, "update-ref", "-d", "refs/heads/main")
    git("-C", store.place, "update-ref", "-d", JOURNAL)
    shop.run(spec, "state", "push", backup)
    assert len(shop.commits()) == 1 and shop.is_ended()
    assert len(shop.records(spec)) == 3


def test_fsck_brings_what_was_left_in_the_journal(team, store, pointed, tmp_path):
    shop = team(store)
    spec = shop.spec("shop", ["web"])
    shop.run(spec, "sync")
    backup = tmp_path / "backup"
    backup.write_text(shop.run(spec, "state", "pull"))
    git("-C", store.place, "update-ref", "-d", "refs/heads/main")
    git("-C", store.place, "update-ref", "-d", JOURNAL)
    shop.program = pointed
    shop.run(spec, "state", "push", backup, RELFILE_FAILPOINT="git-publish:1:kill", expect=-9)
    assert shop.commits() == []
    said = shop.run(spec, "state", "fsck")
    assert re.search(r"^\d entries that a run had left in the journal are on the branch now$", said, re.M), said
    assert len(shop.commits()) == 1 and shop.is_ended()
    assert "journal" not in shop.run(spec, "state", "fsck")


def test_fsck_says_what_waits_for_the_end_of_a_run(team, store):
    shop = team(store)
    process = shop.begin("shop", "web")
    spec = shop.folder / "shop.json"
    assert re.search(r"^\d entries are in the journal as long as somebody holds a lock", shop.run(spec, "state", "fsck"), re.M)
    assert json.loads(shop.run(spec, "state", "fsck", "-o", "json"))["waiting"] > 0 and shop.commits() == []
    process.kill()
    process.communicate()
    assert "relfile run abort brings them" in shop.run(spec, "state", "fsck", expect=1)  # of the lock, too
    shop.go("shop", shop.start(spec, "sync"))
    assert "journal" not in shop.run(spec, "state", "fsck") and shop.is_ended()


def test_other_commits_that_come_meanwhile_stay(team, store, tmp_path):
    shop = team(store)
    shop.run(shop.spec("shop", ["db"]), "sync")
    process = shop.begin("shop", "web")
    clone = tmp_path / "clone"
    git("clone", "-q", store.place, clone)
    (clone / "README.md").write_text("What is here\n")
    git("-C", clone, "add", ".")
    git("-C", clone, "commit", "-qm", "Say what is here")
    git("-C", clone, "push", "-q", "origin", "HEAD:main")
    shop.go("shop", process)
    assert shop.commits()[1] == "Say what is here" and len(shop.commits()) == 3 and shop.is_ended()
    assert "README.md" in git("-C", store.place, "ls-tree", "-r", "--name-only", "main").split()


def test_where_the_journal_may_not_be_rewritten_it_goes_on(team, git_http_server):
    where = git_https_store(git_http_server, new_name())
    hook(where, '[ "$2" = "$(printf %040d 0)" ] || git merge-base --is-ancestor "$2" "$3"')
    shop = team(where)
    for a in (1, 2, 3):
        shop.run(shop.spec("shop", ["web"], a), "sync")
    assert shop.commits() == ["sync of default: 1 installed", "sync of default: 1 upgraded",
                              "sync of default: 1 upgraded"]
    assert git("-C", where.place, "log", "-1", "--format=%s", JOURNAL).strip() == "All is on the branch"
    assert "no changes in" in shop.run(shop.folder / "shop.json", "diff")
    git("-C", where.place, "fsck", "--strict")


def test_where_a_server_takes_no_journal_each_change_is_a_commit(team, git_http_server):
    where = git_https_store(git_http_server, new_name())
    hook(where, '[ "$1" = refs/heads/main ]')
    shop = team(where)
    shop.run(shop.spec("shop", ["web"]), "sync")
    assert shop.commits()[0].startswith("default/shop: locked by ") and shop.commits()[-1] == "default/shop: unlocked"
    assert "no changes in" in shop.run(shop.folder / "shop.json", "diff")


def test_who_goes_without_a_journal_sees_one_that_others_make_meanwhile(team, git_http_server):
    where = git_https_store(git_http_server, new_name())
    hook(where, '[ "$1" = refs/heads/main ]')
    shop = team(where)
    process = shop.begin("shop", "web")
    hook(where, "true")
    other = shop.begin("other", "db")
    shop.go("shop", process)
    shop.go("other", other)
    assert shop.records(shop.folder / "shop.json") == [("other", "db", "deployed"), ("shop", "web", "deployed")]
    assert shop.is_ended()
    shop.run(shop.folder / "shop.json", "state", "fsck")


def test_who_may_not_write_a_journal_that_others_use_is_told(team, git_http_server):
    where = git_https_store(git_http_server, new_name())
    shop = team(where)
    shop.run(shop.spec("shop", ["web"]), "sync")
    hook(where, '[ "$1" = refs/heads/main ]')
    said = shop.run(shop.spec("shop", ["web"], 2), "sync", expect=1)
    assert f"refuses a change of {JOURNAL}: hook declined" in said and "let this user, too" in said
    assert len(shop.commits()) == 1


def test_a_branch_that_takes_no_commit_loses_nothing(team, git_http_server):
    where = git_https_store(git_http_server, new_name())
    hook(where, '[ "$1" != refs/heads/main ]')
    shop = team(where)
    said = shop.run(shop.spec("shop", ["web"]), "sync", expect=1)
    assert "refuses a change of branch main: hook declined" in said and "if it is protected" in said
    assert shop.records(shop.folder / "shop.json") == [("shop", "web", "deployed")] and shop.commits() == []
    said = shop.run(shop.spec("shop", ["web", "more"]), "sync", expect=1)
    assert "refuses a change of branch main" in said and len(shop.records(shop.folder / "shop.json")) == 1
    hook(where, "true")
    shop.run(shop.spec("shop", ["web", "more"]), "sync")
    assert shop.commits() == ["sync of default: 1 installed", "sync of default: 1 upgraded, 1 installed"]
    assert shop.is_ended()


def test_a_branch_that_was_taken_back_is_followed(team, store):
    shop = team(store)
    shop.run(shop.spec("shop", ["web"]), "sync")
    shop.run(shop.spec("shop", ["web"], 2), "sync")
    git("-C", store.place, "update-ref", "refs/heads/main", "main~1")
    history = json.loads(shop.run(shop.folder / "shop.json", "history", "web", "-o", "json").split("warning:")[0])
    assert [record["revision"] for record in history] == [1]
    shop.run(shop.spec("shop", ["web"], 3), "sync")
    assert shop.commits() == ["sync of default: 1 installed", "sync of default: 1 upgraded"] and shop.is_ended()


def test_a_branch_that_is_rewritten_meanwhile_gets_what_the_run_wrote(team, store, tmp_path):
    shop = team(store)
    shop.run(shop.spec("shop", ["db"]), "sync")
    process = shop.begin("more", "web")
    clone = tmp_path / "clone"
    git("clone", "-q", store.place, clone)
    git("-C", clone, "commit", "-q", "--amend", "-m", "Rewritten")
    git("-C", clone, "push", "-qf", "origin", "HEAD:main")
    shop.go("more", process)
    assert shop.commits() == ["Rewritten", "sync of default: 1 installed"] and shop.is_ended()
    assert len(shop.records(shop.folder / "more.json")) == 2


@pytest.mark.parametrize("branch", ["team/shop/x", "team"])
def test_a_branch_that_cannot_be_beside_another_is_told_at_once(team, store, branch):
    shop = team(store)
    tree = git("-C", store.place, "hash-object", "-wt", "tree", "/dev/null").strip()
    commit = git("-C", store.place, "commit-tree", "-m", "Begin", tree).strip()
    git("-C", store.place, "update-ref", "refs/heads/team/shop", commit)
    shop.store = store._replace(url=re.sub(r"branch=main&|(?<=\?)", f"branch={branch}&", store.url, count=1))
    said = shop.run(shop.spec("shop", ["web"]), "sync", expect=1)
    assert f"there can be no branch {branch} beside refs/heads/team/shop" in said and "?branch=" in said
    assert not (shop.folder / "cluster").exists()


def test_states_in_one_repository_have_their_own_journals(team, tmp_path):
    where = git_file_store(tmp_path)
    shop = team(where)
    for path in ("&path=state", "&path=a/b", "&path=lock", ""):
        shop.store = where._replace(url=f"git+file://{where.place}?branch=x/y{path}")
        shop.run(shop.spec("shop", ["web"]), "sync")
    names = git("-C", where.place, "for-each-ref", "--format=%(refname)", "refs/relfile/journal").split()
    assert names == [f"refs/relfile/journal/x%2Fy{part}" for part in ("", ".%6Cock", ".a%2Fb", ".state")]
