package host

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// shelf is a destination in memory. script says what becomes of a key at each
// attempt; without, it is created.
type shelf struct {
	records, bytes int             // limits of batches
	how            sdk.Idempotency // zero: upsert
	whole          bool            // clients come whole
	kinds          []record.Kind   // that it takes; none: all
	script         func(key string, attempt int) sdk.Outcome

	mu       sync.Mutex
	batches  [][]sdk.Record
	attempts map[string]int
	times    []time.Time
}

func (s *shelf) Info() sdk.Info {
	return sdk.Info{
		Name: "test", Version: "1.0.0", Summary: "keeps records in memory", Idempotency: cmp.Or(s.how, sdk.Upsert),
		WholeClients: s.whole, Kinds: s.kinds, MaxBatchRecords: s.records, MaxBatchBytes: s.bytes,
		Config: []sdk.Field{{Name: "portal", Type: sdk.String, Default: "p1"}},
	}
}

func (s *shelf) Open(_ context.Context, cfg sdk.Config, check bool) (sdk.Session, error) {
	if check {
		return nil, &sdk.Diagnostic{Code: "test.auth", Summary: "the token is not valid", Field: "portal"}
	}
	return &shelfSession{s, cfg.String("portal")}, nil
}

type shelfSession struct {
	*shelf
	portal string
}

func (s *shelfSession) Target() sdk.Target { return sdk.Target{ID: s.portal, Label: "Portal"} }
func (s *shelfSession) Close() error       { return nil }

func (s *shelfSession) Provision(_ context.Context, apply bool) ([]sdk.Provisioned, error) {
	if apply {
		return nil, errors.New("no permission")
	}
	return []sdk.Provisioned{
		{Object: "note.key"}, {Object: "note.body", Action: sdk.ActionExists},
		{Object: "note.day", Action: sdk.ActionMismatch, Diagnostic: &sdk.Diagnostic{Code: "test.type", Summary: "is a text"}},
		{File: &sdk.Artifact{Name: "pack/list.xml", MediaType: "application/xml", Body: []byte("<list/>")}},
		{File: &sdk.Artifact{Name: "large", Body: make([]byte, 3<<20)}},
	}, nil
}

func (s *shelfSession) Plan(_ context.Context, _ sdk.Run, batch []sdk.Record) ([]sdk.Outcome, error) {
	out := make([]sdk.Outcome, len(batch))
	for i, r := range batch {
		out[i] = sdk.Outcome{Status: sdk.Updated, Diff: "~ " + r.Key}
	}
	return out, nil
}

func (s *shelfSession) Write(_ context.Context, run sdk.Run, batch []sdk.Record) ([]sdk.Outcome, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if run.ID == "" || run.Attempt < 1 || run.Mode != sdk.ModeUpsert {
		return nil, errors.New("the run is not as expected")
	}
	s.batches = append(s.batches, batch)
	s.times = append(s.times, time.Now())
	if s.attempts == nil {
		s.attempts = map[string]int{}
	}
	out := make([]sdk.Outcome, len(batch))
	for i, r := range batch {
		s.attempts[r.Key]++
		if s.script != nil {
			out[i] = s.script(r.Key, s.attempts[r.Key])
		}
		if out[i].Status == sdk.Created {
			out[i].Remote = []sdk.RemoteObject{{Type: "note", ID: r.Key}}
		}
	}
	return out, nil
}
