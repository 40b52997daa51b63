package config

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
)

// ValidName reports whether a name has at most 64 lower case letters, digits
// and separators, and begins with a letter. It is spelled out because a regular
// expression would be compiled at every start of every command.
func ValidName(name string, separator rune) bool {
	strange := func(c rune) bool {
		return !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == separator)
	}
	return len(name) > 0 && len(name) <= 64 && name[0] >= 'a' && name[0] <= 'z' && !strings.ContainsFunc(name, strange)
}

// CheckFields reports the first fault in what an exporter announces: a fault of
// its author, not of the user.
func CheckFields(fields []*pb.Field) error {
	seen := map[string]bool{}
	for _, f := range fields {
		name := f.GetName()
		switch {
		case !ValidName(name, '_'):
			return fmt.Errorf("field %q: a name has lower case letters, digits and underscores and begins with a letter", name)
		case seen[name]:
			return fmt.Errorf("field %q is announced twice", name)
		case f.GetType() <= pb.Field_TYPE_UNSPECIFIED:
			return fmt.Errorf("field %q has no type", name)
		case later(f) && f.GetRequired():
			return fmt.Errorf("field %q is required and has no type that this version knows", name)
		case f.GetSecret() && f.GetType() != pb.Field_TYPE_STRING:
			return fmt.Errorf("field %q: only a text can be secret", name)
		case f.GetSecret() && f.GetDefault() != "":
			return fmt.Errorf("field %q: a secret has no default", name)
		case len(f.GetOneOf()) > 0 && f.GetType() != pb.Field_TYPE_STRING && f.GetType() != pb.Field_TYPE_STRINGS:
			return fmt.Errorf("field %q: only texts can be one of several", name)
		case slices.ContainsFunc(append([]string{f.GetDefault()}, f.GetOneOf()...), hasControl):
			return fmt.Errorf("field %q: a default or allowed value has a control character", name)
		}
		seen[name] = true
		if f.GetDefault() == "" || later(f) {
			continue
		}
		v, err := Parse(f, f.GetDefault())
		if err != nil {
			return fmt.Errorf("field %q: its default is not %s", name, TypeName(f))
		}
		if d := allowed(f, v); d != nil {
			return fmt.Errorf("field %q: its default is not one of its values", name)
		}
	}
	return nil
}

// later reports whether the type of a field came with a later minor version of
// the protocol. Such a field is left alone as long as nobody sets it.
func later(f *pb.Field) bool { return f.GetType() > pb.Field_TYPE_TABLE }

// hasControl tells texts that would disturb a terminal.
func hasControl(s string) bool { return strings.ContainsFunc(s, unicode.IsControl) }
