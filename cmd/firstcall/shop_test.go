package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// shop is a vendor's destination, for scripts: the test binary under the name
// firstcall-export-shop. It keeps each write as a line of the file "objects" in
// its folder (key, revision, number), so that nothing that is written twice goes
// unseen, and does on demand what destinations do on bad days.
type shop struct {
	cfg    sdk.Config
	writes int
}

func (*shop) Info() sdk.Info {
	return sdk.Info{
		Name: "shop", Version: "0.9.0", Summary: "a shelf for records", Idempotency: sdk.Lookup, MaxBatchRecords: 2,
		Config: []sdk.Field{
			{Name: "folder", Doc: "where the objects are", Required: true},
			{Name: "token", Doc: "lets you in", Secret: true},
			{Name: "bad", Type: sdk.Strings, Doc: "ends of keys that are rejected"},
			{Name: "after", Type: sdk.Int, Doc: "how many records are written before something happens"},
			{Name: "then", Doc: "what happens", OneOf: []string{"die", "hang", "retry", "defer", "leak", "lose", "fail"}},
		},
	}
}

func (s *shop) Open(_ context.Context, cfg sdk.Config, check bool) (sdk.Session, error) {
	if _, err := os.Stat(cfg.String("folder")); err != nil {
		return nil, &sdk.Diagnostic{Code: "shop.folder", Summary: "the folder is not there", Hint: "make it", Field: "folder"}
	}
	s.cfg = cfg
	return s, nil
}

func (s *shop) Target() sdk.Target {
	return sdk.Target{ID: "shop-1", Label: "Corner shop"}
}

func (s *shop) file() string { return filepath.Join(s.cfg.String("folder"), "objects") }

// find returns what is there of a key: its last revision and its number.
func (s *shop) find(key string) (revision, id string) {
	f, err := os.Open(s.file())
	if err != nil {
		return "", ""
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if parts := strings.Fields(lines.Text()); parts[0] == key {
			revision, id = parts[1], parts[2]
		}
	}
	return revision, id
}

func (s *shop) Provision(_ context.Context, apply bool) ([]sdk.Provisioned, error) {
	if _, err := os.Stat(s.file()); err == nil {
		return []sdk.Provisioned{{Object: "objects", Action: sdk.ActionExists}}, nil
	}
	out := []sdk.Provisioned{{Object: "objects"}}
	if !apply {
		return out, nil
	}
	return out, os.WriteFile(s.file(), nil, 0o600)
}

func (s *shop) Plan(_ context.Context, _ sdk.Run, batch []sdk.Record) ([]sdk.Outcome, error) {
	out := make([]sdk.Outcome, len(batch))
	for i, r := range batch {
		if s.bad(r.Key) {
			out[i] = sdk.Reject("shop.bad", "the shop does not want it", "offer something else")
			continue
		}
		out[i] = s.compare(r)
	}
	return out, nil
}

func (s *shop) compare(r sdk.Record) sdk.Outcome {
	switch revision, _ := s.find(r.Key); revision {
	case "":
		return sdk.Outcome{Status: sdk.Created, Diff: "+ " + r.Revision[:8]}
	case r.Revision:
		return sdk.Outcome{Status: sdk.Unchanged}
	default:
		return sdk.Outcome{Status: sdk.Updated, Diff: "- " + revision[:8] + "\n+ " + r.Revision[:8]}
	}
}

func (s *shop) bad(key string) bool {
	return slices.ContainsFunc(s.cfg.Strings("bad"), func(end string) bool { return strings.HasSuffix(key, end) })
}

func (s *shop) Write(ctx context.Context, _ sdk.Run, batch []sdk.Record) ([]sdk.Outcome, error) {
	sdk.Progress(ctx, "at the counter")
	out := make([]sdk.Outcome, len(batch))
	for i, r := range batch {
		if s.bad(r.Key) {
			out[i] = sdk.Reject("shop.bad", "the shop does not want it", "offer something else")
			continue
		}
		if s.cfg.Has("after") && s.writes == int(s.cfg.Int("after")) {
			done, outcome, err := s.happen(r)
			if err != nil {
				return nil, err
			}
			if done {
				out[i] = outcome
				continue
			}
		}
		outcome, err := s.put(r)
		if err != nil {
			return nil, err
		}
		out[i] = outcome
	}
	return out, nil
}

// put writes one record. What was created before and is in doubt is found again.
func (s *shop) put(r sdk.Record) (sdk.Outcome, error) {
	revision, id := s.find(r.Key)
	if r.InDoubt && revision == r.Revision {
		return sdk.Outcome{Status: sdk.Unchanged, Remote: []sdk.RemoteObject{{Type: "object", ID: id}}}, nil
	}
	s.writes++
	out := sdk.Outcome{Status: sdk.Updated}
	if id == "" {
		out.Status, id = sdk.Created, strconv.Itoa(int(time.Now().UnixNano()))
	}
	out.Remote = []sdk.RemoteObject{{Type: "object", ID: id}}
	f, err := os.OpenFile(s.file(), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return out, err
	}
	_, err = fmt.Fprintln(f, r.Key, r.Revision, id)
	return out, errors.Join(err, f.Close())
}

// happen is a bad day. It reports whether the record is done with.
func (s *shop) happen(r sdk.Record) (done bool, outcome sdk.Outcome, err error) {
	token := s.cfg.Secret("token")
	switch s.cfg.String("then") {
	case "die":
		fmt.Fprintln(os.Stderr, "the lights went out, and the key was", token)
		time.Sleep(200 * time.Millisecond) // what was acknowledged is on its way
		os.Exit(7)
	case "hang":
		time.Sleep(time.Hour)
	case "lose": // written, and the answer never comes
		_, _ = s.put(r)
		os.Exit(1)
	case "retry":
		return true, sdk.Outcome{Status: sdk.Retry, RetryAfter: time.Millisecond, Diagnostic: &sdk.Diagnostic{Code: "shop.queue", Summary: "the queue is long"}}, nil
	case "defer":
		return true, sdk.Outcome{Status: sdk.Deferred, Diagnostic: &sdk.Diagnostic{Code: "shop.closed", Summary: "the shop is closed for today", Hint: "come back tomorrow"}}, nil
	case "fail":
		return false, sdk.Outcome{}, &sdk.Diagnostic{Code: "shop.fire", Summary: "the shop burns", Hint: "call the fire brigade"}
	case "leak":
		return true, sdk.Outcome{
			Status: sdk.Rejected, Remote: []sdk.RemoteObject{{Type: "object", ID: token}},
			Diagnostic: &sdk.Diagnostic{Code: "shop.leak", Summary: "cannot log in with " + token, Hint: "try without " + token, Field: token},
		}, nil
	}
	return false, sdk.Outcome{}, nil
}

func serveShop() { sdk.Serve(&shop{}) }
