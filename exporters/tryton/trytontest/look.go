package trytontest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"
)

// client calls methods as the administrator. It is a second one beside the exporter's, so
// that a test does not believe the exporter about itself.
type client struct {
	url  string
	auth string
}

func dial(url string) (*client, error) {
	c := &client{url: url + "/" + Database + "/"}
	got, err := c.call("common.db.login", User, map[string]any{"password": Password}, "en")
	if err != nil {
		return nil, err
	}
	pair, ok := got.([]any)
	if !ok || len(pair) != 2 {
		return nil, fmt.Errorf("login gave %v", got)
	}
	c.auth = "Session " + base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%s:%v:%v", User, pair[0], pair[1]))
	return c, nil
}

// ping reports whether the server answers.
func ping(url string) error {
	_, err := (&client{url: url + "/"}).call("common.server.version")
	return err
}

func (c *client) call(method string, params ...any) (any, error) {
	if params == nil {
		params = []any{}
	}
	body, err := json.Marshal(map[string]any{"id": 1, "method": method, "params": params})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequest(http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", c.auth)
	resp, err := (&http.Client{Timeout: time.Minute}).Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var got struct {
		Result, Error any
	}
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil {
		return nil, fmt.Errorf("%s: %s", method, resp.Status)
	}
	if got.Error != nil {
		return nil, fmt.Errorf("%s: %v", method, got.Error)
	}
	return got.Result, nil
}

// Call calls a method as the administrator, with an empty context after the parameters.
func (s *Server) Call(t testing.TB, method string, params ...any) any {
	t.Helper()
	got, err := s.client.call(method, append(params, map[string]any{})...)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// Rows gives what a query on the database finds, each row as words with a | between.
func (s *Server) Rows(t testing.TB, query string, args ...any) []string {
	t.Helper()
	rows, err := s.db.Query(query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			t.Fatal(err)
		}
		row := ""
		for i, v := range values {
			if i > 0 {
				row += "|"
			}
			switch v := (*v.(*any)).(type) {
			case nil:
			case []byte: // a number with decimals
				row += string(v)
			default:
				row += fmt.Sprint(v)
			}
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// Parties counts parties. That of the company is one of them.
func (s *Server) Parties(t testing.TB) int { return s.count(t, "party_party") }

// Notes counts notes.
func (s *Server) Notes(t testing.TB) int { return s.count(t, "ir_note") }

// Tasks counts tasks.
func (s *Server) Tasks(t testing.TB) int { return s.count(t, "project_work WHERE type = 'task'") }

// Projects counts projects.
func (s *Server) Projects(t testing.TB) int {
	return s.count(t, "project_work WHERE type = 'project'")
}

func (s *Server) count(t testing.TB, from string) int {
	t.Helper()
	var n int
	if err := s.db.QueryRow("SELECT COUNT(*) FROM " + from).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// ForgetSessions makes every session that was given so far one that has expired.
func (s *Server) ForgetSessions(t testing.TB) {
	t.Helper()
	if _, err := s.db.Exec("DELETE FROM ir_session"); err != nil {
		t.Fatal(err)
	}
	c, err := dial(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	s.client = c
}

// LockOut makes Tryton refuse every login of a user for some minutes, as after wrong ones.
func (s *Server) LockOut(t testing.TB, user string) {
	t.Helper()
	for range 6 {
		if _, err := s.db.Exec("INSERT INTO res_user_login_attempt (login, create_date, ip_address, ip_network) VALUES (?, strftime('%Y-%m-%d %H:%M:%f', 'now', 'localtime'), '127.0.0.1', '127.0.0.1/32')", user); err != nil {
			t.Fatal(err)
		}
	}
}

// View gives a model's view as the client shows it.
func (s *Server) View(t testing.TB, model, kind string) string {
	t.Helper()
	view, _ := s.Call(t, "model."+model+".fields_view_get", nil, kind).(map[string]any)
	arch, _ := view["arch"].(string)
	return arch
}

// AddUser adds a user of the company with a password, and groups by name.
func (s *Server) AddUser(t testing.TB, login, password string, groups ...string) {
	t.Helper()
	add := []any{}
	for _, name := range groups {
		add = append(add, []any{"add", s.Call(t, "model.res.group.search", []any{[]any{"name", "=", name}}, 0, nil, nil)})
	}
	s.Call(t, "model.res.user.create", []any{map[string]any{
		"name": login, "login": login, "password": password, "groups": add,
		"companies": []any{[]any{"add", []any{1}}}, "company": 1,
	}})
}
