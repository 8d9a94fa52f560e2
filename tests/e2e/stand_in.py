"""An HTTP server in the test's own process, which says what the test wants."""

import ssl
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@contextmanager
def stand_in(answer, certificate=(), eager=True):
    """The port of a server for which ANSWER(method, path, headers, body) gives (status, headers, body),
    with a fourth: so much of the body and no more, and the connection is cut; or None, for nothing. CERTIFICATE: the files of one, for TLS; where several clients
    come at a time, not EAGER to shake hands."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            said = answer(self.command, self.path, self.headers, body)
            if said is None:
                self.close_connection = True
                return
            status, headers, body, *sent = said
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            try:
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body[:sent[0]] if sent else body)
                if sent:
                    self.close_connection = True
            except ConnectionError:  # the client was killed meanwhile
                self.close_connection = True

        do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = do_PATCH = handle_any

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # clients that are killed are no news
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=eager)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
