"""Stores of every kind for programs that want many of them: the servers are started when the first
of their kind is made. What is not installed is not among the kinds."""

import shutil
import subprocess
from pathlib import Path

from servers import (Server, Store, git_file_store, git_https_store, git_ssh_store, installed,
                     minio, new_name, s3_store, versitygw, wait_for_answer)


class Stores:
    def __init__(self, folder):
        self.folder, self.servers = folder, {}
        folder.mkdir(parents=True, exist_ok=True)
        self.kinds = ["file"]
        if installed("git"):
            self.kinds.append("git+file")
        if versitygw():
            self.kinds.append("s3")
        if minio():
            self.kinds.append("minio")
        if installed("git", "nginx", "fcgiwrap", "openssl"):
            self.kinds.append("git+https")
        if installed("git", "ssh", "sshd", "ssh-keygen"):
            self.kinds.append("git+ssh")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for server in self.servers.values():
            server.kill()

    def server(self, script, ports=1):
        if script not in self.servers:
            self.servers[script] = Server(script, self.folder / Path(script).stem, ports).start()
        return self.servers[script]

    def new(self, kind, base=None):
        """A fresh one, or a copy of BASE, which is of the same kind."""
        store = self._make(kind)
        if base and base.place.exists():
            if store.place.exists():
                shutil.rmtree(store.place)
            subprocess.run(["cp", "-a", base.place, store.place], check=True)  # with attributes
        return store

    def _make(self, kind):
        if kind == "file":
            place = self.folder / new_name()
            return Store(kind, str(place), {}, place)
        if kind == "git+file":
            return git_file_store(self.folder / new_name())
        if kind == "s3":
            return s3_store(self.server("s3.sh"), new_name())
        if kind == "minio":
            fresh = "minio.sh" not in self.servers
            server = self.server("minio.sh")
            if fresh:
                wait_for_answer(f"http://127.0.0.1:{server.ports[0]}/minio/health/ready")
            return s3_store(server, new_name())
        if kind == "git+ssh":
            return git_ssh_store(self.server("ssh.sh"), self.folder / new_name())
        return git_https_store(self.server("git-http.sh", ports=2), new_name())

    @staticmethod
    def drop(store):
        shutil.rmtree(store.place, ignore_errors=True)
