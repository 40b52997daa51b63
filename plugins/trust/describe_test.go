package trust

import (
	"os"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

func TestRemember(t *testing.T) {
	p := newPlaces(t)
	want := &pb.DescribeResponse{Name: "keys", Version: "1.0.0", Summary: "writes keys", Config: []*pb.Field{{Name: "token", Type: pb.Field_TYPE_STRING, Secret: true}}}
	if _, known := p.Described(sumA); known {
		t.Error("known before it was told")
	}
	if err := p.Remember(sumA, want); err != nil {
		t.Fatal(err)
	}
	got, known := p.Described(sumA)
	if !known || !proto.Equal(got, want) {
		t.Errorf("%v, %t", got, known)
	}
	if _, known := p.Described(sumB); known {
		t.Error("another sum is known")
	}
	if _, known := p.Described("../" + sumA); known {
		t.Error("a path is a sum")
	}
	first := read(t, p.description(sumA))
	if err := p.Remember(sumA, want); err != nil || read(t, p.description(sumA)) != first {
		t.Errorf("other bytes the second time, %v", err)
	}
	for _, damaged := range []string{"", "{", first[:len(first)/2], "{}", `{"name":3}`, strings.Repeat(" ", maxDescription) + first} {
		write(t, p.description(sumA), damaged)
		if _, known := p.Described(sumA); known {
			t.Errorf("%.40q is known", damaged)
		}
	}
	write(t, p.description(sumA), `{"name":"keys","news":1}`)
	if _, known := p.Described(sumA); !known {
		t.Error("a field of a later version makes it unknown")
	}
	_ = os.Remove(p.description(sumA))
	if err := os.Mkdir(p.description(sumA), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, known := p.Described(sumA); known {
		t.Error("a folder is known")
	}
}
