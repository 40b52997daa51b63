package jsonrows

import (
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// FuzzReader reads any text: it ends with a problem or gives rows, the same
// however it is handed in, and only for what encoding/json takes for JSON.
func FuzzReader(f *testing.F) {
	f.Add("{\"a\":1,\"b\":{\"c\":[true,null,\"x\"]}}\n{\"a\":1.5e3,\"b\":[{\"d\":\"\\u00e9\"}]}\n")
	f.Add(`{"n":2,"data":[{"a":1},{"b":2}],"rows":[]}`)
	f.Add("[{\"a\":1},\n{\"a\":\"\\ud83d\\ude00\"}]")
	f.Fuzz(func(t *testing.T, in string) {
		header, rows, err := readAll(strings.NewReader(in), Window)
		var p problem.Problem
		if err != nil && !errors.As(err, &p) {
			t.Fatalf("error %v", err)
		}
		again, rowsAgain, errAgain := readAll(iotest.OneByteReader(stream(in)), Window)
		if !reflect.DeepEqual(header, again) || !reflect.DeepEqual(rows, rowsAgain) || !reflect.DeepEqual(err, errAgain) {
			t.Fatalf("as a file: %q %+v, error %v\nas a stream: %q %+v, error %v", header, rows, err, again, rowsAgain, errAgain)
		}
		early, rowsEarly, errEarly := readAll(stream(in), len(in)/2)
		if errEarly == nil && (err != nil || !reflect.DeepEqual(header, early) || !reflect.DeepEqual(rows, rowsEarly)) {
			t.Fatalf("with a short window: %q %+v\nwant %q %+v, error %v", early, rowsEarly, header, rows, err)
		}
		if err != nil {
			return
		}
		for _, row := range rows {
			if len(row.Cells) != len(header) {
				t.Fatalf("line %d has %d cells, the header %d", row.Line, len(row.Cells), len(header))
			}
		}
		d := json.NewDecoder(strings.NewReader(strings.TrimPrefix(in, "\uFEFF")))
		for {
			var v any
			if err := d.Decode(&v); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("encoding/json: %v", err)
			}
		}
	})
}
