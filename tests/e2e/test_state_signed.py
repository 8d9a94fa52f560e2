"""Commits of a state in git that are signed, held against git's own check."""

import subprocess
from contextlib import contextmanager
from tempfile import TemporaryDirectory

import pytest

from conftest import clean_environment
from servers import git_file_store, git_store as store, need, git_http_server, ssh_server  # noqa: F401
from test_state import fails, on  # noqa: F401


def git(home, *arguments, **more):
    """As the user of HOME: its exit code, and all that it says."""
    done = subprocess.run(["git", *map(str, arguments)], env=clean_environment(home, **more), check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
    return done.returncode, done.stdout


def settings(home, text):
    (home / ".gitconfig").write_text("[user]\n name = Ada\n email = ada@example.com\n" + text)


def ssh_key(home, name="signing"):
    need("ssh-keygen")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "ada", "-f", home / name], check=True)
    public = (home / f"{name}.pub").read_text()
    (home / "allowed").write_text(f"ada@example.com {public}")
    return public


@contextmanager
def gpg_home():
    """A key of Ada's, without a passphrase: the agent's socket must have a short path."""
    need("gpg")
    with TemporaryDirectory(prefix="gpg-") as folder:
        subprocess.run(["gpg", "--homedir", folder, "--batch", "--quiet", "--passphrase", "", "--quick-gen-key",
                        "Ada <ada@example.com>", "ed25519", "sign", "never"], check=True, capture_output=True)
        try:
            yield folder
        finally:
            subprocess.run(["gpgconf", "--homedir", folder, "--kill", "all"], check=False)


def assert_all_signed(home, store, by, **more):  # noqa: F811
    """By git verify-commit and git log --show-signature; and the repository is whole."""
    for commit in git(home, "-C", store.place, "rev-list", "main")[1].split():
        code, said = git(home, "-C", store.place, "verify-commit", "-v", commit, **more)
        assert code == 0 and by in said, said
    assert git(home, "-C", store.place, "log", "--show-signature", "main", **more)[1].count(by) == 1
    assert git(home, "-C", store.place, "fsck", "--strict")[0] == 0


def test_commits_are_signed_with_an_ssh_key(on, store, home):  # noqa: F811
    ssh_key(home)
    settings(home, " signingKey = ~/signing.pub\n[commit]\n gpgSign = true\n[gpg]\n format = ssh\n"
                   "[gpg \"ssh\"]\n allowedSignersFile = ~/allowed\n")
    on(store)("sync")
    assert_all_signed(home, store, 'Good "git" signature for ada@example.com')
    assert "no changes in" in (diff := on(store)("diff")).stdout + diff.stderr


def test_commits_are_signed_with_the_committers_pgp_key(on, tmp_path, home):  # noqa: F811
    store = git_file_store(tmp_path)  # noqa: F811
    settings(home, "[commit]\n gpgSign = true\n")
    with gpg_home() as keys:
        on(store, GNUPGHOME=keys)("sync")
        assert_all_signed(home, store, 'Good signature from "Ada <ada@example.com>"', GNUPGHOME=keys)


def x509_key(folder):
    """Of Ada, whom she herself vouches for, without a passphrase."""
    need("gpgsm", "openssl")
    key, certificate, both = (f"{folder}/{name}" for name in ("key.pem", "certificate.pem", "both.p12"))
    for command in (
            ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "30",
             "-subj", "/CN=Ada/emailAddress=ada@example.com", "-addext", "subjectAltName=email:ada@example.com",
             "-addext", "keyUsage=critical,digitalSignature,keyCertSign"],
            ["pkcs12", "-export", "-legacy", "-inkey", key, "-in", certificate, "-out", both, "-passout", "pass:",
             "-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"]):
        subprocess.run(["openssl", *command], check=True, capture_output=True)
    mark = subprocess.run(["openssl", "x509", "-in", certificate, "-noout", "-fingerprint", "-sha1"], check=True,
                          capture_output=True, encoding="utf-8").stdout.split("=")[1].strip()
    for name, text in (("gpg-agent.conf", "allow-loopback-pinentry\n"), ("gpgsm.conf", "disable-crl-checks\n"),
                       ("trustlist.txt", f"{mark} S relax\n")):
        with open(f"{folder}/{name}", "w", encoding="utf-8") as file:
            file.write(text)
    subprocess.run(["gpgsm", "--homedir", folder, "--batch", "--pinentry-mode", "loopback", "--passphrase-fd", "0",
                    "--import", both], input="\n", check=True, capture_output=True, encoding="utf-8")


