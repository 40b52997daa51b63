package xapi

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// maker makes statements of assessments.
type maker struct {
	base     string // without a slash at the end
	language string
	dueDays  int
	space    uuid.UUID // of all ids
}

func newMaker(cfg sdk.Config) maker {
	base := strings.TrimRight(cfg.String("base"), "/")
	return maker{
		base: base, language: cfg.String("language"), dueDays: int(cfg.Int("due_days")),
		space: uuid.NewSHA1(uuid.NameSpaceURL, []byte(base)),
	}
}

// fact is a statement that is to be in the LRS, without id.
type fact struct {
	statement
	seed string // of the id
	what string // for people: "Managers, of Front desk"
	says string // for people: "3.35 of 1 to 5"
}

// slot is what a statement is the only one of: a group's score of a dimension, or its
// module.
func slot(groupName, verb, object string) string {
	return groupName + "\n" + verb + "\n" + object
}

func (f *fact) slot() string { return slot(f.Actor.Account.Name, f.Verb.ID, f.Object.ID) }

// scores are the statements of what an assessment found.
func (m maker) scores(c *learning.Client, a *learning.Assessment) []fact {
	var all []fact
	for i := range a.Scores {
		all = append(all, m.score(c, a, &a.Scores[i]))
	}
	return all
}

// assignments are the modules for the departments that have gaps in the latest wave.
func (m maker) assignments(c *learning.Client, a *learning.Assessment) []fact {
	if !a.Latest {
		return nil
	}
	var all []fact
	for _, d := range c.Departments {
		if gaps := gapsOf(a, d); len(gaps) > 0 {
			all = append(all, m.assignment(c, a, d, gaps))
		}
	}
	return all
}

// gapsOf are the ids of the dimensions that a department is weak in, in the instrument's
// order: a score that changes and stays weak leaves the assignment as it is.
func gapsOf(a *learning.Assessment, d *learning.Department) []string {
	var ids []string
	for _, s := range a.Scores {
		if s.Department == d && s.Weak {
			ids = append(ids, s.Dimension.ID)
		}
	}
	return ids
}

func (m maker) score(c *learning.Client, a *learning.Assessment, s *learning.Score) fact {
	raw := min(max(s.Mean, s.Min), s.Max)
	f := fact{
		statement: statement{
			Actor: m.group(c, s.Department),
			Verb:  verb{scoredVerb, map[string]string{english: "scored"}},
			Object: m.activity(m.instrumentID(s.Instrument.ID)+"/dimensions/"+url.PathEscape(s.Dimension.ID), objectiveType,
				m.own(s.Dimension.Title), m.described(s.Dimension.About, s.Instrument.Direction)),
			Result: &result{
				Score:      score{Scaled: (raw - s.Min) / (s.Max - s.Min), Raw: raw, Min: s.Min, Max: s.Max},
				Extensions: map[string]any{m.extension("people"): s.N},
			},
			Context: m.context(a, m.registration(a.Record.Key)),
		},
		what: s.Dimension.Title + of(s.Department),
		says: strconv.FormatFloat(raw, 'f', 2, 64),
	}
	f.Context.Extensions[m.extension("direction")] = s.Instrument.Direction
	return m.sealed(f, a, s.Dimension.ID)
}

func of(d *learning.Department) string {
	if d == nil {
		return ""
	}
	return ", of " + d.Name
}

// english is the language of the words that are ours.
const english = "en-US"

// own is a text of the instrument's or the client's; nil when there is none.
func (m maker) own(text string) map[string]string {
	if text == "" {
		return nil
	}
	return map[string]string{m.language: text}
}

// described is what a dimension means, and that a high score is bad, where it is.
func (m maker) described(about, direction string) map[string]string {
	const bad = "A high score is a bad sign."
	all := m.own(about)
	switch {
	case direction != "high-is-bad":
		return all
	case all == nil:
		return map[string]string{english: bad}
	case strings.EqualFold(m.language, english):
		all[m.language] += " " + bad
	default:
		all[english] = bad
	}
	return all
}

