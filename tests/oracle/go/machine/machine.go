// Package machine renders cases with helm's packages.
package machine

import (
	"encoding/json"
	"sort"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/loader/archive"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/engine"
	"helm.sh/helm/v4/pkg/strvals"

	"relfile/tests/oracle/stream"
)

const usualChart = "apiVersion: v2\nname: t\nversion: 0.1.0\n"

// Files are those of a case's chart, by their names in it.
func Files(c *stream.Case) (map[string][]byte, error) {
	templates, err := stream.Decoded(c.Templates, c.TemplatesB64)
	if err != nil {
		return nil, err
	}
	all, err := stream.Decoded(c.Files, c.FilesB64)
	if err != nil {
		return nil, err
	}
	for name, data := range templates {
		all["templates/"+name] = data
	}
	if _, given := all["Chart.yaml"]; !given {
		all["Chart.yaml"] = []byte(usualChart)
	}
	return all, nil
}

// Load reads the chart of a case, as helm's library takes it from an archive.
func Load(c *stream.Case) (*chart.Chart, error) {
	all, err := Files(c)
	if err != nil {
		return nil, err
	}
	var files []*archive.BufferedFile
	for name, data := range all {
		files = append(files, &archive.BufferedFile{Name: name, Data: data})
	}
	sort.Slice(files, func(i, j int) bool { return files[i].Name < files[j].Name })
	return loader.LoadFiles(files)
}

func setJSON(text string, base map[string]any) (map[string]any, error) {
	if trimmed := strings.TrimSpace(text); trimmed != "" && trimmed[0] == '{' {
		var given map[string]any
		if err := json.Unmarshal([]byte(trimmed), &given); err != nil {
			return nil, err
		}
		return loader.MergeMaps(base, given), nil
	}
	return base, strvals.ParseJSON(text, base)
}

// values are the user's, as pkg/cli/values.Options merges them.
func values(c *stream.Case) (map[string]any, error) {
	base := map[string]any{}
	var texts []string
	if c.Values != nil {
		texts = append(texts, string(c.Values))
	}
	if c.ValuesYAML != nil {
		texts = append(texts, *c.ValuesYAML)
	}
	for _, text := range append(texts, c.ValuesFiles...) {
		given, err := loader.LoadValues(strings.NewReader(text))
		if err != nil {
			return nil, err
		}
		base = loader.MergeMaps(base, given)
	}
	var err error
	for _, text := range c.SetJSON {
		if base, err = setJSON(text, base); err != nil {
			return nil, err
		}
	}
	for _, option := range []struct {
		texts []string
		parse func(string, map[string]any) error
	}{{c.Set, strvals.ParseInto}, {c.SetString, strvals.ParseIntoString}, {c.SetLiteral, strvals.ParseLiteralInto}} {
		for _, text := range option.texts {
			if err := option.parse(text, base); err != nil {
				return nil, err
			}
		}
	}
	return base, nil
}

func capabilities(c *stream.Case) (*common.Capabilities, error) {
	capabilities := common.DefaultCapabilities.Copy()
	if c.KubeVersion != "" {
		version, err := common.ParseKubeVersion(c.KubeVersion)
		if err != nil {
			return nil, err
		}
		capabilities.KubeVersion = *version
	}
	capabilities.APIVersions = append(capabilities.APIVersions, c.APIVersions...)
	return capabilities, nil
}

func options(c *stream.Case) common.ReleaseOptions {
	options := common.ReleaseOptions{Name: "release-name", Namespace: "default", Revision: 1, IsInstall: true}
	if r := c.Release; r != nil {
		if r.Name != "" {
			options.Name = r.Name
		}
		if r.Namespace != "" {
			options.Namespace = r.Namespace
		}
		options.IsUpgrade, options.IsInstall = r.IsUpgrade, !r.IsUpgrade
	}
	return options
}

func failed(stage string, err error) (map[string]string, stream.Outcome) {
	return nil, stream.Outcome{Stage: stage, Err: err}
}

// Render gives all templates of a case's chart.
func Render(c *stream.Case) (map[string]string, stream.Outcome) {
	given, err := values(c)
	if err != nil {
		return failed("values", err)
	}
	loaded, err := Load(c)
	if err != nil {
		return failed("chart", err)
	}
	if err := chartutil.ProcessDependencies(loaded, given); err != nil {
		return failed("chart", err)
	}
	supported, err := capabilities(c)
	if err != nil {
		return failed("chart", err)
	}
	top, err := util.ToRenderValues(loaded, given, options(c), supported)
	if err != nil {
		return failed("chart", err)
	}
	var machine engine.Engine
	files, err := machine.Render(loaded, top)
	if err != nil {
		return failed("exec", err)
	}
	return files, stream.Outcome{Text: files["t/templates/a.yaml"]}
}
