package exporterpb

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/types/descriptorpb"
)

// The generated code belongs to exporter.proto as it is now.
func TestGeneratedCodeIsCurrent(t *testing.T) {
	protoc, err := exec.LookPath("protoc")
	if err != nil {
		t.Skip("protoc is not installed")
	}
	out := filepath.Join(t.TempDir(), "set")
	if text, err := exec.Command(protoc, "--descriptor_set_out="+out, "exporter.proto").CombinedOutput(); err != nil {
		t.Fatalf("protoc: %v\n%s", err, text)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var set descriptorpb.FileDescriptorSet
	if err := proto.Unmarshal(data, &set); err != nil {
		t.Fatal(err)
	}
	want, got := set.GetFile()[0], protodesc.ToFileDescriptorProto(File_exporter_proto)
	// json_name is filled in by protoc alone and follows from the name.
	if !proto.Equal(stripped(want), stripped(got)) {
		t.Error("exporter.pb.go is not made of exporter.proto: run go generate")
	}
}

func stripped(f *descriptorpb.FileDescriptorProto) *descriptorpb.FileDescriptorProto {
	for _, m := range f.GetMessageType() {
		for _, field := range m.GetField() {
			field.JsonName = nil
		}
		for _, nested := range m.GetNestedType() {
			for _, field := range nested.GetField() {
				field.JsonName = nil
			}
		}
	}
	return f
}

// What exporter.proto says in comments is what the constants are.
func TestConstantsAreDocumented(t *testing.T) {
	text, err := os.ReadFile("exporter.proto")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		HandshakeKey, HandshakeValue,
		fmt.Sprintf("package firstcall.exporter.v%d;", ProtocolMajor),
		fmt.Sprintf("receives to %d MiB", MaxMessageBytes>>20),
		fmt.Sprintf("bytes chunk = 3; // at most %d MiB", MaxChunkBytes>>20),
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("exporter.proto does not say %q", want)
		}
	}
}
