//go:build unix

package endtoend

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/exporters/espocrm/espocrmtest"
	"github.com/firstcall-cli/firstcall/exporters/hubspot/hubspottest"
	"github.com/firstcall-cli/firstcall/exporters/salesforce/salesforcetest"
	"github.com/firstcall-cli/firstcall/exporters/tryton/trytontest"
)

// crmUnderTest is a CRM that the test kit for exporters is let at.
type crmUnderTest struct {
	name     string
	server   http.Handler
	settings []string // key=value
	env      []string
	odd      func() []string // requests that the CRM's documentation does not know
}

// TestKitOnCRMs runs firstcall plugin test on the exporters to CRMs: they keep the rules
// that those of vendors are held to.
func TestKitOnCRMs(t *testing.T) {
	account := hubspottest.New(hubspottest.Options{})
	org := salesforcetest.New(salesforcetest.Options{})
	site := espocrmtest.New(espocrmtest.Options{AdminUser: "admin", AdminPassword: "administration"})
	for _, c := range []crmUnderTest{
		{"hubspot", account, []string{"token=env:SECRET"}, []string{"SECRET=" + hubspottest.Token}, account.Undocumented},
		{"salesforce", org, []string{"client_id=" + salesforcetest.ClientID, "client_secret=env:SECRET"}, []string{"SECRET=" + salesforcetest.ClientSecret}, org.Problems},
		{"espocrm", site, []string{"api_key=env:SECRET", "admin_user=admin", "admin_password=env:PASSWORD"}, []string{"SECRET=key", "PASSWORD=administration"}, site.Violations},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.keepsRules(t)
		})
	}
	t.Run("tryton", func(t *testing.T) {
		t.Parallel()
		server := trytontest.Start(t, trytontest.Options{Strict: true})
		c := crmUnderTest{"tryton", server.Handler(), []string{"database=" + trytontest.Database, "user=" + trytontest.User, "password=env:SECRET"}, []string{"SECRET=" + trytontest.Password}, func() []string { return nil }}
		c.keepsRules(t)
	})
}

var anyTarget = regexp.MustCompile(`allow it with --target ([^\s"]+)`)

func (c *crmUnderTest) keepsRules(t *testing.T) {
	if testing.Short() {
		t.Skip("the kit starts the exporter a hundred times")
	}
	server := httptest.NewServer(c.server)
	defer server.Close()
	settings := []string{"--set", "url=" + server.URL}
	for _, s := range c.settings {
		settings = append(settings, "--set", s)
	}
	home := t.TempDir()
	run := func(args ...string) (string, error) {
		command := exec.Command(binary, append(args, settings...)...)
		command.Dir = home
		command.Env = append(append(os.Environ(), c.env...), "HOME="+home, "XDG_STATE_HOME="+filepath.Join(home, "state"), "XDG_CONFIG_HOME="+filepath.Join(home, "config"))
		out, err := command.CombinedOutput()
		return string(out), err
	}
	if out, err := run("export", "--to", c.name, "--provision", "apply"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	// Nobody knows the target yet, and so the kit does not write to it, but names it.
	out, _ := run("plugin", "test", c.name, "--check", "export.accepts")
	target := anyTarget.FindStringSubmatch(out)
	if target == nil {
		t.Fatalf("no target:\n%s", out)
	}
	out, err := run("plugin", "test", c.name, "--target", target[1])
	if err != nil {
		t.Errorf("%v\n%s", err, faultsOf(out))
	}
	if !strings.Contains(out, " - whole.known: ") {
		t.Errorf("the kit did not come to its end:\n%s", out)
	}
	t.Log(skippedOf(out))
	if odd := c.odd(); len(odd) > 0 {
		t.Errorf("%d requests that are not documented, such as %s", len(odd), odd[0])
	}
}

// faultsOf are the lines of a TAP report about what was not as it should be.
func faultsOf(tap string) string {
	var out []string
	bad := false
	for line := range strings.Lines(tap) {
		if strings.HasPrefix(line, "not ok") || strings.HasPrefix(line, "ok") {
			bad = strings.HasPrefix(line, "not")
		}
		if bad || !strings.HasPrefix(line, "ok") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}

// skippedOf are the lines about checks that had nothing to look at, and notes.
func skippedOf(tap string) string {
	var out []string
	for line := range strings.Lines(tap) {
		if strings.Contains(line, "# SKIP") || strings.Contains(line, "note") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}
