package form

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/firstcall-cli/firstcall/core/form/formtest"
	"github.com/firstcall-cli/firstcall/core/instrument"
)

var screenshots = flag.String("screenshots", "", "folder to keep pictures of the form in")

// startBrowser gives a browser for the test or skips it.
func startBrowser(t *testing.T) *formtest.Browser {
	t.Helper()
	if testing.Short() {
		t.Skip("starting a browser takes seconds")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	b, err := formtest.Start(ctx)
	if errors.Is(err, formtest.ErrNoBrowser) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

// openForm renders the form into a file and opens it.
func openForm(t *testing.T, b *formtest.Browser, in *instrument.Instrument, opt Options) *formtest.Page {
	t.Helper()
	// The name has what a URL must escape.
	path := filepath.Join(t.TempDir(), "form #1 & 100%.html")
	if err := os.WriteFile(path, []byte(render(t, "html", in, opt)), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := b.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// must fails the test on an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func save(t *testing.T, p *formtest.Page) (path, content string) {
	t.Helper()
	path, err := p.Save(t.TempDir())
	must(t, err)
	b, err := os.ReadFile(path)
	must(t, err)
	return path, string(b)
}

func expect(t *testing.T, p *formtest.Page, expression, want string) {
	t.Helper()
	got, err := p.Eval("String(" + expression + ")")
	must(t, err)
	if got != want {
		t.Errorf("%s is %q, want %q", expression, got, want)
	}
}

// quiet fails the test when the page asked the network for anything, or the
// browser found fault with it.
func quiet(t *testing.T, p *formtest.Page) {
	t.Helper()
	requests := p.Requests()
	if len(requests) == 0 || !strings.HasPrefix(requests[0], "file:///") {
		t.Fatalf("the form's own request is missing from %q", requests)
	}
	for _, r := range requests[1:] {
		if !strings.HasPrefix(r, "blob:") { // the answers on their way to the download folder
			t.Errorf("the form asked for %s", r)
		}
	}
	if c := p.Complaints(); len(c) > 0 {
		t.Errorf("the browser complains: %q", c)
	}
}

func TestBrowser(t *testing.T) {
	b := startBrowser(t)
	for _, tt := range []struct {
		name string
		run  func(*testing.T, *formtest.Browser)
	}{
		{"all by keyboard", allByKeyboard},
		{"nothing answered", nothingAnswered},
		{"free text", freeText},
		{"hostile wording", hostileWording},
		{"odd ids", oddIDs},
		{"number out of range", numberOutOfRange},
		{"clear and change", clearAndChange},
		{"leaving warns", leavingWarns},
		{"read aloud", readAloud},
		{"nothing gets out", nothingGetsOut},
		{"fits the screen", fitsTheScreen},
	} {
		t.Run(tt.name, func(t *testing.T) { tt.run(t, b) })
	}
}

func allByKeyboard(t *testing.T, b *formtest.Browser) {
	p := openForm(t, b, desk(), Options{Client: "acme", Wave: "2026-q3"})
	must(t, p.Answer(map[string]string{
		"promise-1": "1", "promise-2": "5", "calls-1": "0", "ease-1": "7", "time-1": "85", "time-2": "2.5", "time-3": "12", "recommend": "10",
		"department": "Help desk", "role": "Manager", "years-here": "6 to 10",
	}))
	expect(t, p, `document.getElementById("count").textContent`, "8 of 8 answered")
	expect(t, p, `document.getElementById("bar").value`, "8")
	path, got := save(t, p)
	const want = "client,wave,department,role,years-here,promise-1,promise-2,calls-1,ease-1,time-1,time-2,time-3,recommend\n" +
		"acme,2026-q3,Help desk,Manager,6 to 10,1,5,0,7,85,2.5,12,10\n"
	if got != want {
		t.Errorf("the file holds\n%swant\n%s", got, want)
	}
	if name := filepath.Base(path); !regexp.MustCompile(`^help-desk-answers-[0-9a-f]{8}\.csv$`).MatchString(name) {
		t.Errorf("the file is called %s", name)
	}
	said, err := p.Eval(`document.getElementById("result").textContent`)
	must(t, err)
	for _, part := range []string{filepath.Base(path), "8 of 8", "nothing was sent"} {
		if !strings.Contains(said, part) {
			t.Errorf("after saving, %q does not say %q", said, part)
		}
	}
	expect(t, p, `document.getElementById("copy").hidden`, "false")
	expect(t, p, `document.getElementById("copy-text").value`, want)
	quiet(t, p)
}

func nothingAnswered(t *testing.T, b *formtest.Browser) {
	p := openForm(t, b, desk(), Options{})
	must(t, p.Answer(map[string]string{"promise-2": "3"}))
	_, got := save(t, p)
	const header = "department,role,years-here,promise-1,promise-2,calls-1,ease-1,time-1,time-2,time-3,recommend\n"
	if want := header + ",,,,3,,,,,,\n"; got != want {
		t.Errorf("one answer: got\n%swant\n%s", got, want)
	}
	p = openForm(t, b, desk(), Options{})
	_, got = save(t, p)
	if want := header + ",,,,,,,,,,\n"; got != want {
		t.Errorf("no answer: got\n%swant\n%s", got, want)
	}
	single := desk()
	single.Dimensions, single.Outcomes, single.Attributes = single.Dimensions[1:2], nil, nil
	p = openForm(t, b, single, Options{})
	_, got = save(t, p)
	if want := "calls-1\n\"\"\n"; got != want {
		t.Errorf("one column, no answer: got %q, want %q", got, want)
	}
}

func freeText(t *testing.T, b *formtest.Browser) {
	tests := []struct{ typed, want string }{
		{`Sales, "north"`, `Sales, "north"`},
		{"two\nlines\r\nand\ttabs", "two lines and tabs"},
		{"  Kundendienst Zürich – 顧客サービス 👩‍💻  ", "Kundendienst Zürich – 顧客サービス 👩‍💻"},
		{"=1+1", "=1+1"},
		{"a\u0001b\u0085c", "a b c"},
		{`""`, `""`},
		{`</script><b>&amp;`, `</script><b>&amp;`},
	}
	in := desk()
	in.Dimensions, in.Outcomes, in.Attributes = in.Dimensions[:1], nil, nil
	answers := map[string]string{"promise-1": "2"}
	want := []string{`A "B", C`}
	for i, tt := range tests {
		id := fmt.Sprintf("text-%d", i)
		in.Attributes = append(in.Attributes, instrument.Attribute{ID: id, Text: id, Kind: instrument.KindGroup})
		answers[id] = tt.typed
		want = append(want, tt.want)
	}
	want = append(want, "2", "")
	p := openForm(t, b, in, Options{Client: want[0]})
	must(t, p.Answer(answers))
	_, got := save(t, p)
	rows, err := csv.NewReader(strings.NewReader(got)).ReadAll()
	must(t, err)
	if len(rows) != 2 || !slices.Equal(rows[1], want) {
		t.Errorf("got  %q\nwant %q", rows[1:], want)
	}
	if n := strings.Count(got, "\n"); n != 2 {
		t.Errorf("the file has %d lines, want 2", n)
	}
}

// hostileWording puts text that would break out of any context everywhere, and
// expects to read it unchanged and the form to work.
func hostileWording(t *testing.T, b *formtest.Browser) {
	in, opt := hostile()
	p := openForm(t, b, in, opt)
	must(t, p.Answer(map[string]string{"promise-1": "2", "role": attack}))
	_, got := save(t, p)
	rows, err := csv.NewReader(strings.NewReader(got)).ReadAll()
	must(t, err)
	if want := []string{attack, attack, "", attack, "", "2", "", "", "", "", "", "", ""}; !slices.Equal(rows[1], want) {
		t.Errorf("got %q, want %q", rows[1], want)
	}
	expect(t, p, "window.broken", "undefined")
	expect(t, p, "document.title", attack)
	quiet(t, p)
}

// oddIDs uses ids that mean something to a browser or to a CSV file.
func oddIDs(t *testing.T, b *formtest.Browser) {
	in := desk()
	in.Dimensions = in.Dimensions[:1]
	in.Dimensions[0].Items[0].ID, in.Dimensions[0].Items[1].ID = "elements", `a,"b"`
	in.Outcomes[0].ID = "__proto__"
	in.Attributes = []instrument.Attribute{{ID: "submit", Kind: instrument.KindGroup, Text: "submit"}}
	p := openForm(t, b, in, Options{})
	must(t, p.Answer(map[string]string{"elements": "1", `a,"b"`: "2", "__proto__": "3", "submit": "here"}))
	_, got := save(t, p)
	if want := "submit,elements,\"a,\"\"b\"\"\",__proto__\nhere,1,2,3\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	quiet(t, p)
}

func numberOutOfRange(t *testing.T, b *formtest.Browser) {
	p := openForm(t, b, desk(), Options{})
	must(t, p.Answer(map[string]string{"time-1": "101", "time-2": "9"}))
	must(t, p.Press(kb.Enter)) // the focus is on "Save my answers"
	at, err := p.Focus()
	must(t, err)
	if at != "time-1" {
		t.Errorf("the focus is on %q, want the first wrong number", at)
	}
	expect(t, p, `[...document.querySelectorAll(".error")].map((e) => e.textContent).join("|")`,
		"Please type a whole number from 0 to 100, or leave this empty.|Please type a number from 0 to 8, or leave this empty.")
	expect(t, p, `document.querySelectorAll("[aria-invalid]").length`, "2")
	must(t, p.Press(kb.Backspace)) // 101 becomes 10
	expect(t, p, `document.querySelectorAll("[aria-invalid]").length`, "1")
	must(t, p.Press(kb.Tab))
	must(t, p.Press(kb.Backspace))
	_, got := save(t, p)
	if want := ",,,,,,,10,,,\n"; !strings.HasSuffix(got, want) {
		t.Errorf("got\n%swant a row %s", got, want)
	}
}

func clearAndChange(t *testing.T, b *formtest.Browser) {
	p := openForm(t, b, desk(), Options{Client: "acme"})
	must(t, p.Answer(map[string]string{"promise-1": "4", "promise-2": "4", "role": "Manager", "time-1": "7"}))
	first, _ := save(t, p)

	// One answer is cleared by the button before it, and the focus stays there.
	must(t, p.TabTo("skip"))
	must(t, p.Press(kb.Enter))
	must(t, p.Press(kb.Tab))
	must(t, p.Press(" "))
	at, err := p.Focus()
	must(t, err)
	if at != "promise-1" {
		t.Errorf("after clearing one answer the focus is on %q", at)
	}
	expect(t, p, `document.getElementById("count").textContent`, "2 of 8 answered")
	expect(t, p, `document.getElementById("result").textContent.startsWith("You changed an answer after saving.")`, "true")
	second, got := save(t, p)
	if want := "acme,,Manager,,,4,,,7,,,\n"; !strings.HasSuffix(got, want) {
		t.Errorf("got\n%swant a row %s", got, want)
	}
	if filepath.Base(first) != filepath.Base(second) {
		t.Error("the second file of one person has another name than the first")
	}

	// "Clear all" asks, keeps the constants and starts a new file name.
	must(t, p.TabTo("clear"))
	must(t, p.Press(" "))
	if d := p.Dialogs(); !slices.Equal(d, []string{"confirm"}) {
		t.Errorf("dialogs: %q, want one question", d)
	}
	expect(t, p, `document.getElementById("count").textContent`, "0 of 8 answered")
	expect(t, p, `document.querySelectorAll(".clear:not([hidden])").length`, "0")
	expect(t, p, `document.getElementById("copy-text").value`, "")
	third, got := save(t, p)
	if want := "acme,,,,,,,,,,,\n"; !strings.HasSuffix(got, want) {
		t.Errorf("got\n%swant a row %s", got, want)
	}
	if filepath.Base(third) == filepath.Base(first) {
		t.Error("the next person's file has the name of the one before")
	}
	quiet(t, p)
}

func leavingWarns(t *testing.T, b *formtest.Browser) {
	for _, tt := range []struct {
		name          string
		answer, saved bool
		want          []string
	}{
		{"untouched", false, false, nil}, {"unsaved", true, false, []string{"beforeunload"}}, {"saved", true, true, nil},
	} {
		p := openForm(t, b, desk(), Options{})
		if tt.answer {
			must(t, p.Answer(map[string]string{"promise-1": "2"}))
		}
		if tt.saved {
			save(t, p)
		}
		must(t, p.Leave())
		if got := p.Dialogs(); !slices.Equal(got, tt.want) {
			t.Errorf("%s: dialogs %q, want %q", tt.name, got, tt.want)
		}
		p.Close()
	}
}

// readAloud checks what a screen reader is told about each sort of question.
func readAloud(t *testing.T, b *formtest.Browser) {
	p := openForm(t, b, desk(), Options{})
	must(t, p.Answer(map[string]string{"promise-1": "2"}))
	got, err := p.Spoken()
	must(t, err)
	for _, want := range []string{
		"main",
		"heading Service at the help desk",
		"region Our promise",
		"group 1. Everyone here knows what we promise our customers.",
		"button Clear answer 1",
		"radio Strongly disagree",
		"group 4. How easy is it to find an answer? (1 is the lowest answer, 7 the highest.)",
		"spinbutton 5. How much of your day goes to customers, in percent? (A whole number from 0 to 100.)",
		"combobox 7. Which month brings the most calls?",
		"textbox Which department do you work in?",
		"group Role",
		"radio Prefer not to say",
		"progressbar Questions answered",
		"status",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("nothing says %q", want)
		}
	}
	if slices.Contains(got, "button Clear answer 2") {
		t.Error("a question without an answer offers to clear it")
	}
	if t.Failed() {
		t.Logf("the page says:\n%s", strings.Join(got, "\n"))
	}
}

// nothingGetsOut tries every way a script could send something, as a fault in
// ours would, and expects the page's policy to stop each one.
func nothingGetsOut(t *testing.T, b *formtest.Browser) {
	var hits atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		hits.Add(1)
		w.Header().Set("Access-Control-Allow-Origin", "*")
	}))
	defer server.Close()
	p := openForm(t, b, desk(), Options{})
	got, err := p.Eval(`(async () => {
  const to = "` + server.URL + `/";
  const stopped = [];
  document.addEventListener("securitypolicyviolation", (e) => stopped.push(e.effectiveDirective));
  await fetch(to).catch(() => {});
  navigator.sendBeacon(to, "x");
  new Image().src = to;
  const add = (name, attributes) => document.body.append(Object.assign(document.createElement(name), attributes));
  add("script", {src: to});
  add("link", {rel: "stylesheet", href: to});
  add("iframe", {src: to});
  add("form", {action: to, method: "post", id: "extra"});
  document.getElementById("extra").submit();
  try { new WebSocket(to.replace("http", "ws")); } catch {}
  try { new EventSource(to); } catch {}
  for (let i = 0; i < 100 && stopped.length < 9; i++) {
    await new Promise((done) => setTimeout(done, 50));
  }
  return stopped.sort().join(" ");
})()`)
	must(t, err)
	const want = "connect-src connect-src connect-src connect-src form-action frame-src img-src script-src-elem style-src-elem"
	if got != want {
		t.Errorf("the policy stopped %q, want %q", got, want)
	}
	if n := hits.Load(); n != 0 {
		t.Errorf("%d requests reached the server", n)
	}
}

