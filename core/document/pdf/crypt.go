package pdf

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5" //nolint:gosec // what the format asks for
	"crypto/rc4" //nolint:gosec // what the format asks for
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
)

// crypt decrypts a file that is encrypted but opens without a password.
type crypt struct {
	key    []byte
	closed bool // it does not open without a password
	// How streams and strings are encrypted.
	streams, strings method
	metadata         bool // is encrypted too
}

// method is how something is encrypted.
type method int

const (
	plain method = iota
	methodRC4
	methodAES128
	methodAES256
)

// padding stands for the missing password.
const padding = "\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A"

// decrypt finds out how the file is encrypted, if it is.
func (f *file) decrypt() {
	if f.crypt != nil || f.trailer["Encrypt"] == nil {
		return
	}
	d := f.dict(f.trailer["Encrypt"])
	c := &crypt{metadata: true}
	if keep, is := d["EncryptMetadata"].(bool); is {
		c.metadata = keep
	}
	var id []byte
	if ids, is := f.resolve(f.trailer["ID"]).(array); is && len(ids) > 0 {
		s, _ := f.resolve(ids[0]).(text)
		id = []byte(s)
	}
	c.closed = d == nil || d["Filter"] != name("Standard") || !c.methods(f, d) || !c.unlock(f, d, id)
	// What was read before was not decrypted.
	encrypted := f.trailer["Encrypt"]
	f.cache, f.packs, f.packed = map[int]any{}, map[int][]any{}, map[int][]int{}
	if r, is := encrypted.(ref); is {
		f.cache[r.number] = d
	}
	f.crypt = c
}

// methods reads how streams and strings are encrypted.
func (c *crypt) methods(f *file, d dict) bool {
	switch version, _ := d["V"].(int); version {
	case 1, 2:
		c.streams, c.strings = methodRC4, methodRC4
		return true
	case 4, 5:
		filters := f.dict(d["CF"])
		one := func(key name) (method, bool) {
			n, _ := d[key].(name)
			if n == "" || n == "Identity" {
				return plain, true
			}
			switch f.dict(filters[n])["CFM"] {
			case name("V2"):
				return methodRC4, true
			case name("AESV2"):
				return methodAES128, true
			case name("AESV3"):
				return methodAES256, true
			case name("None"):
				return plain, true
			}
			return plain, false
		}
		var ok1, ok2 bool
		c.streams, ok1 = one("StmF")
		c.strings, ok2 = one("StrF")
		return ok1 && ok2
	}
	return false
}

// unlock makes the key for an empty password and says whether it is right.
func (c *crypt) unlock(f *file, d dict, id []byte) bool {
	revision, _ := d["R"].(int)
	owner, _ := f.resolve(d["O"]).(text)
	user, _ := f.resolve(d["U"]).(text)
	permissions, _ := d["P"].(int)
	if revision >= 5 {
		return c.unlockAES256(f, d, revision, []byte(user))
	}
	if len(owner) < 32 || len(user) < 16 || revision < 2 {
		return false
	}
	length := 5
	if n, is := f.resolve(d["Length"]).(int); is && n%8 == 0 && n >= 40 && n <= 128 && revision >= 3 {
		length = n / 8
	} else if v, _ := d["V"].(int); v == 4 {
		length = 16
	}
	h := []byte(padding)
	h = append(h, owner[:32]...)
	h = binary.LittleEndian.AppendUint32(h, uint32(permissions))
	h = append(h, id...)
	if revision >= 4 && !c.metadata {
		h = append(h, 0xFF, 0xFF, 0xFF, 0xFF)
	}
	sum := md5.Sum(h)
	if revision >= 3 {
		for range 50 {
			sum = md5.Sum(sum[:length])
		}
	}
	c.key = bytes.Clone(sum[:length])
	if revision == 2 {
		return string(rc4With(c.key, []byte(padding))) == string(user)
	}
	check := md5.Sum(append([]byte(padding), id...))
	got := check[:]
	for i := range 20 {
		key := bytes.Clone(c.key)
		for k := range key {
			key[k] ^= byte(i)
		}
		got = rc4With(key, got)
	}
	return bytes.Equal(got, []byte(user[:16]))
}

func rc4With(key, b []byte) []byte {
	out := make([]byte, len(b))
	c, err := rc4.NewCipher(key)
	if err != nil {
		return b
	}
	c.XORKeyStream(out, b)
	return out
}

// unlockAES256 is unlock for the newest revisions.
func (c *crypt) unlockAES256(f *file, d dict, revision int, user []byte) bool {
	encrypted, _ := f.resolve(d["UE"]).(text)
	if len(user) < 48 || len(encrypted) < 32 {
		return false
	}
	hash := func(salt []byte) []byte {
		if revision == 5 {
			sum := sha256.Sum256(salt)
			return sum[:]
		}
		return hash2B(salt)
	}
	if !bytes.Equal(hash(user[32:40]), user[:32]) {
		return false
	}
	block, err := aes.NewCipher(hash(user[40:48]))
	if err != nil {
		return false
	}
	c.key = make([]byte, 32)
	cipher.NewCBCDecrypter(block, make([]byte, 16)).CryptBlocks(c.key, []byte(encrypted[:32]))
	return true
}

// hash2B is algorithm 2.B of ISO 32000-2 for an empty password.
func hash2B(salt []byte) []byte {
	first := sha256.Sum256(salt)
	k := first[:]
	for round := 0; ; round++ {
		k1 := bytes.Repeat(k, 64)
		block, err := aes.NewCipher(k[:16])
		if err != nil {
			return nil
		}
		e := make([]byte, len(k1))
		cipher.NewCBCEncrypter(block, k[16:32]).CryptBlocks(e, k1)
		sum := 0
		for _, b := range e[:16] {
			sum += int(b)
		}
		switch sum % 3 {
		case 0:
			s := sha256.Sum256(e)
			k = s[:]
		case 1:
			s := sha512.Sum384(e)
			k = s[:]
		default:
			s := sha512.Sum512(e)
			k = s[:]
		}
		if round >= 63 && int(e[len(e)-1]) <= round-32 {
			return k[:32]
		}
	}
}

// text decrypts a string of an object.
func (c *crypt) text(b []byte, r ref) []byte { return c.open(c.strings, b, r) }

// stream decrypts the data of a stream.
func (c *crypt) stream(s *stream, r ref) []byte {
	if s.dict["Type"] == name("Metadata") && !c.metadata {
		return s.raw
	}
	return c.open(c.streams, s.raw, r)
}

func (c *crypt) open(m method, b []byte, r ref) []byte {
	if m == plain || c.closed {
		return b
	}
	key := c.key
	if m != methodAES256 {
		n := r.number
		h := append(bytes.Clone(key), byte(n), byte(n>>8), byte(n>>16), byte(r.generation), byte(r.generation>>8))
		if m == methodAES128 {
			h = append(h, "sAlT"...)
		}
		sum := md5.Sum(h)
		key = sum[:min(len(key)+5, 16)]
	}
	if m == methodRC4 {
		return rc4With(key, b)
	}
	if len(b) < 32 || len(b)%16 != 0 {
		return nil
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil
	}
	out := make([]byte, len(b)-16)
	cipher.NewCBCDecrypter(block, b[:16]).CryptBlocks(out, b[16:])
	if pad := int(out[len(out)-1]); pad >= 1 && pad <= 16 {
		out = out[:len(out)-pad]
	}
	return out
}
