package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

const secret = "s3cret-t0ken"

// noon is the time of the injected clock.
var noon = time.Date(2026, 9, 30, 12, 0, 0, 0, time.UTC)

// line is a server that answers by script, one handler for each request, the last again
// and again, and a client of it that notes its pauses.
type line struct {
	*Client
	pauses []time.Duration

	mu  sync.Mutex
	all []string
}

// asked are the requests since the last time that it was asked about them.
func (l *line) asked() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := l.all
	l.all = nil
	return all
}

func dial(t *testing.T, script ...http.HandlerFunc) *line {
	t.Helper()
	l := &line{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		l.mu.Lock()
		l.all = append(l.all, r.Method+" "+r.URL.String()+" "+strings.TrimSpace(string(body)))
		now := script[min(len(l.all), len(script))-1]
		l.mu.Unlock()
		now(w, r)
	}))
	t.Cleanup(server.Close)
	l.Client = New(server.URL + "/")
	l.Authorize = func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+secret)
		return nil
	}
	l.Now = func() time.Time { return noon }
	l.Sleep = func(ctx context.Context, d time.Duration) error {
		l.pauses = append(l.pauses, d)
		return ctx.Err()
	}
	t.Cleanup(l.HTTP.CloseIdleConnections)
	return l
}

func answer(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		io.WriteString(w, `{"code":`+fmt.Sprint(code)+`}`)
	}
}

// dropped reads the request and says nothing.
func dropped(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func ms(all ...int) []time.Duration {
	var out []time.Duration
	for _, n := range all {
		out = append(out, time.Duration(n)*time.Millisecond)
	}
	return out
}

// sort tells what an error is.
func sort(err error) string {
	switch {
	case err == nil:
		return "well"
	case errors.As(err, new(*Refused)):
		return "refused"
	case errors.As(err, new(*Busy)):
		return "busy"
	case errors.As(err, new(*Quota)):
		return "quota"
	case errors.As(err, new(*Unsure)):
		return "unsure"
	}
	return "ends"
}

func TestAgain(t *testing.T) {
	get, post, safe := Request{Method: "GET", Path: "/a"}, Request{Method: "POST", Path: "/a", Body: 1}, Request{Method: "POST", Path: "/a", Body: 1, Safe: true}
	for name, test := range map[string]struct {
		request Request
		script  []http.HandlerFunc
		sort    string
		asked   int
		pauses  []time.Duration
	}{
		"well":                      {post, []http.HandlerFunc{answer(201)}, "well", 1, nil},
		"429 in seconds":            {post, []http.HandlerFunc{answer(429, "Retry-After", "7"), answer(200)}, "well", 2, ms(7000)},
		"429 at a time":             {post, []http.HandlerFunc{answer(429, "Retry-After", "Wed, 30 Sep 2026 12:00:09 GMT"), answer(200)}, "well", 2, ms(9000)},
		"429 at a time gone by":     {post, []http.HandlerFunc{answer(429, "Retry-After", "Wed, 30 Sep 2026 11:00:00 GMT"), answer(200)}, "well", 2, ms(0)},
		"429 at once":               {post, []http.HandlerFunc{answer(429, "Retry-After", "0"), answer(200)}, "well", 2, ms(0)},
		"429 whenever":              {post, []http.HandlerFunc{answer(429), answer(429), answer(200)}, "well", 3, ms(250, 500)},
		"429 in nonsense":           {post, []http.HandlerFunc{answer(429, "Retry-After", "soon"), answer(200)}, "well", 2, ms(250)},
		"429 in the negative":       {post, []http.HandlerFunc{answer(429, "Retry-After", "-5"), answer(200)}, "well", 2, ms(250)},
		"429 for a minute":          {post, []http.HandlerFunc{answer(429, "Retry-After", "60"), answer(200)}, "well", 2, ms(60000)},
		"429 for longer":            {post, []http.HandlerFunc{answer(429, "Retry-After", "61")}, "busy", 1, nil},
		"429 for ever":              {post, []http.HandlerFunc{answer(429)}, "busy", 6, ms(250, 500, 1000, 2000, 4000)},
		"429, then failed":          {post, []http.HandlerFunc{answer(429), answer(500)}, "unsure", 2, ms(250)},
		"503":                       {post, []http.HandlerFunc{answer(503, "Retry-After", "2"), answer(503), answer(200)}, "well", 3, ms(2000, 500)},
		"500 of what is unsafe":     {post, []http.HandlerFunc{answer(500)}, "unsure", 1, nil},
		"502 of what is unsafe":     {post, []http.HandlerFunc{answer(502)}, "unsure", 1, nil},
		"408 of what is unsafe":     {post, []http.HandlerFunc{answer(408)}, "unsure", 1, nil},
		"500 of what is safe":       {safe, []http.HandlerFunc{answer(500), answer(504), answer(200)}, "well", 3, ms(250, 500)},
		"500 of a look":             {get, []http.HandlerFunc{answer(500), answer(200)}, "well", 2, ms(250)},
		"500 for ever":              {get, []http.HandlerFunc{answer(500)}, "unsure", 6, ms(250, 500, 1000, 2000, 4000)},
		"dropped and unsafe":        {post, []http.HandlerFunc{dropped}, "unsure", 1, nil},
		"dropped and safe":          {safe, []http.HandlerFunc{dropped, dropped, answer(200)}, "well", 3, ms(250, 500)},
		"dropped amid an answer":    {post, []http.HandlerFunc{cutShort}, "unsure", 1, nil},
		"refused":                   {get, []http.HandlerFunc{answer(404)}, "refused", 1, nil},
		"sent elsewhere is refused": {get, []http.HandlerFunc{answer(304)}, "refused", 1, nil},
	} {
		l := dial(t, test.script...)
		_, err := l.Do(context.Background(), test.request)
		asked := l.asked()
		if sort(err) != test.sort || len(asked) != test.asked || !slices.Equal(l.pauses, test.pauses) {
			t.Errorf("%s: %s after %d requests and the pauses %v: %v", name, sort(err), len(asked), l.pauses, err)
		}
		if len(slices.Compact(asked)) != 1 {
			t.Errorf("%s: asked %q", name, asked)
		}
	}
}

// cutShort ends an answer before its end.
func cutShort(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "100")
	io.WriteString(w, "{")
	w.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}

