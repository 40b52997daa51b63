package xapi

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
)

func TestReasons(t *testing.T) {
	for body, want := range map[string]string{
		`{"errorId":"x","message":"Problem in\n'statement.id'."}`: "Problem in 'statement.id'",
		`{"warnings":["a.","b"]}`:                                 "a; b",
		`{"error":{"x":1}}`:                                       "",
		`"The id is taken."`:                                      "The id is taken",
		`No such thing.`:                                          "No such thing",
		"  <html><p>Sorry":                                        "",
		"\x1b[31mred\x00":                                         "[31mred",
		"\xff\xfe":                                                "",
		`[1]`:                                                     "",
		``:                                                        "",
	} {
		if got := reasonOf([]byte(body)); got != want {
			t.Errorf("%q: %q, want %q", body, got, want)
		}
	}
	if got := reasonOf([]byte(strings.Repeat("ä", 1000))); len([]rune(got)) != longestReason || !strings.HasSuffix(got, "…") {
		t.Errorf("%d characters", len([]rune(got)))
	}
}

// TestPages: what is no list of statements is not taken for an empty one.
func TestPages(t *testing.T) {
	for body, want := range map[string]bool{
		`{"statements":[],"more":""}`: true, `{"statements":[]}`: true, `{"statements":[{"id":"A"}],"more":"/x"}`: true,
		`{}`: false, `[]`: false, `{"statements":null}`: false, `{"statements":[{}]}`: false, `{"statements":[1]}`: false, `<html>`: false, ``: false,
	} {
		page, _, ok := readPage([]byte(body))
		if ok != want {
			t.Errorf("%s: %v", body, ok)
		}
		if len(page) == 1 && page[0].id != "a" {
			t.Errorf("%+v", page)
		}
	}
}

// TestFollow: links to more statements lead nowhere but to the LRS.
func TestFollow(t *testing.T) {
	s, faults := Exporter{}.store(pushConfig(t, "https://lrs.example.org/data/xapi"))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	const here = "/data/xapi/statements?registration=1"
	for more, want := range map[string]string{
		"/data/xapi/statements?cursor=a%2Fb":    "/data/xapi/statements?cursor=a%2Fb",
		"https://LRS.example.org/more/1":        "/more/1",
		"http://lrs.example.org/more/1":         "/more/1",
		"statements/more?x":                     "/data/xapi/statements/more?x",
		"?cursor=2":                             "/data/xapi/statements?cursor=2",
		"https://evil.example/more":             "",
		"//evil.example/more":                   "",
		"https://lrs.example.org@evil.example/": "",
		"https://lrs.example.org:444/":          "",
		"%zz":                                   "",
	} {
		got, err := s.follow(here, more)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, error %v", more, got, err)
		}
	}
}

// FuzzAnswers: nothing that an LRS answers breaks the program, and what it answers about
// a statement of ours is ours only when it says the same.
func FuzzAnswers(f *testing.F) {
	mine := statement{ID: "6690e6c9-3ef0-4ed3-8b37-7f3964730bee", Actor: group{groupObject, "A", account{"https://x.example", "a"}}, Verb: verb{ID: scoredVerb},
		Object: activity{activityObject, "https://x.example/d", nil}, Result: &result{Score: score{0.5, 3, 1, 5}, Extensions: map[string]any{"https://x.example/n": 3}},
		Context: about{Registration: "6690e6c9-3ef0-4ed3-8b37-7f3964730bee", Extensions: map[string]any{}}}
	own, err := json.Marshal(mine)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(own)
	f.Add([]byte(`{"statements":[{"id":"a","verb":{"id":"` + voidedVerb + `"},"object":{"objectType":"StatementRef","id":"B"}}],"more":"/x"}`))
	f.Add([]byte(`{"id":"a","actor":[],"context":{"extensions":[],"contextActivities":{"parent":{"id":1}}},"result":null}`))
	f.Add([]byte(`{"message":["a",{"b":[]}]}`))
	s, faults := Exporter{}.store(pushConfig(f, "https://lrs.example.org/xapi"))
	if len(faults) > 0 {
		f.Fatal(faults)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if strings.ContainsAny(reasonOf(body), "\n\x1b\x00") {
			t.Error("a reason has control characters")
		}
		_ = judge(&web.Answer{Status: 409, Body: body})
		page, more, ok := readPage(body)
		if ok && more != "" {
			if next, err := s.follow("/xapi/statements", more); err == nil && !strings.HasPrefix(next, "/") {
				t.Errorf("%q leads to %q", more, next)
			}
		}
		one, ok := readStatement(body)
		if ok {
			page = append(page, one)
		}
		for _, x := range page {
			_, _ = x.voids()
			if x.is(mine) && (x.raw == nil || *x.raw-3 > 1e-8 || x.verb != scoredVerb) {
				t.Errorf("taken for ours: %s", body)
			}
		}
	})
}
