package hubspot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// version is that of the programming interface, which HubSpot keeps for years and names
// by month.
const version = "2026-09"

// most is how many objects a batch takes.
const most = 100

// system is a HubSpot account.
type system struct {
	client   *web.Client
	target   sdk.Target
	owner    string // whose new tasks are; may be empty
	priority string // of new tasks; may be empty
}

var _ crm.System = (*system)(nil)

// Target is the account.
func (s *system) Target() sdk.Target { return s.target }

// Limits are those of HubSpot's batches.
func (s *system) Limits() crm.Limits { return crm.Limits{Find: most, Write: most, Entries: most} }

func newClient(base, token string) *web.Client {
	c := web.New(base)
	c.Judge = judge
	c.Authorize = func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+token)
		return nil
	}
	return c
}

// identify asks whose account the token is of.
func (s *system) identify(ctx context.Context) error {
	var a struct {
		Portal  int64  `json:"portalId"`
		Name    string `json:"portalName"`
		Domain  string `json:"uiDomain"`
		Account string `json:"accountType"`
	}
	if err := s.get(ctx, "/account-info/"+version+"/details", &a); err != nil {
		return err
	}
	if a.Portal == 0 {
		return unlike("the answer does not say which account it is")
	}
	label := fmt.Sprintf("HubSpot account %d", a.Portal)
	if name := a.Name; name != "" {
		label = name + ", " + label
	} else if a.Domain != "" {
		label += " at " + a.Domain
	}
	switch a.Account {
	case "", "STANDARD":
	case "SANDBOX":
		label += " (sandbox)"
	case "DEVELOPER_TEST":
		label += " (developer test account)"
	case "APP_DEVELOPER":
		label += " (app developer account)"
	default:
		label += " (" + a.Account + ")"
	}
	s.target = sdk.Target{ID: strconv.FormatInt(a.Portal, 10), Label: label}
	return nil
}

// unlike says that a server is not HubSpot's, or no more as it was.
func unlike(what string) error {
	return &sdk.Diagnostic{Code: Name + ".address", Field: "url",
		Summary: "the server does not answer like HubSpot: " + what, Hint: "look at the setting url, and whether a proxy is in the way"}
}

// get reads, which can be repeated.
func (s *system) get(ctx context.Context, path string, into any) error {
	return s.read(ctx, web.Request{Method: http.MethodGet, Path: path}, into)
}

// find reads by a POST, which can be repeated, too.
func (s *system) find(ctx context.Context, path string, body, into any) error {
	return s.read(ctx, web.Request{Method: http.MethodPost, Path: path, Body: body, Safe: true}, into)
}

// read asks, and words an error as one of reading: since nothing is changed, an answer
// that was lost is one that comes later, and a refusal means the export as a whole.
func (s *system) read(ctx context.Context, r web.Request, into any) error {
	a, err := s.client.Do(ctx, r)
	var unsure *web.Unsure
	var refused *web.Refused
	switch {
	case errors.As(err, &unsure):
		return &web.Busy{Text: unsure.Text}
	case errors.As(err, &refused):
		return &sdk.Diagnostic{Code: Name + ".refused", Summary: refused.Text, Hint: refused.Hint}
	case err != nil:
		return err
	}
	if err := a.Into(into); err != nil {
		return unlike("what came is no JSON of the expected form")
	}
	return nil
}

// opening words an error for Open, which has nobody who would try again.
func opening(err error) error {
	var busy *web.Busy
	var quota *web.Quota
	switch {
	case errors.As(err, &busy):
		return &sdk.Diagnostic{Code: Name + ".busy", Summary: busy.Text, Hint: "run the command again later"}
	case errors.As(err, &quota):
		return &sdk.Diagnostic{Code: Name + ".quota", Summary: quota.Text, Hint: "run the command again tomorrow"}
	}
	return err
}

// judge says what an answer means.
func judge(a *web.Answer) error {
	if a.Status >= 200 && a.Status < 300 {
		return nil
	}
	f := parseFailure(a.Body)
	switch {
	case a.Status >= 300 && a.Status < 400:
		return unlike("it sends requests elsewhere")
	case a.Status == http.StatusUnauthorized:
		return &sdk.Diagnostic{Code: Name + ".auth", Field: "token", Summary: "HubSpot does not take the token",
			Hint: "it may have been rotated, deleted or cut when it was copied, or be of another region than url: take it again from the page of the service key or the private app"}
	case a.Status == http.StatusForbidden:
		return forbidden(f)
	case a.Status == http.StatusNotFound && f.Category == "":
		return unlike("it does not know the address (404)")
	case a.Status == http.StatusTooManyRequests:
		return limited(a, f)
	case a.Status == http.StatusLocked: // many changes at once; documented as a lock of two seconds
		return paused(a, 2*time.Second, "HubSpot has locked the objects for a moment")
	case a.Status == 477: // HubSpot's own
		return paused(a, time.Minute, "HubSpot is moving the account to another data center")
	case a.Status == http.StatusServiceUnavailable && a.Header.Get("Retry-After") != "":
		return paused(a, 0, "HubSpot asks for a pause")
	case a.Status >= 500 || a.Status == http.StatusRequestTimeout:
		return &web.Unsure{Text: fmt.Sprintf("HubSpot failed (%d)", a.Status)}
	}
	return f.refused(a.Status)
}

// paused is a pause as long as the server says, or else as is known of HubSpot.
func paused(a *web.Answer, usual time.Duration, text string) error {
	if after, known := web.RetryAfter(a); known {
		return &web.Busy{After: after, Known: true, Text: text}
	}
	return &web.Busy{After: usual, Known: usual > 0, Text: text}
}

// limited tells the limit of the day from that of some seconds.
func limited(a *web.Answer, f failure) error {
	if f.Policy == "DAILY" || a.Header.Get("X-HubSpot-RateLimit-Daily-Remaining") == "0" {
		return &web.Quota{Text: "the account's calls to HubSpot are used up for today; they are renewed at midnight of its time zone"}
	}
	usual := 10 * time.Second // TEN_SECONDLY_ROLLING
	if f.Policy == "SECONDLY" {
		usual = time.Second
	} else if ms, err := strconv.Atoi(a.Header.Get("X-HubSpot-RateLimit-Interval-Milliseconds")); err == nil && ms > 0 && ms <= 60000 {
		usual = time.Duration(ms) * time.Millisecond
	}
	return paused(a, usual, "HubSpot takes only so many calls in some seconds, from all programs together")
}
