package trust

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
)

// copyHashed copies in to out and returns the SHA-256 of what was copied, in
// hexadecimal.
func copyHashed(out io.Writer, in io.Reader) (string, error) {
	h := sha256.New()
	// Hiding what else the writers can do makes Copy use the buffer.
	_, err := io.CopyBuffer(struct{ io.Writer }{io.MultiWriter(out, h)}, struct{ io.Reader }{in}, make([]byte, 256<<10))
	if err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
