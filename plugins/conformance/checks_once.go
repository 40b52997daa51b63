package conformance

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

func onceChecks() []*Check {
	sound := []string{"export.accepts"}
	const look = "find the object by the record's key before you write, or let the target do that"
	return []*Check{
		{
			ID: "resend.run", Title: "a later run does not create records again", Rule: "R54", For: Destinations, needs: sound, writes: true,
			Hint: look, run: checkResendRun,
		},
		{
			ID: "resend.stream", Title: "the same run does not create records again", Rule: "R54", For: Destinations, needs: append(sound, "resend.run"), writes: true,
			Hint: look, run: checkResendStream,
		},
		{
			ID: "resend.changed", Title: "another revision updates what is there", Rule: "R55", For: Destinations, needs: append(sound, "resend.run"), writes: true,
			Hint: "keep the revision with the object and compare it", run: checkChanged,
		},
		{
			ID: "doubt.written", Title: "a record in doubt that is there is not created again", Rule: "R56", For: Destinations, needs: append(sound, "resend.run"), writes: true,
			Hint: look, run: checkDoubtWritten,
		},
		{
			ID: "doubt.new", Title: "a record in doubt that is not there is created", Rule: "R57", For: Destinations, needs: sound, writes: true,
			Hint: "in doubt means that nobody knows; look, and then write", run: checkDoubtNew,
		},
		{
			ID: "export.order", Title: "outcomes are in the order of the batch", Rule: "R34", For: Destinations, needs: append(sound, "export.outcomes", "resend.run"), writes: true,
			Hint: "outcome i is that of record i of the batch",
			run:  checkOrder,
		},
		{
			ID: "resume.killed", Title: "what is acknowledged survives the death of the process", Rule: "R58", For: Destinations, needs: append(sound, "resend.run", "doubt.written", "doubt.new", "export.order", "export.lockstep", "export.acks"), writes: true,
			Hint: "acknowledge a batch only when the target has it for good", run: checkKilled,
		},
		{
			ID: "mode.replace", Title: "REPLACE removes what is not in the run", Rule: "R59", For: Destinations, needs: append(sound, "resend.run"), writes: true,
			run: checkReplace,
		},
	}
}

// writesOnce skips a check for exporters that do not promise it.
func (t *trial) writesOnce() error {
	switch {
	case t.caps.GetIdempotency() == pb.Capabilities_IDEMPOTENCY_NONE:
		return skip("it says that it can't keep a record one object")
	case t.writeMode() != pb.WriteMode_WRITE_MODE_UPSERT:
		return skip("it does not have the mode UPSERT")
	}
	return nil
}

// written exports new records, which are expected to be created.
func (t *trial) written(n int) ([]*pb.Record, *heard, error) {
	if err := t.writesOnce(); err != nil {
		return nil, nil, err
	}
	records, err := t.records("", n)
	if err != nil {
		return nil, nil, err
	}
	h, err := t.export("the first run", records, nil)
	if err != nil {
		return nil, nil, err
	}
	return records, h, h.wants("the first run", records, pb.Outcome_STATUS_CREATED)
}

// keptOutcomes are those of a record that is there.
func keptOutcomes() []pb.Outcome_Status {
	return []pb.Outcome_Status{pb.Outcome_STATUS_UPDATED, pb.Outcome_STATUS_UNCHANGED}
}

func checkResendRun(t *trial) error {
	records, first, err := t.written(4)
	if err != nil {
		return err
	}
	again, err := t.export("the second run", records, nil)
	if err != nil {
		return err
	}
	if err := again.wants("the second run", records, keptOutcomes()...); err != nil {
		return err
	}
	return sameObjects(records, first, again)
}

// sameObjects holds the objects that two runs made of the same records against
// each other, where both name them.
func sameObjects(records []*pb.Record, first, again *heard) error {
	for i := range records {
		for _, a := range first.outcomes[i].GetRemote() {
			for _, b := range again.outcomes[i].GetRemote() {
				if a.GetType() == b.GetType() && a.GetId() != b.GetId() && len(first.outcomes[i].GetRemote()) == 1 {
					return broken("the second run named another %s for %s", a.GetType(), records[i].GetKey())
				}
			}
		}
	}
	return nil
}

func checkResendStream(t *trial) error {
	if err := t.writesOnce(); err != nil {
		return err
	}
	records, err := t.records("", 2)
	if err != nil {
		return err
	}
	h, err := t.export("", records, &talk{batches: [][]*pb.Record{records[:1], records[1:], records[:1], records[1:]}, lockstep: true})
	if err != nil {
		return err
	}
	h.outcomes = h.outcomes[len(records):]
	return h.wants("sent again in the same run", records, keptOutcomes()...)
}

func checkChanged(t *trial) error {
	records, _, err := t.written(3)
	if err != nil {
		return err
	}
	changed := make([]*pb.Record, len(records))
	for i, r := range records {
		rec, err := decode(r.GetJson())
		if err != nil {
			return err
		}
		inscribe(rec.in(r.GetKind()), "The other house")
		if changed[i], err = sealed(rec); err != nil {
			return err
		}
	}
	h, err := t.export("the second run", changed, nil)
	if err != nil {
		return err
	}
	allowed := []pb.Outcome_Status{pb.Outcome_STATUS_UPDATED}
	if t.whole() && slices.ContainsFunc(h.outcomes, func(o *pb.Outcome) bool { return o.GetStatus() == pb.Outcome_STATUS_UPDATED }) {
		allowed = keptOutcomes() // it keeps a part of what records say
	}
	if err := h.wants("another revision", changed, allowed...); err != nil {
		return err
	}
	if t.unfit["plan.foresees"] {
		return nil
	}
	return t.plan("a plan of the new revision", changed, pb.Outcome_STATUS_UNCHANGED)
}

