package conformance

import (
	"context"
	"encoding/binary"
	"io"
	"testing"

	"google.golang.org/protobuf/proto"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// Whatever an exporter sends, the kit keeps its head: it neither fails nor
// believes more outcomes than there are records.
func FuzzHeard(f *testing.F) {
	seed := func(files bool, all ...*pb.ExportResponse) {
		var wire []byte
		for _, m := range all {
			one, err := proto.Marshal(m)
			if err != nil {
				f.Fatal(err)
			}
			wire = append(binary.AppendUvarint(wire, uint64(len(one))), one...)
		}
		f.Add(wire, files)
	}
	ack := func(seq uint64, provisional bool, status ...pb.Outcome_Status) *pb.ExportResponse {
		a := &pb.Ack{Seq: seq, Provisional: provisional}
		for _, s := range status {
			a.Outcomes = append(a.Outcomes, &pb.Outcome{Status: s})
		}
		return &pb.ExportResponse{Message: &pb.ExportResponse_Ack{Ack: a}}
	}
	piece := func(name string, last bool) *pb.ExportResponse {
		return &pb.ExportResponse{Message: &pb.ExportResponse_Artifact{Artifact: &pb.Artifact{Name: name, Chunk: []byte("x"), Last: last}}}
	}
	done := &pb.ExportResponse{Message: &pb.ExportResponse_Done{Done: &pb.Done{}}}
	seed(false, ack(1, false, 1, 2), ack(2, false, 5), ack(2, false, 1), done)
	seed(true, ack(1, true), ack(1, false, 1, 4), piece("a", false), piece("b", true), piece("a", false), done, done)
	seed(true, ack(9, true), ack(1, true, 1), ack(1, true), piece("../a", true), piece("A", true), piece("a", true))
	f.Fuzz(func(t *testing.T, wire []byte, files bool) {
		s := newSubject(Program{}, Options{}.withDefaults())
		s.report.Files = files
		r := &running{t: &trial{subject: s, ctx: context.Background(), check: Checks()[0]}}
		h := newHeard(r, talk{batches: [][]*pb.Record{make([]*pb.Record, 2), make([]*pb.Record, 1)}})
		for _, records := range [][]int{{0, 1}, {2}} {
			h.pending[h.expect(records)] = true
		}
		for len(wire) > 0 {
			n, used := binary.Uvarint(wire)
			if used <= 0 || n > uint64(len(wire)-used) {
				break
			}
			var m pb.ExportResponse
			if proto.Unmarshal(wire[used:used+int(n)], &m) == nil {
				h.take(incoming{message: &m})
			}
			wire = wire[used+int(n):]
		}
		h.take(incoming{err: io.EOF})
		if len(h.outcomes) != 3 || !h.over {
			t.Fatalf("%d outcomes, over: %v", len(h.outcomes), h.over)
		}
		if again, _ := h.retries(); len(again) > 0 && (files || max(again[0], again[len(again)-1]) > 2) {
			t.Fatalf("records %v are to be sent again", again)
		}
		_ = h.fault(s)
	})
}
