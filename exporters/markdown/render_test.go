package markdown

import (
	"bytes"
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/record"
)

// A record that carries figures in withheld cells gives the same report as one
// that carries none.
func TestWithheldFiguresAreNotUsed(t *testing.T) {
	render := func(figures bool) []byte {
		body := withhold(hotelWave(t, "2026-q3", 12, 0.8), figures)
		return Render([]*record.Record{sealed(t, hotel, body)}, DefaultOptions())[0].Body
	}
	clean, leaky := render(false), render(true)
	if !bytes.Equal(clean, leaky) {
		t.Errorf("figures of withheld cells change the report\n%s", firstDifference(clean, leaky))
	}
	row := regexp.MustCompile(`^\| (Kitchen|Night audit)( / [A-Z][a-z ]*)? +\|([ –|]|withheld)+\n$`)
	rows := 0
	for line := range strings.Lines(string(clean)) {
		if !strings.Contains(line, "Kitchen") && !strings.Contains(line, "Night audit") || strings.Contains(line, "Kitchen / Front line") {
			continue
		}
		if rows++; !row.MatchString(line) {
			t.Errorf("a withheld group is spoken of: %s", line)
		}
	}
	if rows < 6 { // two in each table by department, two crossed ones
		t.Errorf("only %d rows of withheld groups", rows)
	}
}

// withhold marks a dimension, an item, groups and a group's dimension as
// withheld, and leaves their figures in if that is wanted.
func withhold(body record.AssessmentBody, figures bool) record.AssessmentBody {
	dimension := func(d record.Dimension) record.Dimension {
		if !figures {
			return record.Dimension{ID: d.ID, Withheld: true}
		}
		d.Withheld = true
		return d
	}
	loud := body.Groups[0]
	body.Dimensions[1] = dimension(body.Dimensions[1])
	items := body.Dimensions[2].Items
	if items[0].Withheld = true; !figures {
		items[0] = record.Item{ID: items[0].ID, Withheld: true}
	}
	for i, g := range body.Groups {
		if slices.Equal(g.Key, []string{"Front desk"}) {
			g.Dimensions[3] = dimension(g.Dimensions[3])
		}
		if !g.Withheld && !slices.Equal(g.Key, []string{"Kitchen"}) {
			continue
		}
		body.Groups[i] = record.Group{By: g.By, Key: g.Key, Withheld: true}
		if figures {
			body.Groups[i] = conspicuous(loud, g)
		}
	}
	return body
}

// conspicuous gives a withheld group figures that stand out wherever they are
// used.
func conspicuous(like, g record.Group) record.Group {
	like.By, like.Key, like.Withheld, like.N, like.Index = g.By, g.Key, true, ptr(int64(987)), ptr(1.0)
	like.Response = &record.Response{Headcount: 9876, Rate: ptr(0.1)}
	like.Undefined = record.UndefinedNote{"index": "987 people"}
	like.Dimensions = mapped(like.Dimensions, func(d record.Dimension) record.Dimension {
		d.Percent, d.N = ptr(1.0), ptr(int64(987))
		return d
	})
	return like
}

func TestWithheldRecordSaysNothing(t *testing.T) {
	body := hotelWave(t, "2026-q3", 12, 0.8)
	body.Withheld = true
	report := string(Render([]*record.Record{sealed(t, hotel, body)}, DefaultOptions())[0].Body)
	for _, figure := range []string{"of 100", "78", "120", "3,220", "Front desk", "Training"} {
		if strings.Contains(report, figure) {
			t.Errorf("the report of a withheld record has %q", figure)
		}
	}
}

