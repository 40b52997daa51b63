package journal

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
)

// The statuses of a settlement.
var (
	acknowledges = map[string]bool{"created": true, "updated": true, "unchanged": true}
	clears       = map[string]bool{"rejected": true, "retry": true, "deferred": true}
)

// snapshotLine is any line of a snapshot.
type snapshotLine struct {
	Snapshot   int    `json:"snapshot"`
	Generation uint64 `json:"generation"`
	Run        string `json:"run"`
	Attempt    int    `json:"attempt"`
	Finished   bool   `json:"finished"`

	Key      string         `json:"key"`
	Revision string         `json:"revision"`
	Status   string         `json:"status"`
	Remote   []RemoteObject `json:"remote"`
	Doubt    bool           `json:"doubt"`

	Entries *int `json:"entries"`
}

// logLine is any line of a log.
type logLine struct {
	Log     int    `json:"log"`
	Follows uint64 `json:"follows"`

	Run      string `json:"run"`
	Attempt  int    `json:"attempt"`
	Finished string `json:"finished"`

	Durable int64 `json:"durable"`

	Intent   string         `json:"intent"`
	Settled  string         `json:"settled"`
	Revision string         `json:"revision"`
	Status   string         `json:"status"`
	Remote   []RemoteObject `json:"remote"`
	Code     string         `json:"code"`
}

// one reports whether a line, but for the first, is of exactly one sort.
func (l *logLine) one() bool {
	sorts := 0
	for _, is := range [...]bool{l.Run != "", l.Finished != "", l.Durable != 0, l.Intent != "", l.Settled != ""} {
		if is {
			sorts++
		}
	}
	return sorts == 1
}

// run is what a journal knows of its last run.
type run struct {
	id       string
	attempt  int
	finished bool
}

// next is the run that follows.
func (r run) next(draw func() string) run {
	if r.id == "" || r.finished {
		return run{id: draw(), attempt: 1}
	}
	return run{id: r.id, attempt: r.attempt + 1}
}

// apply brings an entry up to a line of the log. Lines that were applied
// already change nothing.
func (e *Entry) apply(l *logLine) {
	if l.Intent != "" {
		e.InDoubt = true
		return
	}
	e.InDoubt = false
	if !acknowledges[l.Status] {
		return
	}
	e.Revision, e.Status = l.Revision, l.Status
	if len(l.Remote) > 0 {
		e.Remote = l.Remote
	}
}

func (e *Entry) known() bool { return e.Revision != "" || e.InDoubt }

func appendSnapshotHead(dst []byte, generation uint64, r run) []byte {
	return appendLine(dst, func(b []byte) []byte {
		b = append(b, `{"snapshot":`...)
		b = strconv.AppendInt(b, version, 10)
		b = append(b, `,"generation":`...)
		b = strconv.AppendUint(b, generation, 10)
		if r.id != "" {
			b = appendMember(b, "run", r.id)
			b = append(b, `,"attempt":`...)
			b = strconv.AppendInt(b, int64(r.attempt), 10)
			b = append(b, `,"finished":`...)
			b = strconv.AppendBool(b, r.finished)
		}
		return append(b, '}')
	})
}

// keyHead is how the line of a key begins in a snapshot.
const keyHead = `{"key":"`

func appendEntry(dst []byte, key string, e Entry) []byte {
	dst = appendString(append(dst, `{"key":`...), key)
	dst = appendMember(dst, "revision", e.Revision)
	dst = appendMember(dst, "status", e.Status)
	dst = appendRemote(dst, e.Remote)
	if e.InDoubt {
		dst = append(dst, `,"doubt":true`...)
	}
	return append(dst, '}')
}

func appendSnapshotEnd(dst []byte, entries int) []byte {
	return appendLine(dst, func(b []byte) []byte {
		return append(strconv.AppendInt(append(b, `{"entries":`...), int64(entries), 10), '}')
	})
}

func appendLogHead(dst []byte, follows uint64) []byte {
	return appendLine(dst, func(b []byte) []byte {
		b = append(b, `{"log":`...)
		b = strconv.AppendInt(b, version, 10)
		b = append(b, `,"follows":`...)
		return append(strconv.AppendUint(b, follows, 10), '}')
	})
}

func appendRun(dst []byte, r run) []byte {
	return appendLine(dst, func(b []byte) []byte {
		b = appendString(append(b, `{"run":`...), r.id)
		b = append(b, `,"attempt":`...)
		return append(strconv.AppendInt(b, int64(r.attempt), 10), '}')
	})
}

func appendFinished(dst []byte, r run) []byte {
	return appendLine(dst, func(b []byte) []byte {
		return append(appendString(append(b, `{"finished":`...), r.id), '}')
	})
}

func appendDurable(dst []byte, size int64) []byte {
	return appendLine(dst, func(b []byte) []byte {
		return append(strconv.AppendInt(append(b, `{"durable":`...), size, 10), '}')
	})
}

func appendIntent(dst []byte, it *Intent) []byte {
	return appendLine(dst, func(b []byte) []byte {
		b = appendString(append(b, `{"intent":`...), it.Key)
		return append(appendMember(b, "revision", it.Revision), '}')
	})
}

func appendSettlement(dst []byte, s *Settlement) []byte {
	return appendLine(dst, func(b []byte) []byte {
		b = appendString(append(b, `{"settled":`...), s.Key)
		b = appendMember(b, "revision", s.Revision)
		b = appendMember(b, "status", s.Status)
		b = appendRemote(b, s.Remote)
		return append(appendMember(b, "code", s.Code), '}')
	})
}

// keyOf reads the key from the line of an entry without reading the rest.
func keyOf(text []byte) (string, bool) {
	if rest, ok := bytes.CutPrefix(text, []byte(keyHead)); ok {
		if end := bytes.IndexAny(rest, `"\`); end > 0 && rest[end] == '"' {
			return string(rest[:end]), true
		}
	}
	var l snapshotLine
	err := json.Unmarshal(text, &l)
	return l.Key, err == nil && l.Key != "" && strings.IndexByte(l.Key, 0) < 0
}

// entryOf reads the line of an entry.
func entryOf(text []byte) (Entry, bool) {
	var l snapshotLine
	if err := json.Unmarshal(text, &l); err != nil {
		return Entry{}, false
	}
	return Entry{Revision: l.Revision, Status: l.Status, Remote: l.Remote, InDoubt: l.Doubt}, true
}
