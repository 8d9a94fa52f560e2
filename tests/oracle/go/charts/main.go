// Charts records what `helm template` makes of cases of whole charts: see package stream.
package main

import (
	"bytes"
	"errors"
	"io"
	"log"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"helm.sh/helm/v4/pkg/cmd"

	"relfile/tests/oracle/machine"
	"relfile/tests/oracle/stream"
)

// advice is what helm adds to the errors of rendering.
const advice = "\n\nUse --debug flag to render out invalid YAML"

var (
	unparsed  = regexp.MustCompile(`^YAML parse error on (\S+): `)
	templates = regexp.MustCompile(`(?:^|/)templates/`)
)

func writeChart(c *stream.Case, folder string) error {
	files, err := machine.Files(c)
	if err != nil {
		return err
	}
	for name, data := range files {
		file := filepath.Join(folder, "t", name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// addValues writes the values files, and adds their options to arguments.
func addValues(c *stream.Case, folder string, arguments []string) ([]string, error) {
	var texts []string
	if c.Values != nil {
		texts = append(texts, string(c.Values))
	}
	if c.ValuesYAML != nil {
		texts = append(texts, *c.ValuesYAML)
	}
	for i, text := range append(texts, c.ValuesFiles...) {
		file := filepath.Join(folder, "v"+strconv.Itoa(i)+".yaml")
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return nil, err
		}
		arguments = append(arguments, "--values", file)
	}
	return arguments, nil
}

func addOptions(c *stream.Case, arguments []string) []string {
	for _, option := range []struct {
		name  string
		texts []string
	}{{"--set-json", c.SetJSON}, {"--set", c.Set}, {"--set-string", c.SetString}, {"--set-literal", c.SetLiteral}, {"--api-versions", c.APIVersions}} {
		for _, text := range option.texts {
			arguments = append(arguments, option.name, text)
		}
	}
	if c.KubeVersion != "" {
		arguments = append(arguments, "--kube-version", c.KubeVersion)
	}
	namespace := "default" // or that of the case before
	if c.Release != nil && c.Release.Namespace != "" {
		namespace = c.Release.Namespace
	}
	arguments = append(arguments, "--namespace", namespace)
	if c.Release != nil && c.Release.IsUpgrade {
		arguments = append(arguments, "--is-upgrade")
	}
	return append(arguments, c.Flags...)
}

func run(c *stream.Case, folder string) (string, error) {
	name := "release-name"
	if c.Release != nil && c.Release.Name != "" {
		name = c.Release.Name
	}
	if err := writeChart(c, folder); err != nil {
		return "", err
	}
	arguments, err := addValues(c, folder, []string{"template", name, filepath.Join(folder, "t")})
	if err != nil {
		return "", err
	}
	arguments = addOptions(c, arguments)
	var out bytes.Buffer
	command, err := cmd.NewRootCmd(&out, arguments, func(bool) {})
	if err != nil {
		return "", err
	}
	command.SetArgs(arguments)
	command.SetOut(io.Discard)
	command.SetErr(io.Discard)
	if err = command.Execute(); err != nil {
		err = errors.New(strings.TrimSuffix(err.Error(), advice))
	}
	return out.String(), err
}

// stageOf is where helm's command stopped: it says so in words only.
func stageOf(err error) string {
	if unparsed.MatchString(err.Error()) {
		return "manifest"
	}
	if stream.HasPlace(err.Error()) {
		return "exec"
	}
	return "chart"
}

func render(c *stream.Case) stream.Outcome {
	folder, err := os.MkdirTemp("", "oracle")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	manifest, err := run(c, folder)
	if err != nil {
		return stream.Outcome{Stage: stageOf(err), Err: err}
	}
	outcome := stream.Outcome{Manifest: &manifest, Files: map[string]string{}}
	files, library := machine.Render(c)
	for name, text := range files {
		// of partials, only their definitions count
		if library.Err == nil && path.Base(name)[0] != '_' && templates.MatchString(name) {
			outcome.Files[name] = text
		}
	}
	return outcome
}

func main() {
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	log.SetOutput(io.Discard)
	os.Stderr, _ = os.Open(os.DevNull)
	for name, value := range map[string]string{"HOME": "/nonexistent", "KUBECONFIG": "/dev/null"} {
		os.Setenv(name, value)
	}
	stream.Run(render)
}
