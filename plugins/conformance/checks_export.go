package conformance

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

func exportChecks() []*Check {
	sound := []string{"export.accepts"}
	// spotted is a check whose fault shows in the export of ordinary records.
	spotted := func(id, title, rule, hint string, sort Sort) *Check {
		return &Check{
			ID: id, Title: title, Rule: rule, Hint: hint, For: sort, needs: sound, writes: true,
			run: func(t *trial) error { return t.base.of(id) },
		}
	}
	return slices.Concat([]*Check{
		{
			ID: "export.accepts", Title: "records as firstcall makes them are written", Rule: "R32", needs: []string{"configure.answers"}, writes: true, learns: true,
			run: checkAccepts,
		},
		spotted("export.acks", "every batch is acknowledged once", "R33", "answer each batch with one Ack of its number", Any),
		spotted("export.outcomes", "an acknowledgement has one outcome a record", "R34", "give one outcome for each record of the batch, each with a status", Any),
		spotted("export.provisional", "acknowledgements for now are followed by outcomes", "R35", "a destination sends outcomes at once; an exporter of files may send them last, before Done", Any),
		spotted("export.done", "Done comes once, last, and with status OK", "R36", "send Done when the host has ended its side and all outcomes are sent, and return", Any),
		spotted("files.none", "a destination makes no files", "R49", "one that can make files too says so in the answer of Configure", Destinations),
		spotted("files.names", "names of files are portable", "R50", "replace what is not allowed, and number names that meet", Files),
		spotted("files.pieces", "files come in pieces of at most 1 MiB, in order", "R51", "send one file after the other, the last piece with last set", Files),
	}, batchChecks(sound), recordChecks(sound), brokenOffChecks(sound), planned())
}

// batchChecks ask how records come: in which batches, and in how many runs.
func batchChecks(sound []string) []*Check {
	return []*Check{
		{
			ID: "export.lockstep", Title: "a batch is acknowledged without waiting for another", Rule: "R37", needs: append(slices.Clone(sound), "export.acks"), writes: true,
			Hint: "acknowledge each batch when it is taken care of; an exporter of files sends provisional acknowledgements",
			run:  checkLockstep,
		},
		{
			ID: "export.flight", Title: "several batches can be under way", Rule: "R38", needs: append(slices.Clone(sound), "export.acks", "export.lockstep"), writes: true,
			Hint: "keep each batch with its number until it is acknowledged, or lower max_in_flight",
			run:  checkFlight,
		},
		{
			ID: "export.many", Title: "a batch can be as large as announced", Rule: "R39", needs: sound, writes: true,
			Hint: "lower max_batch_records if the target takes fewer at a time",
			run:  checkMany,
		},
		{
			ID: "export.empty", Title: "a run can be empty", Rule: "R42", needs: sound, writes: true,
			run: checkEmpty,
		},
		{
			ID: "export.second", Title: "a process can be asked for a second run", Rule: "R43", needs: sound, writes: true,
			Hint: "keep nothing of a run for the next one",
			run:  checkSecond,
		},
	}
}

// recordChecks ask what records may be like.
func recordChecks(sound []string) []*Check {
	return []*Check{
		{
			ID: "export.large", Title: "a record can have 32 MiB", Rule: "R40", needs: sound, writes: true,
			Hint: "raise the largest message that your gRPC library receives to 40 MiB; reject a record that the target can't hold",
			run:  checkLarge,
		},
		{
			ID: "export.unicode", Title: "texts and keys of any script are taken", Rule: "R41", needs: sound, writes: true,
			Hint: "treat keys as opaque texts, and escape texts for where they go",
			run:  checkUnicode,
		},
		{
			ID: "export.kind", Title: "a record of an unknown kind gets an outcome", Rule: "R44", needs: sound, writes: true,
			Hint: "reject what you can't use, with a reason",
			run:  checkKind,
		},
		{
			ID: "export.fields", Title: "unknown fields in the JSON of a record are ignored", Rule: "R14", needs: sound, writes: true,
			run: checkFields,
		},
		{
			ID: "export.later", Title: "unknown fields in messages are ignored", Rule: "R14", needs: sound, writes: true,
			run: checkUnknownFields,
		},
	}
}

// brokenOffChecks end an export before its time.
func brokenOffChecks(sound []string) []*Check {
	return []*Check{
		{
			ID: "end.cancel", Title: "it takes the next call within 2 s of a cancellation", Rule: "R6", needs: sound, writes: true,
			Hint: "look at the context of the call wherever something may take long",
			run:  checkCancel,
		},
		{
			ID: "end.host-gone-export", Title: "it ends within 2 s when its host dies during an export", Rule: "R5", needs: append(slices.Clone(sound), "end.host-gone"), writes: true,
			Hint: "exit from the thread that reads standard input, and wait for nothing",
			run:  checkGoneInExport,
		},
	}
}

