"""Real servers for tests of stores, started by the scripts in tests/servers when a test wants one.

Each store of a test is a fresh bucket or repository. What is not installed is skipped; git+file
needs no server. VERSITYGW and MINIO name those programs; `make servers servers-more` builds them.
"""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

import pytest

from conftest import ROOT, clean_environment
from stand_in import stand_in

SERVERS = ROOT / "tests" / "servers"


class Store(NamedTuple):
    """A store of one test: its URL, what lets us in, and how to do what others might do."""

    kind: str
    url: str
    env: dict
    place: Path  # the bucket's folder, or the repository


class Server:
    """A script of tests/servers that runs in a process group of its own."""

    def __init__(self, script, folder, ports=1):
        self.script, self.folder = SERVERS / script, folder
        self.ports = [free_port() for _ in range(ports)]
        folder.mkdir(exist_ok=True)
        self.process = None

    def start(self):
        log = open(self.folder / "server.log", "ab")
        self.process = subprocess.Popen(
            ["sh", self.script, self.folder, *map(str, self.ports)], stdout=log, stderr=log,
            start_new_session=True, env={**os.environ, "VERSITYGW": versitygw() or "", "MINIO": minio() or ""})
        for port in self.ports:
            wait_for_port(port, self)
        return self

    def kill(self):
        if self.process:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.process.wait()
        self.process = None


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for_port(port, server):
    for _ in range(300):
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return
        if server.process.poll() is not None:
            break
        time.sleep(0.1)
    pytest.fail(f"{server.script.name} does not start:\n{(server.folder / 'server.log').read_text()}")


def wait_for_answer(url):
    """A port is open before its server is ready."""
    for _ in range(300):
        try:
            with urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer")


def versitygw():
    named = os.environ.get("VERSITYGW") or shutil.which("versitygw")
    built = ROOT / "build" / "tools" / "servers" / "versitygw"
    return named or (str(built) if built.exists() else None)


def minio():
    named = os.environ.get("MINIO") or shutil.which("minio")
    built = ROOT / "build" / "tools" / "buckets" / "minio"
    return named or (str(built) if built.exists() else None)


def installed(*programs):
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    return all(shutil.which(program, path=path) for program in programs)


def need(*programs):
    for program in programs:
        if not installed(program):
            pytest.skip(f"{program} is not installed")


def git(*arguments, cwd=None):
    environment = {**clean_environment("/nonexistent"), "GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@t",
                   "GIT_COMMITTER_NAME": "t", "GIT_COMMITTER_EMAIL": "t@t"}
    return subprocess.run(["git", *map(str, arguments)], cwd=cwd, env=environment, check=True,
                          capture_output=True, encoding="utf-8").stdout


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory):
    if not versitygw():
        pytest.skip("versitygw is not installed: make servers, which needs Go")
    server = Server("s3.sh", tmp_path_factory.mktemp("s3")).start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def minio_server(tmp_path_factory):
    """An S3 server of another make."""
    if not minio():
        pytest.skip("minio is not installed: make servers-more, which needs Go")
    server = Server("minio.sh", tmp_path_factory.mktemp("minio")).start()
    wait_for_answer(f"http://127.0.0.1:{server.ports[0]}/minio/health/ready")
    yield server
    server.kill()


@pytest.fixture(scope="session")
def git_http_server(tmp_path_factory):
    need("git", "nginx", "fcgiwrap", "openssl")
    server = Server("git-http.sh", tmp_path_factory.mktemp("git"), ports=2).start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def chart_server(tmp_path_factory):
    need("nginx", "openssl")
    server = Server("charts.sh", tmp_path_factory.mktemp("charts"), ports=2).start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def ssh_server(tmp_path_factory):
    need("git", "ssh", "sshd", "ssh-keygen")
    server = Server("ssh.sh", tmp_path_factory.mktemp("ssh")).start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def registry_server(tmp_path_factory):
    """Ports: one without TLS and logins, one with a password, one with tokens, their service."""
    need("docker-registry", "htpasswd", "openssl")
    server = Server("registry.sh", tmp_path_factory.mktemp("registry"), ports=4).start()
    yield server
    server.kill()


def s3_store(server, name, port=None):
    bucket = server.folder / "data" / name
    bucket.mkdir(parents=True)
    return Store("s3", f"s3://{name}/team/prod?region=us-east-1&endpoint="
                 f"http://127.0.0.1:{port or server.ports[0]}",
                 {"AWS_ACCESS_KEY_ID": "tester", "AWS_SECRET_ACCESS_KEY": "tester-secret"}, bucket)


def git_repository(path):
    need("git")
    git("init", "-q", "--bare", "-b", "main", path)
    git("-C", path, "config", "http.receivepack", "true")
    return path


def git_file_store(folder):
    path = git_repository(folder / "state.git")
    return Store("git+file", f"git+file://{path}?branch=main&path=state", {}, path)


def git_https_store(server, name):
    path = git_repository(server.folder / "repos" / f"{name}.git")
    return Store("git+https", f"git+https://127.0.0.1:{server.ports[1]}/git/{name}.git?path=state"
                 f"&caFile={server.folder}/ca.pem",
                 {"RELFILE_GIT_USERNAME": "tester", "RELFILE_GIT_PASSWORD": "tester-password"}, path)


def git_ssh_store(server, folder):
    path = git_repository(folder / "state.git")
    return Store("git+ssh", f"git+ssh://127.0.0.1:{server.ports[0]}{path}?path=state"
                 f"&sshKey={server.folder}/key&knownHosts={server.folder}/known_hosts", {}, path)


_names = (f"team-{os.getpid()}-{number}" for number in range(10**6))


def new_name():
    return next(_names)


def store_of(request, tmp_path):
    """An empty store of the kind that is REQUEST's parameter."""
    if request.param == "s3":
        return s3_store(request.getfixturevalue("s3_server"), new_name())
    if request.param == "minio":
        return s3_store(request.getfixturevalue("minio_server"), new_name())
    if request.param == "git+https":
        return git_https_store(request.getfixturevalue("git_http_server"), new_name())
    if request.param == "git+ssh":
        return git_ssh_store(request.getfixturevalue("ssh_server"), tmp_path)
    return git_file_store(tmp_path)


@pytest.fixture(params=["git+file", "s3", "minio", "git+https", "git+ssh"])
def store(request, tmp_path):
    """An empty store of each kind."""
    return store_of(request, tmp_path)


@pytest.fixture(params=["git+file", "git+https", "git+ssh"])
def git_store(request, tmp_path):
    """The same of those in git."""
    return store_of(request, tmp_path)


@contextmanager
def proxy(port, fault):
    """A port before a server's. FAULT(method, path, headers, forward) answers (status, headers,
    body), or None for a connection that is cut; forward() asks the server."""

    def ask(method, path, headers, body):
        server = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        server.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            server.putheader(name, value)
        server.endheaders(body)
        answer = server.getresponse()
        return answer.status, answer.getheaders(), answer.read()

    def answer(method, path, headers, body):
        return fault(method, path, headers, lambda: ask(method, path, headers, body))

    with stand_in(answer) as there:
        yield there
