"""Charts, installed, upgraded, rolled back and removed by helm and by relfile, side by side.

    python3 -m tests.kubernetes.interop [--helm helm3] CHARTS KUBECONFIG KUBECONFIG

CHARTS is a folder of charts, or one chart. Whatever is done, helm does it on the first cluster; on
the second relfile does all of it, then helm and relfile in turn, then relfile and helm. After each
step what is in both clusters is compared: all objects of the release (but for what a server makes
up: uid, addresses, times), which fields of them `helm` manages, and the records. What is random in
a chart, as two renders show, is left out.
"""

import argparse
import base64
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
RELFILE = os.environ.get("RELFILE", ROOT / "build" / "relfile")
ORDERS = {"relfile": ["relfile"] * 4,
          "helm, relfile": ["helm", "relfile"] * 2,
          "relfile, helm": ["relfile", "helm"] * 2}
STEPS = ("install", "upgrade", "rollback", "uninstall")
# what is looked for even if a chart does not name it
USUAL = {"Secret", "ConfigMap", "ServiceAccount", "Service", "Job", "PersistentVolumeClaim",
         "CustomResourceDefinition"}
# values that most charts know, and that change something
CHANGES = ({"replicaCount": 2}, {"podAnnotations": {"interop": "two"}},
           {"podLabels": {"interop": "two"}}, {"nodeSelector": {"kubernetes.io/os": "linux"}},
           {"commonLabels": {"interop": "two"}}, {"message": "two"}, {"extra": True},
           {"server": {"podAnnotations": {"interop": "two"}}},
           {"controller": {"podAnnotations": {"interop": "two"}}},
           {"global": {"additionalLabels": {"interop": "two"}}})


class Failure(Exception):
    pass


def run(*arguments, env=None, cwd=None):
    done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True, cwd=cwd,
                          env={**os.environ, **(env or {})}, timeout=600)
    if done.returncode:
        raise Failure(f"{' '.join(map(str, arguments[:4]))}: {done.stderr.strip()[-600:]}")
    return done.stdout


# ---- what is random


