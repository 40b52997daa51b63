package host

import (
	"math/rand/v2"
	"slices"
	"time"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/journal"
)

const (
	// maxAttempts is how often a record is sent in one run.
	maxAttempts = 5
	// maxPause is the longest pause before a record is sent again, whatever
	// the exporter asks for.
	maxPause = time.Minute
	// maxWaiting is how many batches may wait to be sent again before no new
	// ones are begun: a destination that is down must not fill the memory.
	maxWaiting = 8
)

// retry is a set of records that are to be sent again.
type retry struct {
	due     time.Time
	parcels []*parcel
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
	if !a.GetProvisional() {
		if err := checkOutcomes(a, b, x.atomic); err != nil {
			return err
		}
	}
	if x.atomic {
		for _, p := range b.parcels {
			p.wire = nil // the exporter has it, and is sent nothing twice
		}
	}
	if a.GetProvisional() {
		delete(x.sent, seq)
		x.judging[seq] = b
		return nil
	}
	for i, o := range a.GetOutcomes() {
		b.parcels[i].last = x.outcome(b.parcels[i], o)
	}
	// What the journal does not hold is as if it had not been answered.
	if err := x.note(b.parcels); err != nil {
		return err
	}
	delete(x.sent, seq)
	delete(x.judging, seq)
	return x.settle(b.parcels, a.GetOutcomes())
}

// checkOutcomes holds the outcomes of a batch against the protocol before any of
// them counts.
func checkOutcomes(a *pb.Ack, b *batch, atomic bool) error {
	if len(a.GetOutcomes()) != len(b.parcels) {
		return violation("it gave %d outcomes for the %d records of batch %d", len(a.GetOutcomes()), len(b.parcels), a.GetSeq())
	}
	for _, o := range a.GetOutcomes() {
		switch status, ok := statusOf(o.GetStatus()); {
		case !ok:
			return violation("it gave a record an outcome without a status")
		case atomic && status != Created && status != Rejected:
			return violation("it gave a record the outcome %s, as an exporter of artifacts", o.GetStatus())
		case len(o.GetRemote()) > pb.MaxRemoteObjects:
			return violation("it named %d remote objects of one record, more than %d", len(o.GetRemote()), pb.MaxRemoteObjects)
		}
		for _, r := range o.GetRemote() {
			if len(r.GetType())+len(r.GetId()) > pb.MaxRemoteBytes {
				return violation("it named a remote object with more than %d bytes", pb.MaxRemoteBytes)
			}
		}
	}
	return nil
}

// settle tells the outcomes of records and plans to send again what can be.
func (x *exchange) settle(parcels []*parcel, outcomes []*pb.Outcome) error {
	var again []*parcel
	var settled []Outcome
	var pause time.Duration
	asked := true // every record came back
	for i, o := range outcomes {
		p := parcels[i]
		if p.last.Status == Deferred {
			x.halt()
		}
		asked = asked && p.last.Status == Retry
		if p.last.Status == Retry && !x.plan {
			if p.attempts++; p.attempts < maxAttempts {
				again = append(again, p)
				pause = max(pause, x.backoff(p.attempts), time.Duration(o.GetRetryAfterMs())*time.Millisecond)
				continue
			}
		}
		settled = append(settled, p.last)
	}
	if len(again) > 0 {
		due := time.Now().Add(min(pause, maxPause))
		x.waiting = append(x.waiting, retry{due, again})
		if asked && due.After(x.resting) {
			x.resting = due // the destination has had enough for now
		}
	}
	if x.atomic {
		return nil // nothing counts before the end
	}
	for _, o := range settled {
		x.tell(o)
	}
	return x.untold
}

// note writes the outcomes of a batch to the journal.
func (x *exchange) note(parcels []*parcel) error {
	if x.req.Journal == nil || x.plan {
		return nil
	}
	items := make([]journal.Settlement, len(parcels))
	for i, p := range parcels {
		items[i] = journal.Settlement{Key: p.key, Revision: p.revision, Status: p.last.Status.String(), Remote: p.last.Remote}
		if d := p.last.Diagnostic; d != nil {
			items[i].Code = d.Code
		}
	}
	return x.req.Journal.Settle(items)
}

// backoff doubles with every attempt. It is shortened by chance, so that records
// that failed together do not come back together.
func (x *exchange) backoff(attempt int) time.Duration {
	full := x.p.opts.RetryBase << (attempt - 1)
	return full/2 + rand.N(full/2+1)
}

func (x *exchange) outcome(p *parcel, o *pb.Outcome) Outcome {
	status, _ := statusOf(o.GetStatus()) // checked before
	out := p.outcome(status, x.p.redact.diagnostic(o.GetDiagnostic()))
	out.Diff = x.p.redact.text(o.GetDiff())
	if out.Diagnostic == nil && (status == Rejected || status == Retry || status == Deferred) {
		out.Diagnostic = &Diagnostic{Code: "export.silent", Summary: "the exporter gives no reason"}
	}
	for _, r := range o.GetRemote() {
		out.Remote = append(out.Remote, RemoteObject{Type: x.p.redact.line(r.GetType()), ID: x.p.redact.line(r.GetId())})
	}
	return out
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
		return &batch{w.parcels}
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
