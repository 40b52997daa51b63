package learning

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode/utf8"
)

// Slug is a name as a part of ids and addresses: lower case letters, digits and
// hyphens. Two names that differ in more than case never share one: where letters were
// left out or replaced, some digits of the name's SHA-256 follow.
func Slug(name string) string {
	var b strings.Builder
	faithful, last := true, byte('-')
	for _, r := range strings.ToLower(strings.Join(strings.Fields(name), " ")) {
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			last = byte(r)
			b.WriteByte(last)
			continue
		case r != ' ':
			faithful = false
		}
		if last != '-' {
			last = '-'
			b.WriteByte(last)
		}
	}
	slug := strings.Trim(b.String(), "-")
	if faithful && slug != "" && len(slug) <= 60 {
		return slug
	}
	if len(slug) > 51 {
		slug = strings.TrimRight(slug[:51], "-")
	}
	return strings.TrimLeft(slug+"-"+digest(strings.ToLower(name)), "-")
}

// ID is the id of an instrument, a dimension or an item as a part of ids and addresses.
// Nearly all can stand as they are; of others it is the Slug.
func ID(id string) string {
	if id == "" || strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		return Slug(id)
	}
	return id
}

// Cut shortens a text to at most n characters, so that two texts that differ stay
// different: where it is cut, some digits of its SHA-256 take the place of the end.
func Cut(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	return string([]rune(text)[:n-9]) + "-" + digest(text)
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:4])
}
