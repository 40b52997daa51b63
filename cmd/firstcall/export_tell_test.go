package main

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/plugins/host"
)

// exported is an export whose records ended as given.
func exported(t *testing.T, said *bytes.Buffer, outcomes []host.Outcome) *export {
	t.Helper()
	x := &export{
		in: &invocation{streams: streams{err: said}, values: map[string]setting{}}, records: host.NewRecords(""), outcomes: host.NewOutcomes(""),
		exporter: &exporter{configured: &host.Configured{}},
	}
	t.Cleanup(func() { _, _ = x.records.Close(), x.outcomes.Close() })
	for i, o := range outcomes {
		rec := &record.Record{Client: record.Client{ID: "acme"}, Sources: []string{}, Other: []byte(`{}`)}
		if err := rec.Seal(record.Key{Client: "acme", Kind: record.KindJob, Subject: fmt.Sprintf("s%03d", i)}); err != nil {
			t.Fatal(err)
		}
		o.Key = rec.Key
		if err := errors.Join(x.records.Add(rec, ""), x.outcomes.Add(o)); err != nil {
			t.Fatal(err)
		}
	}
	return x
}

// A warning about a record that was written is told, or counted, however many
// records were written before it.
func TestWarningsTold(t *testing.T) {
	outcomes := make([]host.Outcome, mostTold+1)
	for i := range outcomes {
		outcomes[i].Status = host.Created
	}
	outcomes[mostTold].Diagnostic = &host.Diagnostic{Warning: true, Summary: "the title was cut"}
	var said bytes.Buffer
	x := exported(t, &said, outcomes)
	if _, err := x.tellOutcomes(); err != nil || !strings.Contains(said.String(), "the title was cut") {
		t.Errorf("said %q, error %v", said.String(), err)
	}
}

// A file of rejected records that cannot be written does not keep the rest from
// being told.
func TestRejectedFails(t *testing.T) {
	var said bytes.Buffer
	x := exported(t, &said, []host.Outcome{{Status: host.Rejected}, {Status: host.InDoubt}})
	x.in.values["rejected"] = setting{values: []string{filepath.Join(t.TempDir(), "gone", "rejected.ndjson")}}
	if _, err := x.tellOutcomes(); err == nil || !strings.Contains(said.String(), "in doubt") {
		t.Errorf("said %q, error %v", said.String(), err)
	}
}
