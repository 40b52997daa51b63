package journal

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Summary is one journal, as a list of them shows it.
type Summary struct {
	Exporter     string
	Target       Target
	Folder       string // path of its files
	Acknowledged int    // keys of which a revision was acknowledged, in doubt or not
	InDoubt      int    // keys that were sent and not answered; of a run that is at work, what is on its way
	Run          string // id of the last run; "": there was none
	Attempt      int    // the last attempt at it
	Finished     bool   // it left nothing to be done
	Busy         bool   // it, or its exporter, is at work now
	Err          error  // why the journal can't be read, a [*DamagedError] for one; the counts are 0 then
}

// List tells of all journals below dir, ordered by exporter and target. It
// takes no lock and changes nothing: of a run that is at work it tells a moment.
// A journal that can't be read is in the list all the same, with its Err. A dir
// that does not exist has no journals. The error is that of ctx, or tells why
// dir can't be read.
func List(ctx context.Context, dir string) ([]Summary, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	exporters, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []Summary
	for _, exporter := range exporters {
		if exporter.Name() == fencesName || !exporter.IsDir() {
			continue
		}
		targets, err := os.ReadDir(filepath.Join(dir, exporter.Name()))
		if err != nil {
			return nil, err
		}
		for _, target := range targets {
			if !target.IsDir() {
				continue
			}
			s := summarize(ctx, dir, filepath.Join(dir, exporter.Name(), target.Name()))
			if err := ctx.Err(); err != nil {
				return nil, context.Cause(ctx)
			}
			if s.Exporter != "" {
				out = append(out, s)
			}
		}
	}
	slices.SortFunc(out, func(a, b Summary) int {
		return cmp.Or(cmp.Compare(a.Exporter, b.Exporter), cmp.Compare(a.Target.ID, b.Target.ID))
	})
	return out, nil
}

// summarize reads one folder. Without an exporter it is no journal's.
func summarize(ctx context.Context, dir, folder string) Summary {
	a, err := readAbout(folder)
	s := Summary{Exporter: a.Exporter, Target: Target{a.Target, a.Label}, Folder: folder, Err: err}
	if err != nil {
		s.Exporter = filepath.Base(filepath.Dir(folder))
		return s
	}
	if h, err := readHolder(folder); err == nil {
		s.Busy, _ = h.holds(dir)
	}
	// A run that begins may replace the snapshot between two looks at it.
	for range 3 {
		if s.Err = s.count(ctx); !errors.As(s.Err, new(*DamagedError)) {
			break
		}
		time.Sleep(fencePoll)
	}
	return s
}

// count reads the snapshot and the log.
func (s *Summary) count(ctx context.Context) error {
	c, err := read(ctx, s.Folder, "")
	if err != nil {
		return err
	}
	defer c.close()
	acknowledged, doubts := 0, 0
	err = c.each(func(text []byte) error {
		e, ok := entryOf(text)
		if !ok {
			return c.snapshot.damaged(line{number: c.snapshot.lines.number}, wasChanged)
		}
		if e.Revision != "" {
			acknowledged++
		}
		if e.InDoubt {
			doubts++
		}
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	s.Acknowledged, s.InDoubt = acknowledged, doubts
	s.Run, s.Attempt, s.Finished = c.run.id, c.run.attempt, c.run.finished
	return nil
}
