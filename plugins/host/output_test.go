package host

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

func TestRing(t *testing.T) {
	r := &ring{}
	var all bytes.Buffer
	for i := range 100000 {
		line := fmt.Sprintf("line %d\n", i)
		all.WriteString(line)
		if _, err := r.Write([]byte(line)); err != nil {
			t.Fatal(err)
		}
		if len(r.buf) > 2*ringBytes {
			t.Fatalf("holds %d bytes", len(r.buf))
		}
	}
	got := r.String()
	if !strings.HasSuffix(all.String(), "\n"+got) || len(got) < ringBytes/2 || len(got) > ringBytes {
		t.Errorf("kept %d bytes that are not the end in whole lines", len(got))
	}
}
