package conformance

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"
	plugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/internal/config"
)

// exporter is a hand-written exporter that keeps all rules, or all but one.
type exporter struct {
	pb.UnimplementedExporterServer
	makesFiles bool
	how        string // what else it is: "lookup", "none", "busy"
	fault      string // what it does wrong

	calling    sync.Mutex
	fields     []*pb.Field
	configured bool
	shelf      *shelf
	refused    bool // settings
	exports    int  // calls of Export
	provisions int

	mu        sync.Mutex
	hostGone  bool
	exporting bool
	printed   string // in tests without a process
}

// newExporter makes the exporter of a mode: "files" or "destination", and after
// a space how it is or what it does wrong.
func newExporter(mode string) *exporter {
	sort, rest, _ := strings.Cut(mode, " ")
	e := &exporter{makesFiles: sort == "files", fields: fields()}
	switch rest {
	case "lookup", "none", "busy", "whole", "whole busy":
		e.how = rest
	default:
		e.fault = rest
	}
	return e
}

// server serves the exporter by gRPC.
func (e *exporter) server(opts []grpc.ServerOption) *grpc.Server {
	if e.fault != "export.large" {
		opts = append(opts, grpc.MaxRecvMsgSize(pb.MaxMessageBytes))
	}
	s := grpc.NewServer(opts...)
	pb.RegisterExporterServer(s, e)
	return s
}

// be runs as the exporter of that mode until the host is done.
func be(mode string) {
	if mode == "ends" {
		fmt.Fprintln(os.Stderr, "no license found")
		os.Exit(3)
	}
	e := newExporter(mode)
	if os.Getenv(pb.HandshakeKey) == "" {
		if e.fault == "start.by-hand" {
			os.Exit(0)
		}
		fmt.Println("an exporter for tests")
		os.Exit(1)
	}
	dir := os.Getenv(plugin.EnvUnixSocketDir)
	if e.fault == "end.folder" {
		_ = os.WriteFile(filepath.Join(dir, "notes"), nil, 0o600)
	}
	if n, err := strconv.Atoi(os.Getenv(pb.FenceKey)); err == nil && e.fault == "start.fence" {
		_ = os.NewFile(uintptr(n), "fence").Close()
	}
	go e.watch(dir)
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: plugin.HandshakeConfig{ProtocolVersion: 1, MagicCookieKey: pb.HandshakeKey, MagicCookieValue: pb.HandshakeValue},
		Plugins:         plugin.PluginSet{pb.PluginName: served{exporter: e}},
		GRPCServer:      e.server,
		Logger:          hclog.NewNullLogger(),
	})
	if e.fault == "end.shutdown" {
		time.Sleep(time.Hour)
	}
}

// watch ends the process with its host.
func (e *exporter) watch(dir string) {
	_, _ = io.Copy(io.Discard, os.Stdin)
	e.mu.Lock()
	e.hostGone = true
	stay := e.fault == "end.host-gone" || e.fault == "end.host-gone-export" && e.exporting
	e.mu.Unlock()
	if !stay {
		_ = os.RemoveAll(dir)
		os.Exit(1)
	}
}

type served struct {
	plugin.NetRPCUnsupportedPlugin
	*exporter
}

func (s served) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error { return nil }

func (served) GRPCClient(context.Context, *plugin.GRPCBroker, *grpc.ClientConn) (any, error) {
	return nil, errors.New("no client")
}

func fields() []*pb.Field {
	return []*pb.Field{
		{Name: "state", Type: pb.Field_TYPE_STRING, Doc: "file of what was written", Required: true},
		{Name: "limit", Type: pb.Field_TYPE_INT, Doc: "not needed", Default: "10"},
		{Name: "pause", Type: pb.Field_TYPE_DURATION, Doc: "not needed"},
		{Name: "style", Type: pb.Field_TYPE_STRING, Doc: "not needed", OneOf: []string{"plain", "fancy"}},
		{Name: "parts", Type: pb.Field_TYPE_STRINGS, Doc: "not needed", OneOf: []string{"head", "body"}},
		{Name: "names", Type: pb.Field_TYPE_TABLE, Doc: "not needed"},
		{Name: "token", Type: pb.Field_TYPE_STRING, Doc: "not needed", Secret: true},
	}
}

func (e *exporter) caps() *pb.Capabilities {
	c := &pb.Capabilities{Idempotency: pb.Capabilities_IDEMPOTENCY_UPSERT, Modes: []pb.WriteMode{pb.WriteMode_WRITE_MODE_UPSERT, pb.WriteMode_WRITE_MODE_REPLACE}}
	switch {
	case e.makesFiles:
		c.Idempotency, c.Modes = pb.Capabilities_IDEMPOTENCY_ATOMIC, nil
	case e.how == "whole", e.how == "whole busy", strings.HasPrefix(e.fault, "whole."):
		c.WholeClients, c.MaxBatchRecords = true, 20
	case e.how == "lookup":
		c.Idempotency, c.Modes = pb.Capabilities_IDEMPOTENCY_LOOKUP, nil
		c.MaxBatchRecords, c.MaxInFlight, c.RecordKinds = 1, 1, []string{"job", "statement"}
	case e.how == "none":
		c.Idempotency, c.Modes = pb.Capabilities_IDEMPOTENCY_NONE, []pb.WriteMode{pb.WriteMode_WRITE_MODE_APPEND}
	}
	return c
}

