package main

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"sort"
	"strings"

	admission "k8s.io/api/admissionregistration/v1"
	apps "k8s.io/api/apps/v1"
	autoscaling "k8s.io/api/autoscaling/v2"
	batch "k8s.io/api/batch/v1"
	certificates "k8s.io/api/certificates/v1"
	coordination "k8s.io/api/coordination/v1"
	core "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	flowcontrol "k8s.io/api/flowcontrol/v1"
	networking "k8s.io/api/networking/v1"
	node "k8s.io/api/node/v1"
	policy "k8s.io/api/policy/v1"
	rbac "k8s.io/api/rbac/v1"
	scheduling "k8s.io/api/scheduling/v1"
	storage "k8s.io/api/storage/v1"
	apiext "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	registration "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

var roots = []any{
	core.Namespace{}, core.Node{}, core.Pod{}, core.PodTemplate{}, core.Service{}, core.ServiceAccount{}, core.ConfigMap{}, core.Secret{},
	core.PersistentVolume{}, core.PersistentVolumeClaim{}, core.Event{}, core.ResourceQuota{}, core.LimitRange{}, core.Endpoints{}, core.ReplicationController{},
	apps.Deployment{}, apps.ReplicaSet{}, apps.StatefulSet{}, apps.DaemonSet{}, apps.ControllerRevision{},
	batch.Job{}, batch.CronJob{},
	networking.Ingress{}, networking.IngressClass{}, networking.NetworkPolicy{},
	policy.PodDisruptionBudget{},
	rbac.Role{}, rbac.RoleBinding{}, rbac.ClusterRole{}, rbac.ClusterRoleBinding{},
	autoscaling.HorizontalPodAutoscaler{},
	storage.StorageClass{}, storage.CSIDriver{}, storage.CSINode{}, storage.VolumeAttachment{}, storage.CSIStorageCapacity{}, storage.VolumeAttributesClass{},
	apiext.CustomResourceDefinition{},
	scheduling.PriorityClass{},
	admission.MutatingWebhookConfiguration{}, admission.ValidatingWebhookConfiguration{}, admission.ValidatingAdmissionPolicy{}, admission.ValidatingAdmissionPolicyBinding{},
	coordination.Lease{}, discovery.EndpointSlice{}, registration.APIService{}, node.RuntimeClass{}, certificates.CertificateSigningRequest{},
	flowcontrol.FlowSchema{}, flowcontrol.PriorityLevelConfiguration{},
}

const head = `/*
 * schema_types.c - the fields of Kubernetes' own kinds: a table, made by a program.
 *
 * Longer than other files since it is data. It was made from Kubernetes 1.36's Go types (which
 * field there is, of which type, and when it is left out) and its OpenAPI description (how lists
 * are merged, which words an enumeration has) by tests/tools/schema_types.go; schema.h says how to
 * read a row.
 */
#include "target/demo/schema.h"

// clang-format off
const SchemaRow schema_rows[] = {
`

const tail = `};
// clang-format on

const size_t schema_row_count = COUNT(schema_rows);
`

type schema map[string]any

var api map[string]schema

func apiName(t reflect.Type) string {
	p := t.PkgPath()
	p = strings.Replace(p, "k8s.io/apiextensions-apiserver", "io.k8s.apiextensions-apiserver", 1)
	p = strings.Replace(p, "k8s.io/kube-aggregator", "io.k8s.kube-aggregator", 1)
	p = strings.Replace(p, "k8s.io/apimachinery", "io.k8s.apimachinery", 1)
	p = strings.Replace(p, "k8s.io/api/", "io.k8s.api.", 1)
	p = strings.ReplaceAll(p, "io.k8s.api.admissionregistration/", "io.k8s.api.admissionregistration.")
	return strings.ReplaceAll(p, "/", ".") + "." + t.Name()
}

var names = map[string]reflect.Type{}
var nameOf = map[reflect.Type]string{}
var queue []reflect.Type

func typeName(t reflect.Type) string {
	if n, ok := nameOf[t]; ok {
		return n
	}
	n := t.Name()
	if _, taken := names[n]; taken {
		parts := strings.Split(t.PkgPath(), "/")
		n = parts[len(parts)-2] + "." + n
		n = strings.ToUpper(n[:1]) + n[1:]
	}
	if _, taken := names[n]; taken {
		panic(n)
	}
	names[n] = t
	nameOf[t] = n
	queue = append(queue, t)
	return n
}

func str(s schema, k string) string { v, _ := s[k].(string); return v }

func prop(s schema, name string) schema {
	p, _ := s["properties"].(map[string]any)
	v, _ := p[name].(map[string]any)
	if v == nil {
		return schema{}
	}
	return schema(v)
}

func enum(p schema) string {
	src := p
	if it, ok := p["items"].(map[string]any); ok {
		src = it
	}
	e, ok := src["enum"].([]any)
	if !ok {
		return ""
	}
	out := []string{}
	for _, v := range e {
		out = append(out, fmt.Sprint(v))
	}
	if len(out) > 20 {
		return ""
	}
	sort.Strings(out)
	for _, o := range out {
		if o == "" {
			return ""
		}
	}
	return "(" + strings.Join(out, "|") + ")"
}

