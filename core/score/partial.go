package score

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"path/filepath"
	"slices"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/record"
)

// PartialSchema names the form of a file of sums: NDJSON with a head, one line
// for each client and wave, one for each finest group of those, and an end. It
// holds sums of small groups and is no record: nothing of it may be published
// before it has been merged and has passed disclosure. docs/sums.md describes
// it for programs that make such files of their own.
const PartialSchema = "firstcall-sums/1"

// maxPartialLine bounds the memory that a line of a partial file may take.
const maxPartialLine = 64 << 20

// partialHead is the first line.
type partialHead struct {
	Schema     string     `json:"schema"`
	Instrument string     `json:"instrument"`
	Asked      string     `json:"asked"` // digest of what was asked
	By         [][]string `json:"by"`
	Missing    string     `json:"missing"`
	LongRun    int        `json:"long_run"`
	Exclude    bool       `json:"exclude_careless"`
}

// partialLine is any later line: what was counted of a client and wave, the
// sums of one finest group of it, or the end.
type partialLine struct {
	Client  *string          `json:"client,omitempty"`
	Wave    string           `json:"wave,omitempty"`
	Tally   *Tally           `json:"tally,omitempty"`
	Sources map[string]int64 `json:"sources,omitempty"`
	Whole   *Whole           `json:"whole,omitempty"`
	Key     []string         `json:"key,omitempty"`
	Sums    *Sums            `json:"sums,omitempty"`
	Lines   *int             `json:"lines,omitempty"` // at the end: how many lines stand before it
}

// head is that of the files that a run with these options makes.
func (o Options) head() (partialHead, error) {
	// Clip the words: two instruments that differ in texts alone count alike,
	// but a reader should know that people were asked something else.
	asked, err := json.Marshal(o.Instrument.Describe())
	if err != nil {
		return partialHead{}, fmt.Errorf("describe instrument: %w", err)
	}
	digest := sha256.Sum256(asked)
	by := Canonical(o.Instrument, o.By)
	if by == nil {
		by = [][]string{}
	}
	o = o.withDefaults()
	return partialHead{
		Schema: PartialSchema, Instrument: o.Instrument.ID, Asked: hex.EncodeToString(digest[:]), By: by,
		Missing: string(o.Missing), LongRun: o.LongRun, Exclude: o.ExcludeCareless,
	}, nil
}

// withDefaults fills in what was left open.
func (o Options) withDefaults() Options {
	if o.Missing == "" {
		o.Missing = o.Instrument.Policy.Missing
	}
	if o.LongRun == 0 {
		o.LongRun = DefaultLongRun(o.Instrument)
	}
	return o
}

// WritePartial writes the sums of a run as a partial file. Equal results give
// equal bytes.
func WritePartial(w io.Writer, res *Result, opt Options) error {
	head, err := opt.head()
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 64<<10)
	lines := 0
	write := func(v any) error {
		text, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("write sums: %w", err)
		}
		lines++
		if _, err := out.Write(append(text, '\n')); err != nil {
			return fmt.Errorf("write sums: %w", err)
		}
		return nil
	}
	if err := write(head); err != nil {
		return err
	}
	for _, a := range res.Assessments {
		sources := map[string]int64{}
		for _, s := range a.Sources {
			sources[s.Name] = s.People
		}
		if err := write(partialLine{Client: &a.Client, Wave: a.Wave, Tally: &a.Tally, Sources: sources, Whole: a.Whole}); err != nil {
			return err
		}
		for i, s := range a.Atoms {
			if err := write(partialLine{Client: &a.Client, Wave: a.Wave, Key: a.AtomKeys[i], Sums: s}); err != nil {
				return err
			}
		}
	}
	n := lines
	if err := write(partialLine{Lines: &n}); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write sums: %w", err)
	}
	return nil
}

// MergePartials adds up partial files: the result is that of one run over all
// files that the parts were made of. Options say what the parts must have been
// made with; their By is taken from the parts when it is nil, as are Missing
// and LongRun when they are zero. It returns the options that hold.
func MergePartials(sources []Source, opt Options) (*Result, Options, error) {
	all := parts{}
	if opt.By != nil {
		opt.By = append([][]string{}, Canonical(opt.Instrument, opt.By)...)
	}
	var first *partialHead
	var faults []error
	for _, src := range sources {
		head, err := readPartialFile(src, all, &opt, first)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		first = head
	}
	if len(faults) > 0 {
		return nil, opt, errors.Join(faults...)
	}
	l := newLayout(opt.Instrument, opt.Missing, opt.LongRun)
	columns, _ := lay(opt.By)
	res := &Result{Assessments: all.assessments(l, opt.By, columns, nil)}
	return res, opt, checkColumns(opt.By, res.Assessments)
}

