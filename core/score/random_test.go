package score

import (
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/survey"
)

// This file makes surveys at random: instruments of every kind, and answers to
// them that are written down in every way. What should come of them is counted
// in naive_test.go.

// world is an instrument and the people who answered it.
type world struct {
	*rand.Rand
	in     *instrument.Instrument
	opt    Options
	people []person
}

// person is a row. Attributes are "" where they are not stated.
type person struct {
	client, wave, department, role string
	answers                        []given // parallel to the instrument's Items
}

// given is an answer.
type given struct {
	ok  bool
	x   int64 // as given, in the item's unit
	bad bool  // the cell is no answer
	as  string
}

// scales are ranges of answers; the last two are too wide for compact cells.
var scales = []instrument.Scale{
	{Min: 1, Max: 5}, {Min: 1, Max: 5}, {Min: 0, Max: 4}, {Min: 1, Max: 9}, {Min: -2, Max: 2}, {Min: 0, Max: 10}, {Min: 0, Max: 100}, {Min: 1, Max: 2}, {Min: 1, Max: 7}, {Min: 100, Max: 104},
	{Min: 0, Max: 1000}, {Min: -1000, Max: -500},
}

var continuous = []instrument.Scale{{Min: 0, Max: 100}, {Min: -5, Max: 5}, {Min: 0, Max: 100_000}, {Min: 1, Max: 5}}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func (w *world) chance(percent int) bool { return w.IntN(100) < percent }

// newWorld makes a survey that is the same for the same seed.
func newWorld(seed uint64) *world {
	w := &world{Rand: rand.New(rand.NewPCG(seed, 7))}
	w.instrument()
	w.opt = Options{
		Instrument: w.in,
		By:         pick(w.Rand, nil, [][]string{{"department"}}, [][]string{{"department"}, {"role"}}, [][]string{{"role", "department"}}, [][]string{{"department", "role"}, {"role"}}),
		Missing: pick(w.Rand, instrument.AvailableMean, instrument.MinHalf, instrument.MinHalf, instrument.Min80Pct,
			instrument.CompleteOnly, instrument.ItemMeanImputed),
		LongRun: pick(w.Rand, 0, 4, 9), ExcludeCareless: w.chance(20),
	}
	w.answers(250 + w.IntN(250))
	return w
}

func (w *world) instrument() {
	w.in = &instrument.Instrument{ID: "random", Version: "1", Title: "Random", Direction: pick(w.Rand, instrument.HighIsGood, instrument.HighIsBad),
		Policy: instrument.Policy{Missing: instrument.MinHalf, MinGroup: 3, WeakBelow: 50}}
	common := pick(w.Rand, scales[:10]...)
	oneScale, decimals := w.chance(60), w.chance(30)
	dimensions := 1 + w.IntN(5)
	for d := range dimensions {
		scale, size := common, 1+w.IntN(12)
		if !oneScale {
			scale = pick(w.Rand, scales...)
		}
		if w.chance(3) {
			size = 33
		}
		asDecimals := decimals && w.chance(60)
		if asDecimals {
			scale = pick(w.Rand, continuous...)
		}
		dim := instrument.Dimension{ID: fmt.Sprintf("d%d", d), Title: fmt.Sprintf("D%d", d)}
		for range size {
			dim.Items = append(dim.Items, w.item(fmt.Sprintf("q%d", len(w.in.Items())+len(dim.Items)), scale, asDecimals))
		}
		w.in.Dimensions = append(w.in.Dimensions, dim)
	}
	if w.chance(40) {
		for d, level := range w.Perm(dimensions) {
			w.in.Dimensions[d].Level = level + 1
		}
	}
	for o := range w.IntN(3) {
		item := w.item(fmt.Sprintf("o%d", o), pick(w.Rand, scales...), false)
		switch {
		case w.chance(40):
			item.Scale, item.Type, item.Reverse = instrument.Scale{Min: 0, Max: 10, MissingCodes: []int{-99}}, instrument.ENPS, false
		case decimals:
			item = w.item(item.ID, pick(w.Rand, continuous...), true)
		}
		w.in.Outcomes = append(w.in.Outcomes, item)
	}
	w.pair()
}

