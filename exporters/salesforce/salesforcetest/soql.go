package salesforcetest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// soqlError is a query that is refused.
type soqlError struct {
	code, text string
	hidden     bool // for a field that may have been deleted just now
}

func (e *soqlError) Error() string { return e.text }

func malformed(format string, a ...any) error {
	return &soqlError{code: "MALFORMED_QUERY", text: fmt.Sprintf(format, a...)}
}

// selection is a query that was read.
type selection struct {
	table *table
	names []string
	where condition // nil: all
}

// condition is a condition of a query.
type condition interface {
	holds(row map[string]any) bool
}

type both []condition   // AND
type either []condition // OR

func (c both) holds(row map[string]any) bool {
	return !slices.ContainsFunc(c, func(one condition) bool { return !one.holds(row) })
}

func (c either) holds(row map[string]any) bool {
	return slices.ContainsFunc(c, func(one condition) bool { return one.holds(row) })
}

// oneOf is field = value, and field IN (values).
type oneOf struct {
	field  *Field
	values map[string]bool // folded
}

func (c oneOf) holds(row map[string]any) bool {
	value := row[c.field.Name]
	return value != nil && c.values[fold(c.field, value)]
}

// like is field LIKE 'pattern'.
type like struct {
	field   *Field
	pattern *regexp.Regexp
}

func (c like) holds(row map[string]any) bool {
	value, ok := row[c.field.Name].(string)
	return ok && c.pattern.MatchString(value)
}

// tokenPattern are the parts of a query: literals, names and signs.
var tokenPattern = regexp.MustCompile(`\s*('(?:[^'\\]|\\.)*'|[A-Za-z][A-Za-z0-9_]*|[(),=])`)

// reader reads a query.
type reader struct {
	tokens []string
	tables map[string]*table
	table  *table
}

// parse reads a query. Only what the exporter can need is understood.
func parse(soql string, tables map[string]*table) (*selection, error) {
	p := &reader{tables: tables}
	rest := soql
	for strings.TrimSpace(rest) != "" {
		at := tokenPattern.FindStringSubmatchIndex(rest)
		if at == nil || at[0] != 0 {
			return nil, malformed("unexpected token: '%s'", rest)
		}
		p.tokens = append(p.tokens, rest[at[2]:at[3]])
		rest = rest[at[1]:]
	}
	if err := p.expect("SELECT"); err != nil {
		return nil, err
	}
	names := []string{p.take()}
	for p.is(",") {
		names = append(names, p.take())
	}
	if err := p.expect("FROM"); err != nil {
		return nil, err
	}
	from := p.take()
	if p.table = tables[from]; p.table == nil {
		return nil, &soqlError{code: "INVALID_TYPE", text: fmt.Sprintf("sObject type '%s' is not supported.", from)}
	}
	sel := &selection{table: p.table}
	for _, name := range names {
		f, err := p.column(name)
		if err != nil {
			return nil, err
		}
		if slices.Contains(sel.names, f.Name) {
			return nil, &soqlError{code: "INVALID_FIELD", text: "duplicate field selected: " + f.Name}
		}
		sel.names = append(sel.names, f.Name)
	}
	if p.is("WHERE") {
		var err error
		if sel.where, err = p.conditions(); err != nil {
			return nil, err
		}
	}
	if len(p.tokens) > 0 {
		return nil, malformed("unexpected token: '%s'", p.tokens[0])
	}
	return sel, nil
}

func (p *reader) take() string {
	if len(p.tokens) == 0 {
		return ""
	}
	next := p.tokens[0]
	p.tokens = p.tokens[1:]
	return next
}

// is takes the next part when it is that one.
func (p *reader) is(token string) bool {
	if len(p.tokens) > 0 && strings.EqualFold(p.tokens[0], token) {
		p.take()
		return true
	}
	return false
}

func (p *reader) expect(token string) error {
	if !p.is(token) {
		return malformed("expecting %s, found '%s'", token, strings.Join(p.tokens, " "))
	}
	return nil
}

