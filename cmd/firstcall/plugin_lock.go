package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/problem"
	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/trust"
)

func pluginLockCommand() *command {
	return &command{
		name: "lock", args: "[NAME...]", summary: "let a program run as an exporter, as it is now", complete: completePlugins,
		about: "Writes the hash of a program in the plugin folder into the firstcall.lock that goes with the folder; all of them when none is named. From then on it runs, and only as long as not one byte of it changes. " +
			"The program is started once, to learn its version.\n\n" +
			"With --bridge it locks a script: its command follows after --, and every file in the command is hashed. Paths are relative to the plugin folder. " +
			"What the script loads by itself comes with --with, a file or a folder; all of it is copied for each run, and nothing else of the folder is there then. " +
			"An interpreter that is named without a path is looked up in PATH once, and not hashed, since the system updates it.",
		examples: []example{
			{"firstcall plugin lock keys", "your own plugin folder"},
			{"firstcall plugin lock keys --project --platform darwin-arm64=dist/keys-mac", "for everybody on the project, on Macs too"},
			{"firstcall plugin lock notes --bridge -- node export.mjs --strict", "a script"},
		},
		options: []option{
			projectOption(),
			{name: "platform", kind: list, value: "PLATFORM=FILE", usage: "also write the hash of the program for another platform, as linux-arm64=FILE; may be given several times", complete: nothing},
			{name: "bridge", kind: toggle, usage: "lock a script, whose command follows the name"},
			{name: "with", kind: list, value: "PATH", usage: "a file or folder that the script needs beside those in its command; may be given several times"},
			{name: "force", kind: toggle, usage: "accept a program that has changed since it was locked"},
		},
		run: runPluginLock,
	}
}

// locking is one run of plugin lock.
type locking struct {
	in     *invocation
	places trust.Places
	folder trust.Folder
	lock   *trust.Lock
	others map[string]string // platform to file
	lines  []string          // what was done
	dirty  bool
}

// wish is one exporter to lock.
type wish struct {
	name    string
	command []string // of a script
	with    []string
}

func runPluginLock(ctx context.Context, in *invocation) error {
	places, folder, err := chosenFolder(in)
	if err != nil {
		return err
	}
	l := &locking{in: in, places: places, folder: folder}
	if l.others, err = platforms(in.list("platform")); err != nil {
		return err
	}
	if l.lock, err = places.Open(folder); err != nil {
		return err
	}
	wishes, err := l.wishes()
	if err != nil {
		return err
	}
	var faults []error
	for _, w := range wishes {
		if err := l.one(ctx, w); err != nil {
			faults = append(faults, err)
		}
		if ctx.Err() != nil {
			break
		}
	}
	// All or nothing: who reads a fault need not wonder what was done.
	if err := errors.Join(faults...); err != nil {
		return err
	}
	if l.dirty {
		if err := places.Save(folder, l.lock); err != nil {
			return err
		}
	}
	return writeAll(in.out, strings.Join(l.lines, "\n")+"\n")
}

// platforms takes the values of --platform apart.
func platforms(given []string) (map[string]string, error) {
	out := map[string]string{}
	for _, s := range given {
		platform, file, ok := strings.Cut(s, "=")
		switch {
		case !ok || file == "" || !trust.ValidPlatform(platform):
			return nil, usagef("write it as --platform linux-arm64=FILE", "--platform: %q is not a platform and a file", s)
		case platform == trust.Platform():
			return nil, usagef("leave it out", "--platform: %s is this machine, whose program lies in the plugin folder", platform)
		}
		out[platform] = file
	}
	return out, nil
}

// wishes says what is to be locked.
func (l *locking) wishes() ([]wish, error) {
	names, with := l.in.args, l.in.list("with")
	if l.in.on("bridge") {
		if len(names) < 2 || len(l.others) > 0 {
			return nil, usagef("firstcall plugin lock NAME --bridge -- node export.mjs", "plugin lock --bridge needs a name and a command, and takes no --platform")
		}
		return []wish{{names[0], names[1:], with}}, nil
	}
	switch {
	case len(with) > 0:
		return nil, usagef("a program is one file", "--with is for scripts, which come with --bridge")
	case len(l.others) > 0 && len(names) != 1:
		return nil, usagef("", "--platform needs the name of one exporter")
	case len(names) == 0:
		names = l.folder.Names()
		for _, e := range l.lock.Entries {
			if len(e.Command) > 0 {
				names = append(names, e.Name)
			}
		}
	}
	if len(names) == 0 {
		return nil, &hinted{fmt.Errorf("there is nothing to lock in %s", l.folder.Dir), "put a program there that is called " + filepath.Base(l.folder.Program("NAME")) + ", or use firstcall plugin install"}
	}
	slices.Sort(names)
	wishes := []wish{}
	for _, name := range slices.Compact(names) {
		w := wish{name: name}
		if old, ok := l.lock.Find(name); ok && len(old.Command) > 0 {
			w.command, w.with = old.Command, slices.Sorted(maps.Keys(old.Files))
		}
		wishes = append(wishes, w)
	}
	return wishes, nil
}

