package host

import (
	"slices"
	"time"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

const (
	// maxAttempts is how often a record is sent in one run.
	maxAttempts = 5
	// maxPause is the longest pause before a record is sent again, whatever
	// the exporter asks for.
	maxPause = time.Minute
)

// retry is a set of records that are to be sent again.
type retry struct {
	due     time.Time
	records []int
}

// ack handles the answer to a batch.
func (x *exchange) ack(a *pb.Ack) error {
	seq := a.GetSeq()
	b, fresh := x.sent[seq]
	if !fresh {
		b = x.judging[seq]
	}
	switch {
	case b == nil:
		return violation("it acknowledged batch %d, which was not sent or was acknowledged before", seq)
	case a.GetProvisional() && !x.atomic:
		return violation("it acknowledged batch %d for now, as a destination", seq)
	case a.GetProvisional() && (!fresh || len(a.GetOutcomes()) > 0):
		return violation("it acknowledged batch %d for now, twice or with outcomes", seq)
	}
	delete(x.sent, seq)
	if a.GetProvisional() {
		x.judging[seq] = b
		return nil
	}
	delete(x.judging, seq)
	if len(a.GetOutcomes()) != len(b.records) {
		return violation("it gave %d outcomes for the %d records of batch %d", len(a.GetOutcomes()), len(b.records), seq)
	}
	return x.settle(b.records, a.GetOutcomes())
}

// settle notes the outcomes of records and plans to send again what can be.
func (x *exchange) settle(records []int, outcomes []*pb.Outcome) error {
	var again []int
	var pause time.Duration
	for i, o := range outcomes {
		at := records[i]
		status, ok := statusOf(o.GetStatus())
		switch {
		case !ok:
			return violation("it gave a record an outcome without a status")
		case x.atomic && status != Created && status != Rejected:
			return violation("it gave a record the outcome %s, as an exporter of artifacts", o.GetStatus())
		}
		x.note(at, status, o)
		if status == Deferred {
			x.halted = true
		}
		if status != Retry || x.plan {
			continue
		}
		if x.attempts[at]++; x.attempts[at] < maxAttempts {
			again = append(again, at)
			pause = max(pause, x.backoff(x.attempts[at]), time.Duration(o.GetRetryAfterMs())*time.Millisecond)
		}
	}
	if len(again) > 0 {
		x.waiting = append(x.waiting, retry{time.Now().Add(min(pause, maxPause)), again})
	}
	return nil
}

// backoff doubles with every attempt.
func (x *exchange) backoff(attempt int) time.Duration { return x.p.opts.RetryBase << (attempt - 1) }

func (x *exchange) note(at int, status Status, o *pb.Outcome) {
	out := &x.result.Outcomes[at]
	out.Status, out.Diagnostic, out.Diff = status, x.p.redact.diagnostic(o.GetDiagnostic()), x.p.redact.text(o.GetDiff())
	if out.Diagnostic == nil && (status == Rejected || status == Retry || status == Deferred) {
		out.Diagnostic = &Diagnostic{Code: "export.silent", Summary: "the exporter gives no reason"}
	}
	out.Remote = nil
	for _, r := range o.GetRemote() {
		out.Remote = append(out.Remote, RemoteObject{Type: r.GetType(), ID: r.GetId()})
	}
}

func statusOf(s pb.Outcome_Status) (Status, bool) {
	switch s {
	case pb.Outcome_STATUS_CREATED:
		return Created, true
	case pb.Outcome_STATUS_UPDATED:
		return Updated, true
	case pb.Outcome_STATUS_UNCHANGED:
		return Unchanged, true
	case pb.Outcome_STATUS_REJECTED:
		return Rejected, true
	case pb.Outcome_STATUS_RETRY:
		return Retry, true
	case pb.Outcome_STATUS_DEFERRED:
		return Deferred, true
	}
	return NotSent, false
}

// due returns the records whose pause is over, as a batch; nil when there are
// none.
func (x *exchange) due(now time.Time) *batch {
	for i, w := range x.waiting {
		if w.due.After(now) {
			continue
		}
		x.waiting = slices.Delete(x.waiting, i, i+1)
		b := &batch{records: w.records}
		for _, at := range w.records {
			b.wire = append(b.wire, x.batcher.again(at))
		}
		return b
	}
	return nil
}

// pause ends when the next records are due; nil when none are waiting, or none
// could be sent.
func (x *exchange) pause(now time.Time) <-chan time.Time {
	if len(x.waiting) == 0 || x.halted || x.next != nil || len(x.sent) >= x.limits.inFlight {
		return nil
	}
	first := slices.MinFunc(x.waiting, func(a, b retry) int { return a.due.Compare(b.due) })
	return time.After(first.due.Sub(now))
}