func (p *reader) column(name string) (*Field, error) {
	if f := p.table.visible(name); f != nil {
		return f, nil
	}
	return nil, &soqlError{code: "INVALID_FIELD", text: fmt.Sprintf("No such column '%s' on entity '%s'.", name, p.table.name), hidden: true}
}

// conditions reads conditions joined by AND, or by OR: both need parentheses.
func (p *reader) conditions() (condition, error) {
	first, err := p.condition()
	all := []condition{first}
	joint := ""
	for err == nil && len(p.tokens) > 0 && p.tokens[0] != ")" {
		word := strings.ToUpper(p.take())
		if word != "AND" && word != "OR" || joint != "" && word != joint {
			return nil, malformed("unexpected token: '%s'", word)
		}
		joint = word
		var next condition
		next, err = p.condition()
		all = append(all, next)
	}
	if joint == "OR" {
		return either(all), err
	}
	return both(all), err
}

func (p *reader) condition() (condition, error) {
	if p.is("(") {
		inner, err := p.conditions()
		if err != nil {
			return nil, err
		}
		return inner, p.expect(")")
	}
	f, err := p.column(p.take())
	if err != nil {
		return nil, err
	}
	if f.Unfiltered {
		return nil, &soqlError{code: "INVALID_FIELD", text: fmt.Sprintf("field '%s' can not be filtered in a query call", f.Name)}
	}
	switch {
	case p.is("="):
		value, err := p.value(f)
		return oneOf{f, map[string]bool{fold(f, value): true}}, err
	case p.is("IN"):
		return p.list(f)
	case p.is("LIKE"):
		value, err := p.value(f)
		if err != nil {
			return nil, err
		}
		pattern := strings.NewReplacer("%", ".*", "_", ".").Replace(regexp.QuoteMeta(value))
		re, err := regexp.Compile("(?is)^" + pattern + "$")
		return like{f, re}, err
	}
	return nil, malformed("unexpected token: '%s'", p.take())
}

func (p *reader) list(f *Field) (condition, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	c := oneOf{f, map[string]bool{}}
	for {
		value, err := p.value(f)
		if err != nil {
			return nil, err
		}
		c.values[fold(f, value)] = true
		if !p.is(",") {
			return c, p.expect(")")
		}
	}
}

// value reads a literal of the type of a field.
func (p *reader) value(f *Field) (string, error) {
	token := p.take()
	if f.Type == "boolean" {
		if token != "true" && token != "false" {
			return "", malformed("value of filter criterion for field '%s' must be of type boolean", f.Name)
		}
		return token, nil
	}
	if len(token) < 2 || token[0] != '\'' {
		return "", malformed("value of filter criterion for field '%s' must be of type string and should be enclosed in quotes", f.Name)
	}
	s, err := unquote(token[1 : len(token)-1])
	if len(s) > 4000 {
		return "", malformed("a string is longer than 4,000 characters")
	}
	if (f.Type == "id" || f.Type == "reference") && len(s) != 15 && len(s) != 18 {
		return "", &soqlError{code: "INVALID_QUERY_FILTER_OPERATOR", text: "invalid ID field: " + s}
	}
	return s, err
}

func unquote(s string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' {
			return "", malformed("line breaks not allowed in string literals")
		}
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		i++
		plain, ok := map[byte]string{'n': "\n", 'r': "\r", 't': "\t", 'b': "\b", 'f': "\f", '"': `"`, '\'': "'", '\\': `\`}[s[i]]
		if !ok {
			return "", malformed(`invalid string literal: illegal character sequence '\%c'`, s[i])
		}
		b.WriteString(plain)
	}
	return b.String(), nil
}

// candidates are the ids that a query has to look at: those that an index gives for a
// condition that all must meet, else all.
func (sel *selection) candidates() []string {
	if all, ok := sel.where.(both); ok {
		for _, c := range all {
			in, ok := c.(oneOf)
			if !ok || sel.table.index[in.field.Name] == nil {
				continue
			}
			var ids []string
			for value := range in.values {
				ids = append(ids, sel.table.index[in.field.Name][value]...)
			}
			slices.Sort(ids)
			return ids
		}
	}
	return sel.table.order
}
