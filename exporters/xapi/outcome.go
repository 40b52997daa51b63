package xapi

import (
	"errors"
	"fmt"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// outcome is what became of a record, or would.
func (w *work) outcome() sdk.Outcome {
	o := sdk.Outcome{Status: w.status(), Remote: w.objects()}
	switch {
	case w.fault != nil:
		return later(w.fault, o.Remote)
	case w.count(refused) > 0:
		failed := sdk.Reject(Name+".refused", w.complaint(), w.hint())
		failed.Remote = o.Remote
		return failed
	}
	return o
}

// status is that of a record of which nothing is refused.
func (w *work) status() sdk.Status {
	changes := w.count(needed) + w.count(stored) + len(w.old)
	switch {
	case changes == 0:
		return sdk.Unchanged
	case len(w.live) == 0:
		return sdk.Created
	}
	return sdk.Updated
}

// objects are what a record is found again by: the registration of its statements, and
// the one that was stored last.
func (w *work) objects() []sdk.RemoteObject {
	objects := []sdk.RemoteObject{{Type: "registration", ID: w.registration}}
	if w.last != "" {
		return append(objects, sdk.RemoteObject{Type: "statement", ID: w.last})
	}
	for _, o := range w.remote {
		if o.Type == "statement" {
			objects = append(objects, o)
		}
	}
	return objects
}

// later is the outcome of what may do another time.
func later(err error, remote []sdk.RemoteObject) sdk.Outcome {
	told := func(code string, status sdk.Status, hint string) sdk.Outcome {
		return sdk.Outcome{Status: status, Remote: remote, Diagnostic: &sdk.Diagnostic{Code: Name + "." + code, Summary: err.Error(), Hint: hint}}
	}
	var busy *web.Busy
	switch {
	case errors.As(err, new(*web.Quota)):
		return told("quota", sdk.Deferred, "run the command again when the limit has been renewed")
	case errors.As(err, &busy):
		o := told("busy", sdk.Retry, "run the command again later")
		o.RetryAfter = busy.After
		return o
	}
	return told("failed", sdk.Retry, "run the command again")
}

// mostNamed is how many refused statements a diagnostic names.
const mostNamed = 5

// complaint names what is refused, and why.
func (w *work) complaint() string {
	var named []string
	for _, it := range w.items {
		if it.state != refused {
			continue
		}
		if len(named) < mostNamed {
			named = append(named, fmt.Sprintf("%s (id %s): %s", it.what, it.ID, it.why.Text))
		}
	}
	n := w.count(refused)
	text := fmt.Sprintf("%d of %d statements could not be stored: %s", n, len(w.items), strings.Join(named, "; "))
	if n > len(named) {
		text += fmt.Sprintf("; and %d more", n-len(named))
	}
	return text
}

// hint is the advice for the first that is refused and has one.
func (w *work) hint() string {
	for _, it := range w.items {
		if it.state == refused && it.why.Hint != "" {
			return it.why.Hint
		}
	}
	return "all others are stored; look up in the LRS's documentation what it asks of statements"
}
