package tryton

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/exporters/tryton/trytontest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// settings parses settings as firstcall does.
func settings(t *testing.T, values map[string]any, password string) sdk.Config {
	t.Helper()
	body, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := sdk.ParseConfig(Exporter{}.Info().Config, body, map[string]string{"password": password})
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// quick is an exporter that does not wait.
func quick() Exporter {
	return Exporter{Sleep: func(context.Context, time.Duration) error { return nil }}
}

// open connects to a server as the administrator, with more settings.
func open(t *testing.T, s *trytontest.Server, more map[string]any) (*system, error) {
	t.Helper()
	values := s.Settings()
	maps.Copy(values, more)
	return quick().connect(context.Background(), settings(t, values, trytontest.Password), true)
}

func mustOpen(t *testing.T, s *trytontest.Server, more map[string]any) *system {
	t.Helper()
	sys, err := open(t, s, more)
	if err != nil {
		t.Fatal(err)
	}
	return sys
}

// company is a company without values.
func companyOf(key, name string) crm.Company { return crm.Company{Key: key, Name: name} }

// create makes parties and gives their ids.
func create(t *testing.T, sys *system, companies ...crm.Company) []string {
	t.Helper()
	results, err := sys.CreateCompanies(context.Background(), keyField, companies)
	if err != nil {
		t.Fatal(err)
	}
	return ids(t, results, len(companies))
}

func ids(t *testing.T, results []crm.Result, n int) []string {
	t.Helper()
	if len(results) != n {
		t.Fatalf("%d results for %d objects", len(results), n)
	}
	var out []string
	for _, r := range results {
		if r.Err != nil || r.ID == "" {
			t.Fatalf("result %+v", r)
		}
		out = append(out, r.ID)
	}
	return out
}

// diagnosed checks that an error is a diagnostic of a code about a setting.
func diagnosed(t *testing.T, err error, code, field string) {
	t.Helper()
	var d *sdk.Diagnostic
	if !errors.As(err, &d) || d.Code != code || d.Field != field || d.Summary == "" || d.Hint == "" {
		t.Errorf("error %#v, want %s about %q", err, code, field)
	}
}

// refused checks that an error is a refusal with a text.
func refused(t *testing.T, err error, text string) {
	t.Helper()
	var r *web.Refused
	if !errors.As(err, &r) || r.Text != text {
		t.Errorf("error %v, want the refusal %q", err, text)
	}
}
