// Package tomlfile reads the TOML files that people write by hand: instruments,
// configuration, client files, mappings. It is strict, it finds every fault in
// one go, and it says for each one where it stands.
//
// The grammar is that of github.com/BurntSushi/toml, which has the last word on
// what is TOML. That package gives no position for keys and stops at the first
// value of a wrong type, so this one keeps a map from every key to its line and
// column, and fills Go values itself.
package tomlfile

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/BurntSushi/toml"

	"github.com/firstcall-cli/firstcall/core/problem"
)

const (
	// MaxSize is the largest file that Decode reads, in bytes.
	MaxSize = 8 << 20
	// MaxDepth is how deep tables and lists may stand in each other.
	MaxDepth = 64
)

// Doc is a decoded file that knows where each of its keys stands. It gathers
// the faults that Decode found and those that the caller reports.
//
// A path names a place in it: table keys as strings, entries of lists as ints
// counted from 0, such as ("dimension", 2, "item", 0, "id").
type Doc struct {
	file   string
	root   *node
	faults problem.List

	reported map[problem.Problem]bool
}

// Decode reads src as TOML into the struct that into points to. The name file
// appears in problems only.
//
// Keys are matched exactly with the `toml` tags of exported fields; a field
// without a tag is no key, and the keys of an embedded struct count as the
// outer one's. Fields may be structs, maps with string keys, slices, pointers,
// strings, booleans, int, int64, float64, time.Time, any, and types that
// implement encoding.TextUnmarshaler. A whole number is accepted for a float.
// Decode panics when into is not a pointer to a struct of such fields.
//
// The error is a problem.List. When the text is not TOML at all the Doc is nil.
// Otherwise unknown keys and values of a wrong type are in the list, all others
// have been filled in, and the caller may go on to check what they mean with
// Report, and return Err for everything together.
func Decode(file string, src []byte, into any) (*Doc, error) {
	target := reflect.ValueOf(into)
	if target.Kind() != reflect.Pointer || target.IsNil() || target.Elem().Kind() != reflect.Struct {
		panic(fmt.Sprintf("tomlfile: cannot decode into %T, only into a pointer to a struct", into))
	}
	text, fault := readable(src)
	if fault != nil {
		fault.File = file
		return nil, problem.List{*fault}
	}
	scanned := scan(text)
	if len(scanned.faults) > 0 {
		for i := range scanned.faults {
			scanned.faults[i].File = file
		}
		return nil, scanned.faults.Err()
	}
	values := map[string]any{}
	if _, err := toml.Decode(text, &values); err != nil {
		fault := syntaxProblem(text, err)
		fault.File = file
		return nil, problem.List{fault}
	}
	d := &Doc{file: file, root: scanned.root, reported: map[problem.Problem]bool{}}
	filler{doc: d, schema: target.Elem().Type()}.table(target.Elem(), values, nil)
	return d, d.Err()
}

// Problem makes a problem located at path: where its key stands, or for an
// entry of a list where the entry begins. When nothing stands there the nearest
// table or list around it is named, and the file as a whole for the outermost.
func (d *Doc) Problem(what, hint string, path ...any) problem.Problem {
	n, _ := d.find(path)
	return problem.Problem{File: d.file, Line: n.line, Column: n.column, What: what, Hint: hint}
}

// Report adds a problem located as by Problem to those that Err gives. It does
// nothing where Faulty holds or when the same problem has been reported before:
// one fault of the user's makes one problem.
func (d *Doc) Report(what, hint string, path ...any) {
	if d.Faulty(path...) {
		return
	}
	if p := d.Problem(what, hint, path...); !d.reported[p] {
		d.reported[p] = true
		d.faults.Add(p)
	}
}

// Err gives all problems found so far as a problem.List in the order of the
// file, or nil.
func (d *Doc) Err() error { return d.faults.Err() }

// Defined reports whether the file holds a key or an entry of a list at path,
// whether or not its value could be used.
func (d *Doc) Defined(path ...any) bool {
	_, exact := d.find(path)
	return exact
}

// Faulty reports whether Decode could not use the value at path, or one around
// it, because it has the wrong type or stands under a misspelt key. A value that
// depends on a faulty one is better not checked.
func (d *Doc) Faulty(path ...any) bool {
	n, _ := d.find(path)
	return n.unusable
}

// Keys gives the names in the table at path in the order of the file, as needed
// for tables that decode into maps. It is empty when there is no table.
func (d *Doc) Keys(path ...any) []string {
	n, exact := d.find(path)
	if !exact {
		return nil
	}
	return slices.Clone(n.order)
}

