// Package state has what helmfile's package state shows to templates, which it does not export.
package state

import "github.com/helmfile/helmfile/pkg/environment"

// EnvironmentTemplateData is what templates of specs and of environment values see.
type EnvironmentTemplateData struct {
	Environment environment.Environment
	Namespace   string
	Values      map[string]any
	StateValues *map[string]any
}

type releaseTemplateData struct {
	Environment environment.Environment
	Release     releaseTemplateDataRelease
	Values      map[string]any
	StateValues *map[string]any
	KubeContext string
	Namespace   string
	Chart       string
}

type releaseTemplateDataRelease struct {
	Name         string
	Namespace    string
	Labels       map[string]string
	Chart        string
	ChartVersion string
	KubeContext  string
}

// Release is what release_data of a vector has.
type Release struct {
	Name         string
	Namespace    string
	Labels       map[string]string
	Chart        string
	ChartVersion string
	KubeContext  string
}

// OfEnvironment are the data of templates that belong to no release.
func OfEnvironment(env environment.Environment, namespace string, values map[string]any) any {
	data := EnvironmentTemplateData{env, namespace, values, nil}
	data.StateValues = &data.Values
	return &data
}

// OfRelease are the data of templates of a release and its values.
func OfRelease(env environment.Environment, namespace string, values map[string]any, release Release) any {
	data := releaseTemplateData{Environment: env, Release: releaseTemplateDataRelease(release), Values: values,
		KubeContext: release.KubeContext, Namespace: namespace, Chart: release.Chart}
	data.StateValues = &data.Values
	return data
}
