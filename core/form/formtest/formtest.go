// Package formtest answers HTML forms in a real browser the way a person with
// a keyboard does, for tests of package form and of what reads its answers.
package formtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// ErrNoBrowser says that no browser to test with is installed. Tests skip.
var ErrNoBrowser = errors.New("no chromium, chromium-browser or google-chrome on the PATH")

// Fill opens the form in a browser of its own, answers it by keyboard alone,
// saves, and returns the path of the CSV file in downloadDir. The keys of
// answers are ids of items and attributes; the values are what the file should
// hold, such as "4" or "Front line". Questions without an answer are passed by.
//
// It returns ErrNoBrowser where there is none, and an error when a question
// has no such answer or does not exist.
func Fill(ctx context.Context, htmlPath, downloadDir string, answers map[string]string) (csvPath string, err error) {
	b, err := Start(ctx)
	if err != nil {
		return "", err
	}
	defer b.Close()
	p, err := b.Open(htmlPath)
	if err != nil {
		return "", err
	}
	defer p.Close()
	if err := p.Answer(answers); err != nil {
		return "", err
	}
	return p.Save(downloadDir)
}

// Browser is a headless browser for one test.
type Browser struct {
	ctx    context.Context
	cancel func()
}

// Start launches a browser that lives until Close or the end of ctx. It
// returns ErrNoBrowser where none is installed.
func Start(ctx context.Context) (*Browser, error) {
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		return nil, ErrNoBrowser
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // the sandbox refuses to run as root
	}
	ctx, stopProcess := chromedp.NewExecAllocator(ctx, options...)
	ctx, closeTab := chromedp.NewContext(ctx)
	b := &Browser{ctx: ctx, cancel: func() { closeTab(); stopProcess() }}
	if err := chromedp.Do(ctx); err != nil {
		b.cancel()
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	return b, nil
}

// Close ends the browser.
func (b *Browser) Close() { b.cancel() }

// Page is a form open in a tab.
type Page struct {
	ctx    context.Context
	cancel func()

	mu         sync.Mutex
	requests   []string
	complaints []string
	dialogs    []string
}

// Open loads the file in a new tab. Dialogs the page opens are accepted.
func (b *Browser) Open(htmlPath string) (*Page, error) {
	abs, err := filepath.Abs(htmlPath)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", htmlPath, err)
	}
	p := &Page{}
	p.ctx, p.cancel = chromedp.NewContext(b.ctx, chromedp.WithListener(p.note))
	address := url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(filepath.ToSlash(abs), "/")} // a drive needs a slash, too
	if err := chromedp.Do(p.ctx, chromedp.Navigate(address.String())); err != nil {
		p.cancel()
		return nil, fmt.Errorf("open %s: %w", htmlPath, err)
	}
	return p, nil
}

// Close closes the tab.
func (p *Page) Close() { p.cancel() }

// note keeps what tests ask about. It runs in the loop that reads from the
// browser and must not wait for it.
func (p *Page) note(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		p.requests = append(p.requests, e.Request.URL)
	case *network.EventWebSocketCreated:
		p.requests = append(p.requests, e.URL)
	case *log.EventEntryAdded:
		p.complaints = append(p.complaints, e.Entry.Text)
	case *runtime.EventExceptionThrown:
		p.complaints = append(p.complaints, e.ExceptionDetails.Text)
	case *page.EventJavascriptDialogOpening:
		p.dialogs = append(p.dialogs, string(e.Type))
		go func() {
			// A dialog that is gone already needs no answer.
			_, _ = chromedp.Call(p.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
		}()
	}
}

// Requests lists the addresses the page asked for, itself first.
func (p *Page) Requests() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.requests)
}

// Complaints lists uncaught exceptions and what the browser logged, such as
// violations of the content security policy.
func (p *Page) Complaints() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.complaints)
}

// Dialogs lists the types of the dialogs the page opened: "confirm" or
// "beforeunload".
func (p *Page) Dialogs() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.dialogs)
}

// stop is where the focus rests.
type stop struct {
	ID, Tag, Type, Column, Value string
	Checked                      bool
	Choices                      int // of a group of radio buttons or a list
}

const focused = `(() => {
  const e = document.activeElement;
  const q = e.closest(".question");
  return {
    ID: e.id, Tag: e.localName, Type: e.type || "", Column: q ? q.dataset.column : "",
    Value: e.value || "", Checked: e.checked === true,
    Choices: e.options ? e.options.length : q ? q.querySelectorAll("input[type=radio]").length : 0,
  };
})()`

// Focus says where the focus rests: the column of the question, or the id of
// the element outside of questions.
func (p *Page) Focus() (string, error) {
	at, err := chromedp.Run(p.ctx, chromedp.Evaluate[stop](focused))
	if at.Column != "" {
		return at.Column, err
	}
	return at.ID, err
}

// Press sends one key, such as kb.Tab.
func (p *Page) Press(key string) error { return chromedp.Do(p.ctx, chromedp.KeyEvent(key)) }

// TabTo presses Tab until the element with the id has the focus.
func (p *Page) TabTo(id string) error {
	return p.tab(func(at stop) (bool, error) { return at.ID == id, nil })
}

