package document

import (
	"bytes"
	"strings"
	"time"
)

// maxFrontMatter is how long the front matter of a file may be.
const maxFrontMatter = 64 << 10

// frontMatter reads the properties before a text, between lines of --- (YAML) or
// +++ (TOML), and returns where the text begins. Lines of dashes may also stand
// around text, so every line between them must look like front matter.
func (m *markdown) frontMatter() int {
	if !bytes.HasPrefix(m.src, []byte("---")) && !bytes.HasPrefix(m.src, []byte("+++")) {
		return 0
	}
	end, pos := m.lines.next(0)
	if !blankBytes(m.src[3:end]) {
		return 0
	}
	fence := string(m.src[:3])
	front := matter{toml: fence == "+++"}
	for pos < len(m.src) && pos < maxFrontMatter {
		end, next := m.lines.next(pos)
		line := string(bytes.TrimRight(m.src[pos:end], " \t"))
		if line == fence || fence == "---" && line == "..." {
			if len(front.entries) == 0 {
				return 0
			}
			front.finish(m.w)
			return next
		}
		if !front.line(line, pos) {
			return 0
		}
		pos = next
	}
	return 0
}

// leastTold is how many bytes a text in front matter has at least.
const leastTold = 200

// tells says whether the front matter that ends at an offset holds the text itself:
// where nothing stands below it, some sites keep a whole page in one of its values.
func (m *markdown) tells(end int) bool {
	long := 0
	for line := range bytes.Lines(m.src[:end]) {
		if line[0] != ' ' && line[0] != '\t' {
			long = 0
		}
		if long += len(line); long >= leastTold {
			return true
		}
	}
	return false
}

// matter is front matter in the making.
type matter struct {
	toml    bool
	table   string // of TOML, that the keys are in
	entries []entry
	path    []int // the entries that the last one is within, and it itself
	block   bool  // the lines below the last one are its text, as they are
	array   bool  // they are entries of its list, up to a bracket
}

// entry is a key with its value.
type entry struct {
	key    string
	plain  string // without the table that it is in
	value  string
	at     int
	indent int
	parent bool // others are within it
}

// line reads a line that begins at an offset, or says that it is none of front
// matter.
func (f *matter) line(line string, at int) bool {
	trimmed := strings.TrimLeft(line, " \t")
	indent := len(line) - len(trimmed)
	if trimmed == "" || trimmed[0] == '#' {
		return true
	}
	begun := len(f.entries) > 0
	if begun && f.goesOn(trimmed, indent) {
		return true
	}
	if f.block = false; indent > 0 || line[0] == '-' || line[0] == '[' || line[0] == ']' {
		switch item, is := strings.CutPrefix(trimmed, "- "); {
		case line[0] == '[':
			if f.toml {
				f.table = strings.ToLower(strings.Trim(line, "[] ")) + "."
			}
			return true
		case !begun:
			return false
		case is:
			f.item(scalar(item), indent, ", ")
		case line[0] == '-' || line[0] == ']':
		case !f.key(trimmed, indent, at):
			f.item(scalar(trimmed), indent, " ")
		}
		return true
	}
	return f.key(trimmed, 0, at)
}

// goesOn takes a line for text of the last value, if it is.
func (f *matter) goesOn(trimmed string, indent int) bool {
	last := &f.entries[len(f.entries)-1]
	switch {
	case f.array && (indent > 0 || trimmed[0] == ']'):
		f.array = !strings.HasSuffix(trimmed, "]")
		if item := scalar(strings.Trim(trimmed, "], ")); item != "" {
			last.add(item, ", ")
		}
		return true
	case f.block && indent > last.indent:
		last.add(trimmed, " ")
		return true
	}
	return false
}

// add adds to a value. One that is too long already stays as it is.
func (e *entry) add(s, glue string) {
	switch {
	case e.value == "":
		e.value = s
	case len(e.value) < maxFieldValue:
		e.value += glue + s
	}
}

// item adds an entry of a list, or a further line of a value, to the key that it
// stands below.
func (f *matter) item(s string, indent int, glue string) {
	for len(f.path) > 1 && f.entries[f.path[len(f.path)-1]].indent > indent {
		f.path = f.path[:len(f.path)-1]
	}
	f.entries[f.path[len(f.path)-1]].add(s, glue)
}

