package bridge

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/firstcall-cli/firstcall/core/problem"
	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// maxLine is the longest line of a script, without its end.
const maxLine = pb.MaxMessageBytes

// reader reads the lines of a script.
type reader struct {
	from *bufio.Reader
	max  int // bytes of a line, without its end
	line int
	buf  []byte
}

func newReader(r io.Reader) *reader {
	return &reader{from: bufio.NewReaderSize(r, 64<<10), max: maxLine}
}

// next reads the next message; blank lines are none. The error is io.EOF at the
// end, a [*LineError], or that of reading.
func (r *reader) next() (*message, error) {
	for {
		line, err := r.readLine()
		if err != nil {
			return nil, err
		}
		if len(bytes.TrimSpace(line)) > 0 {
			return parse(line, r.line)
		}
	}
}

// readLine reads one line. A last line without an end counts as one.
func (r *reader) readLine() ([]byte, error) {
	r.buf = r.buf[:0]
	r.line++
	for {
		part, err := r.from.ReadSlice('\n')
		r.buf = append(r.buf, part...)
		switch {
		case len(bytes.TrimSuffix(r.buf, []byte{'\n'})) > r.max:
			return nil, &LineError{r.line, "it is longer than 40 MiB", `send a large file in several artifact messages, all but the last with "last":false`}
		case err == nil, errors.Is(err, io.EOF) && len(r.buf) > 0:
			return r.buf, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}

// parse reads one message strictly: no unknown member, none twice, no null.
func parse(line []byte, number int) (*message, error) {
	m := &message{line: number}
	line = bytes.TrimRight(line, "\r\n") // or a line that is cut off would look whole
	if err := json.Unmarshal(line, m, json.RejectUnknownMembers(true), noNull); err != nil {
		return nil, lineFault(number, err)
	}
	if m.kind() == "" {
		return nil, &LineError{number, "it does not have exactly one member", oneMessage}
	}
	if err := m.check(); err != nil {
		return nil, &LineError{number, err.Error(), ""}
	}
	return m, nil
}

const oneMessage = `a line is one JSON object with one member that names the message, such as {"done":{}}`

var errNull = errors.New("null")

// noNull refuses null wherever it stands: a member that is not known is left
// out, and null is too often a mistake of the script.
var noNull = json.WithUnmarshalers(json.UnmarshalFromFunc(func(dec *jsontext.Decoder, _ any) error {
	if dec.PeekKind() == 'n' {
		return errNull
	}
	return json.SkipFunc
}))

// lineFault says in plain words what is wrong with a line, and quotes nothing.
func lineFault(number int, err error) error {
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		return syntaxFault(number, syntax)
	}
	var meaning *json.SemanticError
	var words *errWord
	switch {
	case !errors.As(err, &meaning):
		return &LineError{number, "it is no message", oneMessage}
	case errors.Is(err, json.ErrUnknownName):
		return unknownMember(number, meaning)
	case errors.As(err, &words):
		return &LineError{number, fmt.Sprintf("%s %s", meaning.JSONPointer, words), ""}
	case meaning.JSONPointer == "":
		return &LineError{number, "it is no JSON object", oneMessage}
	}
	if errors.Is(err, errNull) {
		return &LineError{number, string(meaning.JSONPointer) + " is null", "leave out what you do not know"}
	}
	return &LineError{number, fmt.Sprintf("%s must be %s", meaning.JSONPointer, wanted(meaning.GoType)), ""}
}

func syntaxFault(number int, err *jsontext.SyntacticError) error {
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return &LineError{number, "a member stands there twice", ""}
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &LineError{number, "the JSON is cut off", "write a message in one line, with no line break in it"}
	}
	return &LineError{number, fmt.Sprintf("it is not JSON from byte %d on", err.ByteOffset+1),
		"standard output is for messages in UTF-8 alone; print everything else to standard error"}
}

// plainName is a name that can be quoted: it is one that a message could have.
var plainName = regexp.MustCompile(`^[a-z][a-z_]{0,30}$`)

func unknownMember(number int, err *json.SemanticError) error {
	parent, name := err.JSONPointer.Parent(), err.JSONPointer.LastToken()
	where := "the line"
	if parent != "" {
		where = string(parent)
	}
	known := members(err.GoType)
	hint := "it has: " + strings.Join(known, ", ")
	if near := problem.Nearest(name, known); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	if len(known) == 0 {
		hint = "it has no members"
	}
	what := "an unknown member"
	if plainName.MatchString(name) {
		what = fmt.Sprintf("the unknown member %q", name)
	}
	return &LineError{number, where + " has " + what, hint}
}

// members lists what a message can have.
func members(t reflect.Type) []string {
	var names []string
	for i := range t.NumField() {
		if name := t.Field(i).Tag.Get("json"); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// wanted says in words what belongs where a value of another type stands.
func wanted(t reflect.Type) string {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == nil:
		return "something else"
	case t == reflect.TypeFor[[]byte]():
		return "text in base64"
	}
	switch t.Kind() {
	case reflect.String, reflect.Int32: // the latter is a word of an enumeration
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Uint32, reflect.Uint64:
		return "a whole number, 0 or more"
	case reflect.Slice:
		return "a list"
	}
	return "an object"
}
