package conformance

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/plugins/artifact"
	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// heard is what an exporter answered in one stream. It takes note of what breaks
// a rule, under the check that asks for it, and goes on: what can be made of the
// rest is for others to judge.
type heard struct {
	r    *running
	plan bool

	outcomes []*pb.Outcome // by record; nil: none came
	files    []file
	acked    int // batches with final answers

	over   bool  // the exporter ended the stream
	err    error // the status it ended it with; nil: OK
	silent bool  // it gave no sign for too long
	closed bool  // our side is ended
	cancel context.CancelFunc

	hurried bool // our side was ended because nothing came

	spotted []spotted

	batches  map[uint64][]int // what was sent in which batch
	pending  map[uint64]bool  // sent, not answered in any way
	judging  map[uint64]bool  // answered for now
	attempts map[int]int
	again    []int // to be sent again
	pause    time.Duration
	done     bool
	assembly *assembly
}

// spotted is something that breaks the rule of a check.
type spotted struct{ check, text string }

// file is a file that an exporter made, or would make.
type file struct {
	name, media string
	size        int64
	sum         string // SHA-256 of the content, in hex
}

// assembly is a file whose pieces are coming.
type assembly struct {
	file
	hash hash.Hash
	head []byte // the beginning of the content
}

// kept is how much of a file is looked at.
const kept = 8 << 20

func newHeard(r *running, k talk) *heard {
	n := 0
	for _, b := range k.batches {
		n += len(b)
	}
	return &heard{
		r: r, plan: k.plan, outcomes: make([]*pb.Outcome, n), batches: map[uint64][]int{},
		pending: map[uint64]bool{}, judging: map[uint64]bool{}, attempts: map[int]int{},
	}
}

func (h *heard) spot(check, format string, args ...any) {
	h.spotted = append(h.spotted, spotted{check, fmt.Sprintf(format, args...)})
}

// expect gives a batch its number.
func (h *heard) expect(records []int) uint64 {
	seq := uint64(len(h.batches) + 1)
	h.batches[seq] = records
	return seq
}

func (h *heard) sent(m *pb.ExportRequest) {
	if b := m.GetBatch(); b != nil {
		h.pending[b.GetSeq()] = true
	}
}

// unanswered counts the batches that a host would wait for before it ends its
// side or sends more.
func (h *heard) unanswered() int { return len(h.pending) }

// retries hands over what is to be sent again, and after which pause.
func (h *heard) retries() ([]int, time.Duration) {
	again, pause := h.again, h.pause
	h.again, h.pause = nil, 0
	return again, pause
}

// take hears one message, or the end of the stream.
func (h *heard) take(got incoming) {
	if got.err != nil {
		h.end(got.err)
		return
	}
	h.r.t.ear.call(withoutChunk(got.message), nil)
	if h.done {
		h.spot("export.done", "it sent something after Done")
	}
	switch m := got.message.GetMessage().(type) {
	case *pb.ExportResponse_Ack:
		h.ack(m.Ack)
	case *pb.ExportResponse_Progress:
		h.r.t.ear.progressed(m.Progress.GetText())
	case *pb.ExportResponse_Artifact:
		h.artifact(m.Artifact)
	case *pb.ExportResponse_Done:
		h.finish()
	}
}

// end is the end of the stream by the exporter.
func (h *heard) end(err error) {
	h.over = true
	switch {
	case ended(err):
		if !h.done {
			h.spot("export.done", "it ended the stream without Done")
		}
		h.complain()
	case h.done:
		h.err = err
		h.spot("export.done", "it ended the stream with %s, after Done", why(err))
	default:
		h.err = err
		h.r.t.ear.call(nil, err)
	}
}

func (h *heard) finish() {
	if !h.closed {
		h.spot("export.done", "it sent Done before the host had ended its side")
	}
	h.done = true
}

// complain names what is missing at the end.
func (h *heard) complain() {
	for _, seq := range outstanding(h.pending) {
		h.spot("export.acks", "it did not acknowledge batch %d", seq)
	}
	for _, seq := range outstanding(h.judging) {
		h.spot("export.provisional", "it acknowledged batch %d for now, and never gave its outcomes", seq)
	}
	if h.assembly != nil {
		h.spot("files.pieces", "the last piece of %q did not come", h.assembly.name)
	}
}

