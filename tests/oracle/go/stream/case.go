// Package stream reads cases and writes them with their outcome: the vectors of
// tests/conformance/vectors, one JSON object a line, in and out.
package stream

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"time"
	"unicode/utf8"
)

// Release is what a case says about the release.
type Release struct {
	Name      string `json:"name,omitempty"`
	Namespace string `json:"namespace,omitempty"`
	IsUpgrade bool   `json:"is_upgrade,omitempty"`
}

// Environment is the environment of a case of helmfile's templates.
type Environment struct {
	Name        string          `json:"name,omitempty"`
	KubeContext string          `json:"kube_context,omitempty"`
	Values      json.RawMessage `json:"values,omitempty"`
}

// Case is a vector: its inputs, and its outcome once it has one.
type Case struct {
	ID           string             `json:"id"`
	Group        string             `json:"group"`
	Fn           string             `json:"fn"`
	Source       string             `json:"source,omitempty"`
	Templates    map[string]string  `json:"templates,omitempty"`
	TemplatesB64 map[string]string  `json:"templates_b64,omitempty"`
	Values       json.RawMessage    `json:"values,omitempty"`
	ValuesYAML   *string            `json:"values_yaml,omitempty"`
	ValuesFiles  []string           `json:"values_files,omitempty"`
	SetJSON      []string           `json:"set_json,omitempty"`
	Set          []string           `json:"set,omitempty"`
	SetString    []string           `json:"set_string,omitempty"`
	SetLiteral   []string           `json:"set_literal,omitempty"`
	Files        map[string]string  `json:"files,omitempty"`
	FilesB64     map[string]string  `json:"files_b64,omitempty"`
	Release      *Release           `json:"release,omitempty"`
	KubeVersion  string             `json:"kube_version,omitempty"`
	APIVersions  []string           `json:"api_versions,omitempty"`
	Flags        []string           `json:"flags,omitempty"`
	Env          map[string]*string `json:"env,omitempty"`
	Environment  *Environment       `json:"environment,omitempty"`
	Namespace    string             `json:"namespace,omitempty"`
	Context      string             `json:"context,omitempty"`
	ReleaseData  json.RawMessage    `json:"release_data,omitempty"`

	Want         *string           `json:"want,omitempty"`
	WantB64      string            `json:"want_b64,omitempty"`
	WantAny      []string          `json:"want_any,omitempty"`
	WantRegex    string            `json:"want_regex,omitempty"`
	WantManifest *string           `json:"want_manifest,omitempty"`
	WantFiles    map[string]string `json:"want_files,omitempty"`
	Error        *Fault            `json:"error,omitempty"`
	GoError      string            `json:"go_error,omitempty"`
}

// Outcome is what rendering a case gave: the text of its template, or an error.
type Outcome struct {
	Text     string
	Manifest *string           // of a whole chart
	Files    map[string]string // of a whole chart
	Stage    string            // of the error: parse, exec, values, chart, manifest
	Err      error
}

// tries is how often a case is rendered: what depends on the order of a map comes out differently.
const tries = 3

var usualZone = time.Local

// Decoded are the bytes of texts, with those that are in base64.
func Decoded(texts, encoded map[string]string) (map[string][]byte, error) {
	all := map[string][]byte{}
	for name, text := range texts {
		all[name] = []byte(text)
	}
	for name, text := range encoded {
		bytes, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return nil, err
		}
		all[name] = bytes
	}
	return all, nil
}

func (c *Case) setEnvironment() {
	for name, value := range c.Env {
		if value == nil {
			os.Unsetenv(name)
		} else {
			os.Setenv(name, *value)
		}
	}
	if zone := c.Env["TZ"]; zone != nil {
		if location, err := time.LoadLocation(*zone); err == nil {
			time.Local = location
		}
	}
}

func (c *Case) resetEnvironment() {
	for name := range c.Env {
		os.Unsetenv(name)
	}
	time.Local = usualZone
}

func (c *Case) setTexts(texts map[string]bool) {
	c.Want, c.WantB64, c.WantAny = nil, "", nil
	var all []string
	for text := range texts {
		all = append(all, text)
	}
	sort.Strings(all)
	switch {
	case len(all) > 1:
		c.WantAny = all
	case utf8.ValidString(all[0]):
		c.Want = &all[0]
	default:
		c.WantB64 = base64.StdEncoding.EncodeToString([]byte(all[0]))
	}
}

func (c *Case) record(render func(*Case) Outcome) {
	texts := map[string]bool{}
	c.Error, c.GoError, c.WantFiles, c.WantManifest = nil, "", nil, nil
	c.setEnvironment()
	defer c.resetEnvironment()
	for range tries {
		outcome := render(c)
		if outcome.Err != nil {
			c.Want, c.WantB64, c.WantAny, c.WantFiles = nil, "", nil, nil
			c.GoError = outcome.Err.Error()
			c.Error = faultOf(outcome.Stage, c.GoError)
			return
		}
		if outcome.Manifest != nil {
			texts[*outcome.Manifest] = true
			c.WantFiles = outcome.Files
		} else {
			texts[outcome.Text] = true
		}
	}
	c.setTexts(texts)
	if c.WantFiles != nil {
		c.WantManifest, c.Want = c.Want, nil
	}
}

// Run records the outcome of each case that standard input has.
func Run(render func(*Case) Outcome) {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<16)
	for {
		line, err := in.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			var c Case
			if err := json.Unmarshal(line, &c); err != nil {
				fmt.Fprintln(os.Stderr, "no case:", err)
				os.Exit(1)
			}
			c.record(render)
			encoder := json.NewEncoder(out)
			encoder.SetEscapeHTML(false)
			encoder.Encode(&c)
		}
		out.Flush()
		if err != nil {
			return
		}
	}
}
