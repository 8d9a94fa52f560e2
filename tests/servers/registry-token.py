"""registry-token.py DIR PORT - a token service for registry.sh, in the foreground.

GET /token?service=S&scope=repository:NAME:pull,push with user and password gives a token for that;
without them, one to pull what is below public/. POST does the same for a refresh token, which is
"refresh-" and the password. DIR/tokens.log has a line for each request.
"""

import base64
import http.server
import json
import ssl
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path

FOLDER, PORT = Path(sys.argv[1]), int(sys.argv[2])
USER, PASSWORD = "tester", "tester-password"


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(claims):
    chain = "".join(line for line in (FOLDER / "ca.pem").read_text().splitlines() if "CERT" not in line)
    head = {"typ": "JWT", "alg": "RS256", "x5c": [chain]}
    text = ".".join(encoded(json.dumps(part).encode()) for part in (head, claims))
    signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", FOLDER / "key.pem"],
                               input=text.encode(), capture_output=True, check=True).stdout
    return f"{text}.{encoded(signature)}"


def allowed(scopes, known):
    for scope in scopes:
        kind, name, actions = scope.split(":")
        yield {"type": kind, "name": name,
               "actions": [action for action in actions.split(",")
                           if known or (action == "pull" and name.startswith("public/"))]}


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, query, known):
        with open(FOLDER / "tokens.log", "a") as log:
            log.write(f"{self.command} {self.path} {'known' if known else 'unknown'}\n")
        if known is None:
            self.send_response(401)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        now = int(time.time())
        scopes = [one for scope in query.get("scope", []) for one in scope.split()]
        claims = {"iss": "relfile-test", "sub": USER if known else "", "aud": query["service"][0],
                  "exp": now + 300, "nbf": now - 10, "iat": now, "jti": str(time.time_ns()),
                  "access": list(allowed(scopes, known))}
        body = json.dumps({"token": signed(claims), "expires_in": 300}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        login = self.headers.get("Authorization", "")
        good = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        query = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query)
        self.answer(query, True if login == good else None if login else False)

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        query = urllib.parse.parse_qs(self.rfile.read(length).decode())
        good = (query.get("refresh_token") == [f"refresh-{PASSWORD}"]
                or (query.get("username"), query.get("password")) == ([USER], [PASSWORD]))
        self.answer(query, True if good else None)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(FOLDER / "ca.pem", FOLDER / "key.pem")
server.socket = tls.wrap_socket(server.socket, server_side=True)
server.serve_forever()
