"""What diff says of a real cluster is what sync would do: nothing is hidden, nothing invented."""

import json

import pytest

DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: example.com/web
          ports: [{containerPort: 8080, name: http}]
          resources:
            requests: {cpu: 1000m, memory: 1024Mi}
            limits: {cpu: "2.0", memory: 2048Mi, ephemeral-storage: 1e9}
          livenessProbe: {httpGet: {path: /, port: 8080}}
          readinessProbe: {httpGet: {path: /, port: http}, timeoutSeconds: 1}
"""

SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports:
    - {port: 80, targetPort: http, name: http}
    - {port: 53, targetPort: 53, protocol: TCP, name: dns-tcp}
    - {port: 53, targetPort: 53, protocol: UDP, name: dns}
"""

CLAIM = """
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1024Mi}}
"""

SECRET = """
apiVersion: v1
kind: Secret
metadata: {name: login}
data: {user: YWRh}
stringData: {password: swordfish, user: grace}
"""

INGRESS = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  rules:
    - host: example.com
      http:
        paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]
"""

CRON = """
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly}
spec:
  schedule: "0 1 * * *"
  jobTemplate:
    spec:
      template:
        spec: {restartPolicy: Never, containers: [{name: job, image: example.com/job}]}
"""

JOB = """
apiVersion: batch/v1
kind: Job
metadata: {name: once}
spec:
  template:
    spec: {restartPolicy: Never, containers: [{name: job, image: "example.com/job:1"}]}
"""

DATABASE = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: example.com/db}]}
"""

SETTINGS = """
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, labels: {a: b, c: d}}
data: {one: "1", two: "2"}
"""


@pytest.fixture
def chart(place):
    """chart(name=text, ...) makes it the chart's templates."""
    folder = place.folder / "truth"
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text("{apiVersion: v2, name: truth, version: 1.0.0}")
    place.release.update(chart="./truth", wait=False)
    place.write()

    def write(**templates):
        for path in (folder / "templates").iterdir():
            path.unlink()
        for name, text in templates.items():
            (folder / "templates" / f"{name}.yaml").write_text(text)

    return write


def no_changes(place, **options):
    return "no changes" in place.relfile("diff", "--detailed-exitcode", **options).stderr


def shown(place, *arguments):
    return place.relfile("diff", "--detailed-exitcode", *arguments, expect=2).stdout


def fields(place):
    """{kind: {path: (from, to, cause)}}"""
    result = json.loads(place.relfile("diff", "-o", "json").stdout)[0]["objects"]
    return {o["kind"]: {f["path"]: (f.get("from"), f.get("to"), f["cause"])
                        for f in o.get("fields", [])} for o in result}


def apply(place, text, manager="ada"):
    path = place.folder / "applied.yaml"
    path.write_text(text)
    place.program("kubectl", "-n", place.namespace, "apply", "--server-side", "--force-conflicts",
                  f"--field-manager={manager}", "-f", str(path))


@pytest.mark.parametrize("text", [DEPLOYMENT, SERVICE, CLAIM, SECRET, INGRESS, CRON, JOB, DATABASE],
                         ids=lambda text: text.split("kind: ")[1].split()[0])
@pytest.mark.parametrize("side", ["true", "false"])
def test_defaults_quantities_and_ports_are_no_difference(place, chart, text, side):
    chart(one=text)
    place.write(serverSide=side)
    place.relfile("sync")
    assert no_changes(place)
    assert no_changes(place, env={"KUBECONFIG": str(place.cluster / "reader.kubeconfig")})
    assert "0 to upgrade" in place.relfile("apply").stderr or no_changes(place)
    assert len(place.statuses()) == 1


def test_a_quantity_that_is_another_is_shown(place, chart):
    chart(one=DEPLOYMENT)
    place.relfile("sync")
    chart(one=DEPLOYMENT.replace("1000m", "1500m"))
    path = "spec.template.spec.containers[name=web].resources.requests.cpu"
    assert fields(place)["Deployment"][path] == ("1", "1500m", "spec")