func (e *exporter) Describe(_ context.Context, req *pb.DescribeRequest) (*pb.DescribeResponse, error) {
	if e.fault == "configure.after" && e.refused {
		return nil, status.Error(codes.Unavailable, "over")
	}
	info := &pb.DescribeResponse{Name: "test", Version: "1.0.0", Summary: "a test", Config: e.fields, Capabilities: e.caps()}
	switch {
	case e.fault == "describe.answers":
		return nil, status.Error(codes.Internal, "no license")
	case e.fault == "describe.form":
		info.Version = "one"
	case e.fault == "describe.same":
		info.Summary = "a test, " + token()
	case e.fault == "describe.later" && req.GetProtocolMinor() > 1:
		return nil, status.Error(codes.Unimplemented, "too new")
	}
	return info, nil
}

func (e *exporter) Configure(_ context.Context, req *pb.ConfigureRequest) (*pb.ConfigureResponse, error) {
	if e.fault == "secrets.kept" {
		e.print("token " + req.GetSecrets()["token"])
	}
	if e.configured && e.fault != "configure.twice" {
		return nil, status.Error(codes.FailedPrecondition, "configured already")
	}
	values, faults := config.Check(e.fields, req.GetConfigJson(), req.GetSecrets())
	if faults = e.overlook(faults); len(faults) > 0 {
		e.refused = true
		return &pb.ConfigureResponse{Diagnostics: faults}, nil
	}
	if e.fault == "configure.connection" && req.GetCheckConnection() {
		return nil, status.Error(codes.Unavailable, "not reachable")
	}
	path, _ := values["state"].(string)
	e.configured, e.shelf = true, &shelf{path: path}
	answer := &pb.ConfigureResponse{Target: &pb.Target{Id: "shelf-1", Label: "Shelf"}}
	if e.makesFiles == (e.fault != "configure.answers") {
		answer.Target = nil
	}
	return answer, nil
}

// print is what a program would do that says too much.
func (e *exporter) print(line string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.printed += line + "\n"
}

// overlook spoils the diagnostics of settings.
func (e *exporter) overlook(faults []*pb.Diagnostic) []*pb.Diagnostic {
	overlooked := map[string]string{
		"configure.unknown": config.CodeUnknown, "configure.missing": config.CodeMissing,
		"configure.type": config.CodeType, "configure.value": config.CodeValue,
	}[e.fault]
	faults = slices.DeleteFunc(faults, func(d *pb.Diagnostic) bool { return d.GetCode() == overlooked })
	switch {
	case e.fault == "configure.all" && len(faults) > 1:
		faults = faults[:1]
	case e.fault == "diagnostics.form" && len(faults) > 0:
		faults[0].Code = ""
	}
	return faults
}

func (e *exporter) Provision(req *pb.ProvisionRequest, s grpc.ServerStreamingServer[pb.ProvisionResponse]) error {
	if !e.configured {
		return status.Error(codes.FailedPrecondition, "not configured")
	}
	e.provisions++
	switch {
	case e.fault == "provision.plan" && e.provisions > 1:
		return nil
	case e.makesFiles:
		return nil
	}
	action := pb.ProvisionResponse_ACTION_CREATE
	if _, err := os.Stat(e.shelf.path); err == nil {
		action = pb.ProvisionResponse_ACTION_EXISTS
	}
	if req.GetApply() {
		e.shelf.load()
		e.shelf.save()
	}
	m := &pb.ProvisionResponse{Object: "shelf", Action: action}
	switch e.fault {
	case "provision.apply":
		m.Action = pb.ProvisionResponse_ACTION_CREATE
	case "provision.form":
		m.Artifact = &pb.Artifact{Name: "label.txt", MediaType: "text/plain", Chunk: []byte("shelf"), Last: true}
	}
	if err := s.Send(m); err != nil {
		return err
	}
	name := "pack/shelf.xml"
	if e.fault == "provision.files" {
		name = "../shelf.xml"
	}
	return errors.Join(
		s.Send(&pb.ProvisionResponse{Artifact: &pb.Artifact{Name: name, MediaType: "application/xml", Chunk: []byte("<shelf")}}),
		s.Send(&pb.ProvisionResponse{Artifact: &pb.Artifact{Name: name, Chunk: []byte("/>"), Last: true}}),
	)
}

// shelf is what was written: revisions by key, in a file.
type shelf struct {
	path string
	Rows map[string]string
}

func (s *shelf) load() {
	s.Rows = map[string]string{}
	if text, err := os.ReadFile(s.path); err == nil {
		_ = json.Unmarshal(text, &s.Rows)
	}
}

func (s *shelf) save() {
	text, _ := json.Marshal(s.Rows)
	if err := os.WriteFile(s.path+".new", text, 0o600); err != nil {
		panic(err)
	}
	if err := os.Rename(s.path+".new", s.path); err != nil {
		panic(err)
	}
}

// token is a text that is never the same.
func token() string { return rand.Text()[:8] }
