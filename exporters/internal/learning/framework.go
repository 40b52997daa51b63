package learning

import (
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// Competency is something that people can learn and be seen to do, or a group of such.
type Competency struct {
	ID       string // unique within the client and the same in every run: eight-qualities/managers
	Title    string // one line
	About    string // what it means; may be empty, may have several lines
	Children []Competency

	Dimension  *record.DimensionText // of a dimension
	Instrument *record.Instrument    // of a dimension, and of the group of an instrument's dimensions
	Standard   *record.Standard      // of a service standard
	Value      *record.Value         // of a value
}

// Group reports whether it only holds others: nobody is measured by it.
func (c Competency) Group() bool { return c.Dimension == nil && c.Standard == nil }

// Framework is all that the client's people are to master: the dimensions of the
// instruments that the client was assessed by, one group each, and its values, each
// with the standards that put it into practice.
func (c *Client) Framework() []Competency {
	var groups []Competency
	for _, a := range c.Assessments {
		if a.Latest && !a.Body.Withheld {
			groups = append(groups, ofInstrument(&a.Body.Instrument))
		}
	}
	if values := c.values(); len(values.Children) > 0 {
		groups = append(groups, values)
	}
	return groups
}

func ofInstrument(in *record.Instrument) Competency {
	group := Competency{ID: apart(ID(in.ID), valuesID), Title: in.Title, About: in.About, Instrument: in}
	for i := range in.Dimensions {
		d := &in.Dimensions[i]
		group.Children = append(group.Children, Competency{ID: group.ID + "/" + ID(d.ID), Title: d.Title, About: d.About, Dimension: d, Instrument: in})
	}
	return group
}

// The ids of groups that no instrument and no value may have.
const (
	valuesID    = "values"
	standardsID = "standards"
)

// apart gives another id in the place of one that is taken.
func apart(id, taken string) string {
	if id == taken {
		return id + "-" + digest(id)
	}
	return id
}

// values are the client's values with their standards, and then the standards that
// belong to no value.
func (c *Client) values() Competency {
	group := Competency{ID: valuesID, Title: "What " + c.Name + " stands for"}
	standards := func(under, value string) []Competency {
		var of []Competency
		for i := range c.Standards {
			s := &c.Standards[i]
			if s.Value == value {
				id := under + "/" + Slug(s.Text)
				if s.Department != "" { // two may keep the same
					id += "." + Slug(s.Department)
				}
				of = append(of, Competency{ID: id, Title: s.Text, About: strings.Join(s.Behaviors, "\n"), Standard: s})
			}
		}
		return of
	}
	for i := range c.Values {
		v := &c.Values[i]
		id := group.ID + "/" + apart(Slug(v.Name), standardsID)
		group.Children = append(group.Children, Competency{ID: id, Title: v.Name, About: v.Meaning, Value: v, Children: standards(id, v.Name)})
	}
	if other := standards(group.ID+"/"+standardsID, ""); len(other) > 0 {
		group.Children = append(group.Children, Competency{ID: group.ID + "/" + standardsID, Title: "Service standards", Children: other})
	}
	return group
}