func (m maker) assignment(c *learning.Client, a *learning.Assessment, d *learning.Department, gaps []string) fact {
	due := c.Due(a, d)
	if due == "" {
		due = m.later(a.Record.AsOf)
	}
	f := fact{
		statement: statement{
			Actor:   m.group(c, d),
			Verb:    verb{assignVerb, map[string]string{english: "was assigned"}},
			Object:  m.activity(m.base+"/clients/"+url.PathEscape(c.ID)+"/module", moduleType, map[string]string{english: "Self-study module: service culture at " + c.Name}, nil),
			Context: m.context(a, m.assignmentsOf(c.ID, a.Body.Instrument.ID)),
		},
		what: "self-study module" + of(d),
		says: "due " + due,
	}
	f.Context.Extensions[m.extension("due")] = due
	f.Context.Extensions[m.extension("gaps")] = gaps
	return m.sealed(f, a, "module")
}

// later is the day on which something is due that no plan speaks of.
func (m maker) later(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day // the record was checked
	}
	return at.AddDate(0, 0, m.dueDays).Format(time.DateOnly)
}

// group is a department of a client, or with nil the client.
func (m maker) group(c *learning.Client, d *learning.Department) group {
	g := group{groupObject, c.Name, account{m.base, url.PathEscape(c.ID)}}
	if d != nil {
		g.Name += ", " + d.Name
		g.Account.Name += "/" + d.ID
	}
	return g
}

func (m maker) instrumentID(id string) string { return m.base + "/instruments/" + url.PathEscape(id) }

func (m maker) extension(name string) string { return m.base + "/extensions/" + name }

func (m maker) activity(id, kind string, name, about map[string]string) activity {
	return activity{activityObject, id, &definition{Type: kind, Name: name, Description: about}}
}

func (m maker) context(a *learning.Assessment, registration string) about {
	in := &a.Body.Instrument
	extensions := map[string]any{m.extension("record"): a.Record.Key}
	if a.Body.Wave != "" {
		extensions[m.extension("wave")] = a.Body.Wave
	}
	return about{
		Registration: registration,
		Activities:   &activities{Parent: []activity{m.activity(m.instrumentID(in.ID), assessmentType, m.own(in.Title), m.own(in.About))}},
		Platform:     platform,
		Extensions:   extensions,
	}
}

// void is the statement that takes another one back. It is of the client, whose the other
// may have been: a department that is left out now is not named again.
func (m maker) void(c *learning.Client, a *learning.Assessment, registration, id string) statement {
	return statement{
		ID:     uuid.NewSHA1(m.space, []byte("void\n"+id)).String(),
		Actor:  m.group(c, nil),
		Verb:   verb{voidedVerb, map[string]string{english: "voided"}},
		Object: activity{ObjectType: statementObject, ID: id},
		Context: about{
			Registration: registration,
			Extensions:   map[string]any{m.extension("record"): a.Record.Key},
		},
		Timestamp: moment(a.Record.AsOf),
	}
}

// moment is when a statement of a day is. A later hour of today would lie in the future,
// where xAPI lets nothing be.
func moment(day string) string { return day + "T00:00:00.000Z" }

// registration is what the scores of a record have in common, by which they are found
// again.
func (m maker) registration(key string) string {
	return uuid.NewSHA1(m.space, []byte("record\n"+key)).String()
}

// assignmentsOf is what the assignments of a client by all waves of an instrument have in
// common: a later wave must find those of earlier ones, whose place it takes.
func (m maker) assignmentsOf(client, instrument string) string {
	return uuid.NewSHA1(m.space, []byte("module\n"+url.PathEscape(client)+"/"+url.PathEscape(instrument))).String()
}

// id is the id of a statement. The generation makes another one where the LRS has voided
// those before it: what is void stays so.
func (m maker) id(seed string, generation int) string {
	return uuid.NewSHA1(m.space, fmt.Appendf(nil, "statement\n%s\n%d", seed, generation)).String()
}