func TestRetryAfterIsHandedOn(t *testing.T) {
	_, err := dial(t, answer(429, "Retry-After", "90000000")).Do(context.Background(), Request{Method: "GET", Path: "/"})
	var busy *Busy
	if !errors.As(err, &busy) || busy.After != 24*time.Hour || !busy.Known || busy.Text != "the server asks for a pause (429 Too Many Requests)" {
		t.Errorf("%+v", err)
	}
}

// A judge of a CRM's own says what its answers mean; what it says of a quota or an end is
// final.
func TestJudgeOfItsOwn(t *testing.T) {
	for _, verdict := range []error{&Quota{Text: "used up"}, &sdk.Diagnostic{Code: "acme.auth"}, &Refused{}, nil} {
		l := dial(t, answer(429))
		l.Judge = func(a *Answer) error {
			if a.Status != 429 || string(a.Body) != `{"code":429}` || !a.At.Equal(noon) {
				t.Errorf("%+v", a)
			}
			return verdict
		}
		a, err := l.Do(context.Background(), Request{Method: "GET", Path: "/"})
		if asked := l.asked(); err != verdict || a == nil || len(asked) != 1 {
			t.Errorf("%v: %v, error %v, asked %q", verdict, a, err, asked)
		}
	}
}

// A connection that is not made carried nothing out.
func TestNobodyThere(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	l := dial(t, answer(200))
	l.Base = "http://" + address
	_, err = l.Do(context.Background(), Request{Method: "POST", Path: "/?token=" + secret, Body: 1})
	if sort(err) != "busy" || !slices.Equal(l.pauses, ms(250, 500, 1000, 2000, 4000)) || strings.Contains(err.Error(), secret) || !strings.HasPrefix(err.Error(), "the server can't be reached: ") {
		t.Errorf("%v after %v", err, l.pauses)
	}
	// Nor one that the proxy does not make.
	l.pauses, l.Base = nil, "https://crm.example.org"
	l.HTTP.Transport.(*http.Transport).Proxy = func(r *http.Request) (*url.URL, error) { return url.Parse("http://" + address) }
	if _, err = l.Do(context.Background(), Request{Method: "POST", Path: "/", Body: 1}); sort(err) != "busy" || len(l.pauses) != 5 {
		t.Errorf("%v after %v", err, l.pauses)
	}
}

// A server that is not the one at its address gets nothing, and is not asked again.
func TestForeignCertificate(t *testing.T) {
	var got atomic.Int32
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { got.Add(1) }))
	defer server.Close()
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	l := dial(t, answer(200))
	l.Base = server.URL
	_, err := l.Do(context.Background(), Request{Method: "GET", Path: "/"})
	var d *sdk.Diagnostic
	if !errors.As(err, &d) || d.Code != "certificate" || d.Hint == "" || got.Load() > 0 || len(l.pauses) > 0 {
		t.Errorf("%v, %d requests, pauses %v", err, got.Load(), l.pauses)
	}
}