// one adds one exporter to the lock in memory.
func (l *locking) one(ctx context.Context, w wish) error {
	if err := l.places.CheckName(w.name); err != nil {
		return err
	}
	old, _ := l.lock.Find(w.name)
	draft, err := l.draft(w)
	if errors.Is(err, fs.ErrNotExist) && len(w.command) == 0 {
		if len(l.others) > 0 && len(old.SHA256) > 0 {
			return l.addPlatforms(old)
		}
		return l.absent(w.name)
	}
	if err != nil {
		return err
	}
	defer draft.Ready.Close()
	was, is := old.Sum(), draft.Ready.Sum
	if was == is && len(l.others) == 0 && old.Version != "" {
		l.say("%s is locked as it is (sha256 %s)", versioned(old.Name, old.Version), is)
		return nil
	}
	if was != "" && was != is && !l.in.on("force") {
		return l.changed(w, old, is)
	}
	info, err := ask(ctx, l.in, w.name, draft.Ready)
	if err != nil {
		if len(w.command) > 0 && len(w.with) == 0 && ctx.Err() == nil {
			l.in.note("a script sees those of its files alone that are locked: name what it loads with --with")
		}
		return err
	}
	remember(l.in, l.places, is, info)
	return l.add(draft.Entry, old, info)
}

func (l *locking) draft(w wish) (*trust.Draft, error) {
	if len(w.command) > 0 {
		return l.places.DraftScript(l.folder, w.command, w.with)
	}
	path := l.folder.Program(w.name)
	return l.places.DraftProgram(path, filepath.Base(path), "")
}

// absent says that there is no such program, and where it should be.
func (l *locking) absent(name string) error {
	path := l.folder.Program(name)
	hint := problem.DidYouMean(name, l.folder.Names(), "put the program there, or use firstcall plugin install")
	return &hinted{fmt.Errorf("%s is not there", path), hint}
}

// changed refuses a program that is not the one that was locked.
func (l *locking) changed(w wish, old trust.Entry, is string) error {
	path := l.folder.Program(w.name)
	if len(w.command) > 0 {
		path = l.folder.Dir
	}
	return &trust.ChangedError{
		Name: w.name, Path: path, Lock: l.folder.Lock, Source: old.Source, Want: old.Sum(), Got: is, Project: l.folder.Where == trust.Project,
	}
}

// add writes down a program that has said what it is.
func (l *locking) add(e, old trust.Entry, info *pb.DescribeResponse) error {
	e.Name, e.Version = info.GetName(), info.GetVersion()
	if old.Sum() == e.Sum() {
		e.Source = old.Source
	}
	if err := l.hashOthers(&e, old); err != nil {
		return err
	}
	if was := old.Sum(); was != "" && was != e.Sum() {
		l.say("%s has changed\n  was: sha256 %s\n  is:  sha256 %s", e.Name, was, e.Sum())
	}
	l.put(e)
	l.say("%s is locked in %s (sha256 %s)", versioned(e.Name, e.Version), l.folder.Lock, e.Sum())
	if len(e.Command) > 0 {
		l.say("  %s\n  hashed: %s", strings.Join(e.Command, " "), cmp.Or(strings.Join(slices.Sorted(maps.Keys(e.Files)), ", "), "nothing"))
	}
	return nil
}

// addPlatforms adds hashes for other platforms to what is known.
func (l *locking) addPlatforms(old trust.Entry) error {
	e := old
	e.SHA256 = maps.Clone(old.SHA256)
	if err := l.hashOthers(&e, old); err != nil {
		return err
	}
	l.put(e)
	l.say("%s is locked in %s", versioned(e.Name, e.Version), l.folder.Lock)
	return nil
}

func (l *locking) hashOthers(e *trust.Entry, old trust.Entry) error {
	for _, platform := range slices.Sorted(maps.Keys(l.others)) {
		file := l.others[platform]
		sum, err := trust.SumFile(file)
		if err != nil {
			return err
		}
		if was := old.SHA256[platform]; was != "" && was != sum && old.Version == e.Version && !l.in.on("force") {
			return &trust.ChangedError{Name: e.Name, Path: file, Lock: l.folder.Lock, Want: was, Got: sum, Project: l.folder.Where == trust.Project}
		}
		e.SHA256[platform] = sum
	}
	return nil
}

func (l *locking) put(e trust.Entry) {
	l.dirty = true
	if forgot := l.lock.Put(e); len(forgot) > 0 {
		l.in.note("%s: the hashes for %s were of another version, and are no longer in the lock", e.Name, strings.Join(forgot, ", "))
	}
}

func (l *locking) say(format string, args ...any) {
	l.lines = append(l.lines, printableLines(fmt.Sprintf(format, args...)))
}
