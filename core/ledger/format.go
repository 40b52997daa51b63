package ledger

import (
	"bytes"
	"crypto/hmac"
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/firstcall-cli/firstcall/core/auditor"
)

const (
	family  = "firstcall-ledger/"
	version = family + "1"

	// MaxLine is the longest line of a ledger, in bytes.
	MaxLine = 64 << 20
	maxFile = 1 << 30

	// The purposes of digests. None can pass for one of another purpose.
	forCheck   = version + " check"
	forFigures = version + " figures"
	forHeader  = version + " header"
	forLine    = version + " line"

	// Every line ends in its digest, in this spelling alone, so that the bytes
	// before it are what it is of and not what some reader makes of them.
	digestHead = `,"digest":"`
	digestSize = 64 // hex digits
	digestTail = `"}`
)

var (
	// ErrWrongKey says that nothing in the file was made with the key.
	ErrWrongKey = errors.New("was written with another key")
	// ErrNotLedger says that the file is something else altogether.
	ErrNotLedger = errors.New("is not a ledger")

	errTooLarge = errors.New("is larger than a ledger may be")
)

// TamperedError says that a ledger is not as it was written.
type TamperedError struct {
	File string
	Line int    // 1-based; the first that does not follow on those before
	What string // lower case, no full stop: "was changed"
}

func (e *TamperedError) Error() string { return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.What) }

// VersionError says that a ledger is of a version that this one can't read.
type VersionError struct {
	File    string
	Version string // "firstcall-ledger/2"
}

func (e *VersionError) Error() string {
	return fmt.Sprintf("%s: is of version %.40q, not %q", e.File, e.Version, version)
}

// header is the first line, less its digest.
type header struct {
	Ledger   string `json:"ledger"`
	ID       string `json:"id"`
	Check    string `json:"check"`
	Releases int    `json:"releases"`
	Last     string `json:"last"` // digest of the last line, or check
}

// entry is one of the other lines, less its digest.
type entry struct {
	Release *auditor.Release `json:"release"`
	Figures string           `json:"figures"`
}

// contents is what stands in a ledger.
type contents struct {
	id, check string
	last      string   // what the next line's digest follows on
	lines     [][]byte // of the releases, as they stand in the file, without line ends
	releases  []*auditor.Release
	figures   map[string]bool
	size      int // bytes of the lines, with line ends
}

func newContents(id string, key Key) *contents {
	check := key.mac(forCheck, []byte(id))
	return &contents{id: id, check: check, last: check, figures: map[string]bool{}}
}

// seal ends a JSON object with its digest.
func seal(key Key, purpose, previous string, object []byte) (line []byte, digest string) {
	text := bytes.TrimSuffix(object, []byte("}"))
	digest = key.mac(purpose, []byte(previous), text)
	return append(bytes.Clone(text), digestHead+digest+digestTail...), digest
}

// sealed takes a line apart: the digest it ends in and what that is to be of.
func sealed(line []byte) (text []byte, digest string, ok bool) {
	at := len(line) - len(digestHead) - digestSize - len(digestTail)
	if at < 0 {
		return nil, "", false
	}
	rest, headOK := bytes.CutPrefix(line[at:], []byte(digestHead))
	rest, tailOK := bytes.CutSuffix(rest, []byte(digestTail))
	return line[:at], string(rest), headOK && tailOK
}

// genuine returns the digest of a line that is as it was written.
func genuine(key Key, purpose, previous string, line []byte) (digest string, ok bool) {
	text, digest, ok := sealed(line)
	return digest, ok && hmac.Equal([]byte(digest), []byte(key.mac(purpose, []byte(previous), text)))
}

// parse reads a ledger, and believes nothing in it that is not covered by a
// digest. Errors call it name.
func parse(name string, data []byte, key Key) (*contents, error) {
	first, rest, whole := bytes.Cut(data, []byte("\n"))
	head, err := parseHeader(name, first)
	if err != nil {
		return nil, err
	}
	if !whole {
		return nil, &TamperedError{name, 1, "is cut off"}
	}
	c := newContents(head.ID, key)
	if head.Check != c.check {
		// Of a single release this can't be told when it is check that was
		// changed: then too nothing fits the key.
		if !anyGenuine(key, head.Check, rest) {
			return nil, fmt.Errorf("%s: %w", name, ErrWrongKey)
		}
		return nil, &TamperedError{name, 1, "was changed"}
	}
	if _, ok := genuine(key, forHeader, "", first); !ok {
		return nil, &TamperedError{name, 1, "was changed"}
	}
	if err := c.parseLines(name, rest, key, head); err != nil {
		return nil, err
	}
	return c, nil
}

func parseHeader(name string, line []byte) (header, error) {
	var head header
	ours := bytes.HasPrefix(line, []byte(`{"ledger":"`+family))
	if len(line) > MaxLine {
		return head, fmt.Errorf("%s: %w", name, ErrNotLedger)
	}
	if err := json.Unmarshal(line, &head); err != nil && ours {
		return head, &TamperedError{name, 1, "was changed or cut off"}
	} else if err != nil || !strings.HasPrefix(head.Ledger, family) {
		return head, fmt.Errorf("%s: %w", name, ErrNotLedger)
	}
	if head.Ledger != version {
		return head, &VersionError{File: name, Version: head.Ledger}
	}
	return head, nil
}

// anyGenuine tells whether any line of a release was made with the key.
func anyGenuine(key Key, previous string, lines []byte) bool {
	for line := range bytes.Lines(lines) {
		line = bytes.TrimSuffix(line, []byte("\n"))
		digest, ok := genuine(key, forLine, previous, line)
		if ok {
			return true
		}
		previous = digest
	}
	return false
}

func (c *contents) parseLines(name string, lines []byte, key Key, head header) error {
	n := 1
	for line := range bytes.Lines(lines) {
		n++
		line, whole := bytes.CutSuffix(line, []byte("\n"))
		if !whole {
			return &TamperedError{name, n, "is cut off"}
		}
		if len(line) > MaxLine {
			return &TamperedError{name, n, "is longer than any that is written"}
		}
		digest, ok := genuine(key, forLine, c.last, line)
		if !ok {
			return &TamperedError{name, n, "was changed, or a line before it was taken out"}
		}
		if len(c.lines) == head.Releases {
			return &TamperedError{name, n, "was added"}
		}
		if err := c.append(line, digest); err != nil {
			return fmt.Errorf("%s:%d: can't be read: %w", name, n, err)
		}
	}
	if len(c.lines) < head.Releases {
		return &TamperedError{name, n + 1, "was cut off, and what followed it"}
	}
	if c.last != head.Last {
		return &TamperedError{name, n, "is not the last that was written"}
	}
	return nil
}

// append takes in a line with a right digest.
func (c *contents) append(line []byte, digest string) error {
	var e entry
	if err := json.Unmarshal(line, &e); err != nil {
		return err
	}
	if e.Release == nil {
		return errors.New("no release")
	}
	if err := checkShape(e.Release); err != nil {
		return err
	}
	c.lines = append(c.lines, line)
	c.releases = append(c.releases, e.Release)
	c.figures[e.Figures] = true
	c.last = digest
	c.size += len(line) + 1
	return nil
}

// header gives the first line of the file.
func (c *contents) header(key Key) ([]byte, error) {
	object, err := json.Marshal(header{Ledger: version, ID: c.id, Check: c.check, Releases: len(c.lines), Last: c.last})
	if err != nil {
		return nil, err
	}
	line, _ := seal(key, forHeader, "", object)
	return line, nil
}
