package score

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/stats"
	"github.com/firstcall-cli/firstcall/core/survey"
)

// Panel compares two waves of a client by the people who answered in both.
type Panel struct {
	// By the sums of a finest group: how many of it were matched, in each
	// dimension.
	earlier, later map[*Sums][]int64

	Since      string // the earlier wave
	Dimensions []PanelDimension
}

// PanelDimension compares the scores of one dimension.
type PanelDimension struct {
	Before, After int64 // people with a score in the earlier and in the later wave
	// OnceBefore and OnceAfter are how many people with a score in one wave only
	// are left, in different ways, when groups are taken away of which nobody
	// was matched: a group's figures say what they answered.
	OnceBefore, OnceAfter []int64
	Differences           stats.Moments // later less earlier, of the people with both, in units of 2^-40, or 2^-30 on a wide scale
}

// MatchBytes is about how much memory a respondent takes when people are
// matched across waves, beyond four bytes for each item and twelve for one that
// is answered by decimals. Beyond a fixed total rows go to a temporary file
// without a name.
const MatchBytes = 72

// roster keeps the rows of a run until all are read, so that those of one
// person can be brought together. Of ids it keeps a digest with a secret of
// the run, in memory and on disk.
type roster struct {
	secret [32]byte
	size   int // of a row
	items  []int
	layout *layout
	sorter *sorter
	leaves []*leaf
	owners []*worker // parallel to leaves
	files  []string
	nobody uint64 // rows without an id so far: nobody is like them
}

// Where things stand in a row of the roster. Answers follow, four bytes each
// for whole steps and eight for decimals.
const (
	atPerson  = 0  // digest of client and id
	atLeaf    = 16 // where it is counted
	atTime    = 20 // when it was given, as orderedTime
	atFile    = 28
	atLine    = 32
	atBad     = 36
	atTimed   = 40 // 1 when the time is known
	atAnswers = 41
)

func newRoster(l *layout) (*roster, error) {
	r := &roster{layout: l, size: atAnswers}
	for _, it := range l.items {
		r.items = append(r.items, r.size)
		if r.size += 4; it.unit > 1 {
			r.size += 8
		}
	}
	if _, err := rand.Read(r.secret[:]); err != nil {
		return nil, fmt.Errorf("match people: %w", err)
	}
	r.sorter = newSorter(r.size, atFile) // equal persons and leaves may come in any order
	return r, nil
}

// keep stores a row for later.
func (r *roster) keep(l *leaf, client string, p *survey.Respondent) error {
	row := r.sorter.row()
	clear(row)
	if id := strings.TrimSpace(p.ID); id != "" {
		sum := sha256.Sum256(slices.Concat(r.secret[:], []byte(client), []byte{0}, []byte(id)))
		copy(row[atPerson:], sum[:16])
	} else {
		r.nobody++
		sum := sha256.Sum256(binary.BigEndian.AppendUint64(r.secret[:], r.nobody))
		copy(row[atPerson:], sum[:16])
	}
	binary.BigEndian.PutUint32(row[atLeaf:], uint32(l.number))
	if at, ok := orderedTime(p.Time); ok {
		binary.BigEndian.PutUint64(row[atTime:], at)
		row[atTimed] = 1
	}
	binary.BigEndian.PutUint32(row[atFile:], uint32(len(r.files)-1))
	binary.BigEndian.PutUint32(row[atLine:], uint32(p.Line))
	binary.BigEndian.PutUint32(row[atBad:], uint32(p.Bad))
	for i, at := range r.items {
		binary.BigEndian.PutUint32(row[at:], uint32(p.Answers[i]))
		if r.layout.items[i].unit > 1 {
			binary.BigEndian.PutUint64(row[at+4:], uint64(p.Decimals[i]))
		}
	}
	return r.sorter.add()
}

// times are the forms in which survey tools write when a row was given, in
// which no day can be taken for a month.
var times = []string{
	time.RFC3339Nano, "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02",
	"2006/01/02 3:04:05 PM MST", "2006/01/02 3:04:05 PM", "2006/01/02 15:04:05", "2006/01/02 15:04", "2006/01/02",
}

// orderedTime turns a time into a number that is larger the later it is. Times
// without a zone count as of one zone. It fails for what may be read in two
// ways.
func orderedTime(text string) (uint64, bool) {
	for _, form := range times {
		if t, err := time.Parse(form, text); err == nil {
			// Nanoseconds would run over for the years that some tools write
			// where they know no time.
			return uint64(t.UnixMicro()) ^ 1<<63, true
		}
	}
	return 0, false
}

// mostRows is how many rows one person may have in a run: beyond it, the id
// is no person's.
const mostRows = 1000