func TestTimeout(t *testing.T) {
	release := make(chan bool)
	l := dial(t, func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	if l.HTTP.Timeout != time.Minute {
		t.Errorf("waits %s for an answer", l.HTTP.Timeout)
	}
	l.HTTP.Timeout = 30 * time.Millisecond
	_, err := l.Do(context.Background(), Request{Method: "POST", Path: "/", Body: 1})
	if asked := l.asked(); sort(err) != "unsure" || len(asked) != 1 {
		t.Errorf("%v after %q", err, asked)
	}
}

// Credentials do not follow a redirect.
func TestRedirect(t *testing.T) {
	var elsewhere atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer other.Close()
	for _, code := range []int{301, 302, 303, 307, 308} {
		for _, method := range []string{"GET", "POST"} {
			l := dial(t, answer(code, "Location", other.URL+"/"))
			a, err := l.Do(context.Background(), Request{Method: method, Path: "/"})
			var refused *Refused
			if !errors.As(err, &refused) || refused.Status != code || a.Header.Get("Location") != other.URL+"/" || len(l.asked()) != 1 {
				t.Errorf("%s %d: %v", method, code, err)
			}
		}
	}
	if n := elsewhere.Load(); n > 0 {
		t.Errorf("%d requests went elsewhere", n)
	}
}

func TestLargestAnswer(t *testing.T) {
	large := func(size int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.Write(bytes.Repeat([]byte{' '}, size)) }
	}
	l := dial(t, large(64<<20), func(w http.ResponseWriter, r *http.Request) {
		large(64<<20+1)(w, r)
		w.(http.Flusher).Flush()
		<-r.Context().Done() // there is more, and it is not waited for
	})
	l.HTTP.Timeout = 30 * time.Second
	if a, err := l.Do(context.Background(), Request{Method: "POST", Path: "/"}); err != nil || len(a.Body) != 64<<20 {
		t.Errorf("error %v", err)
	}
	if _, err := l.Do(context.Background(), Request{Method: "POST", Path: "/"}); sort(err) != "unsure" || !strings.Contains(err.Error(), "larger than 64 MiB") {
		t.Errorf("error %v", err)
	}
}

func TestCancel(t *testing.T) {
	release := make(chan bool)
	ctx, cancel := context.WithCancel(context.Background())
	l := dial(t, func(http.ResponseWriter, *http.Request) { cancel(); <-release })
	defer close(release)
	begun := time.Now()
	if _, err := l.Do(ctx, Request{Method: "GET", Path: "/"}); err != context.Canceled || len(l.asked()) != 1 || time.Since(begun) > 5*time.Second {
		t.Errorf("error %v after %s", err, time.Since(begun))
	}
	// While it waits for the next try, with the machine's clock.
	ctx, cancel = context.WithCancel(context.Background())
	l = dial(t, func(w http.ResponseWriter, r *http.Request) {
		answer(429, "Retry-After", "50")(w, r)
		time.AfterFunc(20*time.Millisecond, cancel)
	})
	l.Sleep = New("").Sleep
	if _, err := l.Do(ctx, Request{Method: "GET", Path: "/"}); err != context.Canceled || len(l.asked()) != 1 || time.Since(begun) > 20*time.Second {
		t.Errorf("error %v after %s", err, time.Since(begun))
	}
	if err := New("").Sleep(context.Background(), time.Millisecond); err != nil {
		t.Error(err)
	}
}

