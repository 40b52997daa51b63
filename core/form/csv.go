package form

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"

	"github.com/firstcall-cli/firstcall/core/instrument"
)

// CSV writes the header row of a table of answers, ended by one line feed and
// followed by nothing: the client and the wave, where the instrument declares
// them or opt names one; the other attributes that describe a row, in the
// instrument's order; then the items. Headcounts have no place in a row of one
// person's answers.
//
// An option that does not fit the instrument is a problem.Problem; nothing is
// written then.
func CSV(w io.Writer, in *instrument.Instrument, opt Options) error {
	s, err := newSheet(in, opt)
	if err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write(tableColumns(in, s)); err != nil {
		return fmt.Errorf("write the header row: %w", err)
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write the header row: %w", err)
	}
	return nil
}

// tableColumns are the columns of s and those that a form leaves out but a
// table can hold.
func tableColumns(in *instrument.Instrument, s *sheet) []string {
	var columns []string
	for _, kind := range []instrument.AttributeKind{instrument.KindClient, instrument.KindWave} {
		if a, ok := attributeOf(in, kind); ok {
			columns = append(columns, a.ID)
		} else if slices.ContainsFunc(s.Constants, func(c constant) bool { return c.Column == string(kind) }) {
			columns = append(columns, string(kind))
		}
	}
	for _, a := range in.Attributes {
		if asked(a) || a.Kind == instrument.KindRespondent || a.Kind == instrument.KindTime {
			columns = append(columns, a.ID)
		}
	}
	for _, it := range in.Items() {
		columns = append(columns, it.ID)
	}
	return columns
}