func (w *world) item(id string, scale instrument.Scale, asDecimals bool) instrument.Item {
	if scale.FavorableSet = w.chance(85); scale.FavorableSet {
		scale.Favorable = scale.Min + w.IntN(scale.Options())
	}
	if scale.Min > -99 {
		scale.MissingCodes = []int{-99}
	}
	if !asDecimals && scale.Options() == 5 && w.chance(40) {
		scale.Labels = []string{"Never", "Seldom", "Now and then", "Often", "Always"}
	}
	return instrument.Item{ID: id, Text: "Text of " + id, Reverse: w.chance(30), Scale: scale, Type: instrument.Likert,
		Continuous: asDecimals && w.chance(80), Facet: pick(w.Rand, "", "service", "care")}
}

// pair makes an ideal and its practice of some items on one range.
func (w *world) pair() {
	var items []*instrument.Item
	for d := range w.in.Dimensions {
		for i := range w.in.Dimensions[d].Items {
			items = append(items, &w.in.Dimensions[d].Items[i])
		}
	}
	for range w.IntN(4) {
		a, b := pick(w.Rand, items...), pick(w.Rand, items...)
		if a == b || a.Pair != "" || b.Pair != "" || a.Scale.Min != b.Scale.Min || a.Scale.Max != b.Scale.Max {
			continue
		}
		a.Aspect, b.Aspect, a.Pair, b.Pair = "ideal", "practice", b.ID, a.ID
	}
}

func (w *world) answers(n int) {
	clients, waves := pick(w.Rand, []string{""}, []string{"acme"}, []string{"acme", "bell"}), pick(w.Rand, []string{""}, []string{"2026-q1"}, []string{"2026-q2", "2026-q10"})
	for range n {
		p := person{
			client: pick(w.Rand, clients...), wave: pick(w.Rand, waves...),
			department: pick(w.Rand, "Sales", "Sales", "Sales", "Sales", "Sales", "Front desk", "Front desk", "Kitchen, cold", ""),
			role:       pick(w.Rand, "Staff", "Staff", "Staff", "Staff", "Lead"),
		}
		if w.chance(2) && clients[0] != "" {
			p.client = ""
		}
		if w.chance(2) && waves[0] != "" {
			p.wave = ""
		}
		missing := pick(w.Rand, 0, 0, 0, 0, 0, 10, 10, 30, 80, 100)
		alike, same := w.chance(8), w.IntN(1<<20)
		for _, it := range w.in.Items() {
			level := w.IntN(1 << 20)
			if alike {
				level = same
			}
			p.answers = append(p.answers, w.answer(it, level, missing))
		}
		w.people = append(w.people, p)
	}
}

// answer makes an answer that is missing with so many percent.
func (w *world) answer(it instrument.Item, level, missing int) given {
	if w.chance(missing) {
		words := []string{"", "", "", "NA", " ", "-"}
		if len(it.Scale.MissingCodes) > 0 {
			words = append(words, "-99")
		}
		return given{as: pick(w.Rand, words...)}
	}
	if w.IntN(400) == 0 {
		return given{bad: true, as: pick(w.Rand, "1234567", "no idea")}
	}
	steps := it.Scale.Max - it.Scale.Min
	if !it.Continuous {
		step := level % (steps + 1)
		g := given{ok: true, x: int64(it.Scale.Min + step), as: strconv.Itoa(it.Scale.Min + step)}
		if w.IntN(60) == 0 {
			g.as = pick(w.Rand, " "+g.as, g.as+".0", g.as+",0", "\u00a0"+g.as)
		}
		if it.Scale.Labels != nil && w.chance(10) {
			g.as = pick(w.Rand, it.Scale.Labels[step], strings.ToUpper(it.Scale.Labels[step]))
		}
		return g
	}
	unit := survey.Unit(it.Scale)
	places := pick(w.Rand, 1, 100, unit/100, unit) // decimals are rounded to 1/places
	x := int64(it.Scale.Min)*unit + w.Int64N(int64(steps)*places+1)*(unit/places)
	return given{ok: true, x: x, as: w.decimal(x, unit)}
}