def test_commits_are_signed_with_an_x509_certificate(on, tmp_path, home):  # noqa: F811
    store = git_file_store(tmp_path)  # noqa: F811
    settings(home, " signingKey = ada@example.com\n[commit]\n gpgSign = true\n[gpg]\n format = x509\n")
    with TemporaryDirectory(prefix="gpgsm-") as keys:
        x509_key(keys)
        try:
            on(store, GNUPGHOME=keys)("sync")
            assert_all_signed(home, store, 'Good signature from "/CN=Ada/EMail=ada@example.com"', GNUPGHOME=keys)
        finally:
            subprocess.run(["gpgconf", "--homedir", keys, "--kill", "all"], check=False)


def test_a_url_says_whether_commits_are_signed(on, tmp_path, home):  # noqa: F811
    store = git_file_store(tmp_path)  # noqa: F811
    ssh_key(home)
    settings(home, " signingKey = ~/signing\n[gpg]\n format = ssh\n[gpg \"ssh\"]\n allowedSignersFile = ~/allowed\n")
    on(store)("sync")
    assert "gpgsig" not in git(home, "-C", store.place, "cat-file", "commit", "main")[1]
    on(store._replace(url=store.url + "&sign=true"))("destroy", "--yes")
    assert git(home, "-C", store.place, "verify-commit", "main")[0] == 0
    settings(home, "[commit]\n gpgSign = true\n[gpg]\n program = /nowhere/gpg\n")
    on(store._replace(url=store.url + "&sign=false"))("sync")
    assert "gpgsig" not in git(home, "-C", store.place, "cat-file", "commit", "main")[1]


def test_a_key_that_an_agent_has_is_named_by_its_text(on, tmp_path, home):  # noqa: F811
    need("ssh-agent", "ssh-add")
    store = git_file_store(tmp_path)  # noqa: F811
    public = ssh_key(home)
    settings(home, f" signingKey = key::{public.strip()}\n[commit]\n gpgSign = true\n[gpg]\n format = ssh\n"
                   "[gpg \"ssh\"]\n allowedSignersFile = ~/allowed\n")
    with TemporaryDirectory(prefix="agent-") as folder:
        socket = f"{folder}/socket"
        agent = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.DEVNULL)
        try:
            subprocess.run(["sh", "-c", f"for i in 1 2 3 4 5 6 7 8 9; do [ -S {socket} ] || sleep 0.2; done; "
                            f"ssh-add -q {home}/signing"], check=True, env=clean_environment(home, SSH_AUTH_SOCK=socket))
            (home / "signing").unlink()
            on(store, SSH_AUTH_SOCK=socket)("sync")
        finally:
            agent.kill()
            agent.wait()
    assert_all_signed(home, store, 'Good "git" signature for ada@example.com')


@pytest.mark.parametrize("config, message", [
    ("[gpg]\n format = ssh\n", "commits are to be signed with an ssh key, and git knows none"),
    ("[gpg]\n format = pgp\n", "git's gpg.format is \"pgp\", not openpgp, x509 or ssh"),
    ("[gpg]\n program = /nowhere/gpg\n", "commits are to be signed: cannot run \"/nowhere/gpg\""),
    ("[gpg]\n program = false\n", "commits are to be signed: false: it ended with status 1"),
    ("[gpg]\n program = true\n", "commits are to be signed: true made no signature"),
])
def test_a_commit_that_cannot_be_signed_is_not_made(on, tmp_path, home, config, message):  # noqa: F811
    store = git_file_store(tmp_path)  # noqa: F811
    settings(home, "[commit]\n gpgSign = true\n" + config)
    fails(on(store)("sync", expect=None), message)
    assert git(home, "-C", store.place, "rev-parse", "-q", "--verify", "main")[0] != 0


def test_a_wrong_option_is_explained(on, tmp_path):  # noqa: F811
    store = git_file_store(tmp_path)  # noqa: F811
    fails(on(store._replace(url=store.url + "&sign=yes"))("sync", expect=None),
          'option sign is "yes", not true or false')
