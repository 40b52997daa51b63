package canvasoutcomes

import (
	"context"
	"errors"
	"fmt"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// outcomeOf is the outcome of records that could not be written, or an error that ends the
// export.
func outcomeOf(err error) (sdk.Outcome, error) {
	diagnostic := func(code, text, hint string) *sdk.Diagnostic { return fault(code, "", text, hint) }
	var busy *web.Busy
	var quota *web.Quota
	var unsure *web.Unsure
	var refused *web.Refused
	switch {
	case errors.As(err, &refused):
		return sdk.Reject(Name+".refused", refused.Text, refused.Hint), nil
	case errors.As(err, &quota):
		return sdk.Outcome{Status: sdk.Deferred, Diagnostic: diagnostic("quota", quota.Text, "run the command again when the limit has been renewed")}, nil
	case errors.As(err, &busy):
		return sdk.Outcome{Status: sdk.Retry, RetryAfter: busy.After, Diagnostic: diagnostic("busy", busy.Text, "run the command again later")}, nil
	case errors.As(err, &unsure):
		return sdk.Outcome{Status: sdk.Retry, Diagnostic: diagnostic("failed", unsure.Text, "run the command again")}, nil
	}
	return sdk.Outcome{}, err
}

// failed is the outcome of a batch of n of which nothing was written.
func (s *session) failed(n int, err error) ([]sdk.Outcome, error) {
	o, err := outcomeOf(err)
	if err != nil {
		return nil, err
	}
	out := make([]sdk.Outcome, n)
	for i := range out {
		out[i] = o
	}
	return out, nil
}

// later is the outcome of a batch whose rows could not be sent.
func (w *work) later(rows []row, err error) ([]sdk.Outcome, error) {
	o, err := outcomeOf(err)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		w.set(r, o)
	}
	return w.out, nil
}

// set sets the outcome of a row's records, where they are not rejected already.
func (w *work) set(r row, o sdk.Outcome) {
	for _, at := range r.records {
		if w.out[at].Status != sdk.Rejected {
			o.Remote = w.out[at].Remote
			w.out[at] = o
		}
	}
}

// sort says what became of the rows of an import that failed. Canvas keeps the rows that
// are right and tells the first errors of the others. What it tells nothing about, when
// there may be more, is looked at.
func (s *session) sort(ctx context.Context, w *work, rows []row, result *imported) ([]sdk.Outcome, error) {
	whole := len(result.Errors) == 0 || len(result.Errors) >= mostErrors
	for _, e := range result.Errors {
		at := e.row() - 2 // the first is the header
		if at < 0 || at >= len(rows) {
			whole = true
			continue
		}
		w.set(rows[at], sdk.Reject(Name+".row", fmt.Sprintf("Canvas refuses “%s”: %s", brief(rows[at].title), e.text()),
			"look at what Canvas says; ids that are there in another account need another prefix"))
	}
	if !whole {
		return w.out, nil
	}
	states, err := s.site.look(ctx, rows)
	if err != nil {
		return w.later(rows, err)
	}
	reason := "Canvas could not import everything"
	if len(result.Errors) > 0 {
		reason += ": " + result.Errors[0].text()
	}
	for i, r := range rows {
		if states[i] != same {
			w.set(r, sdk.Outcome{Status: sdk.Retry, Diagnostic: fault("import", "", reason, "run the command again")})
		}
	}
	return w.out, nil
}
