package formtest_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/core/form"
	"github.com/firstcall-cli/firstcall/core/form/formtest"
	"github.com/firstcall-cli/firstcall/core/instrument"
)

// eightQualities writes the form of a built-in instrument into a file.
func eightQualities(t *testing.T) (*instrument.Instrument, string) {
	t.Helper()
	in, err := instrument.Builtin("eight-qualities")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "form.html")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := form.HTML(f, in, form.Options{Client: "acme"}); err != nil {
		t.Fatal(err)
	}
	return in, path
}

func TestFill(t *testing.T) {
	if testing.Short() {
		t.Skip("starting a browser takes seconds")
	}
	in, path := eightQualities(t)
	answers := map[string]string{"department": "Sales", "role": "Manager"}
	header, row := []string{"client", "department", "role"}, []string{"acme", "Sales", "Manager"}
	for i, it := range in.Items() {
		answer := string("12345"[i%5])
		answers[it.ID] = answer
		header, row = append(header, it.ID), append(row, answer)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	csvPath, err := formtest.Fill(ctx, path, t.TempDir(), answers)
	if errors.Is(err, formtest.ErrNoBrowser) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(csvPath)
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Join(header, ",") + "\n" + strings.Join(row, ",") + "\n"; string(got) != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestAnswerSaysWhatDoesNotFit(t *testing.T) {
	if testing.Short() {
		t.Skip("starting a browser takes seconds")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	b, err := formtest.Start(ctx)
	if errors.Is(err, formtest.ErrNoBrowser) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	_, path := eightQualities(t)
	for _, tt := range []struct{ column, answer, want string }{
		{"color", "red", "never asked for color"},
		{"culture-1", "6", `no choice "6"`},
		{"role", "King", `no choice "King"`},
	} {
		p, err := b.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		if err := p.Answer(map[string]string{tt.column: tt.answer}); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got error %v, want one that says %q", tt.column, err, tt.want)
		}
	}
}

func TestNoBrowser(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := formtest.Start(context.Background()); !errors.Is(err, formtest.ErrNoBrowser) {
		t.Errorf("got error %v, want ErrNoBrowser", err)
	}
}
