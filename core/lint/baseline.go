package lint

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/firstcall-cli/firstcall/core/problem"
)

const (
	// baselineVersion is the format that is written and read.
	baselineVersion = 1
	// MaxBaseline is the largest baseline file that is read, in bytes.
	MaxBaseline = 64 << 20
	// quoteDigits is how much of a quote's hash is kept: enough that two quotes
	// of one rule in one text are not taken for each other.
	quoteDigits = 16
)

// Entry is what a baseline accepts: so many findings of a rule about the same
// words of a text. Where the words stand doesn't matter, so that the text may be
// edited elsewhere. The words themselves are not kept.
type Entry struct {
	Text  string `json:"text"`  // key of the text
	Rule  string `json:"rule"`  // id
	Quote string `json:"quote"` // QuoteHash of the words
	Count int    `json:"count"` // 1 or more
}

// Baseline is the findings that somebody has accepted. The zero value is empty
// and ready. It is not safe for concurrent use.
type Baseline struct {
	counts map[Entry]int // by entries without a count
}

// QuoteHash gives the start of the SHA-256 of a quotation, white space aside.
func QuoteHash(quote string) string {
	sum := sha256.Sum256([]byte(strings.Join(strings.Fields(quote), " ")))
	return hex.EncodeToString(sum[:])[:quoteDigits]
}

// Add accepts one more finding.
func (b *Baseline) Add(text, rule, quote string) {
	b.add(Entry{Text: text, Rule: rule, Quote: QuoteHash(quote)}, 1)
}

func (b *Baseline) add(key Entry, n int) {
	if b.counts == nil {
		b.counts = map[Entry]int{}
	}
	b.counts[key] += n
}

// Entries gives the entries by text, rule and quote.
func (b *Baseline) Entries() []Entry { return entries(b.counts) }

// entries turns counts into entries, in order, without those of 0.
func entries(counts map[Entry]int) []Entry {
	var list []Entry
	for key, n := range counts {
		if n > 0 {
			key.Count = n
			list = append(list, key)
		}
	}
	slices.SortFunc(list, compareEntries)
	return list
}

func compareEntries(a, b Entry) int {
	return cmp.Or(strings.Compare(a.Text, b.Text), strings.Compare(a.Rule, b.Rule), strings.Compare(a.Quote, b.Quote))
}

// Match accepts each entry's count of findings once.
type Match struct {
	left map[Entry]int
}

// Match begins to match the findings of a run.
func (b *Baseline) Match() *Match { return &Match{left: maps.Clone(b.counts)} }

// Accept says whether a finding is in the baseline, and uses it up.
func (m *Match) Accept(text, rule, quote string) bool {
	key := Entry{Text: text, Rule: rule, Quote: QuoteHash(quote)}
	if m.left[key] == 0 {
		return false
	}
	m.left[key]--
	return true
}

// Stale gives the entries, with what is left of their counts, that no finding
// has used up. ran says which could have been: those of texts that were looked
// at, with rules that were used.
func (m *Match) Stale(ran func(text, rule string) bool) []Entry {
	return slices.DeleteFunc(entries(m.left), func(e Entry) bool { return !ran(e.Text, e.Rule) })
}

// header is the first line of a baseline file.
type header struct {
	Version int `json:"firstcall-baseline"`
}

// Write writes a baseline as a line with the version and one for each entry.
// The same baseline makes the same bytes.
func (b *Baseline) Write(w io.Writer) error {
	out := bufio.NewWriter(w)
	lines := []any{header{baselineVersion}}
	for _, e := range b.Entries() {
		lines = append(lines, e)
	}
	for _, line := range lines {
		text, err := json.Marshal(line, json.Deterministic(true))
		if err != nil {
			return err
		}
		out.Write(append(text, '\n')) // Flush gives its error
	}
	return out.Flush()
}

// IsBaseline says whether a file begins as a baseline does.
func IsBaseline(src []byte) bool { return bytes.HasPrefix(src, []byte(`{"firstcall-baseline":`)) }