// settle brings the rows of each person together, counts the last of each
// wave, and compares waves. What is wrong with a client's rows, the first of it
// in the order of the files, is told by client.
func (r *roster) settle(ctx context.Context) (map[cellKey]*Panel, map[string]problem.Problem, error) {
	next, err := r.sorter.sorted()
	if err != nil {
		return nil, nil, err
	}
	panels := r.panels()
	faults := map[string]problem.Problem{}
	var person [][]byte
	for n := 0; ; n++ {
		if n%progressEvery == 0 && ctx.Err() != nil {
			return nil, nil, context.Cause(ctx)
		}
		row, err := next()
		if err != nil {
			return nil, nil, err
		}
		if row == nil || len(person) > 0 && !bytes.Equal(row[:atLeaf], person[0][:atLeaf]) {
			if fault := r.settlePerson(person, panels); fault != nil {
				client := r.leafOf(person[0]).key.client
				if first, ok := faults[client]; !ok || r.earlier(*fault, first) {
					faults[client] = *fault
				}
			}
			person = person[:0]
		}
		if row == nil {
			return panels, faults, nil
		}
		if len(person) <= mostRows {
			person = append(person, bytes.Clone(row))
		}
	}
}

// panels makes an empty panel for each wave that has one before it.
func (r *roster) panels() map[cellKey]*Panel {
	panels := map[cellKey]*Panel{}
	for _, waves := range r.waves() {
		for i, wave := range waves[1:] {
			panels[wave] = &Panel{
				Since: waves[i].wave, Dimensions: make([]PanelDimension, len(r.layout.dims)),
				earlier: map[*Sums][]int64{}, later: map[*Sums][]int64{},
			}
		}
	}
	return panels
}

// settlePerson counts one person's rows.
func (r *roster) settlePerson(rows [][]byte, panels map[cellKey]*Panel) *problem.Problem {
	if len(rows) > mostRows {
		row := slices.MinFunc(rows, func(a, b []byte) int { return bytes.Compare(a[atFile:atBad], b[atFile:atBad]) })
		return &problem.Problem{File: r.files[binary.BigEndian.Uint32(row[atFile:])], Line: int(binary.BigEndian.Uint32(row[atLine:])),
			What: fmt.Sprintf("one id stands in more than %d rows, the first of them here", mostRows),
			Hint: "a word that stands for no id, such as anonymous, should be an empty cell"}
	}
	answered := slices.DeleteFunc(slices.Clone(rows), r.blank)
	for _, row := range rows {
		if r.blank(row) { // it counts as one without answers, and replaces none
			r.count([][]byte{row}, nil)
		}
	}
	kept, fault := r.latest(answered)
	r.count(kept, panels)
	return fault
}

// blank reports whether a row has no answer to any item.
func (r *roster) blank(row []byte) bool {
	missing := survey.Missing
	for _, at := range r.items {
		if int32(binary.BigEndian.Uint32(row[at:])) != missing {
			return false
		}
	}
	return true
}

// earlier puts faults in the order of the files.
func (r *roster) earlier(a, b problem.Problem) bool {
	place := func(p problem.Problem) int { return slices.Index(r.files, p.File) }
	return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a.Line, b.Line)) < 0
}

// waves lists the waves of each client, in order.
func (r *roster) waves() map[string][]cellKey {
	out := map[string][]cellKey{}
	for _, l := range r.leaves {
		if l.part != nil && !slices.Contains(out[l.key.client], l.key) {
			out[l.key.client] = append(out[l.key.client], l.key)
		}
	}
	for _, waves := range out {
		slices.SortFunc(waves, func(a, b cellKey) int { return record.CompareWaves(a.wave, b.wave) })
	}
	return out
}

func (r *roster) leafOf(row []byte) *leaf {
	return r.leaves[binary.BigEndian.Uint32(row[atLeaf:])]
}

// latest keeps a person's last row of each wave. It is a fault when no time
// tells which that is.
func (r *roster) latest(rows [][]byte) ([][]byte, *problem.Problem) {
	slices.SortFunc(rows, func(a, b []byte) int {
		return cmp.Or(record.CompareWaves(r.leafOf(a).key.wave, r.leafOf(b).key.wave), bytes.Compare(a[atTime:atBad], b[atTime:atBad]))
	})
	var kept [][]byte
	for i, row := range rows {
		last := i+1 == len(rows) || r.leafOf(rows[i+1]).key != r.leafOf(row).key
		if last {
			kept = append(kept, row)
			continue
		}
		next := rows[i+1]
		if row[atTimed] == 0 || next[atTimed] == 0 || bytes.Equal(row[atTime:atFile], next[atTime:atFile]) {
			file := r.files[binary.BigEndian.Uint32(next[atFile:])]
			return nil, &problem.Problem{File: file, Line: int(binary.BigEndian.Uint32(next[atLine:])),
				What: "the same person answered before in this wave, and no time tells which answers came last",
				Hint: "name the column of times with --time-column, written as 2026-09-30 14:05, or remove all but one of the rows"}
		}
		l := r.leafOf(row)
		l.part.tally.Rows++
		l.part.tally.Repeated++
	}
	return kept, nil
}