// key reads a key with its value.
func (f *matter) key(line string, indent, at int) bool {
	sep := strings.IndexAny(line, ":=")
	if sep <= 0 || strings.ContainsAny(strings.TrimSpace(line[:sep]), " \t") {
		return false
	}
	after := line[sep+1:]
	if indent > 0 && !f.toml && (line[sep] == '=' || after != "" && !isBlank(after[0])) {
		return false // such as a web address
	}
	e := entry{key: strings.ToLower(strings.Trim(strings.TrimSpace(line[:sep]), `"'`)), at: at + indent}
	if e.plain = e.key; f.toml {
		e.key = f.table + e.key
	} else {
		e.indent = indent
	}
	for len(f.path) > 0 && f.entries[f.path[len(f.path)-1]].indent >= e.indent {
		f.path = f.path[:len(f.path)-1]
	}
	if n := len(f.path); n > 0 {
		parent := &f.entries[f.path[n-1]]
		parent.parent = true
		e.key = parent.key + "." + e.key
		e.plain = e.key
	}
	raw := strings.TrimSpace(after)
	f.block = !f.toml && raw != "" && (raw[0] == '|' || raw[0] == '>') && len(raw) <= len("|-2")
	f.array = strings.HasPrefix(raw, "[") && strings.IndexByte(raw, ']') < 0
	if !f.block {
		e.value = scalar(raw)
	}
	const deepest = 16
	if len(f.path) < deepest {
		f.path = append(f.path, len(f.entries))
	}
	f.entries = append(f.entries, e)
	return true
}

// finish hands on what was read.
func (f *matter) finish(w *writer) {
	fields := map[string]string{}
	for _, e := range f.entries {
		fields[e.plain] = e.value
		if e.value != "" || !e.parent {
			w.doc.addField(e.key, e.value, e.at)
		}
	}
	w.doc.Properties = propertiesOf(fields)
}

// scalar gives a value without quotes, brackets and comment; a list as one text.
func scalar(s string) string {
	s = strings.TrimSpace(s)
	if list, is := strings.CutPrefix(s, "["); is {
		var all []string
		for item := range strings.SplitSeq(strings.TrimSuffix(list, "]"), ",") {
			all = append(all, scalar(item))
		}
		return strings.Join(all, ", ")
	}
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		if end := strings.IndexByte(s[1:], s[0]); end >= 0 {
			return s[1 : end+1]
		}
	}
	if at := strings.Index(s, " #"); at >= 0 {
		s = strings.TrimSpace(s[:at])
	}
	return s
}

// propertiesOf takes the properties out of fields by the names that generators
// of web sites and HTML give them.
func propertiesOf(fields map[string]string) Properties {
	first := func(names ...string) string {
		for _, n := range names {
			if v := strings.TrimSpace(fields[n]); v != "" {
				return v
			}
		}
		return ""
	}
	day := func(names ...string) time.Time {
		for _, n := range names {
			if t := parseTime(fields[n]); !t.IsZero() {
				return t
			}
		}
		return time.Time{}
	}
	return Properties{
		Title:    first("title", "dc.title", "dcterms.title", "og:title"),
		Author:   first("author", "authors", "creator", "dc.creator", "dcterms.creator", "article:author"),
		Created:  day("created", "date", "dcterms.created", "dc.date.created", "article:published_time", "dc.date", "pubdate", "publishdate"),
		Modified: day("modified", "updated", "lastmod", "last-modified", "last_modified", "dcterms.modified", "article:modified_time", "dc.date.modified", "revised"),
	}
}

// timeLayouts are how dates are written. A day that could also be read as
// another one, such as 01/02/2024, is not read.
var timeLayouts = [...]string{
	time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05",
	"2006-01-02 15:04", "2006-01-02", "2006/01/02", "2 January 2006", "January 2, 2006", "2 Jan 2006", "Jan 2, 2006",
	time.RFC1123, time.RFC1123Z,
}

// parseTime reads a date, the zero time if it is none.
func parseTime(s string) time.Time {
	const longest = 40
	s = strings.TrimSpace(s)
	if len(s) > longest || !strings.ContainsAny(s, "0123456789") {
		return time.Time{} // to try each layout on everything takes its time
	}
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	return time.Time{}
}
