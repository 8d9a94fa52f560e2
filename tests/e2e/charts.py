"""Charts and chart repositories made for a test, without helm."""

import gzip
import hashlib
import io
import json
import tarfile

TEMPLATE = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-{{ .Chart.Name }}
data:
  version: {{ .Chart.Version | quote }}
  from: {{ .Values.from | quote }}
"""


def chart_files(name, version, metadata="", files=None):
    """The files of a small chart: its manifest says which version it is."""
    return {"Chart.yaml": f"apiVersion: v2\nname: {name}\nversion: {version}\n{metadata}",
            "values.yaml": "from: chart\n", "templates/map.yaml": TEMPLATE, **(files or {})}


def write_chart(folder, name, version, metadata="", files=None):
    for path, text in chart_files(name, version, metadata, files).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return folder


def packed(name, version, metadata="", files=None):
    """The bytes of NAME-VERSION.tgz."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as tar:
        for path, text in chart_files(name, version, metadata, files).items():
            data = text if isinstance(text, bytes) else text.encode()
            info = tarfile.TarInfo(f"{name}/{path}")
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return gzip.compress(raw.getvalue(), mtime=0)


def write_repository(folder, charts, url=""):
    """charts: [(name, version)] or [(name, version, metadata)]. The folder's own index.yaml."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = {}
    for name, version, *metadata in charts:
        data = packed(name, version, *metadata)
        file = f"{name}-{version}.tgz"
        (folder / file).write_bytes(data)
        entries.setdefault(name, []).append(
            {"apiVersion": "v2", "name": name, "version": version, "urls": [url + file],
             "digest": hashlib.sha256(data).hexdigest(), "created": "2026-01-01T00:00:00Z"})
    write_index(folder, entries)
    return folder


def write_index(folder, entries):
    lines = ["apiVersion: v1", "entries:" + ("" if entries else " {}")]
    for name in sorted(entries):
        lines.append(f"  {name}:")
        for version in entries[name]:
            start = "  - "
            for key, value in version.items():
                lines.append(f"{start}{key}: {json.dumps(value)}")
                start = "    "
    lines.append('generated: "2026-01-01T00:00:00Z"')
    (folder / "index.yaml").write_text("\n".join(lines) + "\n")
