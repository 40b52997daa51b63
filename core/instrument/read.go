package instrument

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/tomlfile"
)

// The raw types are the file as written, before anything is inherited.

type rawInstrument struct {
	ID         string         `toml:"id"`
	Version    string         `toml:"version"`
	Title      string         `toml:"title"`
	About      string         `toml:"about"`
	Source     string         `toml:"source"`
	Direction  string         `toml:"direction"`
	Scale      *rawScale      `toml:"scale"`
	Policy     rawPolicy      `toml:"policy"`
	Dimensions []rawDimension `toml:"dimension"`
	Outcomes   []rawItem      `toml:"outcome"`
	Attributes []rawAttribute `toml:"attribute"`
}

type rawScale struct {
	Min          *int     `toml:"min"`
	Max          *int     `toml:"max"`
	Labels       []string `toml:"labels"`
	Favorable    *int     `toml:"favorable"`
	MissingCodes []int    `toml:"missing_codes"`
}

type rawPolicy struct {
	Missing   string    `toml:"missing"`
	MinGroup  *int      `toml:"min_group"`
	WeakBelow *float64  `toml:"weak_below"`
	ActWithin *int      `toml:"act_within"`
	Bands     []rawBand `toml:"bands"`
}

type rawBand struct {
	At   *float64 `toml:"at"`
	Name string   `toml:"name"`
}

type rawDimension struct {
	ID     string    `toml:"id"`
	Title  string    `toml:"title"`
	About  string    `toml:"about"`
	Action string    `toml:"action"`
	Owner  string    `toml:"owner"`
	Level  int       `toml:"level"`
	Scale  *rawScale `toml:"scale"`
	Items  []rawItem `toml:"item"`
}

type rawItem struct {
	ID         string    `toml:"id"`
	Text       string    `toml:"text"`
	Reverse    bool      `toml:"reverse"`
	Scale      *rawScale `toml:"scale"`
	Continuous bool      `toml:"continuous"`
	Type       string    `toml:"type"`
	Facet      string    `toml:"facet"`
	Aspect     string    `toml:"aspect"`
	Pair       string    `toml:"pair"`
}

type rawAttribute struct {
	ID        string   `toml:"id"`
	Text      string   `toml:"text"`
	Kind      string   `toml:"kind"`
	Values    []string `toml:"values"`
	Leaders   []string `toml:"leaders"`
	Sensitive bool     `toml:"sensitive"`
}

// Read reads an instrument from TOML and checks it. The name file appears in
// problems only. The error is a problem.List with every fault of the file in
// its order, each with its line, column and a hint.
func Read(file string, src []byte) (*Instrument, error) {
	var raw rawInstrument
	doc, err := tomlfile.Decode(file, src, &raw)
	if doc == nil {
		return nil, err
	}
	in := reader{doc}.instrument(raw)
	if err := doc.Err(); err != nil {
		return nil, err
	}
	return in, nil
}

// reader turns the raw types into checked ones and reports faults to doc. Its
// methods go on after a fault, so that all are found.
type reader struct {
	doc *tomlfile.Doc
}

// path names a place in the file, as for tomlfile.Doc.
type path []any

// at extends p without sharing memory with other extensions of it.
func (p path) at(steps ...any) path { return append(slices.Clip(p), steps...) }

// last names what p leads to: a key, or an entry of a list.
func (p path) last() string {
	if i, ok := p[len(p)-1].(int); ok {
		return fmt.Sprintf("entry %d of %s", i+1, p[:len(p)-1].last())
	}
	return fmt.Sprint(p[len(p)-1])
}

func (r reader) report(p path, what, hint string) { r.doc.Report(what, hint, p...) }

func (r reader) line(p path) int { return r.doc.Problem("", "", p...).Line }

