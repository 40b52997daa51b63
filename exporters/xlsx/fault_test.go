package xlsx

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"

	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

var errFull = errors.New("disk full")

// disk takes so many bytes.
type disk int

func (d *disk) Write(b []byte) (int, error) {
	if *d -= disk(len(b)); *d < 0 {
		return 0, errFull
	}
	return len(b), nil
}

// TestFullDisk: wherever there is no more room, it is said.
func TestFullDisk(t *testing.T) {
	records := exporttest.Records(t, sample)
	var whole bytes.Buffer
	if err := write(context.Background(), &whole, records, make([]sdk.Outcome, len(records)), mostRows); err != nil {
		t.Fatal(err)
	}
	for room := 0; room < whole.Len(); room += 499 {
		d := disk(room)
		if err := write(context.Background(), &d, records, make([]sdk.Outcome, len(records)), mostRows); !errors.Is(err, errFull) {
			t.Errorf("with room for %d of %d bytes: %v", room, whole.Len(), err)
		}
	}
	d := disk(whole.Len() - 1)
	if err := write(context.Background(), &d, records, make([]sdk.Outcome, len(records)), mostRows); !errors.Is(err, errFull) {
		t.Errorf("with one byte too few: %v", err)
	}
}

// TestStopsEarly: records are not read once nothing can be written, or the run is over.
func TestStopsEarly(t *testing.T) {
	one := exporttest.Records(t, sample)[2]
	many := make([]sdk.Record, 3_000)
	for i := range many {
		many[i] = one
	}
	last := len(many) - 1
	many[last].JSON = []byte("{") // is rejected when it is read
	ended, end := context.WithCancel(context.Background())
	end()
	full := disk(2_000)
	for name, run := range map[string]struct {
		ctx  context.Context
		to   io.Writer
		want error
	}{
		"full disk": {context.Background(), &full, errFull}, "ended": {ended, io.Discard, context.Canceled}, "whole": {context.Background(), io.Discard, nil},
	} {
		outcomes := make([]sdk.Outcome, len(many))
		if err := write(run.ctx, run.to, many, outcomes, mostRows); !errors.Is(err, run.want) {
			t.Errorf("%s: %v", name, err)
		}
		if read := outcomes[last].Status == sdk.Rejected; read != (run.want == nil) {
			t.Errorf("%s: the last record is read: %v", name, read)
		}
	}
}
