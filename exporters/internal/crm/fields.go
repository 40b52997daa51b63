package crm

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// need is a field that must be there.
type need struct {
	figure Figure
	field  Field
	own    bool // the user's own, which is not made
}

// needs are the fields that must be there, in the order of the catalog.
func (s *session) needs() []need {
	var out []need
	for _, f := range s.catalog {
		name := s.field[f.ID]
		if name == "" {
			continue
		}
		out = append(out, need{f, Field{
			Name: name, Label: f.Label, Doc: f.Doc, Type: f.Type, Decimals: f.Decimals,
			Unique: f.ID == keyFigure && s.UniqueKey,
		}, s.own[f.ID]})
	}
	return out
}

// wrong says what keeps a field that is there from being used; empty: nothing.
func (n need) wrong(have Field) string {
	fits := have.Type == n.field.Type || n.field.Type == CountType && have.Type == NumberType
	switch {
	case !fits:
		return fmt.Sprintf("it is of the type %s, and %s is a %s", have.Given, n.figure.ID, n.field.Type)
	case have.ReadOnly:
		return "it can't be written with these credentials"
	case n.field.Unique && !have.Unique:
		return "it does not keep values unique, so that two companies could have the same key"
	}
	return ""
}

// ready looks whether the fields are as needed, once.
func (s *session) ready(ctx context.Context) error {
	if s.fields != nil {
		return nil
	}
	have, err := s.System.Fields(ctx)
	if err != nil {
		return s.ends(err)
	}
	var missing, wrong []string
	own := false
	for _, n := range s.needs() {
		field, there := have[n.field.Name]
		switch {
		case !there:
			missing, own = append(missing, n.field.Name), own || n.own
		case n.wrong(field) != "":
			wrong = append(wrong, fmt.Sprintf("the field %s can't be used: %s", n.field.Name, n.wrong(field)))
		}
	}
	if len(wrong) > 0 {
		return s.fault("field", strings.Join(wrong, "; "), "change it there, or name another in the setting fields")
	}
	if len(missing) > 0 {
		hint := fmt.Sprintf("firstcall export --to %s --provision plan shows what is missing, and --provision apply makes it", s.Exporter)
		if own {
			hint = "fields that you name yourself must be there: look at the spelling in the setting fields; the others are made by --provision apply"
		}
		return s.fault("field", fmt.Sprintf("%s at the %s: %s", missingFields(len(missing)), s.Wording.Company, strings.Join(missing, ", ")), hint)
	}
	s.fields = have
	return nil
}

func missingFields(n int) string {
	if n == 1 {
		return "a field is missing"
	}
	return fmt.Sprintf("%d fields are missing", n)
}

// ends words an error that ends the export.
func (s *session) ends(err error) error {
	var refused *web.Refused
	var busy *web.Busy
	var quota *web.Quota
	var unsure *web.Unsure
	switch {
	case errors.As(err, &refused):
		return s.fault("refused", refused.Text, refused.Hint)
	case errors.As(err, &busy):
		return s.fault("busy", busy.Text, "run the command again later")
	case errors.As(err, &unsure):
		return s.fault("unreachable", unsure.Text, "run the command again")
	case errors.As(err, &quota):
		return s.fault("quota", quota.Text, "run the command again when the limit has been renewed")
	}
	return err
}

// Provision makes the fields that are missing, or says what would be made.
func (s *session) Provision(ctx context.Context, apply bool) ([]sdk.Provisioned, error) {
	have, err := s.System.Fields(ctx)
	if err != nil {
		return nil, s.ends(err)
	}
	var out []sdk.Provisioned
	var missing []Field
	var at []int // of missing, in out
	for _, n := range s.needs() {
		p := sdk.Provisioned{Object: s.Wording.Company + "." + n.field.Name, Action: sdk.ActionExists}
		field, there := have[n.field.Name]
		switch wrong := n.wrong(field); {
		case !there && n.own:
			p.Action = sdk.ActionMismatch
			p.Diagnostic = s.fault("field", "it is named in the setting fields and is not there", "make it, or mend the name")
		case !there:
			p.Action = sdk.ActionCreate
			missing, at = append(missing, n.field), append(at, len(out))
		case wrong != "":
			p.Action, p.Diagnostic = sdk.ActionMismatch, s.fault("field", wrong, "change it there, or name another in the setting fields")
		}
		out = append(out, p)
	}
	if len(missing) == 0 || !apply {
		return s.withFiles(out)
	}
	results, unsure, err := inParts(ctx, len(missing), len(missing), func(some []int) ([]Result, error) {
		return s.System.AddFields(ctx, pick(missing, some))
	})
	if err != nil {
		return out[:at[0]], s.ends(err)
	}
	for _, i := range unsure {
		results[i].Err = &web.Unsure{Text: "the answer was lost, and the field may be there"}
	}
	for i, r := range results {
		if passing(r.Err) != nil {
			return out[:at[i]], s.ends(r.Err)
		}
		if r.Err != nil {
			ended := s.ends(r.Err)
			d, told := ended.(*sdk.Diagnostic)
			if !told {
				d = s.fault("field", ended.Error(), "")
			}
			out[at[i]].Action, out[at[i]].Diagnostic = sdk.ActionMismatch, d
		}
	}
	return s.withFiles(out)
}

// withFiles adds the files by which the fields are made by hand, if the CRM has any: for
// all fields, those that are there as well, as a package takes the place of an older one.
func (s *session) withFiles(out []sdk.Provisioned) ([]sdk.Provisioned, error) {
	p, ok := s.System.(Packager)
	if !ok {
		return out, nil
	}
	var fields []Field
	for _, n := range s.needs() {
		if !n.own {
			fields = append(fields, n.field)
		}
	}
	files, err := p.Package(fields)
	for i := range files {
		out = append(out, sdk.Provisioned{File: &files[i]})
	}
	return out, err
}

// fit makes a value one that the field can hold without change, so that what is read
// back equals what was written. It reports whether that is possible. Lengths are counted in
// units of UTF-16, of which there are never fewer than a CRM counts.
func fit(v Value, f Field) (Value, bool) {
	switch {
	case v.Empty():
	case v.Type == LineType && f.Length > 0:
		if units := utf16.Encode([]rune(v.Text)); len(units) > f.Length {
			v.Text = strings.TrimSpace(strings.TrimSuffix(string(utf16.Decode(units[:f.Length-1])), "\uFFFD")) + "…"
			return v, false
		}
	case v.Type == NumberType && f.Type == NumberType && f.Decimals < 2:
		return rounded(v, f.Decimals), true
	}
	return v, true
}
