package sdk

import (
	"errors"
	"fmt"
	"strings"
	"time"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/internal/config"
)

// Config holds the settings the user made, checked against Info.Config, with
// defaults filled in. Asking for a setting that Info.Config does not announce,
// or as another type, is a fault of the exporter and panics.
type Config struct {
	fields  map[string]Field
	values  config.Values
	secrets map[string]string
}

// ParseConfig checks the JSON object settings, and the secrets by the name of
// their field, against fields as firstcall would. The error is a [Diagnostics]
// with every fault found. Tests of exporters use it.
func ParseConfig(fields []Field, settings []byte, secrets map[string]string) (Config, error) {
	announced := fieldsToProto(fields)
	if err := config.CheckFields(announced); err != nil {
		return Config{}, err
	}
	values, faults := config.Check(announced, settings, secrets)
	if len(faults) > 0 {
		var all Diagnostics
		for _, f := range faults {
			all = append(all, diagnosticFromProto(f))
		}
		return Config{}, all
	}
	cfg := Config{fields: map[string]Field{}, values: values, secrets: secrets}
	for _, f := range fields {
		cfg.fields[f.Name] = f
	}
	return cfg, nil
}

// String returns a setting of type String; "" when it is not set.
func (c Config) String(name string) string { return setting[string](c, name, String) }

// Int returns a setting of type Int; 0 when it is not set.
func (c Config) Int(name string) int64 { return setting[int64](c, name, Int) }

// Bool returns a setting of type Bool; false when it is not set.
func (c Config) Bool(name string) bool { return setting[bool](c, name, Bool) }

// Duration returns a setting of type Duration; 0 when it is not set.
func (c Config) Duration(name string) time.Duration {
	return setting[time.Duration](c, name, Duration)
}

// Strings returns a setting of type Strings; nil when it is not set.
func (c Config) Strings(name string) []string { return setting[[]string](c, name, Strings) }

// Table returns a setting of type Table; nil when it is not set. Sort its keys
// before anything is written in their order.
func (c Config) Table(name string) map[string]string {
	return setting[map[string]string](c, name, Table)
}

// Secret returns the secret of a field marked Secret; "" when it is not set.
// It must not be printed or put into a diagnostic.
func (c Config) Secret(name string) string {
	if !c.field(name).Secret {
		panic(fmt.Sprintf("sdk: setting %q is not announced as a secret", name))
	}
	return c.secrets[name]
}

// Has reports whether the setting was made or has a default.
func (c Config) Has(name string) bool {
	if c.field(name).Secret {
		return c.secrets[name] != ""
	}
	_, ok := c.values[name]
	return ok
}

func (c Config) field(name string) Field {
	f, ok := c.fields[name]
	if !ok {
		panic(fmt.Sprintf("sdk: setting %q is not announced in Info.Config", name))
	}
	return f
}

func setting[T any](c Config, name string, t FieldType) T {
	if f := c.field(name); f.Type != t || f.Secret {
		panic(fmt.Sprintf("sdk: setting %q is announced as another type", name))
	}
	v, _ := c.values[name].(T)
	return v
}

// Diagnostics are several faults, such as all those of one configuration.
type Diagnostics []*Diagnostic

// Error gives the summaries, one a line.
func (d Diagnostics) Error() string {
	lines := make([]string, len(d))
	for i, one := range d {
		lines[i] = one.Summary
	}
	return strings.Join(lines, "\n")
}

// diagnosticsOf returns the diagnostics that err carries, or nil.
func diagnosticsOf(err error) []*pb.Diagnostic {
	var one *Diagnostic
	var several Diagnostics
	switch {
	case errors.As(err, &several):
	case errors.As(err, &one):
		several = Diagnostics{one}
	}
	var out []*pb.Diagnostic
	for _, d := range several {
		out = append(out, d.proto())
	}
	return out
}