func (h *heard) ack(a *pb.Ack) {
	seq := a.GetSeq()
	records, known := h.batches[seq]
	switch {
	case !known:
		h.spot("export.acks", "it acknowledged batch %d, which was not sent", seq)
		return
	case !h.pending[seq] && !h.judging[seq]:
		h.spot("export.acks", "it acknowledged batch %d twice", seq)
		return
	}
	if h.hurried && h.pending[seq] && !h.r.t.late {
		h.r.t.late = true
		h.spot("export.lockstep", "it acknowledged batch %d only when the host had ended its side", seq)
	}
	if a.GetProvisional() {
		h.provisional(a)
		return
	}
	if h.done {
		return // spotted already
	}
	delete(h.pending, seq)
	delete(h.judging, seq)
	h.acked++
	if len(a.GetOutcomes()) != len(records) {
		h.spot("export.outcomes", "it gave %d outcomes for the %d records of batch %d", len(a.GetOutcomes()), len(records), seq)
	}
	for i, o := range a.GetOutcomes() {
		if i < len(records) {
			h.outcome(records[i], o)
		}
	}
}

func (h *heard) provisional(a *pb.Ack) {
	seq := a.GetSeq()
	switch {
	case !h.r.t.report.Files:
		h.spot("export.provisional", "it acknowledged batch %d for now, as a destination", seq)
	case h.judging[seq]:
		h.spot("export.provisional", "it acknowledged batch %d for now, twice", seq)
	case len(a.GetOutcomes()) > 0:
		h.spot("export.provisional", "it acknowledged batch %d for now, with outcomes", seq)
	}
	delete(h.pending, seq)
	h.judging[seq] = true
}

func (h *heard) outcome(at int, o *pb.Outcome) {
	h.r.t.ear.outcome(o)
	if h.outcomes[at].GetStatus() == pb.Outcome_STATUS_CREATED && slices.Contains(keptOutcomes(), o.GetStatus()) {
		return // it came again with others of its client
	}
	h.outcomes[at] = o
	switch {
	case h.odd(o) && h.r.t.report.Files:
		h.spot("export.outcomes", "it gave a record the outcome %s, as an exporter of files", statusWord(o))
	case h.odd(o):
		h.spot("export.outcomes", "it gave a record an outcome without a status that the protocol knows")
	case o.GetStatus() == pb.Outcome_STATUS_RETRY:
		if h.attempts[at]++; h.attempts[at] < mostAttempts {
			h.again = append(h.again, at)
			h.pause = max(h.pause, time.Duration(o.GetRetryAfterMs())*time.Millisecond)
		}
	}
}

// odd reports whether an outcome has a status that this sort of exporter does
// not give.
func (h *heard) odd(o *pb.Outcome) bool {
	switch s := o.GetStatus(); s {
	case pb.Outcome_STATUS_CREATED, pb.Outcome_STATUS_REJECTED:
		return false
	default:
		return h.r.t.report.Files || s < pb.Outcome_STATUS_CREATED || s > pb.Outcome_STATUS_DEFERRED
	}
}

func (h *heard) artifact(a *pb.Artifact) {
	if !h.r.t.report.Files {
		h.spot("files.none", "it made the file %q, as a destination", a.GetName())
		return
	}
	h.piece(a)
}

