package dated

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed data/*.txt
var files embed.FS

// kindFiles are the files of single entries, by kind.
var kindFiles = [...]string{Product: "products", Service: "services", Version: "versions", Tool: "tools", Term: "terms"}

// releaseFiles are the files of products and their releases.
var releaseFiles = [...]string{"releases", "endoflife"}

// item is one entry of a file of data: a line of fields and the indented lines under
// it.
type item struct {
	file   string
	line   int
	fields []string
	more   []setting
}

// setting is an indented line: a key, a colon and a value.
type setting struct{ key, value string }

// fault says what is wrong with an item and where.
func (it *item) fault(format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", it.file, it.line, fmt.Sprintf(format, args...))
}

// readItems takes a file apart. Lines that begin with # are notes.
func readItems(file, text string) ([]*item, error) {
	var items []*item
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, " \r\n")
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '\t':
			key, value, ok := strings.Cut(line[1:], ": ")
			if !ok || len(items) == 0 {
				return nil, fmt.Errorf("%s:%d: not a key, a colon and a value under an entry", file, n)
			}
			last := items[len(items)-1]
			last.more = append(last.more, setting{key, strings.TrimSpace(value)})
		default:
			it := &item{file: file, line: n}
			for field := range strings.SplitSeq(line, "|") {
				it.fields = append(it.fields, strings.TrimSpace(field))
			}
			items = append(items, it)
		}
	}
	return items, nil
}

// read makes a catalogue of the files in the folder data.
func read(folder fs.FS) (*Catalogue, error) {
	b := newBuilder()
	for kind, name := range kindFiles {
		if err := b.readFile(folder, name, func(it *item) error { return b.single(it, Kind(kind)) }); err != nil {
			return nil, err
		}
	}
	for _, name := range releaseFiles {
		if err := b.readFile(folder, name, b.releases); err != nil {
			return nil, err
		}
	}
	return b.finish()
}

// readFile gives each item of a file to add.
func (b *builder) readFile(folder fs.FS, name string, add func(*item) error) error {
	file := "data/" + name + ".txt"
	text, err := fs.ReadFile(folder, file)
	if err != nil {
		return err
	}
	items, err := readItems(file, string(text))
	if err != nil {
		return err
	}
	for _, it := range items {
		if err := add(it); err != nil {
			return err
		}
	}
	return nil
}

// single adds an entry of the form: id | names | state date | replacement | source.
func (b *builder) single(it *item, kind Kind) error {
	if len(it.fields) != 5 {
		return it.fault("%d fields, not 5", len(it.fields))
	}
	e := &Entry{ID: it.fields[0], Kind: kind, Replacement: it.fields[3], Source: it.fields[4], Strength: Sure}
	state, since, _ := strings.Cut(it.fields[2], " ")
	if strings.HasPrefix(state, "soft-") {
		state, e.Strength = state[5:], Soft
	}
	at := slices.Index(states[:], state)
	if at < 0 {
		return it.fault("%q is no state", state)
	}
	e.State = State(at)
	var err error
	if e.Since, err = readMonth(since); err != nil {
		return it.fault("%v", err)
	}
	c, err := readContext(it, e)
	if err != nil {
		return err
	}
	for i, name := range list(it.fields[1]) {
		bare := b.names(name, target{entry: e, context: c})
		if i == 0 {
			e.Name = bare
		}
	}
	return b.add(it, e)
}

// readContext reads the lines under an entry; examples go to e, unless e is nil.
func readContext(it *item, e *Entry) (*context, error) {
	c := &context{}
	for _, s := range it.more {
		switch {
		case s.key == "near":
			c.near = set(s.value)
		case s.key == "not before":
			c.notBefore = set(s.value)
		case s.key == "not after":
			c.notAfter = set(s.value)
		case s.key == "yes" && e != nil:
			e.yes = append(e.yes, s.value)
		case s.key == "medium" && s.value == "yes" && e != nil:
			e.medium = true
		case s.key == "page" && e != nil:
			if e.Page = s.value; !strings.HasPrefix(e.Page, "http") {
				return nil, it.fault("%q is no address", s.value)
			}
		case s.key == "checked" && e != nil:
			if _, err := readMonth(s.value); err != nil {
				return nil, it.fault("checked has no month: %v", err)
			}
			e.checked = true
		case s.key == "no" && e != nil:
			e.no = append(e.no, s.value)
		default:
			return nil, it.fault("%q is no key here", s.key)
		}
	}
	return c, nil
}

// readMonth reads 2022-11 or 2022.
func readMonth(s string) (Month, error) {
	year, month, whole := strings.Cut(s, "-")
	y, err := strconv.Atoi(year)
	m := 0
	if err == nil && whole {
		m, err = strconv.Atoi(month)
	}
	if err != nil || len(year) != 4 || y < 1900 || y > 2099 || whole && (len(month) != 2 || m < 1 || m > 12) {
		return Month{}, fmt.Errorf("%q is neither YYYY-MM nor YYYY", s)
	}
	return Month{y, time.Month(m)}, nil
}

// list splits at commas.
func list(s string) []string {
	var out []string
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// set is the folded words of a list with commas.
func set(s string) map[string]bool {
	out := map[string]bool{}
	for _, word := range list(s) {
		out[fold(word)] = true
	}
	return out
}
