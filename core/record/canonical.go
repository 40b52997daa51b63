package record

import (
	"bytes"
	"io"
	"slices"
	"unicode/utf16"

	"github.com/go-json-experiment/json/jsontext"
)

// pieceSize is how much JSON is brought into canonical form at once: a record
// may be large, and doing it whole takes several times its size in memory.
const pieceSize = 32 << 10

// writeCanonical writes JSON in the form of RFC 8785: the members of objects in
// the order of their names, numbers in one spelling, no white space.
func writeCanonical(w io.Writer, v jsontext.Value) error {
	if kind := v.Kind(); len(v) <= pieceSize || kind != '{' && kind != '[' {
		piece := v.Clone()
		if err := piece.Canonicalize(); err != nil {
			return err
		}
		_, err := w.Write(piece)
		return err
	}
	d := jsontext.NewDecoder(bytes.NewReader(v))
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	if v.Kind() == '[' {
		return writeElements(w, v, d)
	}
	return writeMembers(w, v, d)
}

// next reads a value, as a part of v, which d reads: nothing is copied.
func next(v jsontext.Value, d *jsontext.Decoder) (jsontext.Value, error) {
	value, err := d.ReadValue()
	if err != nil {
		return nil, err
	}
	end := d.InputOffset()
	return v[end-int64(len(value)) : end], nil
}

func writeElements(w io.Writer, v jsontext.Value, d *jsontext.Decoder) error {
	between := "["
	for d.PeekKind() != ']' {
		value, err := next(v, d)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, between); err != nil {
			return err
		}
		if err := writeCanonical(w, value); err != nil {
			return err
		}
		between = ","
	}
	_, err := io.WriteString(w, "]")
	return err
}

func writeMembers(w io.Writer, v jsontext.Value, d *jsontext.Decoder) error {
	type member struct {
		name  []uint16 // in the order of RFC 8785: by UTF-16 units
		head  jsontext.Value
		value jsontext.Value
	}
	var members []member
	for d.PeekKind() != '}' {
		head, err := d.ReadValue()
		if err != nil {
			return err
		}
		head = head.Clone()
		text, err := jsontext.AppendUnquote(nil, head)
		if err != nil {
			return err
		}
		value, err := next(v, d)
		if err != nil {
			return err
		}
		members = append(members, member{utf16.Encode([]rune(string(text))), head, value})
	}
	slices.SortFunc(members, func(a, b member) int { return slices.Compare(a.name, b.name) })
	between := "{"
	for _, m := range members {
		if err := m.head.Canonicalize(); err != nil {
			return err
		}
		if _, err := io.WriteString(w, between+string(m.head)+":"); err != nil {
			return err
		}
		if err := writeCanonical(w, m.value); err != nil {
			return err
		}
		between = ","
	}
	_, err := io.WriteString(w, "}")
	return err
}
