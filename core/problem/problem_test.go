package problem

import (
	"errors"
	"fmt"
	"testing"
)

func TestErrorSaysWhere(t *testing.T) {
	for _, test := range []struct {
		p    Problem
		want string
	}{
		{Problem{What: "broken"}, "broken"},
		{Problem{File: "a.csv", What: "broken"}, "a.csv: broken"},
		{Problem{File: "a.csv", Line: 3, What: "broken"}, "a.csv:3: broken"},
		{Problem{File: "a.csv", Line: 3, Column: 7, What: "broken"}, "a.csv:3:7: broken"},
		{Problem{File: "a.csv", Column: 7, What: "broken"}, "a.csv: broken"},
	} {
		if got := test.p.Error(); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestListIsOrdered(t *testing.T) {
	var l List
	if l.Err() != nil {
		t.Error("an empty list is an error")
	}
	for _, p := range []Problem{{File: "b", Line: 1}, {File: "a", Line: 10}, {File: "a", Line: 2, Column: 2}, {File: "a", Line: 2, Column: 1}} {
		p.What = "x"
		l.Add(p)
	}
	err := fmt.Errorf("wrapped: %w", l.Err())
	var got List
	if want := "a:2:1: x\na:2:2: x\na:10: x\nb:1: x"; !errors.As(err, &got) || got.Error() != want {
		t.Errorf("got\n%s\nwant\n%s", got.Error(), want)
	}
	if l[0].File != "b" {
		t.Error("Err changed the order of the list itself")
	}
}

func TestNearest(t *testing.T) {
	names := []string{"format", "from", "client-from", "department", "role", "é"}
	for _, test := range []struct{ name, want string }{
		{"fromat", "format"}, {"FORMAT", "format"}, {"client_from", "client-from"}, {"Departmnt", "department"},
		{"site", ""}, {"x", ""}, {"", ""}, {"rôle", "role"}, {"headcount", ""},
	} {
		if got := Nearest(test.name, names); got != test.want {
			t.Errorf("nearest to %q: %q, want %q", test.name, got, test.want)
		}
	}
	if got := DidYouMean("rol", names, "fallback"); got != `did you mean "role"?` {
		t.Error(got)
	}
	if got := DidYouMean("xyzzy", names, "fallback"); got != "fallback" {
		t.Error(got)
	}
}