func (r reader) instrument(raw rawInstrument) *Instrument {
	in := &Instrument{
		ID:        r.slug(raw.ID, "instrument", path{"id"}),
		Version:   r.oneLine(raw.Version, "1", path{"version"}),
		About:     r.paragraph(raw.About, path{"about"}),
		Source:    r.paragraph(raw.Source, path{"source"}),
		Direction: choice(r, raw.Direction, HighIsGood, path{"direction"}, HighIsBad),
		Policy:    r.policy(raw.Policy),
	}
	in.Title = r.oneLine(raw.Title, in.ID, path{"title"})
	outer := r.scale(raw.Scale, path{"scale"}, nil)
	if outer != nil {
		in.Scale = outer.Scale
	}
	for i, d := range raw.Dimensions {
		in.Dimensions = append(in.Dimensions, r.dimension(d, path{"dimension", i}, outer))
	}
	for i, item := range raw.Outcomes {
		it, _ := r.item(item, path{"outcome", i}, outer)
		in.Outcomes = append(in.Outcomes, it)
	}
	for i, a := range raw.Attributes {
		in.Attributes = append(in.Attributes, r.attribute(a, path{"attribute", i}))
	}
	r.checkDimensions(in)
	r.checkLevels(in)
	r.checkColumns(raw)
	r.checkPairs(in)
	r.checkKinds(in)
	return in
}

func (r reader) dimension(raw rawDimension, p path, outer *scaleAt) Dimension {
	d := Dimension{
		ID:     r.slug(raw.ID, "dimension", p.at("id")),
		About:  r.paragraph(raw.About, p.at("about")),
		Action: r.action(raw.Action, p.at("action")),
		Owner:  r.oneLine(raw.Owner, "", p.at("owner")),
		Level:  raw.Level,
	}
	d.Title = r.oneLine(raw.Title, d.ID, p.at("title"))
	scale := r.scale(raw.Scale, p.at("scale"), outer)
	if len(raw.Items) == 0 {
		r.report(p.at("item"), named("dimension", raw.ID)+" has no items", "add [[dimension.item]] with an id and a text below it")
	}
	var first *scaleAt // the range that all others must have
	for i, item := range raw.Items {
		at := p.at("item", i)
		it, own := r.item(item, at, scale)
		d.Items = append(d.Items, it)
		switch {
		case own == nil:
		case first == nil:
			first = own
		case !own.sameRange(first):
			r.report(at.at("scale"), fmt.Sprintf("%s is answered %s, but others in its dimension %s",
				named("item", item.ID), own.span(), first.span()),
				"give all items of a dimension the same range, or make two dimensions of it")
		}
	}
	return d
}

// item gives an item, and its scale where that is usable.
func (r reader) item(raw rawItem, p path, outer *scaleAt) (Item, *scaleAt) {
	it := Item{
		ID:         r.columnID(raw.ID, p),
		Reverse:    raw.Reverse,
		Continuous: raw.Continuous,
		Type:       choice(r, raw.Type, Likert, p.at("type"), ENPS),
		Facet:      choice(r, raw.Facet, "", p.at("facet"), "service", "care"),
		Aspect:     choice(r, raw.Aspect, "", p.at("aspect"), "ideal", "practice"),
		Pair:       raw.Pair,
	}
	it.Text = r.oneLine(raw.Text, it.ID, p.at("text"))
	scale := r.scale(raw.Scale, p.at("scale"), outer)
	if scale == nil {
		if raw.Scale == nil {
			r.report(p.at("scale"), named("item", raw.ID)+" has no scale",
				"add [scale] with min and max at the top of the file, or to the dimension or the item")
		}
		return it, nil
	}
	it.Scale = scale.Scale
	if !scale.usable {
		return it, nil
	}
	if !it.Continuous && it.Scale.Options() > maxOptions {
		r.report(scale.path.at("max"), fmt.Sprintf("scale has %d steps, which is more than %d", it.Scale.Options(), maxOptions),
			"set continuous = true on items that are answered by a measured number")
	}
	if it.Type == ENPS {
		r.enps(it, p)
	}
	return it, scale
}