// tab presses Tab and visits each stop until visit is done. It gives up once
// the focus has gone around the whole page.
func (p *Page) tab(visit func(stop) (done bool, err error)) error {
	around := 0
	for around < 2 {
		if err := p.Press(kb.Tab); err != nil {
			return err
		}
		at, err := chromedp.Run(p.ctx, chromedp.Evaluate[stop](focused))
		if err != nil {
			return err
		}
		if at.Tag == "body" {
			around++
		}
		if done, err := visit(at); done || err != nil {
			return err
		}
	}
	return errors.New("the Tab key never got there")
}

// Answer goes through the form once with the Tab key and answers the questions
// named in answers, as Fill says. Free text is pasted. The focus ends on the
// button that saves.
func (p *Page) Answer(answers map[string]string) error {
	left := maps.Clone(answers)
	err := p.tab(func(at stop) (bool, error) {
		want, ok := left[at.Column]
		if !ok || at.Tag == "button" {
			return at.ID == "save", nil
		}
		delete(left, at.Column)
		if err := p.answer(at, want); err != nil {
			return true, fmt.Errorf("answer %s: %w", at.Column, err)
		}
		return false, nil
	})
	if err != nil {
		return err
	}
	if len(left) > 0 {
		return fmt.Errorf("the form never asked for %s", strings.Join(slices.Sorted(maps.Keys(left)), ", "))
	}
	return nil
}

func (p *Page) answer(at stop, want string) error {
	switch {
	case at.Type == "radio", at.Tag == "select":
		return p.choose(at, want)
	case at.Type == "text":
		return p.Paste(want)
	default:
		return p.Press(want)
	}
}

// choose moves through the choices with the arrow key, once around at most.
func (p *Page) choose(at stop, want string) error {
	if at.Type == "radio" && !at.Checked && at.Value == want {
		return p.Press(" ")
	}
	for range at.Choices {
		if at.Value == want {
			return nil
		}
		if err := p.Press(kb.ArrowDown); err != nil {
			return err
		}
		var err error
		if at, err = chromedp.Run(p.ctx, chromedp.Evaluate[stop](focused)); err != nil {
			return err
		}
	}
	if at.Value == want {
		return nil
	}
	return fmt.Errorf("no choice %q", want)
}

// Paste copies the text to the browser's clipboard and presses Ctrl+V.
func (p *Page) Paste(text string) error {
	literal, err := json.Marshal(text) // JSON text is a JavaScript literal
	if err != nil {
		return err
	}
	copying := `document.addEventListener("copy", (e) => {
  e.clipboardData.setData("text/plain", ` + string(literal) + `);
  e.preventDefault();
}, {once: true});
document.execCommand("copy")`
	copied, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool](copying, func(e *runtime.EvaluateParams) { e.UserGesture = new(true) }))
	if err != nil {
		return err
	}
	if !copied {
		return errors.New("the browser would not copy")
	}
	return chromedp.Do(p.ctx, chromedp.KeyEvent("v", chromedp.KeyModifiers(chromedp.ModifierCtrl),
		func(k *input.DispatchKeyEventParams) {
			if k.Type == kb.KeyDown {
				k.Commands = []string{"paste"}
			}
		}))
}

// Save goes to the button that saves, presses it with the Enter key and waits
// for the file. It returns the file's path in dir.
func (p *Page) Save(dir string) (string, error) {
	if at, err := p.Focus(); err != nil {
		return "", err
	} else if at != "save" {
		if err := p.TabTo("save"); err != nil {
			return "", err
		}
	}
	_, err := chromedp.Call(p.ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: dir, EventsEnabled: new(true),
	})
	if err != nil {
		return "", fmt.Errorf("set the download folder: %w", err)
	}
	progress := chromedp.Events(p.ctx, browser.DownloadProgress)
	begun, err := chromedp.Run(p.ctx, chromedp.WaitEvent(browser.DownloadWillBegin, nil, chromedp.KeyEvent(kb.Enter)))
	if err != nil {
		return "", fmt.Errorf("wait for the download: %w", err)
	}
	for e, err := range progress {
		switch {
		case err != nil:
			return "", fmt.Errorf("wait for the download: %w", err)
		case e.GUID != begun.GUID:
			continue
		case e.State == browser.DownloadProgressStateCanceled:
			return "", errors.New("the browser canceled the download")
		case e.State == browser.DownloadProgressStateCompleted && e.FilePath != "":
			return e.FilePath, nil
		case e.State == browser.DownloadProgressStateCompleted:
			return filepath.Join(dir, begun.SuggestedFilename), nil
		}
	}
	return "", p.ctx.Err()
}

// Leave goes to an empty page, as when the tab is used for something else.
func (p *Page) Leave() error { return chromedp.Do(p.ctx, chromedp.Navigate("about:blank")) }

// Eval runs an expression in the page and returns its text.
func (p *Page) Eval(expression string) (string, error) {
	return chromedp.Run(p.ctx, chromedp.Evaluate[string](expression, chromedp.EvalAwaitPromise))
}
