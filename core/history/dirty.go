package history

import (
	"bytes"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"unicode"
	"unicode/utf8"
)

// dirty says how the file on disk differs from the last commit. git is not
// asked: to say so it would run the filters that a repository's configuration
// names. What a filter other than that for line ends or Git LFS changes is
// taken for a difference.
func (w *walker) dirty(ctx context.Context, t *target) (Difference, error) {
	if !t.head.regular() {
		if _, err := os.Lstat(t.disk); err != nil {
			return Text, nil
		}
		return Same, nil // a link that leads nowhere, as it did when it was committed
	}
	content, sum, err := readDisk(t.disk, len(t.head.blob))
	if err != nil {
		return Text, nil // gone, or something else in its place
	}
	if sum == t.head.blob {
		return Same, nil
	}
	if content == nil {
		return Text, nil
	}
	unix := bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n"))
	if blobSum(unix, len(t.head.blob)) == t.head.blob {
		return Same, nil
	}
	committed, err := w.blobs.get(ctx, t.head.blob)
	if errors.Is(err, errMissing) || errors.Is(err, errTooLarge) {
		return Text, nil
	}
	if err != nil {
		return Text, err
	}
	if isPointer(committed) {
		whole := sha256.Sum256(content)
		if bytes.Contains(committed, []byte("\noid sha256:"+hex.EncodeToString(whole[:])+"\n")) {
			return Same, nil
		}
		return Text, nil
	}
	d, _ := w.opt.Compare(t.path, committed, content)
	return d, nil
}

// readDisk reads a regular file and gives its hash as git would. The content
// is nil when it is too large to be compared.
func readDisk(path string, digits int) ([]byte, string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, "", err
	}
	if !info.Mode().IsRegular() {
		return nil, "", os.ErrInvalid
	}
	if info.Size() <= largest {
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, "", err
		}
		if content == nil {
			content = []byte{}
		}
		return content, blobSum(content, digits), nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, "", err
	}
	defer file.Close()
	h := blobHash(info.Size(), digits)
	if _, err := io.Copy(h, file); err != nil {
		return nil, "", err
	}
	return nil, hex.EncodeToString(h.Sum(nil)), nil
}

// blobHash begins the hash of a blob in a repository whose hashes have so many
// digits.
func blobHash(size int64, digits int) hash.Hash {
	h := sha1.New()
	if digits == hex.EncodedLen(sha256.Size) {
		h = sha256.New()
	}
	fmt.Fprintf(h, "blob %d\x00", size)
	return h
}

func blobSum(content []byte, digits int) string {
	h := blobHash(int64(len(content)), digits)
	h.Write(content)
	return hex.EncodeToString(h.Sum(nil))
}

// isPointer says whether a content only names a file that Git LFS keeps
// elsewhere.
func isPointer(content []byte) bool {
	return len(content) < 1024 && bytes.HasPrefix(content, []byte("version https://git-lfs.github.com/spec/v1\n"))
}

// foldedCompare takes a change of anything but white space for one of words.
func foldedCompare(_ string, older, newer []byte) (Difference, string) {
	for {
		var a, b []byte
		a, older = cutField(older)
		b, newer = cutField(newer)
		if !bytes.Equal(a, b) {
			return Text, ""
		}
		if len(a) == 0 {
			return Same, ""
		}
	}
}

// cutField gives the first run of what is no white space, and what follows it.
func cutField(b []byte) (field, rest []byte) {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if !unicode.IsSpace(r) {
			break
		}
		b = b[n:]
	}
	end := bytes.IndexFunc(b, unicode.IsSpace)
	if end < 0 {
		end = len(b)
	}
	return b[:end], b[end:]
}
