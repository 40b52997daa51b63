package history

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"testing"
)

const (
	hashA = "49954abda49de8615a048f8d2e64b5de848e27a1"
	hashB = "587be6b4c3f93f93c489c0111bba5596147a2cb0"
	zeros = "0000000000000000000000000000000000000000"
)

// FuzzReadChanges feeds what git diff-tree might say. What is understood must
// come back the same when it is written out as git would.
func FuzzReadChanges(f *testing.F) {
	f.Add(mark)
	f.Add(":000000 100644 " + zeros + " " + hashA + " A\x00q\"\nn\x00" + mark)
	f.Add(":100644 100644 " + hashA + " " + hashB + " R087\x00a\x00b c\x00:100644 000000 " + hashA + " " + zeros + " D\x00=\n\x00" + mark)
	f.Add(":100644 120000 " + hashA + " " + hashB + " T\x00:\xff\x00")
	f.Add("fatal: no\n")
	f.Fuzz(func(t *testing.T, text string) {
		in := bufio.NewReader(strings.NewReader(text))
		list, err := readChanges(in)
		if err != nil {
			return
		}
		rest, _ := io.ReadAll(in)
		var b strings.Builder
		for _, c := range list {
			if c.from == "" || c.path == "" || !isHash(c.old.blob) || !isHash(c.new.blob) || strings.Contains(c.from+c.path, "\x00") {
				t.Errorf("%+v", c)
			}
			if c.status != 'R' && c.from != c.path {
				t.Errorf("%+v", c)
			}
			fmt.Fprintf(&b, ":%s %s %s %s %c", c.old.mode, c.new.mode, c.old.blob, c.new.blob, c.status)
			fmt.Fprintf(&b, "\x00%s\x00", c.from)
			if c.status == 'R' {
				b.WriteString(c.path + "\x00")
			}
		}
		again, err := readChanges(bufio.NewReader(strings.NewReader(b.String() + mark)))
		if err != nil || fmt.Sprint(again) != fmt.Sprint(list) {
			t.Errorf("%q: %+v, again %+v, %v", text, list, again, err)
		}
		if !strings.HasSuffix(text, mark+string(rest)) {
			t.Errorf("%q left %q", text, rest)
		}
	})
}

// FuzzReadCommit feeds what git rev-list might say.
func FuzzReadCommit(f *testing.F) {
	f.Add("commit " + hashA + "\n" + hashB + " " + hashA + "\x001700000000 +0100\x00a subject\n")
	f.Add("commit " + hashA + "\n\x00\x00\n")
	f.Add("commit " + hashA + "\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := readCommit(bufio.NewReader(strings.NewReader(text)))
		if err != nil {
			return
		}
		p := c.published()
		if !isHash(p.Hash) || p.Subject != oneLine(p.Subject, 200) || p.When.Year() > 10000 {
			t.Errorf("%q gave %+v", text, p)
		}
		line := "commit " + c.hash + "\n" + strings.Join(c.parents, " ") + "\x00" + c.date + "\x00" + c.subject + "\n"
		again, err := readCommit(bufio.NewReader(strings.NewReader(line)))
		if err != nil || fmt.Sprint(*again) != fmt.Sprint(*c) {
			t.Errorf("%q: %+v, again %+v, %v", text, c, again, err)
		}
	})
}

// FuzzReadBlob feeds what git cat-file might say.
func FuzzReadBlob(f *testing.F) {
	f.Add(hashA + " blob 3\nabc\nrest")
	f.Add(hashA + " missing\n")
	f.Add(hashA + " blob 99999999999\nabc\n")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 200 || strings.Contains(text[:min(len(text), 60)], "0000000") {
			return // sizes of many megabytes are true to git and slow to fuzz
		}
		content, err := readBlob(bufio.NewReader(strings.NewReader(text)))
		if err == nil && !strings.Contains(text, " "+fmt.Sprint(len(content))+"\n"+string(content)+"\n") &&
			!strings.Contains(text, "\n"+string(content)+"\n") {
			t.Errorf("%q gave %q", text, content)
		}
	})
}

// FuzzReadTreeEntry feeds what git ls-tree might say.
func FuzzReadTreeEntry(f *testing.F) {
	f.Add("100644 blob " + hashA + "\ta\tb\n\x00")
	f.Add("160000 commit " + hashA + "\tsub")
	f.Fuzz(func(t *testing.T, text string) {
		path, e, err := readTreeEntry(bufio.NewReader(strings.NewReader(text)))
		if err != nil {
			return
		}
		if path == "" || !isHash(e.blob) || !strings.HasPrefix(text, e.mode+" ") || !strings.Contains(text, e.blob+"\t"+path+"\x00") {
			t.Errorf("%q gave %q %+v", text, path, e)
		}
	})
}
