package journal

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/plugins/internal/spool"
)

// Target is whose data an exporter writes, as the exporter said when it was
// configured.
type Target struct {
	ID    string // never changes: a portal, an organization, a database
	Label string // for people; may change
}

// RemoteObject is something that a record became at the destination.
type RemoteObject struct {
	Type string `json:"type"` // "company", "note"
	ID   string `json:"id"`
}

// Entry is what earlier runs left behind about a key. The zero Entry means that
// nothing is known.
type Entry struct {
	Revision string         // what was last acknowledged; "": nothing ever was
	Status   string         // how: "created", "updated" or "unchanged"; "" without a revision
	Remote   []RemoteObject // what the record is at the destination
	InDoubt  bool           // sent by an earlier run and never answered: it may be there or not
}

// Intent says that a revision of a record is about to be sent.
type Intent struct {
	Key      string
	Revision string
}

// Settlement is the answer to an intent.
//
// Created, updated and unchanged acknowledge the revision: it need not be sent
// again, and Remote replaces what was known of the record, unless it is empty.
// Rejected, retry and deferred say that nothing was written: the key is no
// longer in doubt, and what was acknowledged before still is.
type Settlement struct {
	Key      string
	Revision string
	Status   string // "created", "updated", "unchanged", "rejected", "retry" or "deferred"
	Remote   []RemoteObject
	Code     string // the diagnostic's, for people who look into the log; may be empty
}

// Journal is the memory of one exporter and target, held by one run. Intend,
// Settle and Sync may be called from several goroutines at once, and while
// another one calls Look. After a failed write every later Intend, Settle, Sync
// and Close fails with the same error, so that nothing is sent that is not
// written down.
type Journal struct {
	folder string
	fence  *Fence
	run    run
	log    *logFile

	snapshot *snapshot // for Look: at the first entry that was not passed yet
	asked    string    // the key that was asked for last
	order    string    // its order
	lookErr  error
}

// Open opens the journal of an exporter and target, a folder below dir, and
// makes it if there is none. What earlier runs left in the log goes into the
// snapshot, which is written anew for that: a second or two for a million keys.
//
// fence must come from [NewFence] with the same dir, and must stay open, in this
// process or its exporter, for as long as anything could be written to the
// target. The same fence may open a journal again once that was closed, and may
// be used for several targets.
//
// The error is a [*BusyError] when another run, or the exporter it started, is
// still at work on this target; Open waits up to 3 s for that to end. It is a
// [*DamagedError] when a file is not as it was written, a [*VersionError] when
// a later firstcall wrote it, a [*WriteError] when it can't be written, and the
// error of ctx when that ends.
func Open(ctx context.Context, dir, exporter string, t Target, fence *Fence) (*Journal, error) {
	return open(ctx, &disk{}, fenceWait, dir, exporter, t, fence)
}

func open(ctx context.Context, d *disk, wait time.Duration, dir, exporter string, t Target, fence *Fence) (j *Journal, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	if fence == nil || fence.dir != dir {
		return nil, errAbroad
	}
	folder, err := folderOf(dir, exporter, t)
	if err != nil {
		return nil, err
	}
	free, err := fence.enter(folder)
	if err != nil {
		return nil, err
	}
	busy := &BusyError{Exporter: exporter, Target: t, PID: os.Getpid()}
	if !free {
		return nil, busy
	}
	defer func() {
		if err != nil {
			fence.leave(folder)
		}
	}()
	if err := d.mkdir(folder); err != nil {
		return nil, err
	}
	if free, busy.PID, err = fence.claim(ctx, d, folder, wait); err != nil {
		return nil, err
	} else if !free {
		return nil, busy
	}
	if err := writeAbout(d, folder, about{exporter, t.ID, t.Label}); err != nil {
		return nil, err
	}
	tidy(folder)
	j = &Journal{folder: folder, fence: fence}
	if err := j.begin(ctx, d); err != nil {
		return nil, errors.Join(err, j.shut())
	}
	return j, nil
}

// tidy removes what a process that was killed may have left behind.
func tidy(folder string) {
	left, _ := filepath.Glob(filepath.Join(folder, spool.FilePattern)) // the pattern is good
	for _, path := range left {
		_ = os.Remove(path)
	}
}

// begin brings the files up to date and writes down that a run begins.
func (j *Journal) begin(ctx context.Context, d *disk) error {
	c, err := read(ctx, j.folder, j.folder)
	if err != nil {
		return err
	}
	defer c.close()
	j.run = c.run.next(func() string { return strings.ToLower(rand.Text()) })
	generation := c.snapshot.generation
	keep := !c.stale && c.log.records == 0 && c.log.end <= smallLog
	if !keep && !c.stale {
		if err := c.merge(ctx, d); err != nil {
			return err
		}
		generation++
	}
	if err := j.beginLog(d, c, keep, generation); err != nil {
		return err
	}
	j.snapshot, err = openSnapshot(filepath.Join(j.folder, snapshotName))
	return err
}

