package vision

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/org"
	"github.com/firstcall-cli/firstcall/core/prose"
	"github.com/firstcall-cli/firstcall/core/record"
)

// Organization is what is known of whoever statements are for. Nil knows nothing.
type Organization struct {
	year    int
	client  *org.Client
	culture []*record.AssessmentBody
	others  []other
	names   []oldName
}

// other is another statement of the organization.
type other struct {
	of    string // the department's name, empty for the company
	kind  string // empty where a department has only the one
	facts *Facts
}

// oldName is a name that is no longer right, and what is.
type oldName struct{ old, now string }

// NewOrganization gathers what is known: year is that of the day the run speaks
// of, 0 when it speaks of none; client is nil when there is no client file; culture
// is the client's assessments, of any instrument and wave; statements are the
// others that it makes.
func NewOrganization(year int, client *org.Client, culture []*record.AssessmentBody, statements []Statement) *Organization {
	o := &Organization{year: year, client: client, culture: culture}
	if slices.ContainsFunc(statements, func(s Statement) bool { return s.Department != "" }) {
		for _, s := range statements {
			if len(s.Text) <= pieceSize && !s.OfSome {
				o.add(s.Department, s.Kind, s.Text)
			}
		}
	}
	if client == nil {
		return o
	}
	o.add("", KindVision, client.Vision)
	o.add("", KindMission, client.Mission)
	o.add("", KindServiceVision, client.ServiceVision)
	o.rename(client.FormerNames, client.Name)
	for i := range client.Departments {
		d := &client.Departments[i]
		o.add(d.Name, "", d.Vision)
		o.rename(d.FormerNames, d.Name)
	}
	return o
}

func (o *Organization) add(of, kind, text string) {
	if text == "" {
		return
	}
	f := newFacts(nil)
	f.text = text
	f.add(lexicon.English(), prose.Parse(text))
	if len(f.times) == 0 && len(f.aims) == 0 {
		return // nothing that anything could be at odds with
	}
	f.Marks, f.sorted = nil, nil // large
	o.others = append(o.others, other{of, kind, f})
}

func (o *Organization) rename(former []string, now string) {
	for _, old := range former {
		o.names = append(o.names, oldName{old, now})
	}
}

// knows says whether anything is known that a text can be held against.
func (o *Organization) knows() bool { return o != nil && (o.client != nil || len(o.culture) > 0) }

// tells says whether what is known says anything of a statement.
func (o *Organization) tells(f *Facts) bool {
	if o == nil || o.client != nil {
		return o != nil
	}
	weak, strong := o.lived(f)
	return len(weak)+len(strong) > 0
}

// thisYear is the year of the day the run speaks of; 0 when it speaks of none.
func (o *Organization) thisYear() int {
	if o == nil {
		return 0
	}
	return o.year
}

// Points that what is known of the organization moves the part true by. They are
// our judgment: a broken value, a conflict or a wrong name weighs about as much as
// a statement that anybody could sign.
const (
	pointsValues   = 15  // all values carried; none of them takes as many away
	pointsConflict = -20 // each, and no more than two count
	pointsOldName  = -25
	pointsCulture  = -15 // a claim that employees rate as weak; no more than two count
	pointsLived    = 10  // claims that employees rate as strong
)

// judge says by how much what is known of the organization moves the part true.
func (o *Organization) judge(f *Facts) []record.Reason {
	var reasons []record.Reason
	tell := func(points float64, rule, text string) {
		reasons = append(reasons, record.Reason{Part: True.String(), Points: places(points, 1), Text: text, Rule: rule})
	}
	if o.client != nil && len(o.client.Values) > 0 {
		carried := o.carried(f)
		share := float64(len(carried)) / float64(len(o.client.Values))
		text := fmt.Sprintf("carries %d of the %d values", len(carried), len(o.client.Values))
		tell(pointsValues*(2*share-1), "truth/values", text)
	}
	if n := len(o.conflicts(f)); n > 0 {
		tell(pointsConflict*float64(min(n, 2)), "truth/conflict", "is at odds with another statement of the organization")
	}
	if f.faults[oldNameFault] > 0 {
		tell(pointsOldName, "truth/old-name", "uses a name that is no longer right")
	}
	weak, strong := o.lived(f)
	if len(weak) > 0 {
		tell(pointsCulture*float64(min(len(weak), 2)), "truth/culture-gap", "claims what employees rate as weak")
	}
	if len(strong) > 0 {
		tell(pointsLived, "", "says what employees see every day")
	}
	return reasons
}