// find walks down path and returns the node there and true, or the deepest node
// on the way and false. A misspelt key stands in for the one that was meant, so
// that the caller's complaint about a missing key lands on the typing error.
func (d *Doc) find(path []any) (at *node, exact bool) {
	at = d.root
	for _, step := range path {
		next := at.child(step)
		if next == nil {
			if name, ok := step.(string); ok && at.misspelt[name] != nil {
				return at.misspelt[name], false
			}
			return at, false
		}
		at = next
	}
	return at, true
}

// readable checks that src is text of a sane size and returns it without its
// byte order mark.
func readable(src []byte) (string, *problem.Problem) {
	if len(src) > MaxSize {
		return "", &problem.Problem{
			What: fmt.Sprintf("file is larger than %d MiB", MaxSize>>20),
			Hint: "is this the right file? Answers and other data are not kept in TOML",
		}
	}
	text := strings.TrimPrefix(string(src), "\uFEFF")
	if strings.HasPrefix(text, "\xff\xfe") || strings.HasPrefix(text, "\xfe\xff") {
		return "", &problem.Problem{What: "file is UTF-16, not UTF-8", Hint: "save it as UTF-8"}
	}
	for i, r := range text {
		what, hint := badRune(text[i:], r)
		if what != "" {
			line, column := position(text, i)
			return "", &problem.Problem{Line: line, Column: column, What: what, Hint: hint}
		}
	}
	return text, nil
}

// badRune says what is wrong with r, the first character of rest, if anything.
func badRune(rest string, r rune) (what, hint string) {
	switch {
	case r == utf8.RuneError:
		if _, size := utf8.DecodeRuneInString(rest); size == 1 {
			return fmt.Sprintf("byte 0x%02x is not UTF-8", rest[0]), "save the file as UTF-8"
		}
	case r == 0:
		return "there is a NUL byte in the file", "save the file as UTF-8"
	case r == '\r' && !strings.HasPrefix(rest, "\r\n"):
		return "carriage return without a line feed", "save the file with Unix or Windows line endings"
	case r < ' ' && r != '\t' && r != '\n' && r != '\r', r == 0x7f:
		return fmt.Sprintf("control character %U", r), `delete it, or write it as an escape such as "\u001b"`
	}
	return "", ""
}

// position turns a byte offset into a line and a column in characters, both
// from 1.
func position(text string, offset int) (line, column int) {
	before := text[:offset]
	start := strings.LastIndexByte(before, '\n') + 1
	return strings.Count(before, "\n") + 1, utf8.RuneCountInString(before[start:]) + 1
}

// syntaxProblem words the error of the TOML parser as ours and finds the line
// and column in characters.
func syntaxProblem(text string, err error) problem.Problem {
	var parse toml.ParseError
	if !errors.As(err, &parse) {
		return problem.Problem{What: err.Error()}
	}
	// The parser's own line numbers are off by one at the end of the file and
	// its columns count bytes; its offset is right for both.
	offset := min(max(parse.Position.Start, 0), len(text))
	for offset > 0 && offset < len(text) && !utf8.RuneStart(text[offset]) {
		offset--
	}
	for offset < len(text) && (text[offset] == ' ' || text[offset] == '\t') {
		offset++
	}
	// The parser quotes line ends as they are, and the end of the file as NUL.
	message := strings.NewReplacer("\n", `\n`, "\r", `\r`, "\x00", "").Replace(parse.Message)
	p := problem.Problem{What: lowerFirst(strings.TrimSuffix(message, "."))}
	p.Line, p.Column = position(text, offset)
	p.Hint = syntaxHint(text, offset)
	return p
}

func lowerFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if next, _ := utf8.DecodeRuneInString(s[size:]); unicode.IsUpper(next) {
		return s // an abbreviation
	}
	return string(unicode.ToLower(r)) + s[size:]
}

// syntaxHint guesses from the text around a syntax error which of the usual
// slips it is.
func syntaxHint(text string, offset int) string {
	start := strings.LastIndexByte(text[:offset], '\n') + 1
	before, after := text[start:offset], text[offset:]
	if end := strings.IndexByte(after, '\n'); end >= 0 {
		after = after[:end]
	}
	first, _ := utf8.DecodeRuneInString(after)
	_, value, assigned := strings.Cut(before, "=")
	switch {
	case strings.ContainsAny(before+after, "“”„‘’‚«»") && !strings.ContainsAny(before+after, `"'`):
		return `use straight quotes (") around text`
	case assigned && strings.TrimSpace(value) == "" && unicode.IsLetter(first):
		return "put text in quotes; true and false are written in lower case without them"
	case assigned && strings.Contains(value+after, `\`):
		return `write \\ for a backslash, or put the text in single quotes`
	case !assigned && !strings.Contains(after, "=") && !strings.HasPrefix(strings.TrimSpace(before+after), "["):
		return `every line is a [table], a key = value, or a # comment`
	}
	return ""
}