// fitsTheScreen looks for sideways scrolling on small and large screens, and
// keeps pictures to look at.
func fitsTheScreen(t *testing.T, b *formtest.Browser) {
	dir := *screenshots
	if dir == "" {
		dir = t.TempDir()
	}
	keep := func(name string, content []byte, err error) {
		t.Helper()
		must(t, err)
		must(t, os.WriteFile(filepath.Join(dir, name), content, 0o644))
	}
	p := openForm(t, b, desk(), Options{Client: "acme", Wave: "2026-q3", Intro: "We would like to know how the help desk works, as you see it."})
	pdf, err := p.PDF(chromedp.PaperA4)
	keep("help-desk-a4.pdf", pdf, err)
	must(t, p.Answer(map[string]string{"promise-1": "4", "time-3": "5", "ease-1": "3", "recommend": "9", "time-1": "101", "role": "Manager"}))
	for _, width := range []int{320, 1280} {
		for _, dark := range []bool{false, true} {
			name := "help-desk-" + map[int]string{320: "phone", 1280: "desktop"}[width] + map[bool]string{true: "-dark"}[dark] + ".png"
			png, err := p.Screenshot(width, dark)
			keep(name, png, err)
			expect(t, p, "document.documentElement.scrollWidth <= innerWidth", "true")
		}
	}
	must(t, p.TabTo("c9"))
	must(t, p.Press(kb.Delete)) // the whole number, which Tab has selected
	save(t, p)
	png, err := p.Screenshot(320, false)
	keep("help-desk-phone-saved.png", png, err)
	real, err := instrument.Builtin("eight-qualities")
	must(t, err)
	p = openForm(t, b, real, Options{})
	for name, paper := range map[string]chromedp.PaperSize{"a4": chromedp.PaperA4, "letter": chromedp.PaperLetter} {
		pdf, err := p.PDF(paper)
		keep(real.ID+"-"+name+".pdf", pdf, err)
	}
	png, err = p.Screenshot(1280, false)
	keep(real.ID+"-desktop.png", png, err)
	if pages := bytes.Count(pdf, []byte("/Type /Page\n")); pages > 2 {
		t.Errorf("eleven questions print on %d pages", pages)
	}
}
