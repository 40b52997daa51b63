package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// server is one stream of the exporter.
type server struct {
	*exporter
	grpc.BidiStreamingServer[pb.ExportRequest, pb.ExportResponse]
	plan    bool
	mode    pb.WriteMode
	records []*pb.Record
	batches []*pb.Batch
	held    *pb.Ack
	refused map[string]bool
	tried   map[string]bool
	last    atomic.Uint64     // batch that came
	clients map[string]string // with how many clients come whole: the keys, by client
}

func (e *exporter) Plan(s grpc.BidiStreamingServer[pb.ExportRequest, pb.ExportResponse]) error {
	return e.serve(s, true)
}

func (e *exporter) Export(s grpc.BidiStreamingServer[pb.ExportRequest, pb.ExportResponse]) error {
	if !e.configured && e.fault == "configure.before" {
		return nil
	}
	return e.serve(s, false)
}

func (e *exporter) serve(in grpc.BidiStreamingServer[pb.ExportRequest, pb.ExportResponse], plan bool) error {
	if !e.configured {
		return status.Error(codes.FailedPrecondition, "not configured")
	}
	e.calling.Lock()
	defer e.calling.Unlock()
	s := &server{exporter: e, BidiStreamingServer: in, plan: plan, refused: map[string]bool{}, tried: map[string]bool{}, clients: map[string]string{}}
	e.shelf.load()
	if !plan {
		e.exports++
		switch {
		case e.fault == "export.accepts":
			return status.Error(codes.Internal, "no license")
		case e.fault == "export.second" && e.exports > 1:
			return status.Error(codes.Internal, "one run a process")
		case e.fault == "hangs":
			time.Sleep(time.Hour)
		case e.fault == "dies":
			os.Exit(7)
		}
	}
	e.mu.Lock()
	e.exporting = !plan
	e.mu.Unlock()
	if err := s.take(); err != nil {
		return s.broken(err)
	}
	return s.finish()
}

// broken is the end of a stream that the host broke off.
func (s *server) broken(err error) error {
	time.Sleep(200 * time.Millisecond)
	s.mu.Lock()
	hostGone := s.hostGone
	s.mu.Unlock()
	switch {
	case s.fault == "end.host-gone" && hostGone:
		os.Exit(1)
	case s.fault == "end.host-gone-export" && hostGone, s.fault == "end.cancel" && !hostGone:
		time.Sleep(time.Minute)
	}
	return err
}

// take reads all batches.
func (s *server) take() error {
	for {
		m, err := s.Recv()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case s.fault == "export.later" && len(m.ProtoReflect().GetUnknown()) > 0:
			return status.Error(codes.InvalidArgument, "unknown field")
		}
		if o := m.GetOpen(); o != nil {
			s.mode = o.GetMode()
			continue
		}
		b := m.GetBatch()
		if s.fault == "export.many" && len(b.GetRecords()) > 50 {
			return status.Error(codes.ResourceExhausted, "too many")
		}
		if s.fault == "prints.records" {
			s.print("writing " + string(b.GetRecords()[0].GetJson()))
		}
		if err := s.divided(b); err != nil {
			return err
		}
		s.batches = append(s.batches, b)
		s.records = append(s.records, b.GetRecords()...)
		if s.fault == "export.kind" && b.GetRecords()[0].GetKind() == "seating-plan" {
			return status.Error(codes.Internal, "seating-plan")
		}
		if err := s.answer(b); err != nil {
			return err
		}
	}
}

// divided ends the stream when the records of a client do not come as a whole, or fails
// at more of them than were announced.
func (s *server) divided(b *pb.Batch) error {
	if !s.caps().GetWholeClients() {
		return nil
	}
	if s.fault == "whole.large" && len(b.GetRecords()) > int(s.caps().GetMaxBatchRecords()) {
		return status.Error(codes.ResourceExhausted, "too many")
	}
	keys := map[string]string{}
	for _, r := range b.GetRecords() {
		keys[clientIn(r)] += r.GetKey() + " "
	}
	for client, now := range keys {
		if was, again := s.clients[client]; again && was != now {
			return status.Errorf(codes.Internal, "%s came in parts: %s, and %s", client, was, now)
		}
		s.clients[client] = now
	}
	return nil
}

func (s *server) ack(a *pb.Ack) error {
	return s.Send(&pb.ExportResponse{Message: &pb.ExportResponse_Ack{Ack: a}})
}