// Every difference in a report is that of the two numbers beside it.
func TestDifferencesAgreeWithPrintedNumbers(t *testing.T) {
	row := regexp.MustCompile(`\| +(\d+) \| +(\d+) \| +([+−]?\d+) \|`)
	seen := 0
	for seed := range uint64(8) {
		records := []*record.Record{sealed(t, hotel, hotelWave(t, "2026-q1", 2*seed+1, 0)), sealed(t, hotel, hotelWave(t, "2026-q3", 2*seed+2, 0.3))}
		report := string(Render(records, DefaultOptions())[0].Body)
		_, changes, _ := strings.Cut(report, "## Change since 2026-q1")
		changes, _, _ = strings.Cut(changes, "\n## ")
		for _, m := range row.FindAllStringSubmatch(changes, -1) {
			seen++
			was, _ := strconv.Atoi(m[1])
			is, _ := strconv.Atoi(m[2])
			if got := m[3]; got != signed(is-was) {
				t.Errorf("%s to %s is printed as %s", m[1], m[2], got)
			}
		}
		gap := regexp.MustCompile(`scores (\d+)[^,]*, [^0-9]* (\d+) \([^)]*\)\. They are (\d+) points apart`)
		for _, m := range gap.FindAllStringSubmatch(report, -1) {
			seen++
			high, _ := strconv.Atoi(m[1])
			low, _ := strconv.Atoi(m[2])
			if points, _ := strconv.Atoi(m[3]); points != high-low {
				t.Errorf("wrong gap: %s", m[0])
			}
		}
	}
	if seen < 80 {
		t.Errorf("only %d differences were looked at", seen)
	}
}

// Expected numbers follow from the rule in the comment of score.
func TestScoreKeepsToItsBand(t *testing.T) {
	bands := []record.Band{{At: 0, Name: "Weak"}, {At: 50, Name: "Mixed"}, {At: 65, Name: "Good"}}
	good := view{in: record.Instrument{WeakBelow: 50, Bands: bands}}
	bad := view{in: record.Instrument{Direction: "high-is-bad", WeakBelow: 50}, bad: true}
	odd := view{in: record.Instrument{WeakBelow: 50, Bands: []record.Band{{At: 64.6}, {At: 64.8}}}}
	for _, c := range []struct {
		v       view
		percent float64
		want    int
	}{
		{good, 64.4, 64}, {good, 64.6, 64}, {good, 65, 65}, {good, 65.5, 66}, {good, 49.99, 49}, {good, 50.2, 50},
		{good, 62.5, 63}, {good, 0, 0}, {good, 100, 100}, {good, 99.7, 100},
		{bad, 50.2, 51}, {bad, 50, 50}, {bad, 49.6, 50}, {bad, 50.6, 51},
		{odd, 64.7, 65}, // no whole number lies in the band: plain rounding
	} {
		if got, ok := c.v.score(&c.percent); !ok || got != c.want {
			t.Errorf("%v (high is bad: %v) is printed as %d, want %d", c.percent, c.v.bad, got, c.want)
		}
	}
	if _, ok := good.score(nil); ok {
		t.Error("an absent percent has a score")
	}
	if _, ok := good.score(ptr(math.NaN())); ok {
		t.Error("NaN has a score")
	}
}