// count counts a person's rows, at most one a wave and those in order, and the
// differences between neighboring waves.
func (r *roster) count(rows [][]byte, panels map[cellKey]*Panel) {
	var old []int64 // scores in the wave before, of which nobody has any at first
	var oldKey cellKey
	var oldCell *cell
	for _, row := range rows {
		l := r.leafOf(row)
		w := r.owners[binary.BigEndian.Uint32(row[atLeaf:])]
		if !l.count(w, r.respondent(row, w)) {
			continue
		}
		scores := make([]int64, len(r.layout.dims))
		for d := range scores {
			dl := &r.layout.dims[d]
			scores[d] = scoreOf(w.row.totals[d], int64(w.row.answered[d]), dl.need, dl.unit, dl.score)
		}
		if p := panels[l.key]; p != nil && old != nil && oldKey == (cellKey{l.key.client, p.Since}) {
			for d, now := range scores {
				if now != notGiven && old[d] != notGiven {
					p.Dimensions[d].Differences.Add(now - old[d])
					matchedOf(p.earlier, oldCell, len(scores))[d]++
					matchedOf(p.later, l.cell, len(scores))[d]++
				}
			}
		}
		old, oldKey, oldCell = scores, l.key, l.cell
	}
}

// matchedOf finds the counts of a finest group.
func matchedOf(of map[*Sums][]int64, c *cell, dimensions int) []int64 {
	if of[c.sums] == nil {
		of[c.sums] = make([]int64, dimensions)
	}
	return of[c.sums]
}

// respondent reads a row back.
func (r *roster) respondent(row []byte, w *worker) *survey.Respondent {
	p := &w.read
	if p.Answers == nil {
		p.Answers, p.Decimals = make([]int32, len(r.items)), make([]int64, len(r.items))
	}
	p.Bad, p.Line = int(binary.BigEndian.Uint32(row[atBad:])), int(binary.BigEndian.Uint32(row[atLine:]))
	for i, at := range r.items {
		p.Answers[i] = int32(binary.BigEndian.Uint32(row[at:]))
		if r.layout.items[i].unit > 1 {
			p.Decimals[i] = int64(binary.BigEndian.Uint64(row[at+4:]))
		}
	}
	return p
}

// addPanels hands each assessment its panel, with how many people have a score
// at all.
func addPanels(r *run, assessments []*Assessment, panels map[cellKey]*Panel) {
	of := map[cellKey]*Assessment{}
	for _, a := range assessments {
		of[cellKey{a.Client, a.Wave}] = a
	}
	for _, a := range assessments {
		p := panels[cellKey{a.Client, a.Wave}]
		if p == nil || of[cellKey{a.Client, p.Since}] == nil {
			continue
		}
		before := of[cellKey{a.Client, p.Since}]
		for d := range p.Dimensions {
			pd := &p.Dimensions[d]
			scored := func(s *Sums) int64 { return s.Dimensions[d].Scores.AtLeast(r.layout.dims[d].need).N() }
			pd.Before, pd.After = scored(before.Total), scored(a.Total)
			pd.OnceBefore = once(before, p.earlier, d, scored, pd.Before-pd.Differences.N)
			pd.OnceAfter = once(a, p.later, d, scored, pd.After-pd.Differences.N)
		}
		a.Panel = p
	}
}

// once is how many of those with a score in one wave only are left: all, less
// the groups of one grouping of which nobody was matched, less all such groups.
func once(a *Assessment, matched map[*Sums][]int64, d int, scored func(*Sums) int64, all int64) []int64 {
	left := []int64{all}
	away := make([]bool, len(a.Atoms))
	for _, g := range a.Groupings {
		rest := all
		for _, group := range g.Groups {
			if slices.ContainsFunc(group.Atoms, func(i int) bool { m := matched[a.Atoms[i]]; return m != nil && m[d] > 0 }) {
				continue
			}
			rest -= scored(group.Sums)
			for _, i := range group.Atoms {
				away[i] = true
			}
		}
		left = append(left, rest)
	}
	rest := all
	for i, s := range a.Atoms {
		if away[i] {
			rest -= scored(s)
		}
	}
	return append(left, rest)
}

// PanelChange is the mean and the SD (n-1) of what the scores of dimension d
// changed by among the people matched, on the answer scale. It is not ok for
// fewer than two people.
func (s *Scorer) PanelChange(p *Panel, d int) (mean, sd float64, ok bool) {
	m := p.Dimensions[d].Differences
	sd, why := m.SD()
	if why != "" {
		return 0, 0, false
	}
	mean, _ = m.Mean()
	unit := float64(s.layout.dims[d].score)
	return mean / unit, sd / unit, true
}
