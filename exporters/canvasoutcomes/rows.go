package canvasoutcomes

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// What Canvas takes: texts of that many characters.
const (
	longestTitle = 255
	// longestText keeps a description within 65,535 characters when each of its characters
	// has to be written as an entity.
	longestText = 10_000
)

// row is a group or an outcome.
type row struct {
	guid    string // by which Canvas knows it again
	parent  string // guid of the group it is in; empty: of none of ours
	group   bool
	title   string
	unnamed bool   // the title is only an id, and takes no other's place
	about   string // HTML
	tiers   []tier // of an outcome, the best first
	mastery int    // points from which on it is mastered
	records []int  // indexes of the records that it comes from
}

// builder makes the rows of a client.
type builder struct {
	client *learning.Client
	rows   []row
	seen   map[string]bool
}

// rows are the groups and outcomes of a client, groups before what is in them. There are
// none when nothing is to be mastered.
func (set settings) rows(c *learning.Client, records []sdk.Record) []row {
	framework := c.Framework()
	if len(framework) == 0 {
		return nil
	}
	top := set.prefix + "." + clientPart(c.ID)
	b := builder{client: c, seen: map[string]bool{top: true}}
	b.rows = append(b.rows, row{guid: top, group: true, title: oneLine(c.Name), unnamed: c.Name == c.ID})
	for _, group := range framework {
		from := sources(c, records, group)
		b.rows[0].records = append(b.rows[0].records, from...)
		b.add(top, top, group, from)
	}
	return b.rows
}

// sources are the indexes of the records that a group comes from. An instrument's comes
// from all waves, though only the latest says how it is worded.
func sources(c *learning.Client, records []sdk.Record, group learning.Competency) []int {
	var from []int
	for _, a := range c.Assessments {
		if group.Instrument != nil && a.Body.Instrument.ID == group.Instrument.ID {
			from = append(from, a.At)
		}
	}
	for _, at := range c.At {
		if group.Instrument == nil && records[at].Kind == record.KindOrganization {
			from = append(from, at)
		}
	}
	slices.Sort(from)
	return from
}

// add adds something to master, and what is in it. What is there already under the same
// id, such as a standard that two departments keep, is not there twice.
func (b *builder) add(top, parent string, c learning.Competency, records []int) {
	r := row{guid: top + "." + strings.ReplaceAll(c.ID, "/", "."), parent: parent, group: c.Group(), title: oneLine(c.Title), about: html(c.About), records: records}
	if r.title == "" {
		r.title = c.ID
	}
	switch {
	case c.Dimension != nil:
		r.tiers, r.mastery = ofDimension(c.Instrument)
		if c.Instrument.HighIsBad() {
			r.about = html(strings.TrimSpace(c.About + "\nThe less of it, the better: points count from the good end."))
		}
	case c.Standard != nil:
		r.tiers, r.mastery = ofStandard()
	}
	if !b.seen[r.guid] {
		b.seen[r.guid] = true
		b.rows = append(b.rows, r)
	}
	for _, child := range c.Children {
		b.add(top, r.guid, child, records)
	}
}

// clientPart is a client's id as a part of ids. It differs from that of any other client,
// also of one whose id differs in case alone.
func clientPart(id string) string {
	if plain := strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789-"); id != "" && plain == "" && len(id) <= 60 && !strings.HasPrefix(id, "-") {
		return id
	}
	digest := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "-" + hex.EncodeToString(sum[:4])
	}
	// A slug may end with digits of its own, which do not tell upper case from lower.
	return strings.TrimSuffix(learning.Slug(id), digest(strings.ToLower(id))) + digest(id)
}

// oneLine is a title as Canvas takes it.
func oneLine(text string) string {
	return learning.Cut(strings.Join(strings.Fields(clean(text)), " "), longestTitle)
}

// clean takes out what a database does not take: control characters.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
}

// html is a text as a description, which Canvas takes for HTML.
func html(text string) string {
	text = clean(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text))
	text = strings.TrimSpace(learning.Cut(text, longestText))
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\n", "<br>").Replace(text)
}