// decimal writes x/unit in one of the ways that are understood.
func (w *world) decimal(x, unit int64) string {
	text := new(big.Rat).SetFrac64(x, unit).FloatString(len(strconv.FormatInt(unit, 10)) - 1)
	switch w.IntN(4) {
	case 0:
		return text
	case 1:
		return strings.TrimRight(text, "0")
	case 2:
		return new(big.Rat).SetFrac64(x, unit*10).FloatString(len(strconv.FormatInt(unit, 10))) + "e1"
	}
	short := strings.TrimRight(strings.TrimRight(text, "0"), ".")
	if _, decimals, found := strings.Cut(short, "."); found && len(decimals) != 3 {
		return strings.Replace(short, ".", ",", 1) // three might group thousands
	}
	return short
}

// style is how a file is written.
type style struct {
	delim, eol string
	quoted     int // percent of the cells that are quoted without need
}

// file writes people down. The order of columns differs from file to file.
func (w *world) file(path string, people []person, s style) Source {
	items := w.in.Items()
	named := func(name string, of func(person) string) string {
		if slices.ContainsFunc(w.people, func(p person) bool { return of(p) != "" }) {
			return name
		}
		return "no " + name
	}
	columns := []string{"note", named("client", func(p person) string { return p.client }), named("wave", func(p person) string { return p.wave }), "department", "role"}
	for _, it := range items {
		columns = append(columns, pick(w.Rand, it.ID, it.Text))
	}
	order := w.Perm(len(columns))
	if w.chance(60) {
		slices.Sort(order) // items side by side
	}
	var b strings.Builder
	row := func(cells []string) {
		for i, at := range order {
			if i > 0 {
				b.WriteString(s.delim)
			}
			cell := cells[at]
			if strings.ContainsAny(cell, "\"\r\n"+s.delim) || w.chance(s.quoted) {
				cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
			}
			b.WriteString(cell)
		}
		b.WriteString(s.eol)
	}
	row(columns)
	for _, p := range people {
		cells := []string{pick(w.Rand, "x", "x", "x", "it's \"fine\"", "two\nlines", ",;\t"), p.client, p.wave, p.department, p.role}
		for _, a := range p.answers {
			cells = append(cells, a.as)
		}
		row(cells)
	}
	return source(path, []byte(b.String()))
}

// files deals the people out to so many files, all called alike.
func (w *world) files(n int) []Source {
	parts := make([][]person, n)
	for i, at := range w.Perm(len(w.people)) {
		if n == 1 {
			at = i
		}
		k := i * n / len(w.people)
		parts[k] = append(parts[k], w.people[at])
	}
	var out []Source
	for i, part := range parts {
		s := style{delim: pick(w.Rand, ",", ";", "\t"), eol: pick(w.Rand, "\n", "\r\n"), quoted: pick(w.Rand, 0, 0, 10, 100)}
		out = append(out, w.file(fmt.Sprintf("part%d/answers.csv", i), part, s))
	}
	w.Shuffle(n, func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// text is the JSON of assessments.
func text(v any) string {
	out, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(out)
}

// firstDifference shows where two texts begin to differ.
func firstDifference(got, want string) string {
	at := 0
	for at < len(got) && at < len(want) && got[at] == want[at] {
		at++
	}
	around := func(s string) string { return s[max(0, min(at, len(s))-200):min(len(s), at+100)] }
	return fmt.Sprintf("after %d bytes:\ngot  %s\nwant %s", at, around(got), around(want))
}