// ReadBaseline reads what Write wrote. Lines in another order and empty lines
// are accepted: people merge such files. The error is a problem.List of all that
// is wrong, by line.
func ReadBaseline(file string, src []byte) (*Baseline, error) {
	if len(src) > MaxBaseline {
		return nil, problem.List{{File: file, What: fmt.Sprintf("file is larger than %d MiB", MaxBaseline>>20), Hint: "is this the right file?"}}
	}
	r := baselineReader{file: file, seen: map[Entry]int{}}
	for text := range bytes.Lines(src) {
		r.line++
		if text = bytes.TrimSpace(text); len(text) == 0 {
			continue
		}
		if !r.headed {
			if !r.header(text) {
				return nil, r.faults.Err()
			}
			continue
		}
		r.entry(text)
	}
	if !r.headed {
		r.line = 0
		r.fault("file is empty", "a baseline begins with "+firstLine())
	}
	if err := r.faults.Err(); err != nil {
		return nil, err
	}
	return &r.baseline, nil
}

func firstLine() string { return fmt.Sprintf(`{"firstcall-baseline":%d}`, baselineVersion) }

// baselineReader reads the lines of a baseline.
type baselineReader struct {
	file     string
	line     int
	headed   bool
	seen     map[Entry]int // the line of each key
	baseline Baseline
	faults   problem.List
}

func (r *baselineReader) fault(what, hint string) {
	r.faults.Add(problem.Problem{File: r.file, Line: r.line, What: what, Hint: hint})
}

// header reads the first line, and says whether the rest can be read.
func (r *baselineReader) header(text []byte) bool {
	var h header
	if !r.decode(text, &h) {
		return false
	}
	r.headed = true
	switch {
	case h.Version == baselineVersion:
		return true
	case h.Version > baselineVersion:
		r.fault(fmt.Sprintf("baseline is of version %d, this program reads %d", h.Version, baselineVersion), "use a newer firstcall, or write the baseline again")
	default:
		r.fault("file is not a baseline", "a baseline begins with "+firstLine())
	}
	return false
}

func (r *baselineReader) entry(text []byte) {
	var e Entry
	if !r.decode(text, &e) {
		return
	}
	key := Entry{Text: e.Text, Rule: e.Rule, Quote: e.Quote}
	_, notHex := hex.DecodeString(e.Quote)
	switch {
	case e.Rule == "":
		r.fault(`entry has no "rule"`, "")
	case len(e.Quote) != quoteDigits || notHex != nil || e.Quote != strings.ToLower(e.Quote):
		r.fault(fmt.Sprintf(`"quote" must be %d hexadecimal digits`, quoteDigits), "write the baseline again")
	case e.Count < 1:
		r.fault(`"count" must be 1 or more`, "delete the line to accept nothing")
	case r.seen[key] > 0:
		r.fault(fmt.Sprintf("same entry as in line %d", r.seen[key]), "keep one of the two")
	default:
		r.seen[key] = r.line
		r.baseline.add(key, e.Count)
	}
}

// decode reads one line of JSON, strictly.
func (r *baselineReader) decode(text []byte, into any) bool {
	err := json.Unmarshal(text, into, json.RejectUnknownMembers(true))
	if err == nil {
		return true
	}
	if !r.headed {
		r.fault("file is not a baseline", "a baseline begins with "+firstLine())
		return false
	}
	what := "line is not JSON"
	var semantic *json.SemanticError
	switch {
	case errors.As(err, &semantic) && errors.Is(err, json.ErrUnknownName):
		what = fmt.Sprintf("unknown key %q", semantic.JSONPointer.LastToken())
	case errors.As(err, &semantic):
		what = fmt.Sprintf("%q has a wrong value", semantic.JSONPointer.LastToken())
	}
	r.fault(what, `an entry has "text", "rule", "quote" and "count"`)
	return false
}
