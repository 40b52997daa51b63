package sdk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// either makes files, or with the setting "push" writes to a destination.
type either struct{ closed *bool }

func (either) Info() Info {
	return Info{Name: "either", Version: "1.0.0", Summary: "a test", Idempotency: Lookup, MaxBatchRecords: 7, Config: []Field{{Name: "push", Type: Bool}}}
}

func (e either) Open(_ context.Context, cfg Config, _ bool) (Session, error) {
	if !cfg.Bool("push") {
		return nil, nil
	}
	return e, nil
}

func (either) Render(_ context.Context, _ Config, records []Record, emit func(Artifact) error) ([]Outcome, error) {
	return nil, emit(Artifact{Name: "f", Write: func(w io.Writer) error {
		_, err := fmt.Fprint(w, len(records))
		return err
	}})
}

func (either) CheckConfig(cfg Config) error {
	if cfg.Bool("push") {
		return errors.New("asked about files, though it writes to a destination")
	}
	return nil
}

func (either) Target() Target                                         { return Target{ID: "there"} }
func (either) Plan(context.Context, Run, []Record) ([]Outcome, error) { return nil, nil }
func (either) Write(_ context.Context, _ Run, b []Record) ([]Outcome, error) {
	return make([]Outcome, len(b)), nil
}

func (e either) Close() error {
	*e.closed = true
	return nil
}

// An exporter that can do both says in Configure's answer which it is now.
func TestEither(t *testing.T) {
	for _, push := range []bool{false, true} {
		closed := false
		s, err := newServer(either{&closed})
		c := dial(t, s, err)
		info, err := c.Describe(context.Background(), nil)
		if err != nil || info.GetCapabilities().GetIdempotency() != pb.Capabilities_IDEMPOTENCY_LOOKUP {
			t.Fatalf("%v, error %v", info, err)
		}
		answer, err := c.Configure(context.Background(), &pb.ConfigureRequest{ConfigJson: fmt.Appendf(nil, `{"push":%v}`, push)})
		if err != nil || len(answer.GetDiagnostics()) > 0 {
			t.Fatalf("%v, error %v", answer, err)
		}
		caps := answer.GetCapabilities()
		if push && (caps != nil || answer.GetTarget().GetId() != "there") {
			t.Errorf("pushing, it answers %v", answer)
		}
		if !push && (caps.GetIdempotency() != pb.Capabilities_IDEMPOTENCY_ATOMIC || caps.GetMaxBatchRecords() != 7 || answer.GetTarget() != nil) {
			t.Errorf("making files, it answers %v", answer)
		}
		if err := s.close(); err != nil || closed != push {
			t.Errorf("closed the session: %v, error %v", closed, err)
		}
		// A session without Provision needs nothing.
		p, err := c.Provision(context.Background(), &pb.ProvisionRequest{Apply: true})
		if err != nil {
			t.Fatal(err)
		}
		if m, err := p.Recv(); !errors.Is(err, io.EOF) {
			t.Errorf("provisioned %v, error %v", m, err)
		}
	}
}

// neither is no exporter of any sort.
type neither struct{}

func (neither) Info() Info { return Info{Name: "neither", Version: "1", Summary: "s"} }

// What an author gets wrong is told when the exporter is made, or opened.
func TestNotAnExporter(t *testing.T) {
	if _, err := NewServer(neither{}); err == nil || !strings.Contains(err.Error(), "neither an ArtifactExporter nor a DestinationExporter") {
		t.Errorf("error %v", err)
	}
	server, err := NewServer(informer{Info{Name: "a", Version: "1", Summary: "s", Idempotency: Upsert}})
	_, err = dial(t, server, err).Configure(context.Background(), &pb.ConfigureRequest{})
	if status.Code(err) != codes.Unknown || !strings.Contains(err.Error(), "opened no session") {
		t.Errorf("error %v", err)
	}
}

// What is written piece by piece arrives in pieces of at most 1 MiB, whatever
// the writes; an error of the writer ends the run.
func TestArtifactWrite(t *testing.T) {
	const size = 2*pb.MaxChunkBytes + 5
	server, err := NewServer(render(func(_ context.Context, _ Config, records []Record, emit func(Artifact) error) ([]Outcome, error) {
		write := func(step int) func(io.Writer) error {
			return func(w io.Writer) error {
				for left := size; left > 0; left -= step {
					if n, err := w.Write(make([]byte, min(step, left))); err != nil || n != min(step, left) {
						return fmt.Errorf("wrote %d: %w", n, err)
					}
				}
				return nil
			}
		}
		return nil, errors.Join(emit(Artifact{Name: "small", Write: write(1000)}), emit(Artifact{Name: "large", Write: write(size)}), emit(Artifact{Name: "none", Write: write(1)}))
	}))
	got, err := talk(t, dial(t, server, err), open(), batch(1, "a"))
	var want []string
	want = append(want, "ack 1 for now")
	for _, name := range []string{"small", "large", "none"} {
		want = append(want, "artifact "+name+" 1048576 false", "artifact "+name+" 1048576 false", "artifact "+name+" 5 true")
	}
	want = append(want, "ack 1 CREATED", "done")
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, error %v\nwant %q", got, err, want)
	}
	server, err = NewServer(render(func(_ context.Context, _ Config, _ []Record, emit func(Artifact) error) ([]Outcome, error) {
		return nil, emit(Artifact{Name: "broken", Write: func(io.Writer) error { return errors.New("out of ink") }})
	}))
	if _, err := talk(t, dial(t, server, err), open()); err == nil || !strings.Contains(err.Error(), "out of ink") {
		t.Errorf("error %v", err)
	}
}