def documents(text):
    try:
        return [d for d in yaml.load_all(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
                if isinstance(d, dict)]
    except yaml.YAMLError as error:
        raise Failure(f"no YAML: {error}") from error


def differing(one, two, path=()):
    """The paths at which two trees differ."""
    if isinstance(one, dict) and isinstance(two, dict):
        return {p for k in set(one) | set(two)
                for p in differing(one.get(k), two.get(k), path + (k,))}
    if isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        return {p for i, (a, b) in enumerate(zip(one, two)) for p in differing(a, b, path + (i,))}
    return set() if one == two else {path}


def names_of(found):
    return {d.get("metadata", {}).get("name") for d in found}


def random_places(one, two):
    """{(kind, name): paths} that differ between renders of the same."""
    first, second = ({(d.get("kind"), d.get("metadata", {}).get("name")): d for d in render}
                     for render in (one, two))
    found = {key: differing(first[key], second.get(key)) for key in first}
    found = {key: paths for key, paths in found.items() if paths}
    # stringData arrives as data
    return {key: paths | {("data",) + p[1:] for p in paths if p[:1] == ("stringData",)}
            for key, paths in found.items()}


def mask(tree, path):
    if not path:
        return
    for key in path[:-1]:
        if isinstance(tree, dict) and key in tree or isinstance(tree, list) and key < len(tree):
            tree = tree[key]
        else:
            return
    if isinstance(tree, dict) and path[-1] in tree:
        tree[path[-1]] = "(random)"


# ---- what is there


def fields_of_helm(metadata):
    return {m["operation"]: m["fieldsV1"] for m in metadata.get("managedFields", [])
            if m["manager"] == "helm" and not m.get("subresource")}


def normal(item, random):
    """ITEM without what a server makes up."""
    metadata, spec = item["metadata"], item.get("spec", {})
    # hooks are made otherwise than by an apply, and so are definitions that were there before;
    # stringData is sent as data
    plain = item["kind"] in ("Secret", "CustomResourceDefinition") or \
        "helm.sh/hook" in metadata.get("annotations", {})
    fields = {} if plain else fields_of_helm(metadata)
    for key in ("uid", "resourceVersion", "creationTimestamp", "generation", "managedFields",
                "selfLink"):
        metadata.pop(key, None)
    item.pop("status", None)
    metadata.get("annotations", {}).pop("deployment.kubernetes.io/revision", None)
    for key in ("clusterIP", "clusterIPs", "healthCheckNodePort", "volumeName"):
        if spec.get(key) != "None" and spec.get(key) != ["None"]:
            spec.pop(key, None)
    for port in spec.get("ports", []) if item["kind"] == "Service" else []:
        port.pop("nodePort", None)
    if item["kind"] == "Job":
        for labels in (metadata.get("labels", {}), spec["template"]["metadata"].get("labels", {}),
                       spec.get("selector", {}).get("matchLabels", {})):
            for key in [k for k in labels if k.endswith("controller-uid")]:
                del labels[key]
    if item["kind"] == "ServiceAccount":
        item.pop("secrets", None)
    for path in random.get((item["kind"], metadata["name"]), ()):
        mask(item, path)
    return {"object": item, "fields": fields}


def is_of_release(item, namespace, definitions):
    if item["kind"] == "CustomResourceDefinition" and item["metadata"]["name"] in definitions:
        return True
    return item["metadata"].get("annotations", {}).get("meta.helm.sh/release-namespace") == namespace


class Chart:
    """What is known of a chart that is installed on CLUSTER."""

    def __init__(self, cluster, folder):
        one, two = (documents(render(cluster, folder)) for _ in range(2))
        self.random = random_places(one, two)
        self.kinds = {d.get("kind") for d in one}
        self.lasting = names_of(one) & names_of(two)  # the others are random
        self.definitions = names_of(d for path in folder.glob("crds/*.yaml")
                                    for d in documents(path.read_text()))


class Cluster:
    def __init__(self, kubeconfig, helm):
        self.env, self.helm_program, self.folder = {"KUBECONFIG": str(kubeconfig)}, helm, None
        self.env["HOME"] = tempfile.mkdtemp()

    def kubectl(self, *arguments):
        for _ in range(3):  # where a machine has a lot to do it does not always answer in time
            try:
                return run("kubectl", *arguments, env=self.env)
            except Failure as failure:
                last = failure
        raise last

    def resources(self, kinds):
        """Those of KINDS that there are, as kubectl calls them."""
        lines = self.kubectl("api-resources", "--no-headers").splitlines()
        found = [line.split() for line in lines]
        return ",".join(f"{f[0]}.{f[-3].partition('/')[0]}" if "/" in f[-3] else f[0]
                        for f in found if f[-1] in kinds)

    def snapshot(self, namespace, chart):
        """{(kind, name): object} of NAMESPACE and of the cluster, and the records."""
        objects, records = {}, {}
        items = json.loads(self.kubectl("get", self.resources(chart.kinds | USUAL), "-A", "-o",
                                        "json", "--show-managed-fields"))["items"]
        for item in items:
            name = item["metadata"]["name"]
            if item["metadata"].get("ownerReferences"):
                continue  # made by a controller
            if item["metadata"].get("namespace", namespace) != namespace or \
                    name in ("kube-root-ca.crt", "default"):
                continue
            if item.get("type") == "helm.sh/release.v1":
                records[name] = record_of(item, chart.lasting)
            elif "namespace" in item["metadata"] or \
                    is_of_release(item, namespace, chart.definitions):
                objects[item["kind"], name] = normal(item, chart.random)
        return objects, records

    def helm(self, step, chart, namespace, values):
        """One of STEPS."""
        program, place = self.helm_program, ("-n", namespace)
        if step == "install":
            run(program, "install", "interop", chart, *place, "--create-namespace", env=self.env)
        elif step == "upgrade":
            run(program, "upgrade", "interop", chart, *place, "-f", values, env=self.env)
        elif step == "rollback":
            run(program, "rollback", "interop", "1", *place, env=self.env)
        else:
            run(program, "uninstall", "interop", *place, env=self.env)

    def relfile(self, step, chart, namespace, values):
        release = {"name": "interop", "namespace": namespace, "chart": str(chart),
                   "values": [str(values)] if step == "upgrade" else []}
        if self.helm_program == "helm3":
            release["serverSide"] = "false"
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "helmfile.yaml").write_text(json.dumps({"releases": [release]}))
            command = {"install": ["sync", "--skip-deps"], "upgrade": ["sync", "--skip-deps"], "uninstall": ["destroy", "--yes"],
                       "rollback": ["rollback", "interop", "1"]}[step]
            run(RELFILE, *command, "--target", "kubernetes", env=self.env, cwd=folder)

    def remove(self, namespace):
        """Whatever is left of it."""
        try:
            self.helm("uninstall", None, namespace, None)
        except Failure:
            pass
        self.kubectl("delete", "namespace", namespace, "--wait=false", "--ignore-not-found")


