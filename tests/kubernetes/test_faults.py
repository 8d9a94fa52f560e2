"""What happens between relfile and the API server: a proxy that loses, refuses and cuts answers."""

import base64
import http.client
import http.server
import json
import socket
import ssl
import threading
import urllib.parse

import pytest
import yaml


class Proxy(http.server.BaseHTTPRequestHandler):
    """Passes requests on, but for those that the server's `fault` says something about."""

    protocol_version = "HTTP/1.1"

    def pass_on(self, body):
        connection = http.client.HTTPSConnection(self.server.host, context=self.server.tls,
                                                 timeout=60)
        headers = {k: v for k, v in self.headers.items()
                   if k.lower() not in ("host", "connection", "accept-encoding")}
        connection.request(self.command, self.path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, answer.getheader("Content-Type", "application/json"), text

    def answer(self, status, kind, text, **more):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()

    def drop(self):
        """Close the connection in the middle of everything."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.close_connection = True
        self.connection.close()

    def handle_one(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with self.server.lock:
            self.server.count += 1
            fault = self.server.fault(self.command, self.path, self.server.count)
            self.server.faults += fault is not None
        if fault == "reset":
            self.drop()
            return
        if isinstance(fault, int):
            text = json.dumps({"kind": "Status", "code": fault, "message": f"fault {fault}"})
            more = {"Retry_After": "1"} if fault == 429 else {}
            self.answer(fault, "application/json", text.encode(), **more)
            self.wfile.write(text.encode())
            return
        status, kind, text = self.pass_on(body)
        if fault == "lost":
            self.drop()
            return
        if fault == "landed500":
            status, text = 500, b'{"kind": "Status", "message": "etcdserver: request timed out"}'
        self.answer(status, kind, text)
        if fault == "cut":
            self.wfile.write(text[:len(text) // 2])
            self.wfile.flush()
            self.drop()
            return
        self.wfile.write(text)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = handle_one

    def log_message(self, *_):
        pass


class QuietServer(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


@pytest.fixture
def proxy(place):
    config = yaml.safe_load((place.cluster / "token.kubeconfig").read_text())
    cluster = config["clusters"][0]["cluster"]
    server = QuietServer(("127.0.0.1", 0), Proxy)
    server.host = urllib.parse.urlparse(cluster["server"]).netloc
    server.tls = ssl.create_default_context(
        cadata=base64.b64decode(cluster["certificate-authority-data"]).decode())
    server.lock, server.count, server.faults = threading.Lock(), 0, 0
    server.fault = lambda method, path, count: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    config["clusters"][0]["cluster"] = {"server": f"http://127.0.0.1:{server.server_port}"}
    place.kubeconfig = place.folder / "proxy.kubeconfig"
    place.kubeconfig.write_text(json.dumps(config))
    yield server
    server.shutdown()


def converged(place, proxy):
    """Without faults the next run goes on from there, and then nothing is left to do."""
    proxy.fault = lambda method, path, count: None
    place.relfile("sync")
    assert "no changes" in place.relfile("diff", "--detailed-exitcode").stderr
    history = place.statuses()
    assert history[-1][1] == "deployed"
    assert [status for _, status in history].count("deployed") == 1


LONG = pytest.mark.long


@pytest.mark.parametrize("fault", [
    "reset", pytest.param("lost", marks=LONG), pytest.param("cut", marks=LONG), 429,
    pytest.param(503, marks=LONG), pytest.param(504, marks=LONG), pytest.param(500, marks=LONG),
    "landed500"])
def test_now_and_then(place, proxy, fault):
    """Every fifth request: all of them are tried again, and one run does it all."""
    place.write({"message": "two"}, wait=False)
    proxy.fault = lambda method, path, count: fault if count % 5 == 0 else None
    # a request that may have got through is only sent again where that does no harm
    sure = fault in (429, 503)
    place.relfile("sync", expect=0 if sure else None)
    assert proxy.faults
    converged(place, proxy)


@pytest.mark.parametrize("fault", ["lost", "landed500", "cut"])
def test_a_record_whose_answer_is_lost_is_recognised(place, proxy, fault):
    place.write(wait=False)
    seen = []

    def lose(method, path, count):
        writes = method in ("POST", "PATCH") and "/secrets" in path
        if writes and len(seen) < 2 and path.split("?")[0] not in seen:
            seen.append(path.split("?")[0])
            return fault
        return None

    proxy.fault = lose
    place.relfile("sync", expect=0 if fault != "landed500" else None)
    converged(place, proxy)


@pytest.mark.parametrize("fault", ["reset", 500, 403])
def test_a_failure_in_the_middle_is_recorded(place, proxy, fault):
    place.write(wait=False)
    proxy.fault = lambda method, path, count: (
        fault if "/deployments/" in path and method == "PATCH" else None)
    said = place.relfile("sync", expect=1).stderr
    assert "Deployment/web-web" in said or "deployments/web-web" in said
    assert place.statuses() == [(1, "failed")]
    converged(place, proxy)


def test_a_failure_while_deleting_is_gone_on_with(place, proxy):
    place.write(wait=False)
    place.relfile("sync")
    proxy.fault = lambda method, path, count: (
        500 if "/statefulsets/" in path and method == "DELETE" else None)
    assert "fault 500" in place.relfile("destroy", "--yes", expect=1).stderr
    proxy.fault = lambda method, path, count: None
    place.relfile("destroy", "--yes")
    assert place.names("statefulset") == []
    assert place.names("secret") == []


def test_discovery_without_one_group_goes_on(place, proxy):
    """Before 1.27, and where a server does not know aggregated discovery, groups are asked one by one."""
    place.write(wait=False)
    place.relfile("sync")
    real = Proxy.pass_on

    def plain(self, body):
        if self.path in ("/api", "/apis"):
            self.headers.replace_header("Accept", "application/json")
        return real(self, body)

    Proxy.pass_on = plain
    proxy.fault = lambda method, path, count: 503 if path == "/apis/batch/v1" else None
    try:
        done = place.relfile("diff", "--no-hooks", "--detailed-exitcode", expect=None)
    finally:
        Proxy.pass_on = real
    assert "the server cannot tell what is in batch/v1" in done.stderr
    assert "no changes" in done.stderr


def test_lists_are_read_in_pages_and_again_when_they_are_too_old(place, proxy):
    place.write(wait=False)
    place.relfile("sync")
    gone = []

    def expire(method, path, count):
        if "continue=" in path and not gone:
            gone.append(path)
            return 410
        return None

    real = Proxy.pass_on

    def small(self, body):
        self.path = self.path.replace("limit=500", "limit=1")
        return real(self, body)

    Proxy.pass_on = small
    proxy.fault = expire
    try:
        for number in range(3):
            place.write({"message": f"m{number}"}, wait=False)
            place.relfile("sync")
        history = json.loads(place.relfile("history", "-o", "json").stdout)
    finally:
        Proxy.pass_on = real
    assert gone
    assert [r["revision"] for r in history] == [1, 2, 3, 4]