// answer acknowledges a batch as it comes.
func (s *server) answer(b *pb.Batch) error {
	if s.makesFiles {
		a := &pb.Ack{Seq: b.GetSeq(), Provisional: true}
		if s.fault == "export.provisional" {
			a.Outcomes = []*pb.Outcome{{Status: pb.Outcome_STATUS_CREATED}}
		}
		return s.ack(a)
	}
	a := &pb.Ack{Seq: b.GetSeq()}
	news := map[string]bool{}
	for _, r := range b.GetRecords() {
		if _, there := s.shelf.Rows[r.GetKey()]; !there {
			news[clientIn(r)] = true
		}
	}
	for _, r := range b.GetRecords() {
		if s.fault == "whole.known" && !s.plan && news[clientIn(r)] {
			delete(s.shelf.Rows, r.GetKey())
		}
		a.Outcomes = append(a.Outcomes, s.write(r))
	}
	if s.fault != "resume.killed" && !s.plan {
		s.shelf.save()
	}
	return s.spoil(a)
}

// spoil sends an answer, or something like it.
func (s *server) spoil(a *pb.Ack) error {
	switch s.fault {
	case "export.acks":
		return errors.Join(s.ack(a), s.ack(a))
	case "export.outcomes":
		a.Outcomes = a.Outcomes[1:]
	case "export.order":
		slices.Reverse(a.Outcomes)
	case "export.provisional":
		if err := s.ack(&pb.Ack{Seq: a.GetSeq(), Provisional: true}); err != nil {
			return err
		}
	case "export.lockstep":
		late := s.held
		if s.held = a; late == nil {
			return nil
		}
		a = late
	case "export.flight":
		return s.forget(a)
	}
	return s.ack(a)
}

// forget acknowledges a batch in a moment, unless another one comes before.
func (s *server) forget(a *pb.Ack) error {
	s.last.Store(a.GetSeq())
	time.AfterFunc(50*time.Millisecond, func() {
		if s.last.Load() == a.GetSeq() {
			_ = s.ack(a)
		}
	})
	return nil
}

// write puts a record on the shelf and says what became of it.
func (s *server) write(r *pb.Record) *pb.Outcome {
	if why := s.refuse(r); why != nil {
		return why
	}
	was, there := s.shelf.Rows[r.GetKey()]
	switch s.fault {
	case "resend.run":
		there = there && s.plan
	case "resend.stream":
		there = there && !s.tried[r.GetKey()]
		s.tried[r.GetKey()] = true
	case "doubt.written":
		there = there && !r.GetInDoubt()
	case "doubt.new":
		there = there || r.GetInDoubt()
	}
	o := &pb.Outcome{Status: pb.Outcome_STATUS_CREATED}
	switch {
	case s.how == "none":
	case there && (was == r.GetRevision() || s.fault == "resend.changed" && !s.plan || s.fault == "doubt.new" && r.GetInDoubt()):
		o.Status = pb.Outcome_STATUS_UNCHANGED
	case there:
		o.Status = pb.Outcome_STATUS_UPDATED
	}
	if s.plan && s.fault == "plan.foresees" && !there {
		o.Status = pb.Outcome_STATUS_UPDATED
	}
	if !s.plan || s.fault == "plan.writes-nothing" {
		if s.fault != "doubt.new" || !r.GetInDoubt() {
			s.shelf.Rows[r.GetKey()] = r.GetRevision()
		}
	}
	if s.plan && s.fault == "plan.writes-nothing" {
		s.shelf.save()
	}
	if !s.plan {
		o.Remote = []*pb.RemoteObject{{Type: "row", Id: r.GetKey()}}
		if s.fault == "outcomes.remote" {
			o.Remote[0].Type = ""
		}
	}
	return o
}