// enps checks what a net promoter score is defined for.
func (r reader) enps(it Item, p path) {
	if it.Scale.Min != 0 || it.Scale.Max != 10 {
		r.report(p.at("type"), fmt.Sprintf("an enps item is answered from 0 to 10, not from %d to %d", it.Scale.Min, it.Scale.Max),
			"add scale = {min = 0, max = 10} to the item")
	}
	if it.Reverse {
		r.report(p.at("reverse"), "an enps item cannot be reverse-keyed", "take out reverse")
	}
	if it.Continuous {
		r.report(p.at("continuous"), "an enps item is answered in whole numbers", "take out continuous")
	}
}

func (r reader) attribute(raw rawAttribute, p path) Attribute {
	a := Attribute{ID: r.columnID(raw.ID, p), Sensitive: raw.Sensitive}
	a.Text = r.oneLine(raw.Text, a.ID, p.at("text"))
	if !r.doc.Defined(p.at("kind")...) {
		r.report(p.at("kind"), named("attribute", raw.ID)+" has no kind",
			`add kind = "group" if it may be reported by, else client, wave, respondent, time or headcount`)
	}
	a.Kind = choice(r, raw.Kind, "", p.at("kind"), KindGroup, KindClient, KindWave, KindRespondent, KindTime, KindHeadcount)
	a.Values = r.names(raw.Values, p.at("values"))
	a.Leaders = r.names(raw.Leaders, p.at("leaders"))
	if len(a.Leaders) > 0 && a.Kind != "" && a.Kind != KindGroup {
		r.report(p.at("leaders"), fmt.Sprintf("an attribute of kind %q has no leaders", a.Kind), `leaders need kind = "group"`)
	}
	for i, leader := range a.Leaders {
		if len(a.Values) > 0 && !slices.Contains(a.Values, leader) {
			r.report(p.at("leaders", i), fmt.Sprintf("leader %q is not among the values", leader),
				problem.DidYouMean(leader, a.Values, "values are: "+strings.Join(a.Values, ", ")))
		}
	}
	return a
}

// choice gives the value of a key that takes one of a few words: its default
// when the file says nothing, or one of the others.
func choice[T ~string](r reader, value string, fallback T, p path, others ...T) T {
	if !r.doc.Defined(p...) {
		return fallback
	}
	all := others
	if fallback != "" {
		all = append([]T{fallback}, others...)
	}
	if slices.Contains(all, T(value)) {
		return T(value)
	}
	names := make([]string, len(all))
	for i, a := range all {
		names[i] = string(a)
	}
	r.report(p, fmt.Sprintf("%s cannot be %q", p.last(), value), problem.DidYouMean(value, names, "use one of: "+strings.Join(names, ", ")))
	return fallback
}

// named calls a thing by its id, if it has one.
func named(thing, id string) string {
	if strings.TrimSpace(id) == "" {
		return thing
	}
	return fmt.Sprintf("%s %q", thing, id)
}

// oneLine gives a text without blanks around it, or fallback where the file has
// none. A text that becomes a column head or a title must fit on one line.
func (r reader) oneLine(text, fallback string, p path) string {
	if !r.doc.Defined(p...) {
		return fallback
	}
	text = strings.TrimSpace(text)
	if text == "" {
		r.report(p, p.last()+" is empty", "write it, or take it out")
		return fallback
	}
	if strings.ContainsFunc(text, unicode.IsControl) {
		r.report(p, p.last()+" holds a line break or another control character", "write it on one line")
	}
	return text
}

// paragraph gives a text with every run of blanks and line breaks as one space.
func (r reader) paragraph(text string, p path) string {
	text = strings.Join(strings.Fields(text), " ")
	if strings.ContainsFunc(text, unicode.IsControl) {
		r.report(p, p.last()+" holds a control character", "delete it")
	}
	return text
}

// names checks a list of names of which each may stand only once.
func (r reader) names(raw []string, p path) []string {
	seen := map[string]bool{}
	var names []string
	for i, name := range raw {
		name = r.oneLine(name, "", p.at(i))
		if name != "" && seen[fold(name)] {
			r.report(p.at(i), fmt.Sprintf("%q stands twice in %s", name, p.last()), "upper and lower case count as the same; keep one")
		}
		seen[fold(name)] = true
		names = append(names, name)
	}
	return names
}

// fold gives the form in which two names are the same to a reader.
func fold(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }
