package xapi

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/exporters/xapi/lrstest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// faultsOf are the settings that an error is about.
func faultsOf(err error) string {
	var all sdk.Diagnostics
	var one *sdk.Diagnostic
	if errors.As(err, &one) {
		all = append(all, one)
	}
	_ = errors.As(err, &all)
	var names []string
	for _, d := range all {
		names = append(names, d.Field)
	}
	return strings.Join(names, " ")
}

func TestSettings(t *testing.T) {
	secret := map[string]string{"password": "p"}
	for text, test := range map[string]struct {
		secrets map[string]string
		wrong   string
	}{
		`{}`:                                                                       {nil, ""},
		`{"base":"http://x.example"}`:                                              {nil, ""},
		`{"base":"x.example/a"}`:                                                   {nil, "base"},
		`{"base":"https://x.example/a#b"}`:                                         {nil, "base"},
		`{"base":"https://x.example/a?"}`:                                          {nil, "base"},
		`{"base":"https://me@x.example/a"}`:                                        {nil, "base"},
		`{"base":"urn:uuid:1"}`:                                                    {nil, "base"},
		`{"base":"https://x.example/a b"}`:                                         {nil, "base"},
		`{"base":"https://x.example/{a}"}`:                                         {nil, "base"},
		`{"base":"https://x.example/a|b"}`:                                         {nil, "base"},
		`{"base":"https://x.example/<a>"}`:                                         {nil, "base"},
		`{"base":"https://x.example/a^b"}`:                                         {nil, "base"},
		"{\"base\":\"https://x.example/a`b\"}":                                     {nil, "base"},
		`{"base":"https://x.example/a\\b"}`:                                        {nil, "base"},
		`{"base":"https://x.example/a\"b"}`:                                        {nil, "base"},
		`{"base":"https://x.example/a\u00a0b"}`:                                    {nil, "base"},
		`{"base":"https://x.example/a\u0085b"}`:                                    {nil, "base"},
		`{"base":"https://x.example/ü"}`:                                           {nil, ""},
		`{"due_days":0,"batch":101,"by":" "}`:                                      {nil, "due_days batch by"},
		`{"due_days":3651,"batch":0}`:                                              {nil, "due_days batch"},
		`{"language":"English please"}`:                                            {nil, "language"},
		`{"language":"zh-Hant-TW"}`:                                                {nil, ""},
		`{"push":true}`:                                                            {nil, "user url"},
		`{"push":true,"base":"x","url":"http://lrs.example.org","user":"u"}`:       {nil, "base password url"},
		`{"push":true,"url":"https://lrs.example.org/xapi","user":"u"}`:            {secret, ""},
		`{"push":true,"url":"https://lrs.example.org/xapi","user":"a:b"}`:          {secret, "user"},
		`{"push":true,"url":"https://lrs.example.org/xapi"}`:                       {map[string]string{"token": "t"}, ""},
		`{"push":true,"url":"https://lrs.example.org/xapi","user":"u" }`:           {map[string]string{"token": "t"}, "token"},
		`{"push":true,"url":"https://u:p@lrs.example.org/xapi?a=b","user":"u"}`:    {secret, "url"},
		`{"push":true,"url":"https://lrs.example.org/xapi/statements","user":"u"}`: {secret, ""},
	} {
		cfg := config(t, text, test.secrets)
		session, err := Exporter{}.Open(t.Context(), cfg, false)
		if session == nil && err == nil {
			err = Exporter{}.CheckConfig(cfg)
		}
		if got := faultsOf(err); got != test.wrong {
			t.Errorf("%s: %q, want %q: %v", text, got, test.wrong, err)
		}
	}
}

// TestAddress: faults of the address are told as this exporter's.
func TestAddress(t *testing.T) {
	for url, want := range map[string]string{"": "url is not set", "http://lrs.example.org": "not https", "lrs.example.org": "can't be read"} {
		_, err := Exporter{}.Open(t.Context(), config(t, fmt.Sprintf(`{"push":true,"url":%q,"user":"u"}`, url), map[string]string{"password": "p"}), false)
		var all sdk.Diagnostics
		if !errors.As(err, &all) || len(all) != 1 || all[0].Code != "xapi.address" || all[0].Field != "url" || !strings.Contains(all[0].Summary, want) || strings.Contains(all[0].Hint, "crm") {
			t.Errorf("%q: %+v", url, err)
		}
	}
}

// TestTarget: two clients of one LRS are two targets, since some keep their statements
// apart; however its address is written, it is one.
func TestTarget(t *testing.T) {
	target := func(url, user string) string {
		s, err := Exporter{}.Open(t.Context(), config(t, fmt.Sprintf(`{"push":true,"url":%q,"user":%q}`, url, user), map[string]string{"password": "p"}), false)
		if err != nil {
			t.Fatal(err)
		}
		return s.Target().ID
	}
	if got := target("https://LRS.example.org/data/xAPI/", "a b"); got != "a%20b@lrs.example.org/data/xAPI" {
		t.Error(got)
	}
	if target("https://lrs.example.org/data/xAPI/statements/", "a b") != target("https://lrs.example.org/data/xAPI", "a b") || target("https://lrs.example.org", "a") == target("https://lrs.example.org", "b") {
		t.Error("targets are mixed up")
	}
}

// TestToken: an LRS can want a token in place of user and password.
func TestToken(t *testing.T) {
	server := lrstest.New(lrstest.Options{Token: "secret-token"})
	address := serve(t, server)
	cfg := config(t, fmt.Sprintf(`{"push":true,"url":%q}`, address), map[string]string{"token": "secret-token"})
	s, err := quick().Open(t.Context(), cfg, true)
	if err != nil {
		t.Fatal(err)
	}
	out, err := s.Write(t.Context(), sdk.Run{}, []sdk.Record{acme().record(t)})
	if err != nil {
		t.Fatal(err)
	}
	wants(t, out, sdk.Created)
	if id := s.Target().ID; strings.Contains(id, "token") || !strings.HasSuffix(id, "/xapi") {
		t.Error(id)
	}
}
