package bridge

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/core/record"
	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/host"
)

// within fails the test when f takes longer.
func within(t *testing.T, limit time.Duration, f func()) {
	t.Helper()
	start := time.Now()
	f()
	if took := time.Since(start); took > limit {
		t.Errorf("took %v, more than %v", took, limit)
	}
}

// job is a record of that subject.
func job(t testing.TB, subject, title string) *record.Record {
	t.Helper()
	r := &record.Record{Client: record.Client{ID: "acme"}, Sources: []string{}, Other: []byte(`{"id":"j","verdict":"current","title":"` + title + `"}`)}
	if err := r.Seal(record.Key{Client: "acme", Kind: record.KindJob, Subject: subject}); err != nil {
		t.Fatal(err)
	}
	return r
}

// The whole way: host, bridge and script as three processes.
func TestExport(t *testing.T) {
	p := launch(t, atomicParts.with(parts{"batch": {`{"artifact":{"name":"heard","text":"HEARD"}}`}, "end": {`{"done":{}}`}}))
	if info := p.Info(); info.GetName() != "test" || info.GetSdk() != bridgeVersion {
		t.Errorf("it says of itself %v", info)
	}
	if _, err := p.Configure(context.Background(), nil, false); err != nil {
		t.Fatal(err)
	}
	r := job(t, "a b\"é", "say \\\"x\\\" \u2028 😀")
	items, err := host.Items([]*record.Record{r})
	if err != nil {
		t.Fatal(err)
	}
	var outcomes []host.Outcome
	result, err := p.Export(context.Background(), host.Request{Next: host.Each(items), Count: 1, Outcome: func(o host.Outcome) error {
		outcomes = append(outcomes, o)
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer result.Close()
	if len(result.Files) != 1 || len(outcomes) != 1 || outcomes[0].Status != host.Created {
		t.Fatalf("%d files, outcomes %v", len(result.Files), outcomes)
	}
	want := `{"batch":{"seq":1,"records":[{"key":"acme/job/a%20b%22%C3%A9","kind":"job","revision":"` + r.Revision + `","record":{"schema":"firstcall/1",`
	body, err := io.ReadAll(result.Files[0].Content())
	if err != nil || !strings.HasPrefix(string(body), want) {
		t.Errorf("error %v, heard\n%.300s\nwant\n%s", err, body, want)
	}
}

// A script that stays when its input ends is killed, and so is what it started.
func TestScriptStays(t *testing.T) {
	t.Parallel()
	pid := t.TempDir() + "/pid"
	p := launch(t, destinationParts.with(parts{"start": {"!file " + pid + " PID"}, "eof": {"!sleep"}}))
	within(t, 2*time.Second, p.Close)
	wantGone(t, pid)
}

// A script that ends when it should is not waited for.
func TestScriptEnds(t *testing.T) {
	t.Parallel()
	p := launch(t, destinationParts)
	within(t, 500*time.Millisecond, p.Close)
}

// What a script prints to standard error is shown when it fails, and what is
// wrong with a line arrives at the user.
func TestFaultIsTold(t *testing.T) {
	t.Parallel()
	p := launch(t, destinationParts.with(parts{"configure": {"!stderr cannot find the template", "oops"}}))
	_, err := p.Configure(context.Background(), nil, false)
	var fault *host.PluginError
	if !errors.As(err, &fault) || !strings.Contains(fault.Error(), "line 2 of the script's standard output: it is not JSON") ||
		!strings.Contains(fault.Stderr, "cannot find the template") || len(fault.Diagnostics) != 1 || fault.Diagnostics[0].Hint == "" {
		t.Errorf("error %#v", err)
	}
}

// A program that is not there is told at the start.
func TestNoScript(t *testing.T) {
	t.Parallel()
	_, err := host.Launch(context.Background(), bridged("no-such-program"), host.Options{})
	var fault *host.PluginError
	if !errors.As(err, &fault) || !strings.Contains(fault.Stderr, "start no-such-program: executable file not found") {
		t.Errorf("error %v, it printed %q", err, fault.Stderr)
	}
}

// The script sees the environment of the bridge without what is the bridge's
// own, and a path to find programs.
func TestEnviron(t *testing.T) {
	got := environ([]string{"LANG=C", "PATH=/home/me/bin", "Path=x", pb.HandshakeKey + "=x", pb.FenceKey + "=7", "PLUGIN_UNIX_SOCKET_DIR=/x", "PLUGINS=1", "TZ=UTC"})
	want := []string{"LANG=C", "PLUGINS=1", "TZ=UTC", "PATH=" + Path}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestFence(t *testing.T) {
	for _, value := range []string{"", "x", "-1", "999999", "3.5"} {
		if f := fence(value); f != nil {
			t.Errorf("%q names %v", value, f)
		}
	}
}