// checkAccepts exports one record of each kind and learns which are taken, and
// what an ordinary stream looks like.
func checkAccepts(t *trial) error {
	t.kinds = nil
	var records []*pb.Record
	for _, kind := range t.announced() {
		r, err := made(identity{kind, t.clientOf(""), "0000"}, nil)
		if err != nil {
			return err
		}
		records = append(records, r)
	}
	if len(records) == 0 {
		return &unknowable{why: "there are no samples of the kinds that it takes"}
	}
	inOrder(records)
	r, err := t.started()
	if err != nil {
		return err
	}
	// What comes for these records is judged by other checks as well.
	if t.base, err = r.talk(talk{batches: t.cut(records)}); err != nil {
		return err
	}
	switch {
	case t.base.silent:
		return broken("nothing came for %s", t.opts.Patience)
	case t.base.err != nil && !t.base.done:
		return broken("it ended with %s", r.died(t.base.err))
	}
	unknown, refused := false, ""
	for i, o := range t.base.outcomes {
		kind := record.Kind(records[i].GetKind())
		switch {
		case o == nil:
			unknown = true
		case o.GetStatus() == pb.Outcome_STATUS_CREATED:
			t.kinds = append(t.kinds, kind)
		case refused == "":
			refused = fmt.Sprintf("%s for a new record of the kind %s: %s", statusWord(o), kind, oneLine(o.GetDiagnostic().GetSummary()))
		}
	}
	switch {
	case len(t.kinds) > 0:
	case unknown:
		t.kinds = []record.Kind{record.Kind(records[0].GetKind())} // why nothing is known is told elsewhere
	default:
		return broken("%s", refused)
	}
	if refused != "" {
		t.note = refused
	}
	return nil
}

// cut makes batches of records as the exporter announces them.
func (s *subject) cut(records []*pb.Record) [][]*pb.Record {
	most := lowered(mostRecords, s.caps.GetMaxBatchRecords())
	if !s.whole() {
		return slices.Collect(slices.Chunk(records, most))
	}
	var out [][]*pb.Record
	for _, client := range byClient(records) {
		if last := len(out) - 1; last >= 0 && len(out[last])+len(client) <= most {
			out[last] = append(out[last], client...)
		} else {
			out = append(out, client)
		}
	}
	return out
}

// byClient divides records in their order between clients.
func byClient(records []*pb.Record) [][]*pb.Record {
	var out [][]*pb.Record
	for i, r := range records {
		if i == 0 || clientIn(r) != clientIn(records[i-1]) {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], r)
	}
	return out
}

// clientIn is the part of a record's key that names its client.
func clientIn(r *pb.Record) string {
	client, _, _ := strings.Cut(r.GetKey(), "/")
	return client
}

// export exports records in a new process, which is expected to go well. k may
// say how; nil: as usual.
func (t *trial) export(what string, records []*pb.Record, k *talk) (*heard, error) {
	r, err := t.started()
	if err != nil {
		return nil, err
	}
	if k == nil {
		k = &talk{}
	}
	if k.batches == nil {
		k.batches = t.cut(records)
	}
	h, err := r.talk(*k)
	if err != nil {
		return nil, err
	}
	if err := h.fault(t.subject); err != nil {
		var f *fault
		if what != "" && errors.As(err, &f) {
			f.seen = what + ": " + f.seen
		}
		return nil, err
	}
	return h, nil
}

// creates exports new records and checks that they are created.
func (t *trial) creates(what string, records []*pb.Record, k *talk) error {
	h, err := t.export(what, records, k)
	if err != nil {
		return err
	}
	return h.wants(what, records, pb.Outcome_STATUS_CREATED)
}

func checkLockstep(t *trial) error {
	if err := t.base.of("export.lockstep"); err != nil {
		return err
	}
	records, err := t.records("", 3)
	if err != nil {
		return err
	}
	h, err := t.export("", records, &talk{batches: oneEach(records), lockstep: true})
	if err != nil {
		return err
	}
	return h.of("export.lockstep")
}

func checkFlight(t *trial) error {
	n := t.inFlight()
	records, err := t.records("", n)
	if err != nil {
		return err
	}
	return t.creates("batches sent at once", records, &talk{batches: oneEach(records)})
}

func checkMany(t *trial) error {
	n := lowered(mostRecords, t.caps.GetMaxBatchRecords())
	limit := lowered(mostBytes, t.caps.GetMaxBatchBytes())
	records, err := t.records("", n)
	if err != nil {
		return err
	}
	size := 0
	for i, r := range records {
		if size += len(r.GetJson()); size > limit && i > 0 {
			records = records[:i]
			break
		}
	}
	return t.creates(fmt.Sprintf("a batch of %d", len(records)), records, nil)
}