func form(t reflect.Type, p schema) string {
	switch t {
	case reflect.TypeOf(meta.Time{}), reflect.TypeOf(meta.MicroTime{}):
		return "t"
	case reflect.TypeOf(meta.Duration{}):
		return "s"
	case reflect.TypeOf(resource.Quantity{}):
		return "q"
	case reflect.TypeOf(intstr.IntOrString{}):
		return "x"
	case reflect.TypeOf(meta.FieldsV1{}):
		return "<~>"
	case reflect.TypeOf(runtime.RawExtension{}):
		return "<!~>"
	case reflect.TypeOf(apiext.JSON{}), reflect.TypeOf(apiext.JSONSchemaPropsOrArray{}), reflect.TypeOf(apiext.JSONSchemaPropsOrBool{}), reflect.TypeOf(apiext.JSONSchemaPropsOrStringArray{}):
		return "~"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return form(t.Elem(), p)
	case reflect.String:
		return "s"
	case reflect.Bool:
		return "b"
	case reflect.Float32, reflect.Float64:
		return "n"
	case reflect.Int32, reflect.Int64, reflect.Int, reflect.Uint32, reflect.Uint8:
		return "i"
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "y"
		}
		items, _ := p["items"].(map[string]any)
		el := form(t.Elem(), schema(items))
		switch str(p, "x-kubernetes-list-type") {
		case "set":
			return "[=" + el + "]"
		case "map":
			keys := []string{}
			for _, k := range p["x-kubernetes-list-map-keys"].([]any) {
				keys = append(keys, k.(string))
			}
			return "[" + strings.Join(keys, ",") + ">" + el + "]"
		case "":
			if strings.Contains(str(p, "x-kubernetes-patch-strategy"), "merge") {
				panic("merge without list type")
			}
		}
		return "[" + el + "]"
	case reflect.Map:
		if t.Elem().Kind() == reflect.Slice && t.Elem().Elem().Kind() == reflect.Uint8 {
			return "<y>"
		}
		items, _ := p["additionalProperties"].(map[string]any)
		el := form(t.Elem(), schema(items))
		if str(p, "x-kubernetes-map-type") == "atomic" {
			return "<!" + el + ">"
		}
		return "<" + el + ">"
	case reflect.Struct:
		n := typeName(t)
		if str(p, "x-kubernetes-map-type") == "atomic" && str(api[apiName(t)], "x-kubernetes-map-type") != "atomic" {
			return "!" + n
		}
		if str(p, "x-kubernetes-map-type") == "granular" && str(api[apiName(t)], "x-kubernetes-map-type") == "atomic" {
			return "+" + n
		}
		return n
	}
	panic(t.String())
}

func fields(t reflect.Type, s schema, out *[]string) {
	for i := 0; i < t.NumField(); i++ {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		parts := strings.Split(tag, ",")
		if parts[0] == "-" {
			continue
		}
		opts := "," + strings.Join(parts[1:], ",") + ","
		if parts[0] == "" {
			ft := f.Type
			if ft.Kind() == reflect.Pointer {
				ft = ft.Elem()
			}
			fields(ft, s, out)
			continue
		}
		p := prop(s, parts[0])
		if len(p) == 0 {
			fmt.Fprintln(os.Stderr, "no property", t, parts[0])
		}
		mark := ":"
		ft := f.Type
		empty := strings.Contains(opts, ",omitempty,")
		zero := strings.Contains(opts, ",omitzero,")
		switch {
		case ft.Kind() == reflect.Pointer && (empty || zero):
			mark = "*"
		case ft.Kind() == reflect.Pointer:
			mark = ":"
		case ft.Kind() == reflect.Struct && zero:
			mark = "?"
		case ft.Kind() == reflect.Struct:
			mark = ":"
		case empty || zero:
			mark = "?"
		}
		text := parts[0] + mark + form(ft, p)
		if ft.Kind() == reflect.Pointer && mark == ":" {
			fmt.Fprintln(os.Stderr, "pointer without omitempty", t, parts[0])
			text = parts[0] + "^" + form(ft, p)
		}
		if d, ok := p["default"].(string); ok && d == "TCP" {
			text += "=TCP"
		}
		if parts[0] != "status" || t.Name() != "PodCondition" {
			text += enum(p)
		}
		*out = append(*out, text)
	}
}

func main() {
	raw, _ := os.ReadFile(os.Args[1])
	if err := json.Unmarshal(raw, &api); err != nil {
		panic(err)
	}
	rows := map[string]string{}
	for _, r := range roots {
		typeName(reflect.TypeOf(r))
	}
	for len(queue) > 0 {
		t := queue[0]
		queue = queue[1:]
		s, ok := api[apiName(t)]
		if !ok {
			fmt.Fprintln(os.Stderr, "no schema for", apiName(t))
		}
		list := []string{}
		fields(t, s, &list)
		sort.Slice(list, func(i, j int) bool {
			a := list[i][:strings.IndexAny(list[i], ":?*^")]
			b := list[j][:strings.IndexAny(list[j], ":?*^")]
			return a < b
		})
		text := strings.Join(list, " ")
		if str(s, "x-kubernetes-map-type") == "atomic" {
			text = "! " + text
		}
		rows[nameOf[t]] = text
	}
	keys := []string{}
	for k := range rows {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	fmt.Print(head)
	for _, k := range keys {
		fmt.Printf("    {\"%s\",\n", k)
		line := ""
		for _, word := range strings.Fields(rows[k]) {
			if len(line)+len(word)+1 > 86 {
				fmt.Printf("     \"%s\"\n", line)
				line = ""
			}
			line += word + " "
		}
		fmt.Printf("     \"%s\"},\n", strings.TrimSuffix(line, " "))
	}
	fmt.Print(tail)
}