def record_of(secret, lasting):
    """What helm would tell of a record, but for objects whose names are not LASTING."""
    record = json.loads(gzip.decompress(base64.b64decode(base64.b64decode(
        secret["data"]["release"]))))
    return {"labels": {k: v for k, v in secret["metadata"]["labels"].items()
                       if k not in ("createdAt", "modifiedAt")},
            "type": secret["type"], "config": record.get("config"), "name": record["name"],
            "namespace": record["namespace"], "version": record["version"],
            "method": record.get("apply_method") or "csa",  # helm 3 does not say it
            # helm leaves out dependencies that are off, and notes what is on
            "chart": {k: v for k, v in record["chart"]["metadata"].items() if k != "dependencies"},
            "templates": sorted(t["name"] for t in record["chart"]["templates"]),
            "manifests": sorted((d.get("kind"), d["metadata"]["name"])
                                for d in documents(record["manifest"])
                                if d["metadata"]["name"] in lasting),
            "hooks": sorted((h["name"], h["kind"], h.get("path"), tuple(sorted(h.get("events") or ())),
                             h.get("weight", 0), h.get("last_run", {}).get("phase"))
                            for h in record.get("hooks") or [] if h["name"] in lasting),
            "status": record["info"]["status"], "description": record["info"]["description"]}


# ---- side by side


def differences(ours, theirs, what):
    found = []
    for key in sorted(set(ours) | set(theirs), key=str):
        if key not in ours or key not in theirs:
            found.append(f"{what} {key}: only {'helm' if key in theirs else 'relfile'} has it")
        else:
            found += [f"{what} {key}: {'.'.join(map(str, p))}"
                      for p in sorted(differing(ours[key], theirs[key]), key=str)]
    return found


def settle(cluster, want, *what):
    """A snapshot, as soon as controllers have done their part."""
    for _ in range(3):
        found = cluster.snapshot(*what)
        if not differences(found[0], want[0], ""):
            break
        time.sleep(0.7)
    return found


def render(cluster, chart, *more):
    """As far as `lookup` goes before kinds are defined: helm stops there."""
    return run(RELFILE, "chart", "template", "interop", chart, "--dry-run=server", *more,
               env=cluster.env)


def changed_values(cluster, chart, folder):
    """A file of values that change something, and the chart takes."""
    values, path = {}, folder / "values.yaml"
    plain = render(cluster, chart)
    for change in CHANGES:
        tried = {**values, **change}
        path.write_text(json.dumps(tried))
        try:
            rendered = render(cluster, chart, "-f", path)
        except Failure:
            continue
        if rendered != plain and len(values) < 3:
            values = tried
    path.write_text(json.dumps(values))
    return path


def compare(folder, clusters, scratch):
    """{order: differences}, and how many objects there were."""
    namespace = f"interop-{folder.name}-{int(time.time())}"[:50]
    try:
        return compare_in(namespace, folder, clusters, scratch)
    finally:
        for cluster in clusters:
            cluster.remove(namespace)


def compare_in(namespace, folder, clusters, scratch):
    theirs, found, values, chart = {}, {}, None, None
    for step in STEPS:
        clusters[0].helm(step, folder, namespace, values)
        if step == "install":  # from now on there are the kinds that the chart brings
            chart, values = Chart(clusters[0], folder), changed_values(clusters[0], folder, scratch)
        time.sleep(1)
        theirs[step] = clusters[0].snapshot(namespace, chart)
    for name, order in ORDERS.items():
        found[name] = []
        for step, tool in zip(STEPS, order):
            getattr(clusters[1], tool)(step, folder, namespace, values)
            ours = settle(clusters[1], theirs[step], namespace, chart)
            found[name] += [f"{step}: {d}" for d in
                            differences(ours[0], theirs[step][0], "object") +
                            differences(ours[1], theirs[step][1], "record")]
    return found, len([k for k in theirs["install"][0] if k[0] != "CustomResourceDefinition"])


def charts_in(path):
    path = Path(path).resolve()
    return [path] if (path / "Chart.yaml").exists() else sorted(p.parent for p in path.glob("*/Chart.yaml"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--helm", default="helm")
    parser.add_argument("charts")
    parser.add_argument("kubeconfigs", nargs=2)
    options = parser.parse_args()
    clusters = [Cluster(k, options.helm) for k in options.kubeconfigs]
    bad = 0
    print(f"| chart | version | objects | {' | '.join(ORDERS)} |\n|---|---|---|---|---|---|")
    for chart in charts_in(options.charts):
        metadata = yaml.safe_load((chart / "Chart.yaml").read_text())
        title = f"| {metadata['name']} | {metadata['version']} |"
        try:
            with tempfile.TemporaryDirectory() as folder:
                found, objects = compare(chart, clusters, Path(folder))
        except Failure as failure:
            print(title, "failed:", str(failure).replace("\n", " "), flush=True)
            bad += 1
            continue
        print(title, f"{objects} |", " | ".join("the same" if not d else f"{len(d)} differ"
                                                for d in found.values()), "|", flush=True)
        for name, listed in found.items():
            bad += bool(listed)
            for line in listed[:20]:
                print(f"    {name}: {line}", file=sys.stderr, flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
