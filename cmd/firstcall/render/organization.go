package render

import (
	"cmp"
	"io"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// Organizations writes organization records as text, ndjson or json. The records must
// be of that kind.
func Organizations(w io.Writer, format string, records []*record.Record, opt Options) error {
	if format != "text" {
		return Records(w, format, records, opt)
	}
	s := &sheet{opt: opt}
	for _, rec := range records {
		o, err := rec.Organization()
		if err != nil {
			return err
		}
		s.apart()
		s.colored(bold, cmp.Or(rec.Client.Name, rec.Client.ID))
		s.organization(o)
	}
	_, err := io.WriteString(w, s.b.String())
	return err
}

func (s *sheet) organization(o record.Organization) {
	for _, statement := range []struct{ title, text string }{{"Service vision", o.ServiceVision}, {"Vision", o.Vision}, {"Mission", o.Mission}} {
		if statement.text != "" {
			s.heading(statement.title)
			for line := range strings.Lines(statement.text) {
				s.b.WriteString(point("", strings.TrimSpace(line), s.opt))
			}
		}
	}
	var values []string
	for _, v := range o.Values {
		values = append(values, named(v.Name, onLine(v.Meaning)))
	}
	s.list("Values", values, false)
	names := map[string]string{}
	var departments []string
	for _, d := range o.Departments {
		names[d.ID] = d.Name
		departments = append(departments, named(d.Name, onLine(d.Vision)))
	}
	s.standards(o.Standards, names)
	s.list("Departments", departments, false)
	var handOffs []string
	for _, d := range o.Departments {
		for _, to := range d.HandsTo {
			handOffs = append(handOffs, d.Name+" to "+names[to])
		}
	}
	for _, h := range o.HandOffs {
		handOffs = append(handOffs, names[h.From]+" to "+names[h.To]+": "+h.What)
	}
	s.list("Hand-offs", handOffs, false)
	var policies []string
	for _, p := range o.Policies {
		title := p.Title
		if p.Reviewed != "" {
			title += ", last gone through on " + p.Reviewed
		}
		policies = append(policies, title)
	}
	s.list("Policies", policies, false)
}

// standards writes each standard with whose it is, and what people do who keep it.
func (s *sheet) standards(standards []record.Standard, departments map[string]string) {
	if len(standards) == 0 {
		return
	}
	s.heading("Standards")
	for _, standard := range standards {
		text := standard.Text
		if whose := departments[standard.Department]; whose != "" {
			text = whose + ": " + text
		}
		if standard.Value != "" {
			text += " (" + standard.Value + ")"
		}
		s.b.WriteString(point("- ", text, s.opt))
		for _, behavior := range standard.Behaviors {
			s.b.WriteString(point("    ", behavior, s.opt))
		}
	}
}

// named is a name with what it means, if anything is known of that.
func named(name, meaning string) string {
	if meaning == "" {
		return name
	}
	return name + ": " + meaning
}

// onLine is a text of several lines as one.
func onLine(text string) string { return strings.Join(strings.Fields(text), " ") }
