package rows

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

const sample = "../../../core/record/flat/testdata/records.ndjson"

func all(sdk.Record) bool { return true }

func TestEachKeepsTheOrder(t *testing.T) {
	records := exporttest.Records(t, sample)
	for range 6 {
		records = append(records, records...)
	}
	next := 0
	err := Each(context.Background(), records, all, func(d Decoded) error {
		if d.Index != next || d.Err != nil || d.Record.Key != records[next].Key {
			t.Fatalf("got %d, %v; want %d", d.Index, d.Err, next)
		}
		next++
		return nil
	})
	if err != nil || next != len(records) {
		t.Errorf("visited %d of %d: %v", next, len(records), err)
	}
}

func TestEachPicks(t *testing.T) {
	records := exporttest.Records(t, sample)
	err := Each(context.Background(), records, func(r sdk.Record) bool { return r.Kind == record.KindPlan }, func(d Decoded) error {
		if records[d.Index].Kind != record.KindPlan {
			t.Errorf("visited %s", records[d.Index].Key)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestEachStops(t *testing.T) {
	records := exporttest.Records(t, sample)
	full := errors.New("disk full")
	if err := Each(context.Background(), records, all, func(Decoded) error { return full }); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	err := Each(ctx, records, all, func(Decoded) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestOfRefuses(t *testing.T) {
	good := exporttest.Records(t, sample)[0]
	for name, change := range map[string]func(*sdk.Record){
		"another key":  func(r *sdk.Record) { r.Key += "x" },
		"another kind": func(r *sdk.Record) { r.Kind = record.KindPlan },
		"no JSON":      func(r *sdk.Record) { r.JSON = r.JSON[:50] },
		"no body":      func(r *sdk.Record) { r.JSON = []byte(`{"kind":"` + string(r.Kind) + `","key":"` + r.Key + `"}`) },
	} {
		r := good
		change(&r)
		_, rows, err := Of(r)
		if err == nil || rows != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if o := Refused("x", err); o.Status != sdk.Rejected || o.Diagnostic.Code != "x.record" || !strings.Contains(o.Diagnostic.Summary, err.Error()) {
			t.Errorf("%s: %+v", name, o)
		}
	}
}
