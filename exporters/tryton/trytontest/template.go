package trytontest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// modules are activated in every database.
var modules = []string{"party", "party_relationship", "project"}

// ready gives the file of a database with the modules and a company. It is made once and
// kept, since that takes a while.
func ready() (string, error) {
	version, err := exec.Command("trytond", "--version").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, version)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "1 %s %s %s %s", version, modules, Password, Company))
	kept := filepath.Join(cache, "firstcall-trytontest", hex.EncodeToString(sum[:8])+".sqlite")
	if _, err := os.Stat(kept); err == nil {
		return kept, nil
	}
	if err := os.MkdirAll(filepath.Dir(kept), 0o700); err != nil {
		return "", err
	}
	folder, err := os.MkdirTemp(filepath.Dir(kept), "new-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(folder)
	if err := build(folder); err != nil {
		return "", err
	}
	// Several tests may do this at once: each renames a whole file.
	return kept, os.Rename(filepath.Join(folder, Database+".sqlite"), kept)
}

// build makes the database in a folder.
func build(folder string) error {
	if err := os.WriteFile(filepath.Join(folder, Database+".sqlite"), nil, 0o600); err != nil {
		return err
	}
	if err := administrate(folder, "", "--all", "--email", "admin@example.org"); err != nil {
		return err
	}
	if err := administrate(folder, "", append(append([]string{"-u"}, modules...), "--activate-dependencies")...); err != nil {
		return err
	}
	s, err := run(folder, "")
	if err != nil {
		return err
	}
	defer s.close()
	c, err := dial(s.URL)
	if err != nil {
		return err
	}
	cent := map[string]any{"__class__": "Decimal", "decimal": "0.01"}
	for _, step := range []struct {
		method string
		params []any
	}{
		{"model.currency.currency.create", []any{[]any{map[string]any{"name": "Euro", "code": "EUR", "symbol": "€", "rounding": cent, "digits": 2}}}},
		{"model.party.party.create", []any{[]any{map[string]any{"name": Company, "code": "house"}}}},
		{"model.company.company.create", []any{[]any{map[string]any{"party": 1, "currency": 1}}}},
		{"model.res.user.write", []any{[]any{1}, map[string]any{"companies": []any{[]any{"add", []any{1}}}, "company": 1}}},
	} {
		if _, err := c.call(step.method, append(step.params, map[string]any{})...); err != nil {
			return err
		}
	}
	return nil
}

// administrate runs trytond-admin on the database in a folder.
func administrate(folder, path string, args ...string) error {
	conf := filepath.Join(folder, "admin.conf")
	if err := os.WriteFile(conf, fmt.Appendf(nil, "[database]\nuri = sqlite://\npath = %s\n", folder), 0o600); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "password"), []byte(Password+"\n"), 0o600); err != nil {
		return err
	}
	cmd := exec.Command("trytond-admin", append([]string{"-c", conf, "-d", Database}, args...)...)
	cmd.Env = environment(folder, path)
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("trytond-admin %s: %w: %s", strings.Join(args, " "), err, bytes.TrimSpace(said))
	}
	return nil
}

func environment(folder, path string) []string {
	env := append(os.Environ(), "TRYTONPASSFILE="+filepath.Join(folder, "password"), "PYTHONDONTWRITEBYTECODE=1")
	if path != "" {
		env = append(env, "PYTHONPATH="+path)
	}
	return env
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}
