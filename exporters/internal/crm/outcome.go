package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// outcomes says what became of each record of a batch of n.
func (s *session) outcomes(n int, works []*work, refused map[int]sdk.Outcome) []sdk.Outcome {
	out := make([]sdk.Outcome, n)
	for i, o := range refused {
		out[i] = o
	}
	for _, w := range works {
		later := sdk.Outcome{}
		for _, at := range w.records {
			out[at] = s.outcome(w, at)
			if out[at].Status > later.Status { // Rejected, Retry, Deferred: in this order
				later = out[at]
			}
		}
		if later.Status <= sdk.Rejected {
			continue
		}
		// The figures of a client are made of all its records: they come again together.
		// What a quota keeps from being written is not tried again before it is renewed.
		for _, at := range w.records {
			if out[at].Status != later.Status {
				out[at] = sdk.Outcome{Status: later.Status, Diagnostic: later.Diagnostic, RetryAfter: later.RetryAfter, Remote: out[at].Remote}
			}
		}
	}
	return out
}

// outcome says what became of one record of a client.
func (s *session) outcome(w *work, at int) sdk.Outcome {
	if w.fault != nil {
		return s.failed(w.fault)
	}
	o := sdk.Outcome{Status: w.status}
	if w.id != "" {
		o.Remote = []sdk.RemoteObject{{Type: s.Wording.Company, ID: w.id}}
	}
	var fault error
	for _, e := range w.entries {
		if e.record != at {
			continue
		}
		if e.fault != nil {
			if fault == nil || s.failed(e.fault).Status > s.failed(fault).Status {
				fault = e.fault
			}
			continue
		}
		if len(o.Remote) < 1000 && e.entry.ID != "" {
			o.Remote = append(o.Remote, sdk.RemoteObject{Type: e.kind.Object(), ID: e.entry.ID})
		}
		o.Status = min(o.Status, e.status) // Created, Updated, Unchanged: in this order
	}
	if fault != nil {
		failed := s.failed(fault)
		failed.Remote = o.Remote
		return failed
	}
	o.Diagnostic = s.warning(w, at)
	return o
}

// failed is the outcome of what could not be written.
func (s *session) failed(err error) sdk.Outcome {
	var refused *web.Refused
	var busy *web.Busy
	var quota *web.Quota
	switch {
	case errors.As(err, &refused):
		code := "refused"
		if own := []string{"key", "match", "several"}; slices.Contains(own, refused.Code) {
			code = refused.Code
		}
		return sdk.Reject(s.Exporter+"."+code, refused.Text, refused.Hint)
	case errors.As(err, &quota):
		return sdk.Outcome{Status: sdk.Deferred, Diagnostic: s.fault("quota", quota.Text, "run the command again when the limit has been renewed")}
	case errors.As(err, &busy):
		return sdk.Outcome{Status: sdk.Retry, RetryAfter: busy.After, Diagnostic: s.fault("busy", busy.Text, "run the command again later")}
	}
	return sdk.Outcome{Status: sdk.Retry, Diagnostic: s.fault("failed", err.Error(), "run the command again")}
}

// warning is what is told beside a success. What concerns the client as a whole is told
// with its first record.
func (s *session) warning(w *work, at int) *sdk.Diagnostic {
	var words []string
	code, hint := s.Exporter+".note", ""
	if d := w.warnings[at]; d != nil {
		words, code, hint = append(words, d.Summary), d.Code, d.Hint
	}
	if at == w.records[0] {
		words = append(words, w.warned...)
	}
	if len(words) == 0 {
		return nil
	}
	return &sdk.Diagnostic{Severity: sdk.SeverityWarning, Code: code, Summary: strings.Join(words, "; "), Hint: hint}
}

// Plan says what Write would do.
func (s *session) Plan(ctx context.Context, _ sdk.Run, batch []sdk.Record) ([]sdk.Outcome, error) {
	works, outcomes, err := s.begin(ctx, batch)
	if err != nil {
		return nil, err
	}
	out := s.outcomes(len(batch), works, outcomes)
	for _, w := range works {
		for _, at := range w.records {
			if st := out[at].Status; st == sdk.Created || st == sdk.Updated {
				out[at].Diff = s.diff(w, at)
			}
		}
	}
	return out, nil
}

// diff says for people what would change with a record: the figures are told with the
// client's first.
func (s *session) diff(w *work, at int) string {
	var lines []string
	if at == w.records[0] {
		if w.found == nil {
			lines = append(lines, fmt.Sprintf("new %s %s", s.Wording.Company, w.change.Name))
		}
		if w.found != nil && w.change.Name != "" {
			lines = append(lines, fmt.Sprintf("name %s -> %s", w.found.Name, w.change.Name))
		}
		for _, id := range w.changed {
			lines = append(lines, s.figureDiff(w, id))
		}
	}
	for _, e := range w.entries {
		switch {
		case e.record != at:
		case e.status == sdk.Created:
			lines = append(lines, fmt.Sprintf("new %s: %s", e.kind.Object(), e.label))
		case e.status == sdk.Updated:
			lines = append(lines, fmt.Sprintf("changed %s: %s", e.kind.Object(), e.label))
		}
	}
	return strings.Join(lines, "\n")
}

func (s *session) figureDiff(w *work, id string) string {
	name := s.field[id]
	after, before := w.change.Values[name].Text, ""
	if w.found != nil {
		before = Parse(w.change.Values[name].Type, w.found.Values[name].Text).Text
	}
	if after == "" {
		after = "nothing"
	}
	if before == "" {
		return fmt.Sprintf("%s %s", id, after)
	}
	return fmt.Sprintf("%s %s -> %s", id, before, after)
}
