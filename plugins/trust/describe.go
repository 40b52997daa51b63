package trust

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"

	"google.golang.org/protobuf/encoding/protojson"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// describeName is the folder below the state folder that keeps what exporters
// say about themselves.
const describeName = "describe"

// maxDescription is how long a description may be, in bytes.
const maxDescription = 1 << 20

// Described returns what the exporter with this sum (see Program.Sum) said about
// itself when it was last asked, and whether that is known. It starts nothing. A
// damaged or unreadable note is none.
func (p Places) Described(sum string) (*pb.DescribeResponse, bool) {
	if !ValidSum(sum) {
		return nil, false
	}
	f, err := openRegular(p.description(sum))
	if err != nil {
		return nil, false
	}
	defer f.Close()
	text, err := readUpTo(f, maxDescription)
	if err != nil {
		return nil, false
	}
	resp := &pb.DescribeResponse{}
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(text, resp); err != nil || resp.GetName() == "" {
		return nil, false
	}
	return resp, true
}

// Remember keeps what the exporter with this sum says about itself. The caller
// asked the very program that has the sum. That it cannot be kept is worth no
// more than a note: it is asked again.
func (p Places) Remember(sum string, resp *pb.DescribeResponse) error {
	text, err := protojson.Marshal(resp)
	if err != nil {
		return err
	}
	// protojson varies its spaces on purpose.
	var b bytes.Buffer
	if err := json.Compact(&b, text); err != nil {
		return err
	}
	b.WriteByte('\n')
	path := p.description(sum)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return replaceFile(path, b.Bytes(), 0o600)
}

func (p Places) description(sum string) string {
	return filepath.Join(p.State, describeName, sum+".json")
}