def test_a_field_that_is_not_in_the_chart_any_more_is_shown_to_go(place, chart):
    chart(one=SETTINGS, two=DEPLOYMENT)
    place.relfile("sync")
    chart(one=SETTINGS.replace(', two: "2"', "").replace(", c: d", ""),
          two=DEPLOYMENT.replace('          livenessProbe: {httpGet: {path: /, port: 8080}}\n', ""))
    text = shown(place)
    for line in ("-  two: \"2\"", "-    c: d", "livenessProbe:"):
        assert line in text
    place.relfile("sync")
    assert place.get("configmap", "settings")["data"] == {"one": "1"}
    assert no_changes(place)


def test_what_was_deleted_by_hand_is_shown_and_made_again(place, chart):
    chart(one=SETTINGS, two=SERVICE)
    place.relfile("sync")
    place.program("kubectl", "-n", place.namespace, "delete", "configmap", "settings")
    assert "settings, ConfigMap (v1) has been added" in shown(place)
    place.relfile("apply")
    assert place.get("configmap", "settings")["data"]["one"] == "1"


def test_objects_in_other_namespaces_and_of_the_whole_cluster_are_compared(place, chart):
    other = f"{place.namespace}-other"
    place.program("kubectl", "create", "namespace", other)
    elsewhere = SETTINGS.replace("{name: settings", f"{{name: settings, namespace: {other}")
    role = ("apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: %s}\n"
            "rules: [{apiGroups: [\"\"], resources: [pods], verbs: [get%s]}]\n")
    chart(one=elsewhere, two=role % (other, ""))
    place.relfile("sync")
    assert no_changes(place)
    place.program("kubectl", "-n", other, "patch", "configmap", "settings", "--type=merge", "-p",
                  '{"data": {"one": "by hand"}}')
    chart(one=elsewhere, two=role % (other, ", list"))
    text = shown(place)
    assert f"{other}, settings, ConfigMap (v1) has changed" in text and "by hand  ← drift" in text
    assert f"{other}, ClusterRole (rbac.authorization.k8s.io) has changed" in text
    place.write(conflicts="take")
    place.relfile("sync")
    assert no_changes(place)
    chart(one=SETTINGS)
    text = shown(place)
    assert text.count("has been removed") == 2
    place.relfile("destroy", "--yes")


@pytest.mark.parametrize("text,old,new,why", [
    (SERVICE, "spec:", "spec:\n  clusterIP: None", "may not change once set"),
    (JOB, "job:1", "job:2", "field is immutable"),
    (DATABASE, "serviceName: db", "serviceName: other", "Forbidden: updates to"),
    (DEPLOYMENT, "{matchLabels: {app: web}}", "{matchLabels: {app: web, new: label}}", "immutable|invalid"),
    (SECRET + "immutable: true\n", "swordfish", "shark", "immutable"),
], ids=["Service", "Job", "StatefulSet", "Deployment", "Secret"])
def test_fields_that_cannot_be_changed_are_shown_as_a_replacement(place, chart, text, old, new, why):
    chart(one=text)
    place.relfile("sync")
    new_text = text.replace(old, new, 1)
    if "new: label" in new:
        new_text = new_text.replace("metadata: {labels: {app: web}}", "metadata: {labels: {app: web, new: label}}")
    chart(one=new_text)
    said = shown(place)
    assert "has to be replaced" in said and any(w in said for w in why.split("|"))
    before = place.statuses()
    place.relfile("apply", expect=1)
    assert place.statuses() == before


def test_secrets_are_compared_and_not_shown(place, chart):
    chart(one=SECRET)
    place.relfile("sync")
    chart(one=SECRET.replace("swordfish", "shark").replace(", user: grace", ""))
    text = shown(place)
    assert "password" in text and "user" in text
    for word in ("swordfish", "shark", "c3dvcmRmaXNo", "c2hhcms=", "grace"):
        assert word not in text
    place.relfile("sync")
    assert place.get("secret", "login")["data"] == {"password": "c2hhcms=", "user": "YWRh"}
    assert no_changes(place)


