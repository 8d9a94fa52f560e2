// Helmfile records what helmfile's templates make of cases: see package stream.
package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"github.com/helmfile/helmfile/pkg/environment"
	"github.com/helmfile/helmfile/pkg/filesystem"
	"github.com/helmfile/helmfile/pkg/maputil"
	"github.com/helmfile/helmfile/pkg/tmpl"
	"github.com/helmfile/helmfile/pkg/yaml"

	"relfile/tests/oracle/helmfile/state"
	"relfile/tests/oracle/stream"
)

func write(folder string, files map[string]string) error {
	for name, text := range files {
		path := filepath.Join(folder, name)
		if strings.HasSuffix(name, "/") {
			if err := os.MkdirAll(path, 0o755); err != nil {
				return err
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func data(c *stream.Case) (any, error) {
	values := map[string]any{}
	env := *environment.New("default")
	if c.ValuesYAML != nil {
		if err := yaml.Unmarshal([]byte(*c.ValuesYAML), &values); err != nil {
			return nil, err
		}
		cast, err := maputil.CastKeysToStrings(values)
		if err != nil {
			return nil, err
		}
		values = cast
	}
	if e := c.Environment; e != nil {
		if e.Name != "" {
			env.Name = e.Name
		}
		env.KubeContext = e.KubeContext
		if e.Values != nil {
			if err := yaml.Unmarshal(e.Values, &env.Values); err != nil {
				return nil, err
			}
		}
	}
	if c.Context != "release" {
		return state.OfEnvironment(env, c.Namespace, values), nil
	}
	var release state.Release
	if c.ReleaseData != nil {
		if err := json.Unmarshal(c.ReleaseData, &release); err != nil {
			return nil, err
		}
	}
	return state.OfRelease(env, c.Namespace, values, release), nil
}

func render(c *stream.Case) stream.Outcome {
	folder, err := os.MkdirTemp("", "case-")
	if err != nil {
		return stream.Outcome{Stage: "values", Err: err}
	}
	defer os.RemoveAll(folder)
	if err := write(folder, c.Files); err != nil {
		return stream.Outcome{Stage: "values", Err: err}
	}
	given, err := data(c)
	if err != nil {
		return stream.Outcome{Stage: "values", Err: err}
	}
	renderer := tmpl.NewTextRenderer(filesystem.DefaultFileSystem(), folder, given)
	text, err := renderer.RenderTemplateText(c.Templates["a.yaml.gotmpl"])
	if err != nil {
		return stream.Outcome{Stage: "exec", Err: err}
	}
	return stream.Outcome{Text: text}
}

func main() {
	stream.Run(render)
}
