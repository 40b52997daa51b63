package vale

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// MaxSize is the largest file of a rule, in bytes.
const MaxSize = 256 << 10

// definition is the file of a rule.
type definition struct {
	extends, message, description, level, link string
	scope                                      []string
	action                                     action
	ignoreCase, nonword, append, alpha, upper  bool
	raw, tokens, exceptions, indicators        []string
	swap, either                               []pair
	token, first, second, match, style         string
	formula, condition                         string
	metrics                                    []string
	max, min                                   int
	threshold, grade                           float64

	lines map[string]int // of the keys
}

// action is how an alert may be mended.
type action struct {
	name   string
	params []string
}

// pair is an entry of a table, in the order of the file.
type pair struct {
	key, value string
	line       int
}

// line gives the line of a key, 1 where there is none.
func (d *definition) line(key string) int { return max(d.lines[key], 1) }

// decoder reads a definition and gathers what is wrong with it, and what is
// left out.
type decoder struct {
	file   string
	def    definition
	faults problem.List
	notes  problem.List
}

func (d *decoder) fault(line int, what, hint string) {
	d.faults.Add(problem.Problem{File: d.file, Line: line, What: what, Hint: hint})
}

func (d *decoder) note(line int, what, hint string) {
	d.notes.Add(problem.Problem{File: d.file, Line: line, What: what, Hint: hint})
}