DEFINITION = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gates.truth.test}
spec:
  group: truth.test
  scope: Namespaced
  names: {kind: Gate, plural: gates, singular: gate, listKind: GateList}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
                mode: {type: string, default: open}
                listeners:
                  type: array
                  x-kubernetes-list-type: map
                  x-kubernetes-list-map-keys: [name]
                  items:
                    type: object
                    required: [name]
                    properties: {name: {type: string}, port: {type: integer}}
"""

GATE = """
apiVersion: truth.test/v1
kind: Gate
metadata: {name: front}
spec:
  listeners:
    - {name: http, port: 80}
"""


def test_lists_of_custom_kinds_are_compared_by_their_keys(place, chart):
    apply(place, DEFINITION)
    place.program("kubectl", "wait", "--for=condition=Established", "crd/gates.truth.test")
    chart(one=GATE)
    place.relfile("sync")
    apply(place, GATE.replace("{name: http, port: 80}", "{name: admin, port: 9000}"))
    assert no_changes(place)  # what another has added is another's
    chart(one=GATE.replace("port: 80", "port: 81"))
    changed = fields(place)["Gate"]
    assert list(changed) == ["spec.listeners[name=http].port"]
    place.relfile("sync")
    assert {i["name"]: i["port"] for i in place.get("gate", "front")["spec"]["listeners"]} == \
        {"http": 81, "admin": 9000}
    assert no_changes(place)


POLICY = """
apiVersion: admissionregistration.k8s.io/%s
kind: MutatingAdmissionPolicy
metadata: {name: NAME}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [configmaps]}]
  matchConditions: [{name: here, expression: "object.metadata.namespace == 'NAME'"}]
  failurePolicy: Fail
  reinvocationPolicy: Never
  mutations:
    - patchType: ApplyConfiguration
      applyConfiguration:
        expression: 'Object{metadata: Object.metadata{labels: {"injected": "yes"}}}'
