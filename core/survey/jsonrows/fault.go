package jsonrows

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/firstcall-cli/firstcall/core/problem"
)

const (
	hintShape = `give an object for each respondent: one a line, or in a list, or in a list called "responses"`
	hintAgain = "export the answers again"
	hintUTF8  = "save the file as UTF-8 and try again"
	hintRight = "the file does not look like answers to a survey; is it the right one?"
	hintOnce  = "give each key once, or rename one of the two"
	hintLate  = "give the file itself rather than a stream of it, so that it can be read twice, or put a respondent with this key first"
)

// fault is what is wrong at the place that the decoder has come to.
type fault struct{ what, hint string }

func (f fault) Error() string { return f.what }

var (
	errEmpty    = fault{"the file is empty", "export the answers again; " + hintShape}
	errUTF16    = fault{"is in UTF-16, not UTF-8", hintUTF8}
	errBinary   = fault{"is no text, or not in UTF-8", hintUTF8}
	errNoObject = fault{"an object that holds one respondent's answers should stand here", hintShape}
	errMixed    = fault{"the objects before are not in a list, but this is no object", hintShape}
	errTrailing = fault{"something follows the list of respondents", "one file holds one list; remove what follows it"}
	errTwoLists = fault{"this is a second list of objects, and which of them are the respondents is not clear", hintShape}
	errLateList = fault{"the list of respondents starts only here, too late to become a table", hintLate}
	errDepth    = fault{fmt.Sprintf("objects and lists are nested more than %d deep", MaxDepth), hintRight}
	errLongRow  = fault{fmt.Sprintf("this object is longer than %d MiB", MaxRow>>20), hintRight}
	errLongCell = fault{fmt.Sprintf("this text or list is longer than %d MiB", MaxCell>>20), "leave uploaded files out of the export"}
	errManyKeys = fault{fmt.Sprintf("there are more than %d different keys up to here", MaxColumns), hintRight}
	errLongKey  = fault{fmt.Sprintf("a key is longer than %d KiB, with those around it", MaxName>>10), hintRight}
	errMuchKeys = fault{fmt.Sprintf("all keys up to here are longer than %d MiB", MaxNames>>20), hintRight}
	errChanged  = fault{"a key stands here that was not there before; the file changed while it was read", "try again when it no longer changes"}
	errCut      = fault{"the file ends in the middle of an object or list", "it was cut off; export the answers again"}
	errNotUTF8  = fault{"this text is not UTF-8", hintUTF8}
	errComment  = fault{"a comment stands here, which JSON has none of", "remove it"}
	errNaN      = fault{"NaN and Infinity are no JSON numbers", "write null where there is no answer"}
	errQuotes   = fault{"text stands in single quotes, which JSON has none of", `put it in double quotes`}
	errLiteral  = fault{"JSON has only true, false and null as words, in small letters", "put texts in double quotes"}
	errSyntax   = fault{"this is not valid JSON: a comma, colon, quote, brace or bracket is missing or out of place, or a number or escape is not as it must be", hintAgain}

	// errWrapped says that an object holds the list of respondents.
	errWrapped = errors.New("holds the respondents")
)

func twice(name string) error {
	return fault{fmt.Sprintf("key %q stands twice in this object", short(name)), hintOnce}
}

func lateKey(name string) error {
	return fault{fmt.Sprintf("key %q appears here for the first time, too late to become a column", short(name)), hintLate}
}

// short cuts a name that would fill the screen.
func short(name string) string {
	const most = 100
	if runes := []rune(name); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return name
}

// located makes an error of the decoder or of ours one for the user.
func (p *parser) located(err error) error {
	var own fault
	var syntax *jsontext.SyntacticError
	switch {
	case err == io.EOF, errors.Is(err, errWindow):
		return err
	case errors.As(err, &own):
	case p.src.err != nil:
		return fmt.Errorf("read %s: %w", p.name, p.src.err)
	case errors.As(err, &syntax):
		return p.problem(p.classify(syntax), syntax.ByteOffset)
	case errors.Is(err, io.ErrUnexpectedEOF):
		own = errCut
	default:
		own = fault{err.Error(), hintRight}
	}
	if own == errEmpty || own == errUTF16 || own == errBinary {
		return problem.Problem{File: p.name, What: own.what, Hint: own.hint}
	}
	if own == errLongRow {
		return p.problem(own, p.src.base)
	}
	// What is wrong was read already: this is its last character.
	return p.problem(own, p.dec.InputOffset()-1)
}

func (p *parser) problem(f fault, offset int64) error {
	line, col := p.src.count(int(offset - p.src.base))
	return problem.Problem{File: p.name, Line: line, Column: col, What: f.what, Hint: f.hint}
}

// classify words what the decoder found. It does not use the decoder's own
// words, which quote the file.
func (p *parser) classify(err *jsontext.SyntacticError) fault {
	rest := p.src.at(err.ByteOffset)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errCut
	case len(rest) == 0:
		return errSyntax
	case !utf8.FullRune(rest) || !validStart(rest):
		return errNotUTF8
	case rest[0] == '/', rest[0] == '#':
		return errComment
	case rest[0] == '\'':
		return errQuotes
	case bytes.HasPrefix(rest, []byte("NaN")), bytes.HasPrefix(bytes.TrimLeft(rest, "-+"), []byte("Inf")):
		return errNaN
	case 'a' <= rest[0]|0x20 && rest[0]|0x20 <= 'z':
		return errLiteral
	default:
		return errSyntax
	}
}

func validStart(b []byte) bool {
	c, size := utf8.DecodeRune(b)
	return c != utf8.RuneError || size > 1
}
