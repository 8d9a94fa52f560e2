package stream

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Place is a place in a template.
type Place struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Col  *int   `json:"col,omitempty"`
}

// Fault is what a vector says about an error.
type Fault struct {
	Kind     string   `json:"kind"`
	File     string   `json:"file,omitempty"`
	Line     int      `json:"line,omitempty"`
	Col      *int     `json:"col,omitempty"`
	Contains []string `json:"contains"`
	Trace    []Place  `json:"trace,omitempty"`
}

var (
	stopped    = regexp.MustCompile(`(?s)^execution error at \((.*?):(\d+)(?::(\d+))?\): (.*)$`)
	parsed     = regexp.MustCompile(`(?s)^parse error at \((.*?):(\d+)(?::(\d+))?\): (.*)$`)
	unparsed   = regexp.MustCompile(`(?s)template: ([^:\s]+):(\d+)(): (.*)$`)
	traced     = regexp.MustCompile(`(?m)^([^\s:"<>{}]+):(\d+):(\d+)\n  executing "`)
	unreadable = regexp.MustCompile(`^YAML parse error on (\S+): `)
	chained    = regexp.MustCompile(`template: ([^\s:"<>{}]+):(\d+):(?:(\d+): executing ")?`)
)

func place(match []string) Place {
	p := Place{File: match[1]}
	p.Line, _ = strconv.Atoi(match[2])
	if len(match) > 3 && match[3] != "" {
		col, _ := strconv.Atoi(match[3])
		p.Col = &col
	}
	return p
}

func places(message string) []Place {
	var all []Place
	matches := traced.FindAllStringSubmatch(message, -1)
	multiple := len(matches) > 0
	if !multiple {
		matches = chained.FindAllStringSubmatch(message, -1)
	}
	for _, match := range matches {
		// the text of tpl is a file only where helm takes the message apart
		if match[1] != "gotpl" || multiple {
			all = append(all, place(match))
		}
	}
	return all
}

func (f *Fault) at(p Place) {
	f.File, f.Line, f.Col = p.File, p.Line, p.Col
}

// HasPlace tells whether message, an error's, says where in a template it is.
func HasPlace(message string) bool {
	return stopped.MatchString(message) || parsed.MatchString(message) || len(places(message)) > 0 ||
		unparsed.MatchString(message)
}

func faultOf(stage, message string) *Fault {
	f := &Fault{Kind: stage, Contains: []string{}}
	if match := unreadable.FindStringSubmatch(message); match != nil && stage == "manifest" {
		f.Contains = append(f.Contains, match[1])
	}
	if stage != "exec" && stage != "parse" {
		return f
	}
	f.Contains = words(message)
	if match := stopped.FindStringSubmatch(message); match != nil {
		f.at(place(match))
		f.Contains = f.Contains[:0]
		if text := strings.TrimSpace(match[4]); text != "" && !strings.ContainsRune(text, utf8.RuneError) {
			f.Contains = append(f.Contains, text)
		}
	} else if match := parsed.FindStringSubmatch(message); match != nil {
		f.Kind = "parse"
		f.at(place(match))
	} else if all := places(message); len(all) > 0 {
		f.at(all[len(all)-1])
		if len(all) == 1 && f.Col == nil {
			f.Kind = "parse"
		}
		if len(all) > 1 {
			f.Trace = all
		}
	} else if match := unparsed.FindStringSubmatch(message); match != nil {
		f.Kind = "parse"
		f.at(place(match))
	}
	return f
}

// What a useful message names, by the form of Go's.
var named = []*regexp.Regexp{
	regexp.MustCompile(`error calling (\w+):`),
	regexp.MustCompile(`wrong number of args for (\w+):`),
	regexp.MustCompile(`function "(\w+)" not defined`),
	regexp.MustCompile(`map has no entry for key "([^"\\]+)"`),
	regexp.MustCompile(`nil pointer evaluating .*\.(\w+)$`),
	regexp.MustCompile(`can't evaluate field (\w+) in type`),
	regexp.MustCompile(`undefined variable:? "?(\$\w*)`),
	regexp.MustCompile(`template "([^"\\]+)" not defined`),
	regexp.MustCompile(`no template "([^"\\]+)" associated`),
	regexp.MustCompile(`multiple definition of template "([^"\\]+)"`),
	regexp.MustCompile(`(\w+) is not a method but has arguments`),
	regexp.MustCompile(`missing value for (\w+)`),
	regexp.MustCompile(`function "(\pL[\pL\d_]*)" not defined`),
	regexp.MustCompile(`unexpected "([^"\\]+)" in`),
	regexp.MustCompile(`unexpected (?:\{\{|<)(\w+)(?:\}\}|>)`),
	regexp.MustCompile(`^parse error at \([^()]*\): "([^"\\]+)"$`),
	regexp.MustCompile(`bad character (U\+\S+ '.*?')(?:$| in action)`),
	regexp.MustCompile(`can't give argument to non-function ([^\s()]+)$`),
	regexp.MustCompile(`range can't iterate over ([^\[\]{}&*]+)$`),
	regexp.MustCompile(`unexpected type\(.*\) of value for key "([^"\\]+)"`),
	regexp.MustCompile(`(divide by zero)`),
	regexp.MustCompile(`(out of range)`),
	regexp.MustCompile(`index out of range: (-?\d+)`),
	regexp.MustCompile(`(nil) is not a command`),
	regexp.MustCompile(`expected (string|integer|bool|int|float);`),
	regexp.MustCompile(`\{\{(break|continue)\}\} outside`),
	regexp.MustCompile(`no value exist for key "([^"\\]+)"`),
	regexp.MustCompile(`value for key "([^"\\]+)" (?:does not exist|was not a map)`),
	regexp.MustCompile(`error calling (?:required|fail): (\w+)$`),
	regexp.MustCompile(`env var .(\w+). is not set`),
}

func isPrintable(text string) bool {
	for _, r := range text {
		if r == utf8.RuneError || !strconv.IsPrint(r) {
			return false
		}
	}
	return true
}

func words(message string) []string {
	found := []string{}
	for _, pattern := range named {
		for _, match := range pattern.FindAllStringSubmatch(message, -1) {
			known := false
			for _, word := range found {
				known = known || word == match[1]
			}
			if !known && len(match[1]) > 0 && len(match[1]) <= 50 && isPrintable(match[1]) {
				found = append(found, match[1])
			}
		}
	}
	return found
}
