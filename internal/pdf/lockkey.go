package pdf

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
)

// padding stands for the empty password (ISO 32000-1, 7.6.3.3).
var padding = []byte("\x28\xbf\x4e\x5e\x4e\x75\x8a\x41\x64\x00\x4e\x56\xff\xfa\x01\x08\x2e\x2e\x00\xb6\xd0\x68\x3e\x80\x2f\x0c\xa9\xfe\x64\x53\x69\x7a")

// open reads the encryption dictionary and finds the key.
func (l *lock) open() error {
	if l.made["Filter"] != Name("Standard") {
		return fmt.Errorf("security handler %v: %w", l.made["Filter"], ErrEncrypted)
	}
	version, _ := l.made["V"].(int64)
	revision, _ := l.made["R"].(int64)
	length := 0
	switch {
	case version == 1 && (revision == 2 || revision == 3):
		length, l.strings, l.streams = 5, cipherRC4, cipherRC4
	case version == 2 && revision == 3:
		length, l.strings, l.streams = l.statedLength(), cipherRC4, cipherRC4
	case version == 4 && revision == 4:
		length = 16
	case version == 5 && (revision == 5 || revision == 6):
		length = 32
	}
	if length == 0 {
		return fmt.Errorf("encryption /V %v /R %v /Length %v: %w", l.made["V"], l.made["R"], l.made["Length"], ErrEncrypted)
	}
	if version >= 4 {
		if err := l.readFilters(version); err != nil {
			return err
		}
	}
	if version == 5 {
		return l.findKey256(revision)
	}
	return l.findKey(revision, length)
}

// statedLength is /Length in bytes; 0 if it is none that is allowed.
func (l *lock) statedLength() int {
	if l.made["Length"] == nil {
		return 5
	}
	n, _ := l.made["Length"].(int64)
	if n < 40 || n > 128 || n%8 != 0 {
		return 0
	}
	return int(n / 8)
}

// readFilters reads the crypt filters (7.6.6). EncryptMetadata belongs to them.
func (l *lock) readFilters(version int64) error {
	l.filters = map[Name]cipherKind{}
	all, _ := l.made["CF"].(Dict)
	for name, v := range all {
		d, _ := v.(Dict)
		switch method := d["CFM"]; {
		case name == "Identity":
		case version == 4 && method == Name("V2"):
			l.filters[name] = cipherRC4
		case version == 4 && method == Name("AESV2"):
			l.filters[name] = cipherAES128
		case version == 5 && method == Name("AESV3"):
			l.filters[name] = cipherAES256
		default:
			return fmt.Errorf("crypt filter %s with method %v: %w", name, method, ErrEncrypted)
		}
	}
	l.filters["Identity"] = identity
	for key, kind := range map[Name]*cipherKind{"StmF": &l.streams, "StrF": &l.strings} {
		var err error
		if *kind, err = l.filter(l.made[key]); err != nil {
			return fmt.Errorf("/%s: %w", key, err)
		}
	}
	if eff := l.made["EFF"]; eff != nil {
		if kind, err := l.filter(eff); err != nil || kind != l.streams {
			return fmt.Errorf("embedded files with a crypt filter of their own: %w", ErrEncrypted)
		}
	}
	switch v := l.made["EncryptMetadata"].(type) {
	case nil:
	case bool:
		l.clearXMP = !v
	default:
		return fmt.Errorf("/EncryptMetadata is no boolean: %w", ErrDamaged)
	}
	return nil
}

// filter returns the method of a named crypt filter; nil names Identity.
func (l *lock) filter(v any) (cipherKind, error) {
	if v == nil {
		return identity, nil
	}
	name, _ := v.(Name)
	kind, ok := l.filters[name]
	if !ok {
		return identity, fmt.Errorf("crypt filter %v is not described: %w", v, ErrDamaged)
	}
	return kind, nil
}

