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
	// maxWaiting is how many batches' worth of records may wait to be sent again
	// before no new ones are begun: a destination that is down must not fill the
	// memory.
	maxWaiting = 8
	// maxRefusals is how many batches in a row may come back whole before
	// nothing is sent for the pause that they ask for.
	maxRefusals = 3
)

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
	var settled []Outcome
	var rest time.Time // when the last of those that came back is due
	back := 0
	again := x.again(parcels)
	chance := rand.Float64()
	for i, o := range outcomes {
		p := parcels[i]
		if p.last.Status == Deferred {
			x.halt()
		}
		if again(p) && !x.plan {
			back++
			if p.attempts++; p.attempts < maxAttempts {
				pause := max(x.backoff(p.attempts, chance), time.Duration(o.GetRetryAfterMs())*time.Millisecond)
				p.due = time.Now().Add(min(pause, maxPause))
				if p.due.After(rest) {
					rest = p.due
				}
				x.waiting, x.waitingBytes = append(x.waiting, p), x.waitingBytes+len(p.wire.GetJson())
				continue
			}
		}
		settled = append(settled, p.last)
	}
	x.refused(back == len(outcomes), len(outcomes), rest)
	if x.atomic {
		return nil // nothing counts before the end
	}
	for _, o := range settled {
		x.tell(o)
	}
	return x.untold
}

// again says which records of a batch that was answered are sent again: those that came
// back, and where clients are sent whole, those of the same clients.
func (x *exchange) again(parcels []*parcel) func(*parcel) bool {
	if x.batcher.admitClient == nil {
		return func(p *parcel) bool { return p.last.Status == Retry }
	}
	clients := map[string]bool{}
	for _, p := range parcels {
		if p.last.Status == Retry {
			clients[clientOf(p.key)] = true
		}
	}
	return func(p *parcel) bool { return clients[clientOf(p.key)] }
}

// refused counts the batches that came back whole. One of several records, or
// some in a row, mean that the destination has had enough for now: nothing is
// sent until rest. One record alone says nothing about the others.
func (x *exchange) refused(whole bool, n int, rest time.Time) {
	if !whole {
		x.refusals = 0
		return
	}
	if x.refusals++; (n > 1 || x.refusals >= maxRefusals) && rest.After(x.resting) {
		x.resting = rest
	}
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
// that failed together do not come back together with those of others; chance is from 0
// to 1, and one for a batch.
func (x *exchange) backoff(attempt int, chance float64) time.Duration {
	full := x.p.opts.RetryBase << (attempt - 1)
	return full/2 + time.Duration(chance*float64(full/2))
}

func (x *exchange) outcome(p *parcel, o *pb.Outcome) Outcome {
	status, _ := statusOf(o.GetStatus()) // checked before
	out := p.outcome(status, x.p.redact.diagnostic(o.GetDiagnostic()))
	out.Diff = shortened(x.p.redact.text(o.GetDiff()), maxDiff)
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
	var b batch
	var left []*parcel
	size := 0
	for rest := x.waiting; len(rest) > 0; {
		unit := rest[:x.unit(rest)]
		rest = rest[len(unit):]
		n := sizeOf(unit)
		full := len(b.parcels) > 0 && (len(b.parcels)+len(unit) > x.limits.records || size+n > x.limits.bytes)
		late := slices.MaxFunc(unit, func(a, b *parcel) int { return a.due.Compare(b.due) })
		if full || late.due.After(now) {
			left = append(left, unit...)
			continue
		}
		b.parcels, size = append(b.parcels, unit...), size+n
	}
	if len(b.parcels) == 0 {
		return nil
	}
	x.waiting, x.waitingBytes = left, x.waitingBytes-size
	return &b
}

// unit is how many of the first of some waiting records are sent together or not at all:
// those of a client came back together, and so stand together.
func (x *exchange) unit(waiting []*parcel) int {
	if x.batcher.admitClient == nil {
		return 1
	}
	n := 1
	for n < len(waiting) && clientOf(waiting[n].key) == clientOf(waiting[0].key) {
		n++
	}
	return n
}

// crowded reports whether so many records wait that no new ones are begun.
func (x *exchange) crowded() bool {
	return len(x.waiting) >= maxWaiting*x.limits.records || x.waitingBytes >= maxWaiting*x.limits.bytes
}

// pause ends when the next records are due, or new ones may be sent again; nil
// when nothing waits, or nothing could be sent.
func (x *exchange) pause(now time.Time) <-chan time.Time {
	if x.halted || x.next != nil || len(x.sent) >= x.limits.inFlight {
		return nil
	}
	var until time.Time
	for _, p := range x.waiting {
		if until.IsZero() || p.due.Before(until) {
			until = p.due
		}
	}
	if !x.drained && !x.crowded() && x.resting.After(now) && (until.IsZero() || x.resting.Before(until)) {
		until = x.resting
	}
	if until.IsZero() {
		return nil
	}
	return time.After(until.Sub(now))
}