// refuse rejects what is not known, and what the fault says; nil is taken.
func (s *server) refuse(r *pb.Record) *pb.Outcome {
	why := ""
	switch text := string(r.GetJson()); {
	case r.GetKind() == "seating-plan":
		why = "no place for such records"
	case s.fault == "export.unicode" && strings.Contains(text, "𝔊"), s.fault == "export.unicode" && !s.makesFiles && strings.ContainsAny(text, "\u0301מﷺ"):
		why = "strange letters"
	case s.fault == "export.fields" && strings.Contains(text, `"later":`):
		why = "unknown field"
	case s.how == "busy" && !s.tried[r.GetKey()], s.how == "whole busy" && !s.tried[clientIn(r)] && strings.Contains(r.GetKey(), "/job/"):
		s.tried[r.GetKey()], s.tried[clientIn(r)] = true, true
		return &pb.Outcome{Status: pb.Outcome_STATUS_RETRY, RetryAfterMs: 20, Diagnostic: &pb.Diagnostic{Code: "test.busy", Summary: "busy"}}
	}
	if why == "" {
		return nil
	}
	o := &pb.Outcome{Status: pb.Outcome_STATUS_REJECTED, Diagnostic: &pb.Diagnostic{Code: "test.record", Summary: why}}
	if s.fault == "outcomes.reasons" {
		o.Diagnostic = nil
	}
	s.refused[r.GetKey()] = true
	return o
}

// finish does what is left once the host has ended its side.
func (s *server) finish() error {
	if s.fault == "export.empty" && len(s.batches) == 0 {
		return status.Error(codes.InvalidArgument, "nothing to do")
	}
	if s.held != nil {
		if err := s.ack(s.held); err != nil {
			return err
		}
	}
	text := "done"
	if s.fault == "progress.form" {
		text = "done\nor so"
	}
	if err := s.Send(&pb.ExportResponse{Message: &pb.ExportResponse_Progress{Progress: &pb.Progress{Text: text}}}); err != nil {
		return err
	}
	if s.makesFiles {
		if err := s.files(); err != nil {
			return err
		}
	} else if err := s.tidy(); err != nil {
		return err
	}
	if s.fault == "export.done" {
		return nil
	}
	return s.Send(&pb.ExportResponse{Message: &pb.ExportResponse_Done{Done: &pb.Done{}}})
}

// tidy ends the run of a destination.
func (s *server) tidy() error {
	if s.plan {
		return nil
	}
	if s.mode == pb.WriteMode_WRITE_MODE_REPLACE && s.fault != "mode.replace" {
		for key := range s.shelf.Rows {
			mine := func(r *pb.Record) bool { return strings.HasPrefix(key, clientOf(r.GetKey())) }
			in := func(r *pb.Record) bool { return r.GetKey() == key }
			if slices.ContainsFunc(s.records, mine) && !slices.ContainsFunc(s.records, in) {
				delete(s.shelf.Rows, key)
			}
		}
	}
	s.shelf.save()
	if s.fault == "files.none" {
		return s.Send(&pb.ExportResponse{Message: &pb.ExportResponse_Artifact{Artifact: &pb.Artifact{Name: "log.txt", Last: true}}})
	}
	return nil
}

func clientOf(key string) string {
	client, _, _ := strings.Cut(key, "/")
	return client + "/"
}

// files makes one file of all records and says what became of them.
func (s *server) files() error {
	for _, b := range s.batches {
		a := &pb.Ack{Seq: b.GetSeq()}
		for _, r := range b.GetRecords() {
			o := s.refuse(r)
			if o == nil {
				o = &pb.Outcome{Status: pb.Outcome_STATUS_CREATED}
			}
			a.Outcomes = append(a.Outcomes, o)
		}
		if s.fault == "export.outcomes" {
			a.Outcomes[0].Status = pb.Outcome_STATUS_UPDATED
		}
		if err := s.ack(a); err != nil {
			return err
		}
	}
	keys := []string{}
	for _, r := range s.records {
		if !s.refused[r.GetKey()] {
			keys = append(keys, r.GetKey())
		}
	}
	body, _ := json.Marshal(keys)
	switch s.fault {
	case "files.same":
		body = append(body, token()...)
	case "files.batches":
		body = fmt.Appendf(body, "%04d", len(s.batches))
	case "files.pieces":
		body = make([]byte, pb.MaxChunkBytes+1)
	}
	f := &pb.Artifact{Name: "keys/all.json", MediaType: "application/json", Chunk: body, Last: true}
	switch s.fault {
	case "files.names":
		f.Name = "../keys.json"
	case "files.media":
		f.MediaType = ""
	}
	if s.plan {
		f.Chunk, f.Size = nil, uint64(len(body))
		if s.fault == "plan.files" {
			f.Size++
		}
	}
	return s.Send(&pb.ExportResponse{Message: &pb.ExportResponse_Artifact{Artifact: f}})
}