func readPartialFile(src Source, all parts, opt *Options, first *partialHead) (*partialHead, error) {
	f, err := src.Open()
	if err != nil {
		return nil, fmt.Errorf("read sums: %w", err)
	}
	defer f.Close()
	r := &partialReader{name: src.Path, in: bufio.NewReaderSize(f, 64<<10), seen: map[cellKey]int{}}
	head, err := r.head(opt, first)
	if err != nil {
		return nil, err
	}
	// A file counts whole or not at all.
	own := parts{}
	l := newLayout(opt.Instrument, opt.Missing, opt.LongRun)
	if err := r.lines(l, opt, own); err != nil {
		return nil, err
	}
	if err := r.addUp(l, own); err != nil {
		return nil, err
	}
	all.merge(l, own)
	return head, nil
}

// partialReader reads one partial file.
type partialReader struct {
	name string
	in   *bufio.Reader
	line int
	buf  []byte
	seen map[cellKey]int // the lines of clients and waves
}

func (r *partialReader) fault(what, hint string) error {
	return problem.Problem{File: r.name, Line: r.line, What: what, Hint: hint}
}

const (
	hintPartial   = `"firstcall score --partial FILE" makes such files`
	hintTruncated = "the file is cut off; make it again"
	hintSettings  = "parts can be merged when they were made with the same instrument and settings"
	hintChanged   = "the file was changed or is damaged; make it again"
)

// next reads a line into v; io.EOF at the end of the file.
func (r *partialReader) next(v any) error {
	r.line++
	r.buf = r.buf[:0]
	for {
		piece, err := r.in.ReadSlice('\n')
		r.buf = append(r.buf, piece...)
		switch {
		case len(r.buf) > maxPartialLine:
			return r.fault(fmt.Sprintf("line is longer than %d MiB", maxPartialLine>>20), hintPartial)
		case err == nil:
			return r.decode(v)
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(r.buf) == 0:
			return io.EOF
		case errors.Is(err, io.EOF):
			return r.fault("the last line is not complete", hintTruncated)
		default:
			return fmt.Errorf("read %s: %w", r.name, err)
		}
	}
}

func (r *partialReader) decode(v any) error {
	d := json.NewDecoder(bytes.NewReader(r.buf))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return r.fault("is no line of a file of sums", hintPartial)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return r.fault("something stands behind the sums", hintChanged)
	}
	return nil
}

// head reads the first line, and checks or completes the options.
func (r *partialReader) head(opt *Options, first *partialHead) (*partialHead, error) {
	var got partialHead
	err := r.next(&got)
	switch {
	case errors.Is(err, io.EOF):
		r.line = 0
		return nil, r.fault("the file is empty", hintPartial)
	case err != nil:
		return nil, err
	case got.Schema != PartialSchema:
		return nil, r.fault(fmt.Sprintf("schema is %.40q, not %q", got.Schema, PartialSchema), hintPartial)
	}
	if err := r.checkHead(got); err != nil {
		return nil, err
	}
	if first == nil {
		if opt.By == nil {
			opt.By = got.By
		}
		if opt.Missing == "" {
			opt.Missing = instrument.MissingPolicy(got.Missing)
		}
		if opt.LongRun == 0 {
			opt.LongRun = got.LongRun
		}
		opt.ExcludeCareless = got.Exclude
	}
	want, err := opt.head()
	if err != nil {
		return nil, err
	}
	return &got, r.compare(got, want)
}

// checkHead refuses what no run can have been asked for.
func (r *partialReader) checkHead(got partialHead) error {
	for _, names := range got.By {
		for _, name := range names {
			if err := record.CheckName(name); err != nil || name == "" {
				return r.fault("a column that was grouped by has no usable name", hintChanged)
			}
		}
		if len(names) == 0 {
			return r.fault("a grouping has no column", hintChanged)
		}
	}
	known := []instrument.MissingPolicy{
		instrument.AvailableMean, instrument.MinHalf, instrument.Min80Pct,
		instrument.CompleteOnly, instrument.ItemMeanImputed, instrument.ItemMedianImputed,
	}
	if !slices.Contains(known, instrument.MissingPolicy(got.Missing)) {
		return r.fault(fmt.Sprintf("unknown missing-answer policy %.40q", got.Missing), hintChanged)
	}
	if got.LongRun < 1 || got.LongRun > math.MaxInt32 {
		return r.fault("the longest run allowed is no number of answers", hintChanged)
	}
	return nil
}

// compare names the first thing in which the file was made differently.
func (r *partialReader) compare(got, want partialHead) error {
	sameBy := slices.EqualFunc(got.By, want.By, func(a, b []string) bool { return slices.Equal(a, b) })
	for _, c := range []struct {
		differs         bool
		what, got, want string
	}{
		{got.Instrument != want.Instrument, "instrument", got.Instrument, want.Instrument},
		{got.Asked != want.Asked, "version of the instrument", got.Asked[:min(8, len(got.Asked))], want.Asked[:8]},
		{!sameBy, "groups", fmt.Sprint(got.By), fmt.Sprint(want.By)},
		{got.Missing != want.Missing, "missing-answer policy", got.Missing, want.Missing},
		{got.LongRun != want.LongRun, "longest run allowed", fmt.Sprint(got.LongRun), fmt.Sprint(want.LongRun)},
		{got.Exclude != want.Exclude, "treatment of careless answers", fmt.Sprint(got.Exclude), fmt.Sprint(want.Exclude)},
	} {
		if c.differs {
			return r.fault(fmt.Sprintf("was made with another %s: %.80q, not %.80q", c.what, c.got, c.want), hintSettings)
		}
	}
	return nil
}

