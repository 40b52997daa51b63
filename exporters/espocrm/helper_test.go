package espocrm

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/exporters/espocrm/espocrmtest"
	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

const (
	secret = "k3y-of-the-api-user"
	key    = "cFirstcallKey"
)

// figures are the fields of a site that is ready.
func figures() map[string]string {
	return map[string]string{
		key: "varchar", "cFirstcallIndex": "float", "cFirstcallRespondents": "int",
		"cFirstcallDate": "date", "cFirstcallBand": "varchar",
	}
}

// site is a site with fields, at an address. Requests that EspoCRM does not document fail
// the test.
func site(t *testing.T, o espocrmtest.Options) (*espocrmtest.Server, string) {
	t.Helper()
	o.APIKey = secret
	if o.Fields == nil {
		o.Fields = figures()
	}
	s := espocrmtest.New(o)
	h := httptest.NewServer(s)
	t.Cleanup(func() {
		h.Close()
		for _, v := range s.Violations() {
			t.Errorf("not documented: %s", v)
		}
	})
	return s, h.URL
}

// asleep is a clock that does not wait.
func asleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// config are settings; more are pairs of name and value.
func config(t *testing.T, address string, more ...string) sdk.Config {
	t.Helper()
	secrets := map[string]string{"api_key": secret}
	settings := []string{`"url":"` + address + `"`}
	for i := 0; i < len(more); i += 2 {
		if more[i] == "api_key" || more[i] == "admin_password" {
			secrets[more[i]] = more[i+1]
			continue
		}
		settings = append(settings, `"`+more[i]+`":"`+more[i+1]+`"`)
	}
	cfg, err := sdk.ParseConfig(Exporter{}.Info().Config, []byte("{"+strings.Join(settings, ",")+"}"), secrets)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// connected is a system that is connected.
func connected(t *testing.T, address string, more ...string) *system {
	t.Helper()
	s, err := Exporter{Sleep: asleep}.system(t.Context(), config(t, address, more...))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// code is the code of a diagnostic.
func code(t *testing.T, err error) string {
	t.Helper()
	var d *sdk.Diagnostic
	if !errors.As(err, &d) {
		t.Fatalf("%T %v is no diagnostic", err, err)
	}
	if strings.Contains(d.Summary+d.Hint, secret) {
		t.Errorf("the secret is told: %v", d)
	}
	return d.Code
}

// refused is the refusal in a result.
func refused(t *testing.T, r crm.Result) *web.Refused {
	t.Helper()
	var out *web.Refused
	if !errors.As(r.Err, &out) {
		t.Fatalf("%+v is no refusal", r)
	}
	return out
}

// good holds that all results are fine.
func good(t *testing.T, results []crm.Result, err error) []crm.Result {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range results {
		if r.Err != nil || r.ID == "" {
			t.Fatalf("%d: %+v", i, r)
		}
	}
	return results
}

// cut breaks connections after something was carried out, the nth of a method.
type cut struct {
	next   http.Handler
	method string
	nth    int
	seen   int
}

func (c *cut) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == c.method {
		c.seen++
		if c.seen == c.nth {
			c.next.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
	}
	c.next.ServeHTTP(w, r)
}