func checkDoubtWritten(t *trial) error {
	records, _, err := t.written(3)
	if err != nil {
		return err
	}
	h, err := t.export("the second run", doubtful(records), &talk{attempt: 2})
	if err != nil {
		return err
	}
	return h.wants("in doubt and there", records, keptOutcomes()...)
}

func doubtful(records []*pb.Record) []*pb.Record {
	out := make([]*pb.Record, len(records))
	for i, r := range records {
		out[i] = inDoubt(r)
	}
	return out
}

func checkDoubtNew(t *trial) error {
	records, err := t.records("", 3)
	if err != nil {
		return err
	}
	return t.creates("in doubt and not there", doubtful(records), &talk{attempt: 2})
}

// killedAfter are the numbers of acknowledged batches after which the process
// is killed; with 0, right after the first batch is sent.
func killedAfter() []int { return []int{0, 1, 2, 3} }

func checkKilled(t *trial) error {
	if err := t.writesOnce(); err != nil {
		return err
	}
	for _, k := range killedAfter() {
		if err := t.killedAt(k); err != nil {
			var f *fault
			if errors.As(err, &f) {
				f.seen = fmt.Sprintf("killed after %s: %s", plural(k, "acknowledgement", "acknowledgements"), f.seen)
			}
			return err
		}
	}
	return nil
}

// killedAt kills the process after k acknowledgements and starts again.
func (t *trial) killedAt(k int) error {
	records, err := t.records(fmt.Sprint(k), 6)
	if err != nil {
		return err
	}
	batches := slices.Collect(slices.Chunk(records, min(2, lowered(mostRecords, t.caps.GetMaxBatchRecords()))))
	r, err := t.started()
	if err != nil {
		return err
	}
	sent := talk{run: "killed", batches: batches, lockstep: true, stop: k}
	if k == 0 {
		sent.batches, sent.leave, sent.rush = batches[:1], true, true
	}
	first, err := r.talk(sent)
	if err != nil {
		return err
	}
	r.Kill()
	if first.over {
		return &unknowable{why: "the export ended before the process was killed"}
	}
	known := slices.Concat(first.outcomes, make([]*pb.Outcome, len(records)-len(first.outcomes)))
	again := make([]*pb.Record, len(records))
	for i, rec := range records {
		again[i] = inDoubt(rec)
		if known[i] != nil {
			again[i].InDoubt, again[i].Remote = false, known[i].GetRemote()
		}
	}
	h, err := t.export("started again", again, &talk{run: "killed", attempt: 2})
	if err != nil {
		return err
	}
	for i, o := range h.outcomes {
		if known[i] != nil && o.GetStatus() == pb.Outcome_STATUS_CREATED {
			return broken("%s was acknowledged before and is created again", records[i].GetKey())
		}
	}
	if t.unfit["plan.foresees"] {
		return nil
	}
	return t.plan("a plan at the end", records, pb.Outcome_STATUS_UNCHANGED)
}

func checkReplace(t *trial) error {
	if !slices.Contains(t.caps.GetModes(), pb.WriteMode_WRITE_MODE_REPLACE) {
		return skip("it does not have the mode REPLACE")
	}
	if t.unfit["plan.foresees"] {
		return &unknowable{why: "nothing can be said as long as plan.foresees does not pass"}
	}
	if err := t.writesOnce(); err != nil {
		return err
	}
	records, err := t.recordsOf(t.clientOf(""), 4)
	if err != nil {
		return err
	}
	others, err := t.recordsOf(t.clientOf("other"), 2)
	if err != nil {
		return err
	}
	if err := errors.Join(t.creates("the first run", records, nil), t.creates("another client", others, nil)); err != nil {
		return err
	}
	kept, removed := records[:2], records[2:]
	if _, err := t.export("with REPLACE", kept, &talk{mode: pb.WriteMode_WRITE_MODE_REPLACE}); err != nil {
		return err
	}
	return errors.Join(
		t.plan("of what was in the run", kept, pb.Outcome_STATUS_UNCHANGED),
		t.plan("of what was not", removed, pb.Outcome_STATUS_CREATED),
		t.plan("of another client", others, pb.Outcome_STATUS_UNCHANGED),
	)
}

// checkOrder writes every other record first: in a batch of all of them, only
// those left out are created.
func checkOrder(t *trial) error {
	if err := t.writesOnce(); err != nil {
		return err
	}
	if lowered(mostRecords, t.caps.GetMaxBatchRecords()) < 2 {
		return skip("its batches have one record")
	}
	records, err := t.records("", 5)
	if err != nil {
		return err
	}
	if _, err := t.export("", []*pb.Record{records[0], records[1], records[3]}, nil); err != nil {
		return err
	}
	h, err := t.export("", records, nil)
	if err != nil {
		return err
	}
	for i, o := range h.outcomes {
		if isNew := i == 2 || i == 4; o != nil && isNew != (o.GetStatus() == pb.Outcome_STATUS_CREATED) {
			return broken("of five records the third and the fifth were new, and the outcomes were %s", statusList(h.outcomes))
		}
	}
	return nil
}

func statusList(all []*pb.Outcome) string {
	words := make([]string, len(all))
	for i, o := range all {
		words[i] = statusWord(o)
	}
	return strings.Join(words, ", ")
}