// part returns the first n bytes of an entry; some writers fill it up with zeros.
func (l *lock) part(key Name, n int) ([]byte, error) {
	s, _ := l.made[key].(String)
	if len(s) < n || len(bytes.Trim(s[n:], "\x00")) > 0 {
		return nil, fmt.Errorf("/Encrypt /%s has %d bytes, not %d: %w", key, len(s), n, ErrDamaged)
	}
	return s[:n], nil
}

// findKey is algorithms 2, 4 and 5 of ISO 32000-1.
func (l *lock) findKey(revision int64, length int) error {
	owner, err := l.part("O", 32)
	if err != nil {
		return err
	}
	user, err := l.part("U", 32)
	if err != nil {
		return err
	}
	permissions, ok := l.made["P"].(int64)
	if !ok || permissions < -1<<31 || permissions >= 1<<32 {
		return fmt.Errorf("/Encrypt /P is %v: %w", l.made["P"], ErrDamaged)
	}
	in := append(bytes.Clone(padding), owner...)
	in = binary.LittleEndian.AppendUint32(in, uint32(permissions))
	in = append(in, l.id...)
	if revision >= 4 && l.clearXMP {
		in = append(in, 0xff, 0xff, 0xff, 0xff)
	}
	sum := md5.Sum(in)
	if revision >= 3 {
		for range 50 {
			sum = md5.Sum(sum[:length])
		}
	}
	l.key = bytes.Clone(sum[:length])
	proof, compared := bytes.Clone(padding), 32
	if revision >= 3 {
		sum := md5.Sum(append(proof, l.id...))
		proof, compared = sum[:], 16
	}
	if err := rounds(proof, l.key, revision); err != nil {
		return err
	}
	if subtle.ConstantTimeCompare(proof, user[:compared]) != 1 {
		return fmt.Errorf("a password is asked for: %w", ErrEncrypted)
	}
	return nil
}

// rounds encrypts b in place: once, from revision 3 on with twenty keys.
func rounds(b, key []byte, revision int64) error {
	last := 0
	if revision >= 3 {
		last = 19
	}
	for i := 0; i <= last; i++ {
		k := bytes.Clone(key)
		for j := range k {
			k[j] ^= byte(i)
		}
		c, err := rc4.NewCipher(k)
		if err != nil {
			return err
		}
		c.XORKeyStream(b, b)
	}
	return nil
}

// findKey256 is algorithm 2.A of ISO 32000-2.
func (l *lock) findKey256(revision int64) error {
	user, err := l.part("U", 48)
	if err != nil {
		return err
	}
	sealed, err := l.part("UE", 32)
	if err != nil {
		return err
	}
	hash := func(salt []byte) []byte { sum := sha256.Sum256(salt); return sum[:] }
	if revision == 6 {
		hash = hardened
	}
	if subtle.ConstantTimeCompare(hash(user[32:40]), user[:32]) != 1 {
		return fmt.Errorf("a password is asked for: %w", ErrEncrypted)
	}
	block, err := aes.NewCipher(hash(user[40:48]))
	if err != nil {
		return err
	}
	l.key = make([]byte, 32)
	cipher.NewCBCDecrypter(block, make([]byte, aesBlock)).CryptBlocks(l.key, sealed)
	return nil
}

// hardened is algorithm 2.B of ISO 32000-2 for the empty user password. It ends
// after 64 to 287 rounds.
func hardened(salt []byte) []byte {
	sum := sha256.Sum256(salt)
	k := sum[:]
	for i := 1; ; i++ {
		e := bytes.Repeat(k, 64)
		block, err := aes.NewCipher(k[:16])
		if err != nil {
			panic(err) // only another length of the key fails
		}
		cipher.NewCBCEncrypter(block, k[16:32]).CryptBlocks(e, e)
		rest := 0
		for _, b := range e[:16] {
			rest += int(b)
		}
		switch rest % 3 {
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
		if i >= 64 && int(e[len(e)-1]) <= i-32 {
			return k[:32]
		}
	}
}
