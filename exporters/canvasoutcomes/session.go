package canvasoutcomes

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// session sends outcomes to one account.
type session struct {
	settings
	site   *site
	target sdk.Target
}

var _ sdk.Session = (*session)(nil)

// Open finds out which account it is. It makes files, and opens nothing, without push.
func (e Exporter) Open(ctx context.Context, cfg sdk.Config, check bool) (sdk.Session, error) {
	if !cfg.Bool("push") {
		return nil, nil
	}
	set, faults := read(cfg)
	address, err := web.Address("url", strings.TrimSpace(cfg.String("url")))
	var d *sdk.Diagnostic
	if cfg.String("url") == "" {
		faults = append(faults, fault("url", "url", "url is not set", "give the address of Canvas as in the browser, or leave push out to make files"))
	} else if errors.As(err, &d) {
		d.Code = Name + "." + d.Code
		faults = append(faults, d)
	}
	if cfg.Secret("token") == "" {
		faults = append(faults, fault("token", "token", "a token is needed to send outcomes", "set token, such as env:CANVAS_TOKEN, or leave push out to make files"))
	}
	for _, field := range []string{"account", "group"} {
		text := cfg.String(field)
		if strings.Trim(text, "0123456789") != "" && (field == "group" || text != "self") || field == "account" && text == "" {
			faults = append(faults, fault(field, field, field+" is not a number", "take the number from the address that the browser shows, after /accounts/ or /groups/"))
		}
	}
	if len(faults) > 0 {
		return nil, faults
	}
	s := &session{settings: set, site: connect(address, cfg.Secret("token"))}
	s.site.Use(e.Now, e.Sleep)
	s.site.account, s.site.group = cfg.String("account"), strings.TrimLeft(cfg.String("group"), "0")
	return s, s.identify(ctx, address, check)
}

func connect(address *url.URL, token string) *site {
	c := web.New(address.String())
	c.Judge = judge
	c.Authorize = func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+token)
		return nil
	}
	return &site{Client: c}
}

// identify asks for the account, and with check whether the user may import.
func (s *session) identify(ctx context.Context, address *url.URL, check bool) error {
	var account struct {
		ID   int64
		Name string
	}
	if err := s.get(ctx, "account", "", &account); err != nil {
		return err
	}
	s.site.account = fmt.Sprint(account.ID)
	s.target = sdk.Target{ID: fmt.Sprintf("%s/accounts/%d", strings.Trim(address.Host+address.Path, "/"), account.ID), Label: oneLine(account.Name)}
	if s.site.group != "" {
		var g group
		if err := s.get(ctx, "group", "/outcome_groups/"+s.site.group, &g); err != nil {
			return err
		}
		s.target.ID += "/groups/" + s.site.group
		s.target.Label += ", " + oneLine(g.Title)
	}
	if !check {
		return nil
	}
	_, err := s.site.ask(ctx, "latest")
	return err
}

// get asks for what a setting names.
func (s *session) get(ctx context.Context, setting, path string, to any) error {
	a, err := s.site.Do(ctx, web.Request{Method: http.MethodGet, Path: s.site.path("%s", path)})
	var refused *web.Refused
	if errors.As(err, &refused) {
		return fault(setting, setting, "there is no such "+setting+" in Canvas: "+refused.Text, "take its number from the address that the browser shows there")
	}
	if err != nil {
		return err
	}
	if err := a.Into(to); err != nil {
		return fault("url", "url", "what is at this address is not Canvas", "give the address that the browser shows, without what follows the host")
	}
	return nil
}

// Target is the account, and the group in it.
func (s *session) Target() sdk.Target { return s.target }

// work is what a batch comes to.
type work struct {
	rows   []row
	states []state
	out    []sdk.Outcome
}

// begin finds out what is wanted and what is there.
func (s *session) begin(ctx context.Context, batch []sdk.Record) (*work, error) {
	w := &work{out: make([]sdk.Outcome, len(batch))}
	clients, refused := join(batch)
	for i := range w.out {
		w.out[i].Status = sdk.Unchanged
	}
	for at, o := range refused {
		w.out[at] = o
	}
	for _, c := range clients {
		rows := s.rows(c, batch)
		if len(rows) == 0 {
			w.out[c.At[0]].Diagnostic = nothing()
		}
		w.rows = append(w.rows, rows...)
	}
	var err error
	if w.states, err = s.site.look(ctx, w.rows); err != nil {
		return nil, err
	}
	for i, r := range w.rows {
		w.note(r, w.states[i])
	}
	return w, nil
}

// note notes what a row means for its records. A record is made when the group that it
// alone speaks of is; the client's own group belongs to all of its records.
func (w *work) note(r row, st state) {
	for _, at := range r.records {
		o := &w.out[at]
		if o.Status == sdk.Rejected {
			continue
		}
		if r.parent != "" && len(o.Remote) == 0 {
			o.Remote = []sdk.RemoteObject{{Type: "outcome_group", ID: r.guid}}
			if st == missing {
				o.Status = sdk.Created
			}
		}
		if st != same {
			o.Status = min(o.Status, sdk.Updated)
			o.Diff += changeOf(r, st)
		}
	}
}

// changeOf is a line that says what becomes of a row.
func changeOf(r row, st state) string {
	what, how := "outcome", "changed"
	if r.group {
		what = "group"
	}
	if st == missing {
		how = "new"
	}
	return fmt.Sprintf("%s %s: %s\n", how, what, r.title)
}

// Plan says what Write would do.
func (s *session) Plan(ctx context.Context, _ sdk.Run, batch []sdk.Record) ([]sdk.Outcome, error) {
	w, err := s.begin(ctx, batch)
	if err != nil {
		return s.failed(len(batch), err)
	}
	for i := range w.out {
		w.out[i].Diff = strings.TrimSuffix(w.out[i].Diff, "\n")
	}
	return w.out, nil
}

// Write sends what is not there as it should be, in one import.
func (s *session) Write(ctx context.Context, _ sdk.Run, batch []sdk.Record) ([]sdk.Outcome, error) {
	if s.site.pending != "" || slices.ContainsFunc(batch, func(r sdk.Record) bool { return r.InDoubt }) {
		if err := s.site.settle(ctx); err != nil {
			return s.failed(len(batch), err)
		}
	}
	w, err := s.begin(ctx, batch)
	if err != nil {
		return s.failed(len(batch), err)
	}
	for i := range w.out {
		w.out[i].Diff = ""
	}
	rows := w.toSend()
	if len(rows) == 0 {
		return w.out, nil
	}
	file, err := s.write(rows)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		s.site.touched[r.guid] = true
	}
	result, err := s.site.send(ctx, file)
	if err != nil {
		return w.later(rows, err)
	}
	if result.State == "succeeded" {
		return w.out, nil
	}
	return s.sort(ctx, w, rows, result)
}

// toSend are the rows of all clients of whom something is not there as it should be. All
// rows of a client go together: Canvas finds a parent in the same file only.
func (w *work) toSend() []row {
	var rows []row
	for begin := 0; begin < len(w.rows); {
		end := begin + 1
		for end < len(w.rows) && w.rows[end].parent != "" {
			end++
		}
		if slices.ContainsFunc(w.states[begin:end], func(st state) bool { return st != same }) {
			rows = append(rows, w.rows[begin:end]...)
		}
		begin = end
	}
	return rows
}
