package jobs

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/stats"
)

// Decisions say of findings whether the client found them right. They are a table for
// people to fill in. Only Meet is safe for concurrent use.
type Decisions struct {
	lock sync.Mutex
	made map[finding]Decision
	met  map[finding]bool // in this run
}

// finding is what stays of a finding from one run to the next.
type finding struct{ document, rule, quote string }

// Decision is what somebody decided about a finding.
type Decision struct {
	Verdict string // accepted, rejected, or empty: not yet decided
	Note    string // why, in the words of who decided
}

// What can be decided.
const (
	Accepted = "accepted" // it is right, and something is to be done
	Rejected = "rejected" // it is wrong here, and not to be told again
)

// DecisionColumns are the columns of a table of decisions, in their order. A quote is
// the words that a finding covers, or its message where it is about the whole
// document. Blank document stands for all.
var DecisionColumns = []string{"document", "rule", "quote", "decision", "note"}

// NewDecisions makes an empty table.
func NewDecisions() *Decisions {
	return &Decisions{made: map[finding]Decision{}, met: map[finding]bool{}}
}

// Add takes a row in. The decision may be written as accepted, rejected, yes, no, right
// or wrong, or be blank; the error says that it is none of these.
func (d *Decisions) Add(document, rule, quote, decision, note string) error {
	verdict := ""
	switch strings.ToLower(strings.TrimSpace(decision)) {
	case "", "open", "?":
	case Accepted, "accept", "yes", "right", "true", "ok":
		verdict = Accepted
	case Rejected, "reject", "no", "wrong", "false":
		verdict = Rejected
	default:
		return fmt.Errorf("%q is no decision", decision)
	}
	d.made[finding{unguarded(document), unguarded(rule), oneLine(unguarded(quote))}] = Decision{verdict, unguarded(note)}
	return nil
}

// Meet takes note of a finding and says whether it was rejected. A row without a
// quote speaks of all findings of the rule in the document, one without a document of
// that finding wherever it is.
func (d *Decisions) Meet(document, rule, quote string) (rejected bool) {
	d.lock.Lock()
	defer d.lock.Unlock()
	quote = oneLine(quote)
	at := finding{document, rule, quote}
	d.met[at] = true
	for _, key := range []finding{at, {document, rule, ""}, {"", rule, quote}, {"", rule, ""}} {
		if made, ok := d.made[key]; ok && made.Verdict != "" {
			return made.Verdict == Rejected
		}
	}
	return false
}

// Precision says how often the findings of each rule were right, by rule.
func (d *Decisions) Precision() []record.RulePrecision {
	sums := map[string]*record.RulePrecision{}
	for at, made := range d.made {
		if made.Verdict == "" {
			continue
		}
		p := sums[at.rule]
		if p == nil {
			p = &record.RulePrecision{Rule: at.rule}
			sums[at.rule] = p
		}
		if made.Verdict == Accepted {
			p.Accepted++
		} else {
			p.Rejected++
		}
	}
	var out []record.RulePrecision
	for _, p := range sums {
		n := p.Accepted + p.Rejected
		p.Share = round3(float64(p.Accepted) / float64(n))
		if ci, undefined := stats.Wilson(int64(p.Accepted), int64(n), 0.95); undefined == "" {
			p.Low, p.High = round3(ci.Low), round3(ci.High)
		}
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b record.RulePrecision) int { return strings.Compare(a.Rule, b.Rule) })
	return out
}

// Stale counts decisions about findings of the documents that were looked at, which
// were not met again.
func (d *Decisions) Stale(looked func(document string) bool) int {
	n := 0
	for at, made := range d.made {
		if made.Verdict != "" && at.document != "" && at.quote != "" && looked(at.document) && !d.met[at] {
			n++
		}
	}
	return n
}

// Write writes the table as CSV: all findings met, and all decisions made before, so
// that no work is lost.
func (d *Decisions) Write(w io.Writer) error {
	all := map[finding]Decision{}
	for at := range d.met {
		all[at] = Decision{}
	}
	for at, made := range d.made {
		all[at] = made
	}
	keys := make([]finding, 0, len(all))
	for at := range all {
		keys = append(keys, at)
	}
	slices.SortFunc(keys, func(a, b finding) int {
		return cmp.Or(record.CompareNatural(a.document, b.document), strings.Compare(a.document, b.document), strings.Compare(a.rule, b.rule), strings.Compare(a.quote, b.quote))
	})
	out := csv.NewWriter(w)
	_ = out.Write(DecisionColumns) // an error shows at the end
	for _, at := range keys {
		_ = out.Write([]string{guarded(at.document), guarded(at.rule), guarded(at.quote), all[at].Verdict, guarded(all[at].Note)})
	}
	out.Flush()
	return out.Error()
}

// guarded keeps a spreadsheet from taking a cell for a formula; unguarded undoes it.
func guarded(cell string) string {
	if cell != "" && strings.ContainsAny(cell[:1], "=+-@'\t\r") {
		return "'" + cell
	}
	return cell
}

func unguarded(cell string) string {
	if len(cell) > 1 && cell[0] == '\'' && strings.ContainsAny(cell[1:2], "=+-@'\t\r") {
		return cell[1:]
	}
	return cell
}

func round3(x float64) float64 { return float64(int(1000*x+0.5)) / 1000 }
