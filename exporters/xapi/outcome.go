package xapi

import (
	"errors"
	"fmt"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// job is what is to be done for a client.
type job struct {
	client *learning.Client
	works  []*work
	future []*learning.Assessment // of days to come, for which nothing is done
}

func worksOf(jobs []*job) []*work {
	var all []*work
	for _, j := range jobs {
		all = append(all, j.works...)
	}
	return all
}

// byRecord gives the works by the index of their record.
func (j *job) byRecord() map[int][]*work {
	all := map[int][]*work{}
	for _, w := range j.works {
		all[w.at] = append(all[w.at], w)
	}
	return all
}

// tell says what became of records, or would. Those that give no statements have their
// outcomes. rest says what became of all that is not refused.
func tell(jobs []*job, batch []sdk.Record, out []sdk.Outcome, rest string) {
	for _, j := range jobs {
		for at, works := range j.byRecord() {
			o := outcome(works)
			if o.Diagnostic == nil && o.Status != sdk.Rejected {
				o.Diagnostic = out[at].Diagnostic // a warning
			}
			out[at] = o
		}
		for _, a := range j.future {
			out[a.At] = sdk.Reject(Name+".future", "the record speaks of "+a.Record.AsOf+", a day to come, and no statement may be of the future",
				"if the day is right, send it then; else make the record again with --as-of DATE")
		}
		j.together(batch, out, "; all else of this client "+rest)
	}
}

// together lets all records of a client share what is refused of one. Each of them can
// change what is said of the others, such as the day on which a module is due: a record
// that is sent again without them would say something else.
func (j *job) together(batch []sdk.Record, out []sdk.Outcome, rest string) {
	var fault *work
	var named []string
	for _, at := range j.client.At {
		if out[at].Status == sdk.Rejected {
			named = append(named, batch[at].Key+": "+out[at].Diagnostic.Summary)
		}
	}
	if len(named) == 0 {
		return
	}
	for _, w := range j.works {
		if fault == nil && w.fault != nil {
			fault = w
		}
	}
	for _, at := range j.client.At {
		o := &out[at]
		switch {
		case fault != nil: // all come again, and then it is seen what is refused
			*o = later(fault.fault, o.Remote)
		case o.Status == sdk.Rejected:
			o.Diagnostic.Summary += rest
		default:
			remote := o.Remote
			*o = sdk.Reject(Name+".together", strings.Join(named, "; ")+rest,
				"this record has no fault, but is sent again with the others: when that is mended, use --retry with the file of rejected records")
			o.Remote = remote
		}
	}
}

// outcome is what became of the record of some works.
func outcome(works []*work) sdk.Outcome {
	var remote []sdk.RemoteObject
	for _, w := range works {
		remote = append(remote, w.objects()...)
	}
	for _, w := range works {
		if w.fault != nil {
			return later(w.fault, remote)
		}
	}
	if count(works, refused) > 0 {
		failed := sdk.Reject(Name+".refused", complaint(works), hint(works))
		failed.Remote = remote
		return failed
	}
	return sdk.Outcome{Status: status(works), Remote: remote}
}

// status is that of a record of which nothing is refused.
func status(works []*work) sdk.Status {
	changes, known := count(works, needed)+count(works, stored), 0
	for _, w := range works {
		changes += len(w.old)
		for _, f := range w.live {
			if f.record == w.assessment.Record.Key {
				known++
			}
		}
	}
	switch {
	case changes == 0:
		return sdk.Unchanged
	case known == 0:
		return sdk.Created
	}
	return sdk.Updated
}

// count counts the items in a state.
func count(works []*work, s state) (n int) {
	for _, it := range itemsOf(works) {
		if it.state == s {
			n++
		}
	}
	return n
}

func itemsOf(works []*work) []*item {
	var all []*item
	for _, w := range works {
		all = append(all, w.items...)
	}
	return all
}

// objects are what a record is found again by: the registration of its scores, and the
// statements that were stored last, of scores and of assignments.
func (w *work) objects() []sdk.RemoteObject {
	var objects []sdk.RemoteObject
	if !w.assigns {
		objects = append(objects, sdk.RemoteObject{Type: "registration", ID: w.registration})
	}
	if w.last != "" {
		return append(objects, sdk.RemoteObject{Type: w.kind(), ID: w.last})
	}
	return append(objects, w.remote...)
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
func complaint(works []*work) string {
	var named []string
	items, n := itemsOf(works), count(works, refused)
	for _, it := range items {
		if it.state == refused && len(named) < mostNamed {
			named = append(named, fmt.Sprintf("%s (id %s): %s", it.what, it.ID, it.why.Text))
		}
	}
	text := fmt.Sprintf("%d of %d statements could not be stored: %s", n, len(items), strings.Join(named, "; "))
	if n > len(named) {
		text += fmt.Sprintf("; and %d more", n-len(named))
	}
	return text
}

// hint is the advice for the first that is refused and has one.
func hint(works []*work) string {
	for _, it := range itemsOf(works) {
		if it.state == refused && it.why.Hint != "" {
			return it.why.Hint
		}
	}
	return "look up in the LRS's documentation what it asks of statements"
}
