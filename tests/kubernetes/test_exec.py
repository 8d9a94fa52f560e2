"""Programs in pods, and their logs: `exec`, `attach`, `logs`.

kwok runs programs on this machine, but tells neither their exit status nor that standard input has
ended: what that comes to is tested with a stand-in for the server's end of the protocol.
"""

import base64
import hashlib
import json
import os
import pty
import signal
import struct
import subprocess
import threading
import time
from datetime import datetime, timezone
from urllib.parse import parse_qs, urlparse

import pytest

from tests.kubernetes.test_faults import Proxy, proxy  # noqa: F401


@pytest.fixture
def installed(place):
    place.write()
    place.relfile("sync")
    return place


def say(place, text):
    """Every container says TEXT."""
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f000Z")
    with open(place.cluster / "pod.log", "a", encoding="utf-8") as log:
        log.write(f"{now} stdout F {text}\n")


def start(place, *arguments, stdin=subprocess.DEVNULL):
    environment = {**os.environ, "KUBECONFIG": str(place.kubeconfig), "RELFILE_TARGET": "kubernetes"}
    program = os.environ.get("RELFILE", "build/relfile")
    return subprocess.Popen([program, *arguments], cwd=place.folder, env=environment, stdin=stdin,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")


def test_a_program_runs_in_a_pod_and_its_output_is_ours(installed):
    done = installed.relfile("exec", "web", "--no-stdin", "--", "sh", "-c",
                             "echo $RELFILE_TEST; echo complaint >&2")
    assert done.stdout == "pod\n" and done.stderr == "complaint\n"
    pods = [p["metadata"]["name"] for p in installed.get("pod")["items"]]
    done = installed.relfile("exec", "web", pods[0], "--no-stdin", "--", "echo", "-n", "--", "x y")
    assert done.stdout == "-- x y"
    found = installed.relfile("exec", "web", pods[0] + "x", "--", "true", expect=1).stderr
    assert f'has no pod "{pods[0]}x"' in found and f'did you mean "{pods[0]}"' in found
    found = installed.relfile("exec", "web", "--no-stdin", "--", "no-such-program", expect=1).stderr
    assert "no-such-program" in found
    found = installed.relfile("exec", "web", "--container", "nope", "--", "true", expect=1).stderr
    assert "nope" in found
    assert "which program?" in installed.relfile("exec", "web", expect=3).stderr


def test_who_may_not_run_programs_is_told(installed):
    reader = {"KUBECONFIG": str(installed.cluster / "reader.kubeconfig")}
    found = installed.relfile("exec", "web", "--", "true", env=reader, expect=1).stderr
    assert "is forbidden" in found


def test_a_terminal_is_the_programs(installed):
    ours, theirs = pty.openpty()
    child = start(installed, "exec", "web", "--tty", "--", "sh", "-c", "tty; read x; echo got $x; sleep 1",
                  stdin=theirs)
    os.write(ours, b"word\n")
    out, _ = child.communicate(timeout=30)
    assert "/dev/pts/" in out and "got word" in out
    os.close(ours)
    os.close(theirs)


def test_what_is_attached_to_is_heard_until_a_signal(installed):
    child = start(installed, "attach", "web")
    deadline = time.monotonic() + 20
    words = []

    def read():
        words.extend(child.stdout)

    thread = threading.Thread(target=read)
    thread.start()
    while not words and time.monotonic() < deadline:
        say(installed, "attached")
        time.sleep(0.5)
    child.send_signal(signal.SIGINT)
    assert child.wait(timeout=10) == 128 + signal.SIGINT
    thread.join()
    assert "attached\n" in words


def test_logs_are_of_the_life_container_and_time_that_is_wanted(installed):
    pods = len(json.loads(installed.relfile("ps", "web", "-o", "json").stdout)[0]["pods"])
    assert installed.relfile("logs", "web", "--previous").stdout.count("the life before") == pods
    stamped = installed.relfile("logs", "web", "--timestamps", "--tail", "1").stdout.splitlines()
    assert len(stamped) == pods and all("2026-" in line for line in stamped)
    assert "starting" not in installed.relfile("logs", "web", "--since", "1m").stdout
    found = installed.relfile("logs", "web", "--container", "nope", expect=1).stderr
    assert "container nope is not valid for pod" in found
    named = installed.relfile("logs", "web", "--all-containers", "--tail", "1").stdout
    assert named.count("/") >= pods


def test_logs_are_followed_in_all_pods_and_in_those_that_come_later(installed):
    child = start(installed, "logs", "web", "--follow", "--tail", "1")
    lines = []
    thread = threading.Thread(target=lambda: lines.extend(child.stdout))
    thread.start()
    for _ in range(100):
        if len({line.split()[0] for line in lines}) >= 3:
            break
        time.sleep(0.2)
    installed.program("kubectl", "-n", installed.namespace, "scale", "deployment/web-web",
                      "--replicas=3")
    for _ in range(100):
        if len({line.split()[0] for line in lines}) >= 4:
            break
        time.sleep(0.2)
    say(installed, "a late word")
    time.sleep(2)
    child.send_signal(signal.SIGINT)
    assert child.wait(timeout=15) == 128 + signal.SIGINT
    thread.join()
    assert len({line.split()[0] for line in lines if "a late word" in line}) == 4


# ---- the server's end of the protocol


def frame(payload, opcode=2):
    head = bytes([0x80 | opcode])
    if len(payload) < 126:
        return head + bytes([len(payload)]) + payload
    return head + bytes([126]) + struct.pack(">H", len(payload)) + payload


def read_frame(stream):
    head = stream.read(2)
    if len(head) < 2:
        return 8, b""
    length = head[1] & 127
    if length == 126:
        length, = struct.unpack(">H", stream.read(2))
    elif length == 127:
        length, = struct.unpack(">Q", stream.read(8))
    mask = stream.read(4)
    return head[0] & 15, bytes(b ^ mask[i % 4] for i, b in enumerate(stream.read(length)))


class Remote(Proxy):
    """Passes everything on but programs in pods, which it runs itself."""

    protocols = "v5.channel.k8s.io"

    def do_GET(self):
        if self.headers.get("Upgrade") == "websocket":
            self.close_connection = True
            self.run_program()
        else:
            self.handle_one()

    def greet(self):
        key = self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
        assert self.protocols in self.headers["Sec-WebSocket-Protocol"]
        self.wfile.write((f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                          f"Connection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n"
                          f"Sec-WebSocket-Protocol: {self.protocols}\r\n\r\n").encode())

    def run_program(self):
        query = parse_qs(urlparse(self.path).query)
        self.greet()
        self.wfile.write(frame(b"are you there", 9))
        child = subprocess.Popen(query["command"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        ponged, sizes = False, []

        def send():
            while True:
                data = child.stdout.read1(20000)
                if not data:
                    break
                # a message in two frames
                self.wfile.write(bytes([2]) + frame(b"\1" + data[:1])[1:] +
                                 frame(data[1:], 0))

        sender = threading.Thread(target=send)
        sender.start()
        while not ponged or child.poll() is None:
            opcode, data = read_frame(self.rfile)
            ponged |= opcode == 10 and data == b"are you there"
            if data[:1] == b"\4":
                sizes.append(json.loads(data[1:]))
            if opcode == 8 or data == b"\xff\0":
                child.stdin.close()
                break
            if data[:1] == b"\0":
                child.stdin.write(data[1:])
                child.stdin.flush()
        sender.join()
        code = child.wait()
        assert ponged
        status = {"status": "Success"} if code == 0 else {
            "status": "Failure", "reason": "NonZeroExitCode",
            "message": f"command terminated with non-zero exit code: {code}",
            "details": {"causes": [{"reason": "ExitCode", "message": str(code)}]}}
        self.wfile.write(frame(b"\3" + json.dumps(status).encode()) + frame(b"\x03\xe8", 8))


@pytest.fixture
def remote(installed, proxy):
    proxy.RequestHandlerClass = Remote
    return installed


@pytest.mark.parametrize("code", [0, 1, 42, 255])
def test_the_exit_status_of_the_program_is_ours(remote, code):
    remote.relfile("exec", "web", "--", "sh", "-c", f"exit {code}", expect=code)


def test_standard_input_goes_there_and_ends_there(remote):
    text = "".join(f"line {i}\n" for i in range(40000))
    with open(remote.folder / "input", "w+", encoding="utf-8") as file:
        file.write(text)
        file.seek(0)
        child = start(remote, "exec", "web", "--", "cat", stdin=file)
        out, err = child.communicate(timeout=60)
    assert child.returncode == 0, err
    assert out == text
