package config

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// maxSecret is the size of the largest secret read from a file: room for a
// private key with its chain, too little to load a dump by mistake.
const maxSecret = 64 << 10

// Resolve takes the secrets out of settings, one JSON object as the user wrote
// it. Where fields announces a secret, the user's value is a reference:
// env:NAME, an environment variable, or file:PATH, a file whose final line end
// is not part of the secret. It returns the other settings, the secrets by the
// name of their field, and every fault.
func Resolve(fields []*pb.Field, settings []byte) (plain []byte, secrets map[string]string, faults []*pb.Diagnostic) {
	members, bad := object(settings)
	if bad != nil {
		return nil, nil, []*pb.Diagnostic{bad}
	}
	secrets = map[string]string{}
	for _, f := range fields {
		raw, given := members[f.GetName()]
		if !f.GetSecret() || !given {
			continue
		}
		delete(members, f.GetName())
		secret, fault := resolve(f.GetName(), raw)
		if fault != nil {
			faults = append(faults, fault)
			continue
		}
		secrets[f.GetName()] = secret
	}
	plain, err := json.Marshal(members) // sorts the names
	if err != nil {
		return nil, nil, []*pb.Diagnostic{fault(CodeSyntax, "", "the settings are not one JSON object", "")}
	}
	return plain, secrets, faults
}

func resolve(name string, raw json.RawMessage) (string, *pb.Diagnostic) {
	reference, ok := into[string](raw)
	if !ok {
		return "", fault(CodeSecret, name, fmt.Sprintf("setting %q is a secret and must be a reference", name), secretHint(name))
	}
	scheme, target, _ := strings.Cut(reference.(string), ":")
	switch {
	case scheme == "env" && target != "":
		v := os.Getenv(target)
		if v == "" {
			return "", fault(CodeSecret, name, fmt.Sprintf("setting %q names an environment variable that is not set", name), "set the variable, or name another one")
		}
		return v, nil
	case scheme == "file" && target != "":
		return readSecret(name, target)
	}
	// What is there may be the secret itself: it is not quoted.
	return "", fault(CodeSecret, name, fmt.Sprintf("setting %q is a secret and must be a reference", name), secretHint(name)+"; if the secret itself stood there, change it at its source")
}

func readSecret(name, path string) (string, *pb.Diagnostic) {
	info, err := os.Stat(path)
	switch {
	case err != nil || !info.Mode().IsRegular():
		return "", fault(CodeSecret, name, fmt.Sprintf("setting %q names a file that cannot be read", name), "check the path; it is taken from the current folder")
	case info.Size() > maxSecret:
		return "", fault(CodeSecret, name, fmt.Sprintf("setting %q names a file that is too large for a secret", name), "check the path")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return "", fault(CodeSecret, name, fmt.Sprintf("setting %q names a file that cannot be read", name), "check who may read it")
	}
	secret := strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r")
	if secret == "" {
		return "", fault(CodeSecret, name, fmt.Sprintf("setting %q names an empty file", name), "")
	}
	return secret, nil
}

// FromText makes settings, one JSON object, from values as a user writes them
// on a command line. Names that fields does not have are passed on, for Check
// to report; so are secrets, for Resolve. Texts that Parse cannot read are
// faults.
func FromText(fields []*pb.Field, texts map[string]string) ([]byte, []*pb.Diagnostic) {
	members := map[string]any{}
	var faults []*pb.Diagnostic
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		members[name] = texts[name]
		at := slices.IndexFunc(fields, func(f *pb.Field) bool { return f.GetName() == name })
		if at < 0 || fields[at].GetType() == pb.Field_TYPE_DURATION {
			continue // a duration travels as its text
		}
		v, err := Parse(fields[at], texts[name])
		if err != nil {
			faults = append(faults, fault(CodeType, name, err.Error(), ""))
			continue
		}
		members[name] = v
	}
	settings, err := json.Marshal(members)
	if err != nil {
		faults = append(faults, fault(CodeSyntax, "", "the settings are not one JSON object", ""))
	}
	return settings, faults
}