// What is sent is sent as it is meant.
func TestRequest(t *testing.T) {
	var mu sync.Mutex
	var header http.Header
	l := dial(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		header = r.Header.Clone()
		io.WriteString(w, `{"n":3}`)
	})
	for _, test := range []struct {
		request     Request
		want        string
		contentType string
	}{
		{Request{Method: "GET", Path: "/a%2Fb?q=1"}, "GET /a%2Fb?q=1 ", ""},
		{Request{Method: "PATCH", Path: "/a", Body: map[string]string{"x": "<&>"}}, `PATCH /a {"x":"<&>"}`, "application/json"},
		{Request{Method: "PUT", Path: "/a", Body: []byte("a,b\n1,2"), Header: http.Header{"Content-Type": {"text/csv"}, "X-Own": {"1"}}}, "PUT /a a,b\n1,2", "text/csv"},
		{Request{Method: "DELETE", Path: "/a"}, "DELETE /a ", ""},
	} {
		a, err := l.Do(context.Background(), test.request)
		asked := l.asked()
		mu.Lock()
		header := header
		mu.Unlock()
		if err != nil || !slices.Equal(asked, []string{test.want}) || header.Get("Content-Type") != test.contentType ||
			header.Get("Accept") != "application/json" || header.Get("Authorization") != "Bearer "+secret || header.Get("X-Own") != test.request.Header.Get("X-Own") {
			t.Errorf("%q with %v, error %v", asked, header, err)
		}
		var into struct{ N int }
		if err := a.Into(&into); err != nil || into.N != 3 {
			t.Errorf("%+v, error %v", into, err)
		}
	}
	if err := (&Answer{Body: []byte("<html>")}).Into(new(int)); err == nil || !strings.HasPrefix(err.Error(), "the server's answer can't be read: ") {
		t.Errorf("error %v", err)
	}
	if _, err := l.Do(context.Background(), Request{Method: "POST", Path: "/", Body: func() {}}); !errors.As(err, new(*json.UnsupportedTypeError)) {
		t.Errorf("error %v", err)
	}
	stop := errors.New("no credentials")
	l.Authorize = func(context.Context, *http.Request) error { return stop }
	if _, err := l.Do(context.Background(), Request{Method: "GET", Path: "/"}); err != stop {
		t.Errorf("error %v", err)
	}
	if asked := l.asked(); len(asked) > 0 {
		t.Errorf("asked %q", asked)
	}
}

// No error shows a secret, whatever goes wrong.
func TestSecretStaysSecret(t *testing.T) {
	broken := secret + "\nsecond line"
	l := dial(t, answer(200))
	l.Authorize = func(_ context.Context, r *http.Request) error { r.Header.Set("Authorization", broken); return nil }
	_, err := l.Do(context.Background(), Request{Method: "GET", Path: "/"})
	var d *sdk.Diagnostic
	if !errors.As(err, &d) || d.Code != "header" || d.Summary != "the header Authorization would have a line break or another control character" || strings.Contains(fmt.Sprintf("%+v", d), secret) || len(l.asked())+len(l.pauses) > 0 {
		t.Errorf("%+v", err)
	}
	for name, script := range map[string]http.HandlerFunc{"dropped": dropped, "refused": answer(403), "failed": answer(500), "busy": answer(429), "not HTTP": func(w http.ResponseWriter, _ *http.Request) {
		c, _, _ := w.(http.Hijacker).Hijack()
		io.WriteString(c, "nonsense\r\n\r\n")
		c.Close()
	}} {
		_, err := dial(t, script).Do(context.Background(), Request{Method: "POST", Path: "/?key=" + secret, Body: secret})
		if err == nil || strings.Contains(fmt.Sprintf("%v %+v", err, err), secret) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestAddress(t *testing.T) {
	for address, want := range map[string]string{
		"https://crm.example.org": "", "https://crm.example.org:8443/a/b": "", "HTTPS://crm.example.org": "", "http://localhost:8000": "", "http://LOCALHOST": "",
		"http://127.0.0.1:8000": "", "http://127.8.9.1": "", "http://[::1]:8000/x": "",
		"http://crm.example.org": "the address is not https, so that everybody on the way could read the credentials",
		"http://192.168.0.1":     "the address is not https, so that everybody on the way could read the credentials", "http://localhost.example.org": "the address is not https, so that everybody on the way could read the credentials",
		"ftp://crm.example.org": "the address is not https", "crm.example.org": "the address can't be read", "": "the address can't be read",
		"https://": "the address can't be read", "https://:443": "the address can't be read", "https://a b": "the address can't be read", "localhost:8000": "the address can't be read",
		"https://me:" + secret + "@crm.example.org": "the address has more than scheme, host and path", "https://me@crm.example.org": "the address has more than scheme, host and path",
		"https://crm.example.org?x=1": "the address has more than scheme, host and path", "https://crm.example.org?": "the address has more than scheme, host and path",
		"https://crm.example.org#a": "the address has more than scheme, host and path",
	} {
		u, err := Address("url", address)
		if want == "" {
			if err != nil || !strings.EqualFold(u.String(), address) {
				t.Errorf("%s: %v, error %v", address, u, err)
			}
			continue
		}
		var d *sdk.Diagnostic
		if !errors.As(err, &d) || d.Summary != want || d.Field != "url" || d.Hint == "" || strings.Contains(d.Summary+d.Hint, secret) {
			t.Errorf("%s: error %+v", address, err)
		}
	}
}
