package scorm

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"strconv"
	"strings"
	"sync"
)

const pageFile = "index.html"

// Ids of the pages that may be missing. Those that every module has are start, check
// and result.
const (
	pagePromise   = "promise"
	pageStandards = "standards"
	pageOwn       = "department"
	pageFindings  = "findings"
)

// sources are the page's markup, looks and behavior.
//
//go:embed module
var sources embed.FS

// scripts are the parts of the page's one script, in their order.
var scripts = [...]string{"lms.js", "state.js", "check.js", "pages.js"}

// view is what the markup is filled with.
type view struct {
	*module
	Style       template.CSS
	Script      template.JS
	StyleHash   string
	ScriptHash  string
	Key         key
	PartOfOwn   bool // some part has a page of its own to read
	Questions   int  // most of a part
	HasFindings bool
}

// key is what the script has to know, as data.
type key struct {
	Version string             `json:"version"`
	Pass    int                `json:"pass"`
	Checks  bool               `json:"checks"` // every part has a check
	Parts   map[string]keyPart `json:"parts"`
}

type keyPart struct {
	Check string `json:"check"` // another one has other questions
	Right []int  `json:"right"` // the right option of each question
}

// markup is the page's template. It is read once, and not before a page is made.
var markup = sync.OnceValue(func() *template.Template {
	none := func() template.HTMLAttr { return "" }
	return template.Must(template.New("").Funcs(template.FuncMap{"own": none, "people": none, "plus": plus}).ParseFS(sources, "module/*.html"))
})

func plus(a, b int) int { return a + b }

// page makes the one page of a module, which holds all that it needs.
func (m *module) page() ([]byte, error) {
	style, script, err := code()
	if err != nil {
		return nil, err
	}
	v := view{
		module: m, Style: template.CSS(style), StyleHash: sourceHash(style),
		Script: template.JS(script), ScriptHash: sourceHash(script),
		Key: m.key(),
	}
	for _, p := range m.Parts {
		v.PartOfOwn = v.PartOfOwn || p.HasOwn()
		v.HasFindings = v.HasFindings || len(p.Findings) > 0
		v.Questions = max(v.Questions, len(p.Check))
	}
	t, err := markup().Clone()
	if err != nil {
		return nil, err
	}
	t.Funcs(template.FuncMap{
		"own":    func() template.HTMLAttr { return ownAttributes(m.Language) },
		"people": func() string { return m.People },
	})
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "page.html", v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// ownAttributes stand at elements with the client's own words. The tag was checked with
// the settings.
func ownAttributes(language string) template.HTMLAttr {
	if language == "" {
		return `dir="auto"`
	}
	return template.HTMLAttr(`dir="auto" lang="` + language + `"`)
}

// code reads style and script. The script is one scope, so that nothing of it can be
// changed by what a platform adds to the page.
func code() (style, script string, err error) {
	css, err := sources.ReadFile("module/style.css")
	if err != nil {
		return "", "", err
	}
	var b strings.Builder
	b.WriteString("(() => {\n\"use strict\";\n")
	for _, name := range scripts {
		js, err := sources.ReadFile("module/" + name)
		if err != nil {
			return "", "", err
		}
		b.WriteByte('\n')
		b.Write(js)
	}
	b.WriteString("\nstart();\n})();\n")
	return string(css), b.String(), nil
}

// sourceHash names a text in a content security policy: nothing else is run or applied.
func sourceHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func (m *module) key() key {
	k := key{Version: m.Version, Pass: m.Pass, Checks: m.Checks(), Parts: map[string]keyPart{}}
	for _, p := range m.Parts {
		kp := keyPart{Right: []int{}}
		var all strings.Builder
		for _, q := range p.Check {
			kp.Right = append(kp.Right, q.Right)
			all.WriteString(q.ID + "\x00" + strings.Join(q.Options, "\x00") + "\x00" + strconv.Itoa(q.Right) + "\x00")
		}
		kp.Check = digest(all.String())
		k.Parts[p.ID] = kp
	}
	return k
}

// Checks reports whether every learner gets a check.
func (m *module) Checks() bool {
	for _, p := range m.Parts {
		if len(p.Check) == 0 {
			return false
		}
	}
	return true
}
