package lint

import (
	"fmt"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/prose"
)

var known = []string{"clarity/buzzword", "clarity/long", "house/use", "inform"}

// directives cuts the comments in brackets out of a text.
func directives(marked string) (text string, comments []Comment) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(marked, "[")
		b.WriteString(before)
		if !found {
			return b.String(), comments
		}
		comment, after, _ := strings.Cut(rest, "]")
		comments = append(comments, Comment{b.Len(), comment})
		marked = after
	}
}

func TestSuppressions(t *testing.T) {
	for _, test := range []struct {
		text string
		want string // rules that stay, for each place of X in the text, then for the whole text
	}{
		{"X", "bluw bluw"},
		{"X [<!-- firstcall:disable clarity/buzzword -->] X", "bluw luw luw"},
		{"[# firstcall:disable clarity/buzzword house/use]X", "lw lw"},
		{"[// firstcall:disable clarity/buzzword,house/use,]X", "lw lw"},
		{"[/* firstcall:disable */]X [firstcall:enable clarity/long] X", " l l"},
		{"[ FirstCall:Disable clarity/ ]X", "uw uw"},
		{"[<!--firstcall:disable clarity/*-->]X [<!-- firstcall:enable -->]X", "uw bluw bluw"},
		{"[firstcall:disable clarity/* -- the board, house/use]X", "uw uw"},
		{"[firstcall:disable clarity/long — the board house/use]X", "buw buw"},
		{"[firstcall:disable clarity/long]X [firstcall:disable house/*]X[firstcall:enable clarity/*]X", "buw bw blw blw"},
		{"[firstcall:disable-next]\n\nX and X.\n\nX", "  bluw bluw"},
		{"so X [firstcall:disable-next house/use]and X,\nand X\n\nX", "bluw blw blw bluw bluw"},
		{"so X [firstcall:disable house/use][firstcall:disable-next clarity/*]and X,\nand X\n\nX", "bluw w w blw blw"},
		{"- X\n[firstcall:disable-next]- X\n- X", "bluw  bluw bluw"},
		{"[firstcall:disable-next]X", " bluw"},
		{"X[firstcall:disable-next]", "bluw bluw"},
		{"[firstcall: disable]X", " "},
		{"[firstcall:disable *]X [firstcall:enable inform]", " "},
		{"[see firstcall:disable]X", "bluw bluw"},
	} {
		text, comments := directives(test.text)
		s, notices := ReadDirectives(comments, known, NextParagraph(prose.Parse(text)))
		if len(notices) > 0 {
			t.Errorf("%s: %v", test.text, notices)
		}
		var got []string
		for at := range text + "." {
			span := prose.Span{Start: at, End: at + 1}
			switch {
			case at == len(text):
				span = prose.Span{}
			case text[at] != 'X':
				continue
			}
			stay := ""
			for i, id := range []string{"clarity/buzzword", "clarity/long", "house/use", "other/words"} {
				if !s.Covers(Diagnostic{Rule: &Rule{ID: id}, Span: span}) {
					stay += "bluw"[i : i+1]
				}
			}
			got = append(got, stay)
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%q: got %q, want %q", test.text, strings.Join(got, " "), test.want)
		}
	}
}

func TestDirectivesThatMeanNothing(t *testing.T) {
	for _, test := range []struct{ comment, want string }{
		{"firstcall:disable clarity/buzwords", `unknown rule "clarity/buzwords" in a directive: did you mean "clarity/buzzword"?`},
		{"firstcall:disable clarity", `unknown rule "clarity" in a directive: write clarity/* for all rules of the family`},
		{"firstcall:disable clarty/*", `unknown rule "clarty/*" in a directive: did you mean "clarity/*"?`},
		{"firstcall:disable zzzzzz", `unknown rule "zzzzzz" in a directive: firstcall rules list shows all rules`},
		{"# firstcall:disbale clarity/long", `unknown directive "disbale": did you mean "disable"?`},
		{"firstcall:", "there is nothing after firstcall:: write firstcall:disable, firstcall:enable or firstcall:disable-next"},
		{"todo: call first", ""},
	} {
		s, notices := ReadDirectives([]Comment{{7, test.comment}}, known, NextParagraph(prose.Parse("X")))
		got := ""
		for _, n := range notices {
			got += n.What + ": " + n.Hint
			if n.Offset != 7 || n.Comment != 0 {
				t.Errorf("%s: offset %d, comment %d", test.comment, n.Offset, n.Comment)
			}
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", test.comment, got, test.want)
		}
		if s.Covers(Diagnostic{Rule: &Rule{ID: "clarity/long"}, Span: prose.Span{Start: 8, End: 9}}) {
			t.Errorf("%s: disables a rule it does not name", test.comment)
		}
	}
	// A known rule beside an unknown one counts.
	s, notices := ReadDirectives([]Comment{{0, "firstcall:disable x/y, inform"}}, known, nil)
	if len(notices) != 1 || !s.Covers(Diagnostic{Rule: &Rule{ID: "inform"}}) {
		t.Errorf("got %v", notices)
	}
	// Comments that follow each other stand at one offset of the text.
	_, notices = ReadDirectives([]Comment{{3, "todo"}, {3, "firstcall:disable a/b"}, {3, "firstcall:disable inform"}, {3, "firstcall:enable c/d, e/f"}}, known, nil)
	var from []int
	for _, n := range notices {
		from = append(from, n.Comment)
	}
	if fmt.Sprint(from) != "[1 3 3]" {
		t.Errorf("notices are of the comments %v", from)
	}
	many := make([]Comment, MaxDirectives+1)
	for i := range many {
		many[i] = Comment{i, "firstcall:disable inform"}
	}
	if _, notices := ReadDirectives(many, known, nil); len(notices) != 1 || notices[0].Comment != MaxDirectives || !strings.HasPrefix(notices[0].What, fmt.Sprintf("more than %d directives", MaxDirectives)) {
		t.Errorf("got %v", notices)
	}
}