// lines reads what follows the head.
func (r *partialReader) lines(l *layout, opt *Options, into parts) error {
	columns, _ := lay(opt.By)
	for {
		var line partialLine
		err := r.next(&line)
		if errors.Is(err, io.EOF) {
			return r.fault("the end is missing", hintTruncated)
		}
		if err != nil {
			return err
		}
		if line.Lines != nil {
			if *line.Lines != r.line-1 {
				return r.fault(fmt.Sprintf("%d lines should stand before this one", *line.Lines), hintTruncated)
			}
			if err := r.next(&line); !errors.Is(err, io.EOF) {
				return r.fault("something follows the end", hintChanged)
			}
			return nil
		}
		if line.Client == nil {
			return r.fault("names no client, not even an empty one", hintPartial)
		}
		for _, name := range append([]string{*line.Client, line.Wave}, line.Key...) {
			if err := record.CheckName(name); err != nil {
				return r.fault(fmt.Sprintf("a name can't be used: %v", err), "")
			}
		}
		key := cellKey{*line.Client, line.Wave}
		if line.Sums != nil {
			err = r.takeGroup(l, columns, key, line, into)
		} else {
			err = r.takeWave(l, key, line, into)
		}
		if err != nil {
			return err
		}
	}
}

// takeWave adds what was counted of a client and wave.
func (r *partialReader) takeWave(l *layout, key cellKey, line partialLine, into parts) error {
	p := into.at(l, key)
	switch {
	case r.seen[key] > 0:
		return r.fault("the same client and wave stand twice", hintChanged)
	case line.Whole == nil || line.Tally == nil || line.Key != nil:
		return r.fault("is no line of a file of sums", hintPartial)
	case !line.Whole.fits(l.newWhole()):
		return r.fault("the sums do not fit the instrument", hintSettings)
	}
	r.seen[key] = r.line
	p.whole, p.tally = line.Whole, *line.Tally
	for name, people := range line.Sources {
		if people < 0 || people > mostPeople || filepath.Base(name) != name {
			return r.fault("a source has an impossible name or number of people", hintChanged)
		}
		*p.source(name) += people
	}
	return nil
}

// takeGroup adds the sums of a finest group.
func (r *partialReader) takeGroup(l *layout, columns []string, key cellKey, line partialLine, into parts) error {
	switch {
	case r.seen[key] == 0:
		return r.fault("a group stands before the line of its client and wave", hintChanged)
	case line.Whole != nil || line.Tally != nil || line.Sources != nil:
		return r.fault("is no line of a file of sums", hintPartial)
	case len(line.Key) != len(columns):
		return r.fault("the sums do not fit the groups", hintSettings)
	case !line.Sums.fits(l.newSums()):
		return r.fault("the sums do not fit the instrument", hintSettings)
	case !line.Sums.consistent(l):
		return r.fault("the sums contradict each other", hintChanged)
	}
	c := into.at(l, key).atom(line.Key)
	if c.sums != nil {
		return r.fault("the same group stands twice", hintChanged)
	}
	c.sums = line.Sums
	return nil
}

// addUp sets what was counted of each client and wave against its groups.
func (r *partialReader) addUp(l *layout, own parts) error {
	inOrder := slices.SortedFunc(maps.Keys(own), func(a, b cellKey) int { return cmp.Compare(r.seen[a], r.seen[b]) })
	for _, key := range inOrder {
		p := own[key]
		r.line = r.seen[key]
		var people, fromFiles, missing int64
		for _, a := range p.atoms {
			people += a.cell.sums.N
			for i := range l.items {
				missing += a.cell.sums.N - l.moments(a.cell.sums, i).N
			}
		}
		for _, n := range p.sources {
			fromFiles += *n
		}
		t := p.tally
		left := t.Rows - people
		for _, n := range []int64{t.NoAnswers, t.Excluded, t.Repeated} {
			if n < 0 || n > mostPeople {
				return r.fault("the numbers of rows contradict each other", hintChanged)
			}
			left -= n
		}
		switch {
		case left != 0 || people > mostPeople || t.Unusable < 0 || t.Unusable > missing:
			return r.fault("the numbers of rows contradict each other", hintChanged)
		case fromFiles != people:
			return r.fault("the groups do not add up to the people of the files", hintChanged)
		case !p.whole.consistent(l, t.Rows, people):
			return r.fault("the sums contradict each other", hintChanged)
		}
	}
	return nil
}
