package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// canary is a secret that must be seen nowhere.
const canary = "sk-Canary/81+x y"

// Whatever an exporter does with a secret, no text that leaves the host has it.
func TestSecretsStaySecret(t *testing.T) {
	t.Setenv("TEST_TOKEN", canary)
	for _, how := range []string{"print", "error", "diagnostic", "panic", "progress", "outcome"} {
		t.Run(how, func(t *testing.T) {
			var told []string
			p := launch(t, "files", Options{Progress: func(line string) { told = append(told, line) }})
			configure(t, p, fmt.Sprintf(`{"token": "env:TEST_TOKEN", "leak": %q}`, how))
			r, err := run(t, p.Export, jobs(t, 2, 10))
			told = append(told, fmt.Sprintf("%v %+v", err, err))
			var pe *PluginError
			if errors.As(err, &pe) {
				told = append(told, pe.Stderr, fmt.Sprintf("%+v", pe.Diagnostics))
			}
			if r != nil {
				for _, o := range r.Outcomes {
					told = append(told, fmt.Sprintf("%+v %+v", o, o.Diagnostic))
				}
				if err := r.Close(); err != nil {
					t.Error(err)
				}
			}
			all := strings.Join(told, "\n")
			if strings.Contains(all, canary) || strings.Contains(all, "Canary") {
				t.Errorf("the secret is in %s", all)
			}
			// The text was there, so that hiding is what was tested.
			if !strings.Contains(all, hidden) {
				t.Errorf("nothing was hidden in %s", all)
			}
			if args := fmt.Sprint(p.proc.cmd.Args, p.proc.cmd.Env); strings.Contains(args, canary) {
				t.Error("the secret is among the arguments or in the environment")
			}
		})
	}
}

func TestSecretReferences(t *testing.T) {
	t.Setenv("TEST_TOKEN", canary)
	dir := t.TempDir()
	file := filepath.Join(dir, "token")
	if err := os.WriteFile(file, []byte(canary+"\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ setting, code string }{
		{"env:TEST_TOKEN", ""},
		{"file:" + file, ""},
		{canary, "config.secret"},
		{"env:" + canary, "config.secret"},
		{"env:TEST_UNSET", "config.secret"},
		{"env:", "config.secret"},
		{"file:" + filepath.Join(dir, canary), "config.secret"},
		{"file:" + dir, "config.secret"},
		{"vault:" + canary, "config.secret"},
	}
	for _, tt := range tests {
		var got string
		server, err := sdk.NewServer(checked{func(cfg sdk.Config) { got = cfg.Secret("token") }})
		p := inProcess(t, server, err, Options{})
		_, err = p.Configure(context.Background(), fmt.Appendf(nil, `{"token": %q}`, tt.setting), false)
		if tt.code == "" {
			if err != nil || got != canary {
				t.Errorf("%s: got %q, error %v", tt.setting, got, err)
			}
			continue
		}
		var conf *ConfigError
		if !errors.As(err, &conf) || len(conf.Diagnostics) != 1 || conf.Diagnostics[0].Code != tt.code || conf.Diagnostics[0].Field != "token" {
			t.Fatalf("%s: error %v", tt.setting, err)
		}
		if text := fmt.Sprintf("%v %+v", err, conf.Diagnostics); strings.Contains(text, canary) || !strings.Contains(text, "Hint") {
			t.Errorf("%s: error quotes what may be the secret: %s", tt.setting, text)
		}
	}
}

// checked is an exporter that only looks at its settings.
type checked struct{ look func(sdk.Config) }

func (checked) Info() sdk.Info {
	return sdk.Info{Name: "test", Version: "1", Summary: "looks", Config: []sdk.Field{
		{Name: "token", Secret: true, Required: true}, {Name: "n", Type: sdk.Int, Required: true, Default: "4"},
	}}
}

func (c checked) CheckConfig(cfg sdk.Config) error {
	c.look(cfg)
	if cfg.Int("n") == 13 {
		return &sdk.Diagnostic{Code: "test.unlucky", Summary: "n is unlucky\x1b[31m", Field: "n"}
	}
	return nil
}

func (checked) Render(context.Context, sdk.Config, []sdk.Record, func(sdk.Artifact) error) ([]sdk.Outcome, error) {
	return nil, nil
}

// The exporter's own objections come as a ConfigError too, in clean text.
func TestConfigureObjection(t *testing.T) {
	t.Setenv("TEST_TOKEN", canary)
	server, err := sdk.NewServer(checked{func(sdk.Config) {}})
	p := inProcess(t, server, err, Options{})
	settings, err := p.Settings(map[string]string{"n": "13", "token": "env:TEST_TOKEN"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Configure(context.Background(), settings, false)
	var conf *ConfigError
	if !errors.As(err, &conf) || conf.Diagnostics[0].Code != "test.unlucky" || conf.Diagnostics[0].Summary != "n is unlucky[31m" {
		t.Fatalf("error %v %+v", err, conf)
	}
	// Every fault is told at once, and a secret with a bad reference once.
	_, err = p.Configure(context.Background(), []byte(`{"token": "env:", "n": "x", "nn": 1}`), false)
	if !errors.As(err, &conf) || len(conf.Diagnostics) != 3 {
		t.Fatalf("error %v, want three diagnostics", err)
	}
	if _, err := p.Settings(map[string]string{"n": "many"}); !errors.As(err, &conf) {
		t.Errorf("error %v, want a ConfigError", err)
	}
	if _, err := run(t, p.Export, nil); err == nil {
		t.Error("exported without a configuration")
	}
}

func TestConfigureCheckConnection(t *testing.T) {
	server, err := sdk.NewServer(&shelf{})
	p := inProcess(t, server, err, Options{})
	_, err = p.Configure(context.Background(), nil, true)
	var conf *ConfigError
	if !errors.As(err, &conf) || conf.Diagnostics[0].Code != "test.auth" || conf.Diagnostics[0].Field != "portal" {
		t.Errorf("error %v, want that of the exporter", err)
	}
}

func TestRedactor(t *testing.T) {
	r := &redactor{}
	r.learn(map[string]string{"a": "abcd", "b": "abcdef", "key": "-----BEGIN-----\nMIIEpQ\n-----END-----", "url": "p&ss wörd", "short": "xy"})
	tests := []struct{ in, want string }{
		{"abcdef abcd xy", "[secret] [secret] xy"},
		{"line MIIEpQ only", "line [secret] only"},
		{"-----BEGIN-----\nMIIEpQ\n-----END-----", "[secret]"},
		{"?q=p%26ss+w%C3%B6rd", "?q=[secret]"},
		{"ab\x00cd", "[secret]"},
		{"\x1b[31mred\u202e", "[31mred"},
	}
	for _, tt := range tests {
		if got := r.text(tt.in); got != tt.want {
			t.Errorf("%q became %q, want %q", tt.in, got, tt.want)
		}
	}
	if got := r.line(" two\n lines\t"); got != "two lines" {
		t.Errorf("line gave %q", got)
	}
}