// carried gives the values of the client that a statement carries, by a form of
// one of their words.
func (o *Organization) carried(f *Facts) []string {
	var out []string
	for _, v := range o.client.Values {
		if slices.ContainsFunc(strings.Fields(v.Name), func(w string) bool {
			base := lexicon.English().Base(w)
			return base != "" && f.terms[base]
		}) {
			out = append(out, v.Name)
		}
	}
	return out
}

// conflict is a place where two statements tell staff different things.
type conflict struct {
	of   string // what it is at odds with
	what string // a phrase
}

// mostConflicts is how many places are told.
const mostConflicts = 20

// conflicts gives where a statement is at odds with others of the organization.
func (o *Organization) conflicts(f *Facts) []conflict {
	if o == nil || len(f.times) == 0 && len(f.aims) == 0 {
		return nil
	}
	if f.conflicts != nil {
		return f.conflicts
	}
	out := []conflict{}
	pairs := opposites()
	for _, other := range o.others {
		if len(out) >= mostConflicts {
			break
		}
		of := "the statement of " + cmp.Or(other.of, "the company")
		if strings.EqualFold(other.of, f.department) && (other.kind == "" || other.kind == f.kind) {
			of = "what the client file has in its place" // an earlier wording, it may be
		}
		for _, a := range f.times {
			for _, b := range other.facts.times {
				if a.act != "" && a.act == b.act && math.Abs(a.hours-b.hours) > .01*b.hours && !other.facts.same(f) {
					out = append(out, conflict{of, fmt.Sprintf("“%s” here, “%s” there", a.words, b.words)})
				}
			}
		}
		for _, pair := range pairs {
			for side := range 2 {
				here, there := f.aims[pair[side]], other.facts.aims[pair[1-side]]
				if here != "" && there != "" && other.facts.aims[pair[side]] == "" && !other.facts.same(f) {
					out = append(out, conflict{of, fmt.Sprintf("%s here (“%s”), %s there (“%s”)", pair[side], here, pair[1-side], there)})
				}
			}
		}
	}
	f.conflicts = out[:min(len(out), mostConflicts)]
	return f.conflicts
}

// same says whether two facts are of the same words.
func (f *Facts) same(g *Facts) bool {
	return f.text == g.text || strings.EqualFold(strings.Join(strings.Fields(f.text), " "), strings.Join(strings.Fields(g.text), " "))
}

// opposites gives the pairs of aims of the list.
func opposites() [][2]string {
	heads := lexicon.English().Heads(lexicon.Opposites)
	var out [][2]string
	for i := 0; i+1 < len(heads); i += 2 {
		out = append(out, [2]string{heads[i], heads[i+1]})
	}
	return out
}

// rating is what employees say of something that a statement claims.
type rating struct {
	claim   string // the word of the statement, in its base form
	item    string // the words of the item
	percent float64
}

// strongFrom is the percent of the scale from which an item counts as lived.
const strongFrom = 75

// lived holds what a statement claims against what employees say: acts that it
// names and that items of an assessment ask about. weak are those rated below the
// instrument's mark for weak, strong those well above. Withheld items say nothing.
func (o *Organization) lived(f *Facts) (weak, strong []rating) {
	for _, body := range o.culture {
		texts := map[string]record.ItemText{}
		for _, d := range body.Instrument.Dimensions {
			for _, it := range d.Items {
				texts[it.ID] = it
			}
		}
		for _, d := range body.Dimensions {
			for _, it := range d.Items {
				if it.Withheld || it.Percent == nil {
					continue
				}
				claim := f.claimed(texts[it.ID].Text)
				percent := *it.Percent
				if body.Instrument.Direction == "high-is-bad" {
					percent = 100 - percent
				}
				switch r := (rating{claim, texts[it.ID].Text, percent}); {
				case claim == "":
				case percent < body.Instrument.WeakBelow:
					weak = append(weak, r)
				case percent >= strongFrom:
					strong = append(strong, r)
				}
			}
		}
	}
	return weak, strong
}

// claimed gives the act or manner that a statement and an item both speak of.
func (f *Facts) claimed(item string) string {
	t := prose.Parse(item)
	var m lexicon.Marks
	lexicon.English().Mark(t, &m)
	for _, h := range m.Hits {
		if h.List != lexicon.Behaviors && h.List != lexicon.Manners {
			continue
		}
		if base := lexicon.English().Base(t.Word(h.First)); base != "" && f.actTerms[base] {
			return base
		}
	}
	return ""
}
