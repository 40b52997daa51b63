package tryton

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
)

// loginTries is how often a login is sent whose answers get lost. Tryton locks a user out
// after six wrong ones.
const loginTries = 3

// server calls the methods of one database.
type server struct {
	rpc  *web.Client // with a session
	door *web.Client // to get a session

	at       *url.URL
	database string
	user     string
	password string
	session  string // the header Authorization; empty: not logged in
	calls    int
}

func newServer(at *url.URL, database, user, password string) *server {
	s := &server{at: at, database: database, user: user, password: password}
	s.rpc, s.door = web.New(at.String()), web.New(at.String())
	s.rpc.Judge = judge
	s.rpc.Authorize = func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", s.session)
		return nil
	}
	s.door.Judge = s.judgeLogin
	return s
}

// request is the request for a call.
func (s *server) request(method string, params []any, safe bool) web.Request {
	s.calls++
	return web.Request{Method: http.MethodPost, Path: "/" + url.PathEscape(s.database) + "/", Safe: safe, Body: struct {
		ID     int    `json:"id"`
		Method string `json:"method"`
		Params []any  `json:"params"`
	}{s.calls, method, params}}
}

// read calls a method that changes nothing.
func (s *server) read(ctx context.Context, result any, method string, params ...any) error {
	return s.call(ctx, result, s.request(method, params, true))
}

// write calls a method that changes something.
func (s *server) write(ctx context.Context, result any, method string, params ...any) error {
	return s.call(ctx, result, s.request(method, params, false))
}

// call makes a call. A session that has expired is made anew: the call was not carried
// out then.
func (s *server) call(ctx context.Context, result any, r web.Request) error {
	if s.session == "" {
		if err := s.login(ctx); err != nil {
			return err
		}
	}
	a, err := s.rpc.Do(ctx, r)
	if errors.Is(err, errExpired) {
		if err := s.login(ctx); err != nil {
			return err
		}
		if a, err = s.rpc.Do(ctx, r); errors.Is(err, errExpired) {
			return fault("auth", "", "Tryton does not take the session that it has just given", "look whether a proxy removes the header Authorization")
		}
	}
	if err != nil {
		return err
	}
	return decode(a, result)
}

// decode reads the result of an answer, numbers as they are written. nil: it does not
// matter.
func decode(a *web.Answer, result any) error {
	if result == nil {
		return nil
	}
	var r reply
	if err := json.Unmarshal(a.Body, &r); err != nil {
		return &web.Unsure{Text: "the answer is not one of Tryton's"}
	}
	d := json.NewDecoder(strings.NewReader(string(r.Result)))
	d.UseNumber()
	if err := d.Decode(result); err != nil {
		return &web.Unsure{Text: "the answer is not one of Tryton's"}
	}
	return nil
}

// login gets a session.
func (s *server) login(ctx context.Context) error {
	s.session = ""
	params := []any{s.user, map[string]any{"password": s.password}, "en"}
	var a *web.Answer
	var err error
	for try := 1; ; try++ {
		a, err = s.door.Do(ctx, s.request("common.db.login", params, false))
		if try == loginTries || !errors.As(err, new(*web.Unsure)) {
			break
		}
	}
	if err != nil {
		return s.noDatabase(ctx, err)
	}
	var got []any
	if err := decode(a, &got); err != nil || len(got) != 2 {
		return s.notTryton()
	}
	s.session = "Session " + base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%s:%v:%v", s.user, got[0], got[1]))
	return nil
}

// logout ends the session.
func (s *server) logout(ctx context.Context) error {
	if s.session == "" {
		return nil
	}
	_, err := s.rpc.Do(ctx, s.request("common.db.logout", []any{}, false))
	s.session = ""
	if errors.Is(err, errExpired) {
		return nil
	}
	return err
}

// errNoDatabase says that the login failed since the database can't be opened.
type errNoDatabase struct{ text string }

func (e *errNoDatabase) Error() string { return e.text }

// judgeLogin says what the answer to a login means. One that failed must not be repeated.
func (s *server) judgeLogin(a *web.Answer) error {
	_, proxy := web.RetryAfter(a)
	switch {
	case a.Status == http.StatusUnauthorized:
		return fault("auth", "password", "Tryton does not know the user "+s.user+" with this password",
			"look at both before you try again: after six wrong ones Tryton locks the user out for some minutes")
	case a.Status == http.StatusTooManyRequests && !proxy:
		return fault("locked", "user", "Tryton has locked the user "+s.user+" out after too many wrong passwords",
			"wait some minutes without trying (5, unless the server has another session timeout), and make sure of the password")
	case a.Status == http.StatusNotFound:
		return &errNoDatabase{"404 Not Found"}
	case a.Status != http.StatusOK:
		return judgeStatus(a)
	}
	var r reply
	if json.Unmarshal(a.Body, &r) != nil || r.Error == nil && r.Result == nil {
		return s.notTryton()
	}
	if r.Error == nil {
		return nil
	}
	err := refusal(r.Error)
	var refused *web.Refused
	if errors.As(err, &refused) && refused.Code == "" {
		return &errNoDatabase{refused.Text}
	}
	return err
}

func (s *server) notTryton() error {
	return fault("url", "url", "what answers at "+s.at.Host+" is not a Tryton server", "give the address that the Tryton client uses")
}

// noDatabase adds to an error about the database which there are, when the server tells.
func (s *server) noDatabase(ctx context.Context, err error) error {
	var none *errNoDatabase
	if !errors.As(err, &none) {
		return err
	}
	hint := "look at the settings url and database"
	r := s.request("common.db.list", []any{}, true)
	r.Path = "/"
	var names []string
	if a, err := s.door.Do(ctx, r); err == nil && decode(a, &names) == nil && len(names) > 0 {
		hint = "databases there: " + strings.Join(names[:min(len(names), 10)], ", ")
	}
	return fault("database", "database", fmt.Sprintf("Tryton can't open the database %q: %s", s.database, none.text), hint)
}
