package host

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// unknown gives a message a field of a later minor version.
func unknown(m proto.Message) {
	raw := protowire.AppendTag(nil, 900, protowire.BytesType)
	raw = protowire.AppendString(raw, "from the future")
	m.ProtoReflect().SetUnknown(raw)
}

// later is an exporter of a later minor version: every message has a field that
// nobody here knows, and one message is all unknown.
type later struct{ raw }

func (l later) Describe(ctx context.Context, req *pb.DescribeRequest) (*pb.DescribeResponse, error) {
	d, err := l.raw.Describe(ctx, req)
	d.ProtocolMinor = pb.ProtocolMinor + 7
	d.Config = []*pb.Field{{Name: "place", Type: 99, Default: "?"}} // a type that came later
	unknown(d)
	unknown(d.GetCapabilities())
	return d, err
}

func (l later) Configure(ctx context.Context, req *pb.ConfigureRequest) (*pb.ConfigureResponse, error) {
	c, err := l.raw.Configure(ctx, req)
	unknown(c)
	return c, err
}

func TestLaterMinor(t *testing.T) {
	export := func(s exportServer) error {
		news := &pb.ExportResponse{}
		unknown(news)
		if err := s.Send(news); err != nil {
			return err
		}
		err := batches(s, func(b *pb.Batch) *pb.Ack {
			a := accepted(b)
			unknown(a)
			unknown(a.GetOutcomes()[0])
			return a
		})
		if err != nil {
			return err
		}
		return done(s)
	}
	p := inProcess(t, later{raw{export: export}}, nil, Options{})
	configure(t, p, "")
	r, err := run(t, p.Export, jobs(t, 3, 1))
	if err != nil || r.Summary != (Summary{Created: 3}) {
		t.Errorf("%+v, error %v", r, err)
	}
}

// A setting of a type that came later cannot be set, and must not be needed.
func TestLaterFieldType(t *testing.T) {
	p := inProcess(t, later{raw{}}, nil, Options{})
	_, err := p.Configure(context.Background(), []byte(`{"place": 3}`), false)
	var conf *ConfigError
	if !errors.As(err, &conf) || conf.Diagnostics[0].Field != "place" || conf.Diagnostics[0].Code != "config.type" {
		t.Errorf("error %v", err)
	}
}

// Another major version is refused by name before anything is called.
func TestOtherMajor(t *testing.T) {
	tests := []struct{ line, want, hint string }{
		{"1|2|unix|S|grpc", "speaks version 2 of the protocol, and this firstcall speaks version 1", "a newer firstcall"},
		{"1|0|unix|S|grpc", "speaks version 0 of the protocol", "a newer version of the exporter"},
		{"2|1|unix|S|grpc", "uses version 2 of the handshake", "made for this firstcall"},
		{"1|1|unix|S|netrpc", "does not speak gRPC", "plugin of another program"},
		{"1|1|unix|S", "does not speak gRPC", "fifth part"},
	}
	for _, tt := range tests {
		t.Run(tt.line, func(t *testing.T) {
			pid := filepath.Join(t.TempDir(), "pid")
			cmd := command("says", pidVar+"="+pid, sayVar+"="+tt.line)
			_, err := Launch(context.Background(), cmd, Options{TempDir: place(t)})
			pe := wantPluginError(t, err, StageStart, tt.want)
			if !strings.Contains(pe.Hint(), tt.hint) {
				t.Errorf("hint %q, want %q in it", pe.Hint(), tt.hint)
			}
			wantGone(t, pid)
		})
	}
}

// What is printed instead of the handshake tells what sort of program it is.
func TestMistakenPrograms(t *testing.T) {
	tests := []struct{ line, want, hint string }{
		{`{"description":{"name":"x"}}`, "printed JSON", "through the bridge"},
		{"usage: x [options]", "printed its usage", "no exporter"},
		{"", "printed nothing", "says where it listens"},
	}
	for _, tt := range tests {
		cmd := command("says", sayVar+"="+tt.line, sayVar+"_END=1")
		_, err := Launch(context.Background(), cmd, Options{TempDir: place(t)})
		if pe := wantPluginError(t, err, StageStart, tt.want); !strings.Contains(pe.Hint(), tt.hint) {
			t.Errorf("%s: hint %q, want %q in it", tt.line, pe.Hint(), tt.hint)
		}
	}
}
