package canvasoutcomes

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// Limits of an import.
const (
	// longestImport is how long an import is waited for. Canvas works on one after the
	// other, with those of others at the same address.
	longestImport = 15 * time.Minute
	firstPause    = 100 * time.Millisecond
	longestPause  = 10 * time.Second
	// rounds is how often a file is sent whose answer is lost. It is the same import each
	// time: what it has is found by its id and made once.
	rounds = 4
	// mostErrors is how many errors Canvas tells.
	mostErrors = 25
)

// imported is an import as Canvas tells of it.
type imported struct {
	ID       int64   `json:"id"`
	State    string  `json:"workflow_state"`
	Progress any     `json:"progress"` // a number, or a text with one
	Errors   []fails `json:"processing_errors"`
}

// fails is an error of an import: the number of the row, from 1 for the header, and what
// is wrong.
type fails [2]any

func (f fails) row() int {
	n, ok := f[0].(float64)
	if !ok {
		return 0
	}
	return int(n)
}

func (f fails) text() string { return brief(fmt.Sprint(f[1])) }

// running reports whether an import is yet to end.
func (i *imported) running() bool {
	return i.State == "initializing" || i.State == "created" || i.State == "importing"
}

// send imports a file and waits until that is done.
func (s *site) send(ctx context.Context, file []byte) (*imported, error) {
	path := s.path("/outcome_imports")
	if s.group != "" {
		path += "/group/" + s.group
	}
	request := web.Request{
		Method: http.MethodPost, Path: path + "?import_type=instructure_csv&extension=csv",
		Header: http.Header{"Content-Type": {"text/csv"}}, Body: file,
	}
	var lost *web.Unsure
	for range rounds {
		s.pending = "latest"
		a, err := s.Do(ctx, request)
		if errors.As(err, &lost) {
			if err := s.settle(ctx); err != nil {
				return nil, err
			}
			continue
		}
		if err != nil {
			s.pending = "" // it was not carried out
			return nil, err
		}
		var made imported
		if err := a.Into(&made); err != nil || made.ID == 0 {
			return nil, &web.Busy{Text: "Canvas's answer to the import can't be read"}
		}
		return s.await(ctx, &made)
	}
	return nil, &web.Busy{Text: lost.Text}
}

// settle waits for the end of the import whose end was not seen, or for that of the
// latest of the account, which can be it.
func (s *site) settle(ctx context.Context) error {
	id := s.pending
	if id == "" {
		id = "latest"
	}
	found, err := s.ask(ctx, id)
	if err == nil && found != nil && found.running() {
		_, err = s.await(ctx, found)
	}
	if err == nil {
		s.pending = ""
	}
	return err
}

// ask asks for an import; nil when there is none.
func (s *site) ask(ctx context.Context, id string) (*imported, error) {
	a, err := s.Do(ctx, web.Request{Method: http.MethodGet, Path: s.path("/outcome_imports/%s", id)})
	var refused *web.Refused
	if errors.As(err, &refused) && refused.Status == http.StatusNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var found imported
	if err := a.Into(&found); err != nil {
		return nil, &web.Unsure{Text: err.Error()}
	}
	return &found, nil
}

// await waits for the end of an import.
func (s *site) await(ctx context.Context, of *imported) (*imported, error) {
	s.pending = fmt.Sprint(of.ID)
	begun := s.Now()
	waited := time.Duration(0)
	for pause := firstPause; of.running(); pause = min(2*pause, longestPause) {
		if max(s.Now().Sub(begun), waited) >= longestImport {
			return nil, &web.Busy{Text: fmt.Sprintf("Canvas has not finished the import %d after %s", of.ID, longestImport)}
		}
		sdk.Progress(ctx, fmt.Sprintf("waiting for the import %d in Canvas: %v %%", of.ID, of.Progress))
		if err := s.Sleep(ctx, pause); err != nil {
			return nil, err
		}
		waited += pause
		now, err := s.ask(ctx, fmt.Sprint(of.ID))
		if err != nil {
			return nil, err
		}
		if now == nil {
			return nil, &web.Busy{Text: fmt.Sprintf("Canvas does not know the import %d any more", of.ID)}
		}
		of = now
	}
	s.pending = ""
	return of, nil
}
