package exporterpb

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/types/descriptorpb"
)

const keptFile = "testdata/v1.json"

var update = flag.Bool("update", false, "keep what was added to the protocol")

// Every exporter that was written for the kept protocol works with the present
// one.
func TestNothingBreaks(t *testing.T) {
	now := protodesc.ToFileDescriptorProto(File_exporter_proto)
	text, err := os.ReadFile(keptFile)
	if err != nil {
		t.Fatal(err)
	}
	var kept descriptorpb.FileDescriptorProto
	if err := protojson.Unmarshal(text, &kept); err != nil {
		t.Fatal(err)
	}
	for _, b := range breaks(&kept, now) {
		t.Errorf("%s: exporters of vendors stand on version 1; add something new instead, or begin version 2", b)
	}
	if *update && !t.Failed() {
		keep(t, now)
	}
}

// keep writes the protocol to the file. protojson varies its spaces on purpose;
// a file in git must not.
func keep(t *testing.T, f *descriptorpb.FileDescriptorProto) {
	t.Helper()
	text, err := protojson.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := json.Indent(&out, text, "", "\t"); err != nil {
		t.Fatal(err)
	}
	out.WriteByte('\n')
	if err := os.WriteFile(keptFile, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// breaks lists what is no longer as it was: everything that a program made for
// the kept file sends, reads or is compiled against.
func breaks(kept, now *descriptorpb.FileDescriptorProto) []string {
	var out []string
	if kept.GetPackage() != now.GetPackage() {
		return []string{fmt.Sprintf("package %s is now %s", kept.GetPackage(), now.GetPackage())}
	}
	for _, m := range kept.GetMessageType() {
		out = append(out, messageBreaks("", m, now.GetMessageType())...)
	}
	for _, e := range kept.GetEnumType() {
		out = append(out, enumBreaks("", e, now.GetEnumType())...)
	}
	for _, s := range kept.GetService() {
		out = append(out, serviceBreaks(s, now.GetService())...)
	}
	return out
}

// named returns the one of that name.
func named[T interface{ GetName() string }](all []T, name string) (found T, ok bool) {
	i := slices.IndexFunc(all, func(e T) bool { return e.GetName() == name })
	if i < 0 {
		return found, false
	}
	return all[i], true
}

func messageBreaks(in string, kept *descriptorpb.DescriptorProto, all []*descriptorpb.DescriptorProto) []string {
	name := in + kept.GetName()
	now, ok := named(all, kept.GetName())
	if !ok {
		return []string{"message " + name + " is gone"}
	}
	var out []string
	for _, f := range kept.GetField() {
		i := slices.IndexFunc(now.GetField(), func(g *descriptorpb.FieldDescriptorProto) bool { return g.GetNumber() == f.GetNumber() })
		if i < 0 {
			out = append(out, fmt.Sprintf("field %s.%s = %d is gone", name, f.GetName(), f.GetNumber()))
			continue
		}
		g := now.GetField()[i]
		was, is := shape(kept, f), shape(now, g)
		if was != is {
			out = append(out, fmt.Sprintf("field %s.%s = %d was %q and is %q", name, f.GetName(), f.GetNumber(), was, is))
		}
	}
	for _, m := range kept.GetNestedType() {
		out = append(out, messageBreaks(name+".", m, now.GetNestedType())...)
	}
	for _, e := range kept.GetEnumType() {
		out = append(out, enumBreaks(name+".", e, now.GetEnumType())...)
	}
	return out
}

// shape is all of a field that programs depend on.
func shape(m *descriptorpb.DescriptorProto, f *descriptorpb.FieldDescriptorProto) string {
	parts := []string{strings.ToLower(strings.TrimPrefix(f.GetLabel().String(), "LABEL_")), strings.ToLower(strings.TrimPrefix(f.GetType().String(), "TYPE_"))}
	if f.GetTypeName() != "" {
		parts = append(parts, f.GetTypeName())
	}
	parts = append(parts, f.GetName())
	if f.OneofIndex != nil {
		parts = append(parts, "of "+m.GetOneofDecl()[f.GetOneofIndex()].GetName())
	}
	return strings.Join(parts, " ")
}

func enumBreaks(in string, kept *descriptorpb.EnumDescriptorProto, all []*descriptorpb.EnumDescriptorProto) []string {
	now, ok := named(all, kept.GetName())
	if !ok {
		return []string{"enum " + in + kept.GetName() + " is gone"}
	}
	var out []string
	for _, v := range kept.GetValue() {
		if w, ok := named(now.GetValue(), v.GetName()); !ok || w.GetNumber() != v.GetNumber() {
			out = append(out, fmt.Sprintf("value %s = %d of enum %s is gone", v.GetName(), v.GetNumber(), in+kept.GetName()))
		}
	}
	return out
}

func serviceBreaks(kept *descriptorpb.ServiceDescriptorProto, all []*descriptorpb.ServiceDescriptorProto) []string {
	now, ok := named(all, kept.GetName())
	if !ok {
		return []string{"service " + kept.GetName() + " is gone"}
	}
	var out []string
	for _, m := range kept.GetMethod() {
		switch n, ok := named(now.GetMethod(), m.GetName()); {
		case !ok:
			out = append(out, "call "+m.GetName()+" is gone")
		case n.GetInputType() != m.GetInputType() || n.GetOutputType() != m.GetOutputType(),
			n.GetClientStreaming() != m.GetClientStreaming() || n.GetServerStreaming() != m.GetServerStreaming():
			out = append(out, "call "+m.GetName()+" takes or gives something else")
		}
	}
	return out
}

// What breaks is found, and what is only added is not.
func TestBreaks(t *testing.T) {
	message := func(f *descriptorpb.FileDescriptorProto, name string) *descriptorpb.DescriptorProto {
		m, ok := named(f.GetMessageType(), name)
		if !ok {
			t.Fatalf("no message %s", name)
		}
		return m
	}
	field := func(f *descriptorpb.FileDescriptorProto, in, name string) *descriptorpb.FieldDescriptorProto {
		g, ok := named(message(f, in).GetField(), name)
		if !ok {
			t.Fatalf("no field %s.%s", in, name)
		}
		return g
	}
	tests := []struct {
		do   func(f *descriptorpb.FileDescriptorProto)
		want string
	}{
		{func(f *descriptorpb.FileDescriptorProto) { f.Package = proto.String("firstcall.exporter.v2") }, "package firstcall.exporter.v1 is now firstcall.exporter.v2"},
		{func(f *descriptorpb.FileDescriptorProto) { message(f, "Done").Name = proto.String("Finished") }, "message Done is gone"},
		{func(f *descriptorpb.FileDescriptorProto) { m := message(f, "Target"); m.Field = m.Field[:1] }, "field Target.label = 2 is gone"},
		{func(f *descriptorpb.FileDescriptorProto) { field(f, "Target", "id").Number = proto.Int32(9) }, "field Target.id = 1 is gone"},
		{func(f *descriptorpb.FileDescriptorProto) { field(f, "Target", "id").Name = proto.String("ident") }, `field Target.id = 1 was "optional string id" and is "optional string ident"`},
		{func(f *descriptorpb.FileDescriptorProto) {
			field(f, "Ack", "seq").Type = descriptorpb.FieldDescriptorProto_TYPE_STRING.Enum()
		}, `field Ack.seq = 1 was "optional uint64 seq" and is "optional string seq"`},
		{func(f *descriptorpb.FileDescriptorProto) { field(f, "ExportRequest", "open").OneofIndex = nil }, `field ExportRequest.open = 1 was "optional message .firstcall.exporter.v1.Open open of message" and is "optional message .firstcall.exporter.v1.Open open"`},
		{func(f *descriptorpb.FileDescriptorProto) { e := f.EnumType[0]; e.Value = e.Value[:1] }, "value WRITE_MODE_APPEND = 1 of enum WriteMode is gone\nvalue WRITE_MODE_UPSERT = 2 of enum WriteMode is gone\nvalue WRITE_MODE_REPLACE = 3 of enum WriteMode is gone"},
		{func(f *descriptorpb.FileDescriptorProto) { message(f, "Outcome").EnumType = nil }, "enum Outcome.Status is gone"},
		{func(f *descriptorpb.FileDescriptorProto) { f.Service = nil }, "service Exporter is gone"},
		{func(f *descriptorpb.FileDescriptorProto) { s := f.Service[0]; s.Method = s.Method[:4] }, "call Export is gone"},
		{func(f *descriptorpb.FileDescriptorProto) { f.Service[0].Method[3].ClientStreaming = nil }, "call Plan takes or gives something else"},
		{func(f *descriptorpb.FileDescriptorProto) {
			m := message(f, "Target")
			m.Field = append(m.Field, &descriptorpb.FieldDescriptorProto{Name: proto.String("more"), Number: proto.Int32(3)})
			f.MessageType = append(f.MessageType, &descriptorpb.DescriptorProto{Name: proto.String("More")})
			f.EnumType[0].Value = append(f.EnumType[0].Value, &descriptorpb.EnumValueDescriptorProto{Name: proto.String("MORE"), Number: proto.Int32(9)})
			f.Service[0].Method = append(f.Service[0].Method, &descriptorpb.MethodDescriptorProto{Name: proto.String("More")})
		}, ""},
	}
	for _, tt := range tests {
		kept := protodesc.ToFileDescriptorProto(File_exporter_proto)
		now := proto.CloneOf(kept)
		tt.do(now)
		if got := strings.Join(breaks(kept, now), "\n"); got != tt.want {
			t.Errorf("found %q, want %q", got, tt.want)
		}
	}
}