// mostBytes is the host's limit of the records of a batch.
const mostBytes = 1 << 20

func checkLarge(t *trial) error {
	large, err := enlarged(identity{t.kinds[0], t.clientOf(""), "0000"}, t.opts.LargeRecord)
	if err != nil {
		return err
	}
	h, err := t.export("", []*pb.Record{large}, nil)
	if err != nil {
		return err
	}
	if o := h.outcomes[0]; o.GetStatus() == pb.Outcome_STATUS_REJECTED {
		t.note = "it was rejected: " + oneLine(o.GetDiagnostic().GetSummary())
		return nil
	}
	return h.wants("the large record", []*pb.Record{large}, pb.Outcome_STATUS_CREATED)
}

func checkEmpty(t *trial) error {
	_, err := t.export("", nil, &talk{batches: [][]*pb.Record{}})
	return err
}

func checkSecond(t *trial) error {
	records, err := t.records("", 3)
	if err != nil {
		return err
	}
	r, err := t.started()
	if err != nil {
		return err
	}
	var runs []*heard
	for range 2 {
		h, err := r.talk(talk{batches: t.cut(records)})
		if err != nil {
			return err
		}
		if err := h.fault(t.subject); err != nil {
			if len(runs) > 0 {
				return broken("the second run: %v", err)
			}
			return err
		}
		runs = append(runs, h)
	}
	if err := runs[0].wants("the first run", records, pb.Outcome_STATUS_CREATED); err != nil {
		return err
	}
	if !t.report.Files {
		return nil
	}
	if d := different(runs[0].files, runs[1].files, false); d != "" {
		return broken("the second run: %s", d)
	}
	return runs[1].wants("the second run", records, pb.Outcome_STATUS_CREATED)
}

func checkKind(t *trial) error {
	client := t.clientOf("")
	const kind = "seating-plan"
	unknown, err := sealed(object{
		"schema": record.Schema, "kind": kind, "key": client + "/" + kind + "/1", "client": map[string]any{"id": client, "name": nameOf(client)},
		"as_of": "2026-09-30", "sources": []string{}, "tool": map[string]any{"name": "firstcall", "version": "0.1.0"}, kind: map[string]any{"tables": 12},
	})
	if err != nil {
		return err
	}
	h, err := t.export("", []*pb.Record{unknown}, nil)
	if err != nil {
		return err
	}
	return h.wants("a record of an unknown kind", []*pb.Record{unknown},
		pb.Outcome_STATUS_CREATED, pb.Outcome_STATUS_UPDATED, pb.Outcome_STATUS_UNCHANGED, pb.Outcome_STATUS_REJECTED)
}

func checkFields(t *trial) error {
	var records []*pb.Record
	for _, kind := range t.kinds {
		r, err := made(identity{kind, t.clientOf(""), "0000"}, func(rec, body object) {
			rec["later"], body["later"] = map[string]any{"of": "a later version"}, []any{1, nil, "x"}
		})
		if err != nil {
			return err
		}
		records = append(records, r)
	}
	inOrder(records)
	return t.creates("records with unknown fields", records, nil)
}

func checkUnknownFields(t *trial) error {
	records, err := t.records("", 3)
	if err != nil {
		return err
	}
	return t.creates("messages with unknown fields", records, &talk{unknown: true})
}

// checkCancel cancels an export that waits for more, and one that has all.
func checkCancel(t *trial) error {
	records, err := t.records("", 8)
	if err != nil {
		return err
	}
	r, err := t.started()
	if err != nil {
		return err
	}
	h, err := r.talk(talk{batches: t.cut(records), leave: true})
	if err != nil {
		return err
	}
	if h.over {
		return &unknowable{why: "the export ended before it was canceled"}
	}
	h.cancel()
	patience := t.opts.Patience
	t.opts.Patience = min(t.opts.Prompt, patience)
	defer func() { t.opts.Patience = patience }()
	after, err := r.talk(talk{plan: true, batches: t.cut(records[:1])})
	switch {
	case err != nil:
		return err
	case after.silent:
		return broken("the next call got no answer for %s", t.opts.Patience)
	case after.err != nil:
		return broken("the next call ended with %s", r.died(after.err))
	}
	return nil
}

func checkGoneInExport(t *trial) error {
	records, err := t.records("", 4)
	if err != nil {
		return err
	}
	r, err := t.started()
	if err != nil {
		return err
	}
	h, err := r.talk(talk{batches: t.cut(records), leave: true})
	if err != nil {
		return err
	}
	if h.over {
		return &unknowable{why: "the export ended before its host did"}
	}
	return r.abandoned()
}