// Nouns and verbs agree with how many dimensions share the first or the last
// place.
func TestExtremesSentence(t *testing.T) {
	for _, c := range []struct {
		scores []float64 // -1 for withheld
		bad    bool
		want   string
	}{
		{[]float64{70, 60, 50}, false, "The strongest dimension is **A** (70); the weakest is **C** (50)."},
		{[]float64{70, 70, 50}, false, "The strongest dimensions are **A** and **B** (70 each); the weakest is **C** (50)."},
		{[]float64{70, 50, 50}, false, "The strongest dimension is **A** (70); the weakest are **B** and **C** (50 each)."},
		{[]float64{50, 50, 70, 50, 50}, false, "The strongest dimension is **C** (70); the weakest are **A**, **B**, and 2 others (50 each)."},
		{[]float64{70, 70, 70, 50, -1}, false, "Among those that can be shown, the strongest dimensions are **A**, **B**, and **C** (70 each); the weakest is **D** (50)."},
		{[]float64{70, 60}, true, "The most visible warning sign is **A** (70); the least visible is **B** (60)."},
		{[]float64{70, 70, 60, 60}, true, "The most visible warning signs are **A** and **B** (70 each); the least visible are **C** and **D** (60 each)."},
		{[]float64{70, 70}, false, "All dimensions that can be shown have the same score, 70."},
		{[]float64{70, -1}, false, ""},
	} {
		w := &writer{view: view{bad: c.bad}}
		for i, x := range c.scores {
			d := dim{num: i + 1, text: record.DimensionText{Title: string(rune('A' + i))}}
			if x >= 0 {
				d.fig.Percent = ptr(x)
			}
			w.dims = append(w.dims, d)
		}
		if got := w.extremesSentence(); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

// The table of drivers says which outcome the better scores go with.
func TestDriverDirections(t *testing.T) {
	x := record.Drivers{Outcome: "stay"}
	for i, r := range []*float64{ptr(0.4), ptr(-0.3), ptr(0.0), nil} {
		x.Dimensions = append(x.Dimensions, record.Driver{Dimension: string(rune('a' + i)), R: r, Share: ptr(0.25), Weight: ptr(0.1)})
	}
	net := []record.Item{{ID: "stay", ENPS: &record.ENPS{}}}
	for _, c := range []struct {
		direction string
		outcomes  []record.Item
		want      [4]string
	}{
		{"high-is-good", nil, [4]string{"a better outcome", "a **worse** outcome", "neither", notAvailable}},
		{"high-is-good", net, [4]string{"a better outcome", "a **worse** outcome", "neither", notAvailable}},
		{"high-is-bad", nil, [4]string{"a better outcome", "a **worse** outcome", "neither", notAvailable}},
		{"high-is-bad", net, [4]string{"a **worse** outcome", "a better outcome", "neither", notAvailable}},
	} {
		w := &writer{view: view{body: record.AssessmentBody{Instrument: record.Instrument{Direction: c.direction}, Outcomes: c.outcomes}}}
		for i, d := range x.Dimensions {
			if got := w.goesWith("stay", d); got != c.want[i] {
				t.Errorf("%s, net score %v: %q, want %q", c.direction, len(c.outcomes) > 0, got, c.want[i])
			}
		}
	}
}

func TestPercentOf(t *testing.T) {
	for share, want := range map[float64]int{0: 0, 0.001: 1, 0.285: 29, 0.5: 50, 0.996: 99, 1: 100, 1.2: 100, -1: 0} {
		if got := percentOf(share); got != want {
			t.Errorf("%v is printed as %d%%, want %d%%", share, got, want)
		}
	}
}

func TestFavorableAnswers(t *testing.T) {
	agree := &record.Scale{Min: 1, Max: 5, Labels: []string{"No!", "No", "Perhaps", "Yes", "Yes!"}, Favorable: ptr(4)}
	risk := &record.Scale{Min: 1, Max: 5, Labels: agree.Labels, Favorable: ptr(2)}
	wide := &record.Scale{Min: 0, Max: 10, Favorable: ptr(9)}
	for _, c := range []struct {
		scale        *record.Scale
		reverse, bad bool
		want         string
	}{
		{agree, false, false, "“Yes” or “Yes!”"},
		{agree, true, false, "“No!” or “No”"},
		{risk, false, true, "“No!” or “No”"},
		{risk, true, true, "“Yes” or “Yes!”"},
		{wide, false, false, "9 or more"},
		{wide, true, false, "1 or less"},
		{&record.Scale{Min: 1, Max: 5, Favorable: ptr(5)}, false, false, "5"},
		{&record.Scale{Min: 1, Max: 5}, false, false, ""},
		{&record.Scale{Min: 1, Max: 5, Favorable: ptr(9)}, false, false, ""},
		{nil, false, false, ""},
	} {
		if got := favorableAnswers(c.scale, c.reverse, c.bad); got != c.want {
			t.Errorf("reverse %v, bad %v: %q, want %q", c.reverse, c.bad, got, c.want)
		}
	}
}

func TestOptions(t *testing.T) {
	records := cases(t)["hotel"]
	render := func(opt Options) string { return string(Render(records, opt)[0].Body) }
	plain := render(Options{Items: 2, Headings: 3, Title: "Where <we> stand", PreparedBy: "A *star*"})
	if !strings.HasPrefix(plain, "### Where \\<we\\> stand\n\nAcme Hotels · Eight qualities of a service culture · Survey wave 2026-q3 · September 30, 2026 · Prepared by A \\*star\\*\n") {
		t.Errorf("title or byline: %.200s", plain)
	}
	if strings.Contains(plain, "\n## ") || !strings.Contains(plain, "\n#### ") || !strings.Contains(plain, "\n##### ") {
		t.Error("headings do not follow the top heading's level")
	}
	if strings.ContainsAny(plain, fullBlock+emptyBlock) {
		t.Error("bars are drawn though bars is false")
	}
	if !strings.Contains(plain, "\n2. **“") || strings.Contains(plain, "\n3. **“") {
		t.Error("items is 2, but there are not two questions to discuss")
	}
	if zero := render(Options{}); !strings.HasPrefix(zero, "# ") {
		t.Error("zero options make no top heading")
	}
}

func TestClientsAndKinds(t *testing.T) {
	second := record.Client{ID: "zeta", Name: "Zeta"}
	records := []*record.Record{
		sealed(t, second, small(1)), sealed(t, hotel, small(1)), sealed(t, record.Client{}, small(1)),
		// These can't be read; read refuses them, and a caller of Render may not.
		other(t, second, record.KindJob, "b.md"), other(t, second, record.KindJob, "a.md"), other(t, second, record.KindPlan, "p"),
		other(t, record.Client{ID: "jobs-only"}, record.KindJob, "c.md"),
	}
	reports := Render(records, DefaultOptions())
	var names []string
	for _, r := range reports {
		names = append(names, r.Client+" "+r.Name)
	}
	if want := []string{" report.md", "acme acme.md", "zeta zeta.md"}; !slices.Equal(names, want) {
		t.Fatalf("reports are %q, want %q", names, want)
	}
	if want := "not shown in this report: 2 job descriptions and 1 action plan."; !strings.Contains(string(reports[2].Body), want) {
		t.Errorf("the report does not say %q", want)
	}
	if !strings.HasPrefix(string(reports[0].Body), "# Short survey\n") {
		t.Errorf("heading without a client: %.80s", reports[0].Body)
	}
}

// Chance is judged by the printed likely ranges: 10 answers of sd 1 have a
// standard error of 0.32, so these intervals are set by hand.
func TestChance(t *testing.T) {
	scale := &record.Scale{Min: 1, Max: 5}
	at := func(low, high float64) dim {
		return dim{scale: scale, fig: record.Dimension{CI: &record.Interval{Level: 0.95, Low: low, High: high}}}
	}
	for _, c := range []struct {
		a, b dim
		want chance
	}{
		{at(2, 3), at(3.2, 4), chanceUnlikely},
		{at(3.2, 4), at(2, 3), chanceUnlikely},
		{at(2, 3), at(3, 4), chancePossible},
		{at(2, 4), at(2.5, 3), chancePossible},
		{at(2, 3), dim{scale: scale}, chanceUnknown},
		{at(2, 3), dim{fig: at(4, 5).fig}, chanceUnknown},
	} {
		if got := compareLikely(c.a, c.b); got != c.want {
			t.Errorf("%v and %v: %v, want %v", c.a.fig.CI, c.b.fig.CI, got, c.want)
		}
	}
}

func TestSplitOf(t *testing.T) {
	five, eleven := &record.Scale{Min: 1, Max: 5}, &record.Scale{Min: 0, Max: 10}
	for _, c := range []struct {
		scale  *record.Scale
		counts []int64
		want   bool
	}{
		{five, []int64{5, 0, 0, 0, 5}, true},
		{five, []int64{2, 2, 2, 2, 2}, true}, // 40 % at either end
		{five, []int64{1, 2, 6, 2, 1}, false},
		{five, []int64{9, 0, 0, 0, 1}, false},
		{five, []int64{0, 0, 0, 0, 0}, false},
		{five, []int64{5, 5}, false}, // not of this scale
		{nil, []int64{5, 0, 0, 0, 5}, false},
		{eleven, []int64{0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0}, true},
		{eleven, []int64{0, 0, 0, 0, 4, 0, 4, 0, 0, 0, 0}, false},
	} {
		if _, got := splitOf(item{scale: c.scale, fig: record.Item{Histogram: c.counts}}); got != c.want {
			t.Errorf("%v: %v, want %v", c.counts, got, c.want)
		}
	}
}

// FuzzRender gives it records of any content: it must not fail, and what it
// writes must be text that stays within its lines.
func FuzzRender(f *testing.F) {
	for _, name := range []string{"single", "undefined", "all-withheld", "signs"} {
		data, err := json.Marshal(cases(f)[name][0])
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, records := range readCases(f) {
		data, err := json.Marshal(records[0])
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, r := range append(hostile(f, nasty), paperCases(f)["whole"]...) {
		data, err := json.Marshal(r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var r record.Record
		if json.Unmarshal(data, &r) != nil || r.Check() != nil {
			return
		}
		for _, report := range Render([]*record.Record{&r, &r}, DefaultOptions()) {
			if !utf8.Valid(report.Body) || !bytes.HasSuffix(report.Body, []byte("\n")) {
				t.Errorf("bad report: %q", report.Body)
			}
		}
	})
}

func TestPublishedOnlyEmptiesAWithheldRecord(t *testing.T) {
	body := hotelWave(t, "2026-q3", 12, 0.8)
	body.Withheld = true
	got := publishedOnly(body)
	if got.N != nil || got.Index != nil || got.Response != nil || got.Data != nil || len(got.Dimensions)+len(got.Groups)+len(got.Undefined) > 0 || got.Band != "" {
		t.Errorf("figures are left: %+v", got)
	}
}

func TestSourcesAreNamedOnceInOrder(t *testing.T) {
	first, second := sealed(t, hotel, small(1)), sealed(t, hotel, hotelWave(t, "", 3, 0))
	first.Sources, second.Sources = []string{"a.csv", "b.csv"}, []string{"b.csv", "c.csv"}
	report := string(Render([]*record.Record{first, second}, DefaultOptions())[0].Body)
	if want := "from a.csv, b.csv, and c.csv*\n"; !strings.HasSuffix(report, want) {
		t.Errorf("the report does not end with %q", want)
	}
}

// A gap that is hardly chance is the headline, though another one is wider; a
// group of people who stated nothing is no side of it.
func TestSharpestContrast(t *testing.T) {
	body := small(2)
	group := func(key string, first, second, half float64) record.Group {
		dim := func(id string, percent, half float64) record.Dimension {
			mean := 1 + percent/25
			return record.Dimension{ID: id, Percent: &percent, CI: &record.Interval{Level: 0.95, Low: mean - half, High: mean + half}}
		}
		return record.Group{By: []string{"site"}, Key: []string{key}, N: ptr(int64(9)),
			Dimensions: []record.Dimension{dim("daa", first, half), dim("dba", second, 0.1)}}
	}
	body.Groups = []record.Group{group("", 99, 99, 0.1), group("North", 80, 70, 2), group("South", 40, 50, 2)}
	headline := func() string {
		report := string(Render([]*record.Record{sealed(t, hotel, body)}, DefaultOptions())[0].Body)
		_, after, _ := strings.Cut(report, "\n\n")
		text, _, _ := strings.Cut(after, "\n## ")
		return text
	}
	if want := "in **Topic dba**: North scores 70 and South only 50."; !strings.Contains(headline(), want) {
		t.Errorf("the headline is %q, want %q in it", headline(), want)
	}
	body.Groups[1].Dimensions[1].Withheld = true
	if want := "in **Topic daa**: North scores 80 and South only 40, though a gap like this can also be chance."; !strings.Contains(headline(), want) {
		t.Errorf("the headline is %q, want %q in it", headline(), want)
	}
	body.Groups[2].Withheld = true
	if strings.Contains(headline(), "contrast") {
		t.Errorf("a contrast with one group: %q", headline())
	}
}

// The reading goes by the two decimals that are printed.
func TestAlphaReading(t *testing.T) {
	for _, c := range []struct {
		raw             float64
		figure, reading string
	}{
		{0.91, "0.91", "good"}, {0.8, "0.80", "good"}, {0.796, "0.80", "good"}, {0.794, "0.79", "fair"},
		{0.7, "0.70", "fair"}, {0.69, "0.69", "read with care"}, {-0.4, "-0.40", "read with care"},
	} {
		figure, reading := alphaReading(&record.Alphas{Pairwise: &record.Alpha{Raw: &c.raw}})
		if figure != c.figure || reading != c.reading {
			t.Errorf("alpha %v: %s, %s, want %s, %s", c.raw, figure, reading, c.figure, c.reading)
		}
	}
	if figure, reading := alphaReading(nil); figure != notAvailable || reading != "" {
		t.Errorf("no alpha: %q, %q", figure, reading)
	}
}