// beginLog cuts the log to what is to be kept and adds that a run begins.
func (j *Journal) beginLog(d *disk, c *contents, keep bool, generation uint64) (err error) {
	path := filepath.Join(j.folder, logName)
	size := c.log.end
	if !keep {
		size = 0
	}
	if c.log.exists && size < c.log.size {
		if err := d.truncate(path, size); err != nil {
			return err
		}
	}
	if j.log, err = openLog(d, path, size); err != nil {
		return err
	}
	if !c.log.exists {
		if err := d.syncDir(j.folder); err != nil {
			return err
		}
	}
	if _, err = j.log.add(func(b []byte) ([]byte, error) {
		if !keep {
			b = appendLogHead(b, generation)
		}
		return appendRun(b, j.run), nil
	}); err != nil {
		return err
	}
	return j.log.syncAll()
}

// Run tells the run this is: its id and which attempt at it, from 1. A run that
// did not finish goes on with the next attempt; after one that did, a new id is
// drawn at random.
func (j *Journal) Run() (id string, attempt int) { return j.run.id, j.run.attempt }

// Look tells what earlier runs left about a key. Keys must be asked for in the
// order of [record.Order], ascending (the same one may be asked again): the
// snapshot is walked alongside. What this run intends and settles does not show.
// The error is a [*DamagedError], an [*OrderError] or that of the system.
// Look is for one goroutine.
func (j *Journal) Look(key string) (Entry, error) {
	if j.lookErr != nil || key == "" {
		return Entry{}, j.lookErr
	}
	order := record.Order(key)
	if order < j.order {
		return Entry{}, &OrderError{Key: key, After: j.asked}
	}
	j.asked, j.order = key, order
	for !j.snapshot.ended && j.snapshot.order < order {
		if _, err := j.snapshot.next(); err != nil {
			j.lookErr = err
			return Entry{}, err
		}
	}
	if j.snapshot.ended || j.snapshot.order != order {
		return Entry{}, nil
	}
	return j.snapshot.entry()
}

// Intend writes down that records are about to be sent, and returns when that is
// safe on the disk: only then send them. Calls that wait at the same time share
// one sync. The error is a [*WriteError], or tells a key or text that no journal
// can hold; nothing of such a call is written.
func (j *Journal) Intend(items []Intent) error {
	end, err := j.log.add(func(b []byte) ([]byte, error) {
		for i := range items {
			if err := checkTexts(items[i].Key, items[i].Revision); err != nil {
				return nil, err
			}
			b = appendIntent(b, &items[i])
		}
		return b, nil
	})
	if err != nil {
		return err
	}
	return j.log.sync(end)
}

// Settle writes down what became of records. It survives the end of the process
// at once, and a power cut after the next Intend, Sync or Close; until then
// these records would be in doubt. Errors are like those of Intend.
func (j *Journal) Settle(items []Settlement) error {
	_, err := j.log.add(func(b []byte) ([]byte, error) {
		for i := range items {
			if err := items[i].check(); err != nil {
				return nil, err
			}
			start := len(b)
			if b = appendSettlement(b, &items[i]); len(b)-start > maxLine {
				return nil, fmt.Errorf("%w: %s", errLong, items[i].Key)
			}
		}
		return b, nil
	})
	return err
}

func (s *Settlement) check() error {
	if err := checkTexts(s.Key, s.Revision, s.Status, s.Code); err != nil {
		return err
	}
	for _, object := range s.Remote {
		if err := checkTexts(s.Key, object.Type, object.ID); err != nil {
			return err
		}
	}
	if !clears[s.Status] && (!acknowledges[s.Status] || s.Revision == "") {
		return fmt.Errorf("journal: %s can't be settled as %q with revision %q", s.Key, s.Status, s.Revision)
	}
	return nil
}

// Sync returns when everything settled is safe on the disk.
func (j *Journal) Sync() error { return j.log.syncAll() }

var errClosed = errors.New("journal: closed")

// Close ends the run in the journal. finished says that it left nothing to be
// done, so that the next run is a new one; otherwise the next goes on with it.
// The fence stays as it is. It is closed with an error too.
func (j *Journal) Close(finished bool) error {
	var err error
	if finished {
		_, err = j.log.add(func(b []byte) ([]byte, error) { return appendFinished(b, j.run), nil })
	}
	if err == nil {
		err = j.log.syncAll()
	}
	return errors.Join(err, j.shut())
}

// shut frees everything, after Close or a failed Open.
func (j *Journal) shut() error {
	if j.fence == nil {
		return nil
	}
	var errs []error
	if j.log != nil {
		errs = append(errs, j.log.close())
	}
	if j.snapshot != nil {
		errs = append(errs, j.snapshot.close())
	}
	j.lookErr = errClosed
	j.fence.leave(j.folder)
	return errors.Join(errs...)
}