// yamlLine finds the line in an error of the parser, which has no other way to
// tell it.
var yamlLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^yaml: (?:line (\d+): )?`) })

// decode reads the keys of a file. Aliases are followed where they stand for a
// value, which has no more than two levels: they cannot grow.
func (d *decoder) decode(src []byte) {
	d.def.lines = map[string]int{}
	if len(src) > MaxSize {
		d.fault(0, fmt.Sprintf("file is larger than %d KiB", MaxSize>>10), "is this the file of a rule?")
		return
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(src, &doc); err != nil {
		at := yamlLine().FindStringSubmatch(err.Error())
		line, what := 0, err.Error()
		if at != nil {
			line, _ = strconv.Atoi(at[1])
			what = what[len(at[0]):]
		}
		d.fault(line, "file is not YAML: "+strings.Join(strings.Fields(what), " "), "put text with special characters in single quotes")
		return
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 || real(doc.Content[0]).Kind != yaml.MappingNode {
		d.fault(0, "file is not the file of a rule", "it has keys such as extends, message and tokens")
		return
	}
	// What a kind that is left out has besides is nobody's business here.
	if d.extends(doc.Content[0]); leftOut(d.def.extends) != "" {
		return
	}
	d.pairs(doc.Content[0], "", func(key, value *yaml.Node) {
		d.def.lines[strings.ToLower(key.Value)] = key.Line
		d.set(key.Value, value)
	})
}

// extends looks for the kind of the rule.
func (d *decoder) extends(n *yaml.Node) {
	n = real(n)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := real(n.Content[i]), real(n.Content[i+1])
		if strings.EqualFold(key.Value, "extends") && value.Kind == yaml.ScalarNode {
			d.def.extends, d.def.lines["extends"] = value.Value, key.Line
		}
	}
}

// real follows an alias.
func real(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

// pairs calls f for the entries of a table. Of a key that is there twice, the
// last counts.
func (d *decoder) pairs(n *yaml.Node, name string, f func(key, value *yaml.Node)) {
	n = real(n)
	if n.Kind != yaml.MappingNode {
		d.fault(n.Line, fmt.Sprintf("%q must be a table", name), "write one \"this: that\" a line, indented")
		return
	}
	last := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		last[real(n.Content[i]).Value] = i
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := real(n.Content[i])
		switch {
		case key.Kind != yaml.ScalarNode:
			d.fault(n.Content[i].Line, "key is no text", "put it in quotes")
		case last[key.Value] != i:
			d.note(n.Content[i].Line, fmt.Sprintf("key %q is there twice, the last one counts", key.Value), "delete one")
		default:
			f(key, real(n.Content[i+1]))
		}
	}
}

// set reads the value of one key. Vale has them in any case.
func (d *decoder) set(key string, n *yaml.Node) {
	def := &d.def
	switch name := strings.ToLower(key); name {
	case "extends", "message", "description", "level", "link", "token", "first", "second", "match", "style", "formula", "condition":
		*d.texts(name) = d.text(key, n)
	case "scope":
		def.scope = d.list(key, n)
	case "raw", "tokens", "exceptions", "indicators", "metrics":
		*d.lists(name) = d.list(key, n)
	case "ignorecase", "nonword", "append", "alpha", "capitalize":
		*d.switches(name) = d.truth(key, n)
	case "swap":
		def.swap = d.table(key, n)
	case "either":
		def.either = d.table(key, n)
	case "max":
		def.max = int(d.number(key, n))
	case "min":
		def.min = int(d.number(key, n))
	case "threshold":
		def.threshold = d.number(key, n)
	case "grade":
		def.grade = d.number(key, n)
	case "action":
		d.pairs(n, key, func(k, v *yaml.Node) {
			switch strings.ToLower(k.Value) {
			case "name":
				def.action.name = d.text(k.Value, v)
			case "params":
				def.action.params = d.list(k.Value, v)
			default:
				d.unknown(k)
			}
		})
	case "pos":
		if n.Value != "" {
			d.note(n.Line, "parts of speech are not told, the rule finds its words whatever they are", "")
		}
	case "code":
		d.note(n.Line, "code is not looked at", "")
	case "vocab", "limit", "name", "path":
		// Of no matter here.
	default:
		d.note(d.def.line(strings.ToLower(key)), fmt.Sprintf("key %q is not known and not followed", key), "")
	}
}

func (d *decoder) unknown(key *yaml.Node) {
	d.note(key.Line, fmt.Sprintf("key %q is not known and not followed", key.Value), "")
}

func (d *decoder) texts(name string) *string {
	def := &d.def
	return map[string]*string{
		"extends": &def.extends, "message": &def.message, "description": &def.description, "level": &def.level,
		"link": &def.link, "token": &def.token, "first": &def.first, "second": &def.second, "match": &def.match,
		"style": &def.style, "formula": &def.formula, "condition": &def.condition,
	}[name]
}

func (d *decoder) lists(name string) *[]string {
	def := &d.def
	return map[string]*[]string{
		"raw": &def.raw, "tokens": &def.tokens, "exceptions": &def.exceptions, "indicators": &def.indicators, "metrics": &def.metrics,
	}[name]
}

func (d *decoder) switches(name string) *bool {
	def := &d.def
	return map[string]*bool{
		"ignorecase": &def.ignoreCase, "nonword": &def.nonword, "append": &def.append, "alpha": &def.alpha, "capitalize": &def.upper,
	}[name]
}

// text reads a text, or a number or truth value as it is written.
func (d *decoder) text(key string, n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode {
		d.fault(n.Line, fmt.Sprintf("%q must be a text", key), "")
		return ""
	}
	if n.Tag == "!!null" {
		return ""
	}
	return n.Value
}

// list reads a list of texts; one text stands for a list of it.
func (d *decoder) list(key string, n *yaml.Node) []string {
	if n.Kind == yaml.ScalarNode {
		if s := d.text(key, n); s != "" {
			return []string{s}
		}
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		d.fault(n.Line, fmt.Sprintf("%q must be a list", key), `write one "- entry" a line`)
		return nil
	}
	var list []string
	for _, entry := range n.Content {
		list = append(list, d.text("entry of "+key, real(entry)))
	}
	return list
}

// table reads a table of texts.
func (d *decoder) table(key string, n *yaml.Node) []pair {
	var list []pair
	d.pairs(n, key, func(k, v *yaml.Node) {
		list = append(list, pair{k.Value, d.text(k.Value, v), k.Line})
	})
	return list
}

func (d *decoder) truth(key string, n *yaml.Node) bool {
	switch strings.ToLower(n.Value) {
	case "true", "yes", "on", "1":
		return true
	case "false", "no", "off", "0", "":
		return false
	}
	d.fault(n.Line, fmt.Sprintf("%q must be true or false", key), "")
	return false
}

var errNoNumber = errors.New("no number")

func (d *decoder) number(key string, n *yaml.Node) float64 {
	f, err := strconv.ParseFloat(n.Value, 64)
	if err == nil && (math.IsNaN(f) || math.Abs(f) > 1e9) {
		err = errNoNumber
	}
	if err != nil {
		d.fault(n.Line, fmt.Sprintf("%q must be a number", key), "")
		return 0
	}
	return f
}
