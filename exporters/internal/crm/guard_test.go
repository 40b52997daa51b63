package crm

import "testing"

// TestOwnNumbers: where a CRM numbers companies by itself, a client whose id is a number
// is not taken for whatever company has that number.
func TestOwnNumbers(t *testing.T) {
	for _, c := range []struct {
		id, name string
		own      bool
		known    string
		doubt    bool
		taken    bool
	}{
		{"12", "Inn", true, "", false, false},
		{"12", "old name", true, "", false, true}, // called the same
		{"12", "Inn", true, "7", false, true},     // written to before
		{"12", "Inn", true, "8", false, false},
		{"12", "Inn", true, "", true, true}, // an earlier run may have made it
		{"12", "Inn", false, "", false, true},
		{"12a", "Inn", true, "", false, true},
		{"12", "", true, "", false, false},
	} {
		s := &session{Config: Config{Wording: Wording{"party"}, OwnKeys: c.own}}
		w := &work{client: &client{id: c.id, name: c.name}, known: c.known, doubt: c.doubt}
		s.recognize(w, []Company{{ID: "7", Key: c.id, Name: "Old name"}})
		if taken := w.fault == nil; taken != c.taken || taken != (w.id == "7") {
			t.Errorf("%+v: %v", c, w.fault)
		}
	}
}

// TestSharedCompany: the second client that is found at a company is refused.
func TestSharedCompany(t *testing.T) {
	s := &session{Config: Config{Wording: Wording{"party"}}}
	works := []*work{
		{client: &client{id: "a"}, id: "7", found: &Company{ID: "7"}}, {client: &client{id: "b"}, id: "7", found: &Company{ID: "7"}},
		{client: &client{id: "c"}, id: "8", found: &Company{ID: "8"}}, {client: &client{id: "d"}}, {client: &client{id: "e"}},
	}
	s.shared(works)
	for i, w := range works {
		if (w.fault != nil) != (i == 1) {
			t.Errorf("%s: %v", w.client.id, w.fault)
		}
	}
}

// TestLastMark: of several marks in a text the last is the entry's own.
func TestLastMark(t *testing.T) {
	other, own := markOf("a", "", "x"), markOf("b", "", "y")
	if got, ok := FindMark("see " + other.String() + "\n\n" + own.String() + " firstcall-"); !ok || got != own {
		t.Errorf("%v %v", got, ok)
	}
}

// TestFitUnits: a text is cut to units of UTF-16, and no letter is cut apart.
func TestFitUnits(t *testing.T) {
	for _, c := range []struct {
		text   string
		length int
		want   string
		whole  bool
	}{
		{"a😀b", 4, "a😀b", true},
		{"a😀bc", 4, "a😀…", false},
		{"ab😀c", 4, "ab…", false},
		{"äöüß", 4, "äöüß", true},
	} {
		if got, whole := fit(Line(c.text), Field{Type: LineType, Length: c.length}); got.Text != c.want || whole != c.whole {
			t.Errorf("%s: %s, %v", c.text, got.Text, whole)
		}
	}
}