---
apiVersion: admissionregistration.k8s.io/%s
kind: MutatingAdmissionPolicyBinding
metadata: {name: NAME}
spec: {policyName: NAME}
"""


def test_what_admission_adds_is_no_difference(place, chart):
    """As a mutating webhook does it."""
    versions = place.program("kubectl", "api-versions").stdout
    version = next((v for v in ("v1", "v1beta1") if f"admissionregistration.k8s.io/{v}\n" in versions
                    and "mutatingadmissionpolicies" in place.program(
                        "kubectl", "get", "--raw", f"/apis/admissionregistration.k8s.io/{v}").stdout), None)
    if not version:
        pytest.skip("the server has no MutatingAdmissionPolicy")
    apply(place, (POLICY % (version, version)).replace("NAME", place.namespace))
    chart(one=SETTINGS)
    for _ in range(20):  # until the policy counts
        place.relfile("sync")
        if "injected" in place.get("configmap", "settings")["metadata"]["labels"]:
            break
        place.relfile("destroy", "--yes")
    assert no_changes(place)
    chart(one=SETTINGS.replace('"1"', '"3"'))
    assert list(fields(place)["ConfigMap"]) == ["data.one"]
    place.relfile("sync")
    assert no_changes(place)
    for kind in ("mutatingadmissionpolicybinding", "mutatingadmissionpolicy"):
        place.program("kubectl", "delete", kind, place.namespace)


KIND = DEFINITION.replace("gates.truth.test", "doors.NAME").replace("truth.test", "NAME").replace(
    "{kind: Gate, plural: gates, singular: gate, listKind: GateList}",
    "{kind: Door, plural: doors, singular: door, listKind: DoorList}")
DOOR = "apiVersion: NAME/v1\nkind: Door\nmetadata: {name: front}\nspec: {mode: open}\n"


@pytest.mark.parametrize("old,new,said", [
    ("mode: {type: string, default: open}", "mode: {type: integer}",
     "v1.spec.mode would be of type integer, and is of type string"),
    ("mode: {type: string, default: open}", "mode: {type: string, enum: [open, shut]}",
     "v1.spec.mode would take certain words only"),
    ("                mode: {type: string, default: open}\n", "",
     "v1.spec.mode would not be there any more"),
    ("            spec:\n              type: object", "            spec:\n              required: [lock]\n"
     "              type: object", "v1.spec.lock would be required"),
    ("mode: {type: string, default: open}", "mode: {type: string, maxLength: 3}",
     "v1.spec.mode would have a narrower maxLength"),
], ids=["type", "enum", "removed", "required", "limit"])
def test_a_schema_is_not_narrowed_while_there_are_objects(place, chart, old, new, said):
    group = f"{place.namespace}.test"
    kind, door = KIND.replace("NAME", group), DOOR.replace("NAME", group)
    assert old in kind
    chart(kind=kind)
    place.relfile("sync")
    chart(kind=kind.replace(old, new))
    assert "1 to upgrade" in place.relfile("diff").stderr  # nobody minds yet
    place.program("kubectl", "wait", "--for=condition=Established", f"crd/doors.{group}")
    apply(place, door)
    for command in ("diff", "apply", "sync"):
        failure = place.relfile(command, expect=1).stderr
        assert said in failure and "there is 1 object of the kind" in failure
    assert len(place.statuses()) == (2 if place.statuses()[-1][1] == "failed" else 1)
    switch = f"CustomResourceDefinition/doors.{group}"
    assert f"--allow-delete {switch}" in failure
    place.relfile("sync", "--allow-delete", switch)
    assert place.statuses()[-1][1] == "deployed"
    place.program("kubectl", "delete", "crd", f"doors.{group}")


def test_stored_versions_and_the_scope_of_a_kind_stay(place, chart):
    group = f"{place.namespace}.test"
    kind = KIND.replace("NAME", group)
    chart(kind=kind)
    place.relfile("sync")
    chart(kind=kind.replace("- name: v1\n", "- name: v2\n"))
    failure = place.relfile("sync", expect=1).stderr
    assert "version v1 would go, and objects may be stored in it" in failure
    chart(kind=kind.replace("Namespaced", "Cluster"))
    failure = place.relfile("diff", expect=1).stderr
    assert "its scope is Namespaced, and cannot become Cluster" in failure
    place.program("kubectl", "delete", "crd", f"doors.{group}")


def test_fields_that_a_kind_does_not_have_are_told_all_at_once_with_what_was_meant(place, home):
    """What the server publishes of its kinds (OpenAPI v3) is kept on disk, and asked for when it changes."""
    chart = place.chart("typos")
    (chart / "templates/web.yaml").write_text("""
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replica: 2
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec: {containers: [{name: web, imagee: "web:1"}], nodeName: {{ .Values.node }}}
""")
    place.write_spec({"releases": [{"name": "web", "namespace": place.namespace, "chart": "./typos",
                                    "values": [{"node": "a"}]}]})
    said = place.relfile("sync", "-vv", expect=1).stderr
    assert "   = .spec.replica: there is no such field\n" in said
    assert "   = .spec.template.spec.containers[0].imagee: there is no such field\n" in said
    assert "hint: did you mean .spec.replicas, .spec.template.spec.containers[0].image?" in said
    assert "GET" in said and "/openapi/v3/apis/apps/v1:" in said
    kept = sorted((home / ".cache/relfile/discovery").iterdir())
    text = (chart / "templates/web.yaml").read_text()
    (chart / "templates/web.yaml").write_text(
        text.replace("replica:", "replicas:").replace("imagee", "image").replace("nodeName", "restartPolicy"))
    place.write_spec({"releases": [{"name": "web", "namespace": place.namespace, "chart": "./typos",
                                    "values": [{"node": "{}"}]}]})
    said = place.relfile("sync", "-vv", expect=1).stderr
    assert "hint: .spec.template.spec.restartPolicy is a string: Restart policy for all containers" in said
    assert "/openapi/v3:" in said and "/openapi/v3/apis/apps/v1:" not in said
    assert sorted((home / ".cache/relfile/discovery").iterdir()) == kept
    kept[0].write_text("damaged")
    assert "is a string" in place.relfile("sync", expect=1).stderr