// piece takes a piece of a file.
func (h *heard) piece(a *pb.Artifact) {
	if h.plan && (!a.GetLast() || len(a.GetChunk()) > 0) {
		h.spot("plan.files", "it sent content of %q for a plan", a.GetName())
	}
	if len(a.GetChunk()) > pb.MaxChunkBytes {
		h.spot("files.pieces", "a piece of %q has %d bytes", a.GetName(), len(a.GetChunk()))
	}
	if h.assembly != nil && h.assembly.name != a.GetName() {
		h.spot("files.pieces", "%q began before the last piece of %q", a.GetName(), h.assembly.name)
		h.assembly = nil
	}
	if h.assembly == nil {
		h.named(a.GetName())
		h.assembly = &assembly{file: file{name: a.GetName(), media: a.GetMediaType()}, hash: sha256.New()}
	}
	f := h.assembly
	_, _ = f.hash.Write(a.GetChunk())
	f.size += int64(len(a.GetChunk()))
	if room := kept - len(f.head); room > 0 {
		f.head = append(f.head, a.GetChunk()[:min(room, len(a.GetChunk()))]...)
	}
	if !a.GetLast() {
		return
	}
	f.sum = hex.EncodeToString(f.hash.Sum(nil))
	if h.plan {
		f.size = int64(a.GetSize())
	}
	h.files = append(h.files, f.file)
	h.r.t.ear.file(f.name, f.media, f.head)
	h.assembly = nil
}

// named checks the name of a new file by the rules that hold when it is placed.
func (h *heard) named(name string) {
	if err := artifact.CheckName(name); err != nil {
		h.spot("files.names", "the name %q is not allowed: %v", name, err)
		return
	}
	c := artifact.NewCollector(h.r.t.opts.TempDir)
	defer c.Close()
	for _, f := range append(slices.Clone(h.files), file{name: name}) {
		if err := c.Add(f.name, "", nil, true); err != nil && f.name == name {
			h.spot("files.names", "%v", err)
			return
		}
	}
}

// withoutChunk is the message without the content of a file, which is listened
// to as a whole.
func withoutChunk(m *pb.ExportResponse) *pb.ExportResponse {
	a := m.GetArtifact()
	if a == nil {
		return m
	}
	return &pb.ExportResponse{Message: &pb.ExportResponse_Artifact{Artifact: &pb.Artifact{Name: a.GetName(), MediaType: a.GetMediaType()}}}
}

// fault is why an exchange was not as it should be: what ended it, or what was
// spotted under a check that does not tell it already. Nil when nothing was.
func (h *heard) fault(s *subject) error {
	switch {
	case h.silent:
		return broken("nothing came for %s", s.opts.Patience)
	case h.err != nil && !h.done:
		return broken("it ended with %s", h.r.died(h.err))
	}
	for _, f := range h.spotted {
		if !s.unfit[f.check] && !atTheEnd(f.check) {
			return broken("%s", f.text)
		}
	}
	return nil
}

// of returns what was spotted under a check.
func (h *heard) of(check string) error {
	for _, f := range h.spotted {
		if f.check == check {
			return broken("%s", f.text)
		}
	}
	return nil
}

// wants holds the outcomes against what they must be, record by record; an
// outcome that did not come is told elsewhere. records names them.
func (h *heard) wants(what string, records []*pb.Record, allowed ...pb.Outcome_Status) error {
	for i, o := range h.outcomes {
		if o == nil || slices.Contains(allowed, o.GetStatus()) || h.odd(o) && h.r.t.unfit["export.outcomes"] {
			continue
		}
		if h.attempts[i] > 0 && h.r.t.whole() && slices.Contains(keptOutcomes(), o.GetStatus()) {
			continue // a part of its client had been written before it came back
		}
		if o.GetStatus() == pb.Outcome_STATUS_DEFERRED || o.GetStatus() == pb.Outcome_STATUS_RETRY {
			return &unknowable{why: fmt.Sprintf("the target does not take records just now: %s", oneLine(o.GetDiagnostic().GetSummary()))}
		}
		text := fmt.Sprintf("%s: %s for %s, not %s", what, statusWord(o), records[i].GetKey(), statusWords(allowed))
		if s := o.GetDiagnostic().GetSummary(); s != "" {
			text += " (" + oneLine(s) + ")"
		}
		return broken("%s", text)
	}
	return nil
}

// statusWord is the name of a status without its prefix.
func statusWord(o *pb.Outcome) string { return statusWords([]pb.Outcome_Status{o.GetStatus()}) }

func statusWords(all []pb.Outcome_Status) string {
	words := make([]string, len(all))
	for i, s := range all {
		words[i] = strings.TrimPrefix(s.String(), "STATUS_")
	}
	return strings.Join(words, " or ")
}
