package conformance

import (
	"fmt"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

func wholeChecks() []*Check {
	sound := []string{"export.accepts"}
	return []*Check{
		{
			ID: "whole.large", Title: "a client can have more records than a batch", Rule: "R63", For: Destinations, needs: append(sound, "export.many"), writes: true,
			Hint: "divide what the target is told, and not what firstcall sends",
			run:  checkWholeLarge,
		},
		{
			ID: "whole.known", Title: "records that come again with others of their client are not created again", Rule: "R64", For: Destinations, needs: append(sound, "resend.run"), writes: true,
			Hint: "look for each record, also where another one of the client is new", run: checkWholeKnown,
		},
	}
}

// whole reports whether all records of a client come in one batch.
func (s *subject) whole() bool { return s.caps.GetWholeClients() && !s.report.Files }

func (t *trial) comesWhole() error {
	if !t.whole() {
		return skip("its records come one by one")
	}
	return nil
}

// checkWholeLarge sends one client with more records, and more bytes, than announced.
func checkWholeLarge(t *trial) error {
	if err := t.comesWhole(); err != nil {
		return err
	}
	records, err := t.recordsOf(t.clientOf(""), lowered(mostRecords, t.caps.GetMaxBatchRecords())+10)
	if err != nil {
		return err
	}
	last := len(records)
	large, err := enlarged(identity{t.kinds[last%len(t.kinds)], t.clientOf(""), fmt.Sprintf("%04d", last)}, lowered(mostBytes, t.caps.GetMaxBatchBytes()))
	if err != nil {
		return err
	}
	records = append(records, large)
	inOrder(records)
	return t.creates(fmt.Sprintf("a client with %d records", len(records)), records, nil)
}

// checkWholeKnown adds a record to a client that is there: all of its records come then.
func checkWholeKnown(t *trial) error {
	if err := t.comesWhole(); err != nil {
		return err
	}
	if err := t.writesOnce(); err != nil {
		return err
	}
	records, err := t.recordsOf(t.clientOf(""), 5)
	if err != nil {
		return err
	}
	const added = 2
	before := append(append([]*pb.Record{}, records[:added]...), records[added+1:]...)
	if err := t.creates("the first run", before, nil); err != nil {
		return err
	}
	h, err := t.export("the second run", records, nil)
	if err != nil {
		return err
	}
	// The new record need not be CREATED: of one that only counts for the client, an
	// object that is there changes.
	if err := h.wants("the new record", records, pb.Outcome_STATUS_CREATED, pb.Outcome_STATUS_UPDATED, pb.Outcome_STATUS_UNCHANGED); err != nil {
		return err
	}
	h.outcomes[added] = nil
	return h.wants("there already, and sent with a new one", records, keptOutcomes()...)
}
