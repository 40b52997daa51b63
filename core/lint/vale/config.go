package vale

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/problem"
)

// Config is what a .vale.ini says of styles. All else in it is left alone.
type Config struct {
	StylesPath string        // as written, relative to the file
	Least      lint.Severity // MinAlertLevel: what is less is not told
	stylesLine int           // of StylesPath, 0 where it is not there
	sections   []section     // the one for all files first
}

// section is what is set for the files that a pattern matches.
type section struct {
	name   string
	files  *regexp.Regexp // nil for all
	styles []string       // BasedOnStyles
	based  bool           // whether there is such a line
	rules  []setting      // in the order of the file
}

// setting turns a rule on or off, or changes its severity.
type setting struct {
	id       string
	off      bool
	severity lint.Severity // 0 to leave it
}

// ReadConfig reads a .vale.ini. The notes tell what is not followed, the error is
// a problem.List.
func ReadConfig(file string, src []byte) (config *Config, notes problem.List, err error) {
	r := configReader{file: file, config: &Config{Least: lint.Hint, sections: make([]section, 1)}}
	if len(src) > MaxSize {
		return nil, nil, problem.List{{File: file, What: fmt.Sprintf("file is larger than %d KiB", MaxSize>>10)}}
	}
	before := "" // the beginning of a line that goes on
	for line := range strings.Lines(strings.TrimPrefix(string(src), "\uFEFF")) {
		r.line++
		line = before + strings.TrimSpace(line)
		if rest, on := strings.CutSuffix(line, `\`); on && !comment(line) {
			before = rest
			continue
		}
		before = ""
		r.read(line)
	}
	r.read(before)
	if err := r.faults.Err(); err != nil {
		return nil, r.notes, err
	}
	return r.config, r.notes, nil
}

// configReader reads the lines of a .vale.ini.
type configReader struct {
	file    string
	line    int
	config  *Config
	section string // its header, empty above the first
	into    int    // index of the section, -1 for one that is left alone
	faults  problem.List
	notes   problem.List
}

func (r *configReader) fault(what, hint string) {
	r.faults.Add(problem.Problem{File: r.file, Line: r.line, What: what, Hint: hint})
}

func (r *configReader) note(what string) {
	r.notes.Add(problem.Problem{File: r.file, Line: r.line, What: what})
}

func (r *configReader) read(line string) {
	switch {
	case line == "" || comment(line):
	case line[0] == '[':
		r.header(remarkless(line))
	default:
		at := strings.IndexAny(line, "=:")
		if at < 0 {
			r.fault("line is neither [section] nor key = value", "")
			return
		}
		if r.into >= 0 {
			r.set(strings.TrimSpace(line[:at]), plainValue(strings.TrimSpace(line[at+1:])))
		}
	}
}

func comment(line string) bool { return strings.HasPrefix(line, "#") || strings.HasPrefix(line, ";") }

// remarkless takes the remark at the end of a line off, which has space before
// it.
func remarkless(line string) string {
	for _, mark := range []string{" #", "\t#", " ;", "\t;"} {
		line, _, _ = strings.Cut(line, mark)
	}
	return strings.TrimSpace(line)
}

// plainValue is a value without its remark or its quotes.
func plainValue(value string) string {
	if value == "" || comment(value) {
		return ""
	}
	if strings.Contains("\"'`", value[:1]) {
		if inner, _, closed := strings.Cut(value[1:], value[:1]); closed {
			return inner
		}
	}
	return remarkless(value)
}

func (r *configReader) header(line string) {
	name, ok := strings.CutSuffix(line[1:], "]")
	if !ok {
		r.fault("header is not closed", "write [*.md]")
		return
	}
	r.section = strings.TrimSpace(name)
	switch r.section {
	case "*":
		r.into = 0
		return
	case "formats", "asciidoctor":
		r.into = -1
		return
	}
	if r.into = slices.IndexFunc(r.config.sections, func(s section) bool { return s.files != nil && s.name == r.section }); r.into >= 0 {
		return
	}
	re, err := glob(r.section)
	if err != nil {
		r.fault(fmt.Sprintf("%q is no pattern of file names", r.section), "write [*.md] or [*.{md,txt}]")
		return
	}
	r.config.sections = append(r.config.sections, section{name: r.section, files: re})
	r.into = len(r.config.sections) - 1
}

// set takes one key.
func (r *configReader) set(key, value string) {
	s := &r.config.sections[r.into]
	switch {
	case key == "StylesPath":
		r.config.StylesPath, r.config.stylesLine = value, r.line
	case key == "MinAlertLevel":
		level, ok := levels()[value]
		if !ok {
			r.fault(fmt.Sprintf("unknown level %q", value), "known: suggestion, warning, error")
		}
		r.config.Least = level
	case key == "BasedOnStyles":
		s.based = true
		// There may be several such lines.
		for style := range strings.SplitSeq(value, ",") {
			switch style = strings.TrimSpace(style); style {
			case "":
			case "Vale":
				r.note("Vale's own style is left out: spelling and vocabularies are not checked")
			default:
				s.styles = append(s.styles, style)
			}
		}
	case strings.Contains(key, ".") && r.section != "":
		r.setRule(s, key, value)
	case key == "Packages":
		// Fetched by Vale, into StylesPath.
	default:
		r.note(fmt.Sprintf("%s is not followed", key))
	}
}

// setRule takes a line about a rule.
func (r *configReader) setRule(s *section, key, value string) {
	rule := setting{id: strings.Replace(key, ".", "/", 1)}
	switch strings.ToUpper(value) {
	case "NO":
		rule.off = true
	case "YES":
	default:
		level, ok := levels()[value]
		if !ok {
			r.fault(fmt.Sprintf("%s is %q", key, value), "write YES, NO, suggestion, warning or error")
		}
		rule.severity = level
	}
	if !strings.HasPrefix(key, "Vale.") {
		s.rules = append(s.rules, rule)
	}
}

// Styles lists the styles that any file may need, in the order of the
// configuration.
func (c *Config) Styles() []string {
	var list []string
	add := func(style string) {
		if !slices.Contains(list, style) {
			list = append(list, style)
		}
	}
	for _, s := range c.sections {
		for _, style := range s.styles {
			add(style)
		}
		for _, rule := range s.rules {
			style, _, _ := strings.Cut(rule.id, "/")
			add(style)
		}
	}
	return list
}

// based says whether any file is checked with all of a style.
func (c *Config) based(style string) bool {
	return slices.ContainsFunc(c.sections, func(s section) bool { return slices.Contains(s.styles, style) })
}

// For gives those of the rules that a file is checked with, in their order and
// with the severities set for it. Of several sections that match, the last has
// the styles, and each what it sets of rules.
func (c *Config) For(file string, rules []*lint.Rule) []*lint.Rule {
	var styles []string
	set := map[string]setting{}
	for _, s := range c.sections {
		if s.files != nil && !s.files.MatchString(file) {
			continue
		}
		if s.based {
			styles = s.styles
		}
		for _, rule := range s.rules {
			set[rule.id] = rule
		}
	}
	var list []*lint.Rule
	for _, rule := range rules {
		own, ok := set[rule.ID]
		if own.off || !ok && !slices.Contains(styles, rule.Family()) {
			continue
		}
		if own.severity != 0 && own.severity != rule.Severity {
			changed := *rule
			changed.Severity = own.severity
			rule = &changed
		}
		if rule.Severity >= c.Least {
			list = append(list, rule)
		}
	}
	return list
}

// glob compiles a pattern of file names, in which * takes slashes too.
func glob(pattern string) (*regexp.Regexp, error) {
	var b strings.Builder
	depth := 0
	for i, c := range pattern {
		switch {
		case c == '*':
			b.WriteString(".*")
		case c == '?':
			b.WriteByte('.')
		case c == '{':
			depth++
			b.WriteString("(?:")
		case c == '}' && depth > 0:
			depth--
			b.WriteByte(')')
		case c == ',' && depth > 0:
			b.WriteByte('|')
		case c == '[' || c == ']' || c == '-':
			b.WriteRune(c)
		case c == '!' && i > 0 && pattern[i-1] == '[':
			b.WriteByte('^')
		default:
			b.WriteString(regexp.QuoteMeta(string(c)))
		}
	}
	return regexp.Compile(`(?s)^(?:` + b.String() + `)$`)
}
