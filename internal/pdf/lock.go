package pdf

import (
	"bytes"
	"crypto/md5"
	"crypto/rc4"
	"encoding/binary"
	"fmt"
	"slices"
)

// A lock opens the strings and streams of an encrypted revision (ISO 32000-2, 7.6).
type lock struct {
	key      []byte
	strings  cipherKind
	streams  cipherKind
	filters  map[Name]cipherKind
	clearXMP bool // metadata streams are not encrypted
	dict     Ref  // of the encryption dictionary; zero: it stands in the trailer
	made     Dict // the encryption dictionary that it was made from
	id       String
}

type cipherKind byte

const (
	identity cipherKind = iota
	cipherRC4
	cipherAES128 // AESV2: a key for each object
	cipherAES256 // AESV3: one key for all
)

// Unlock has the file and what [File.AsOf] makes of it return strings and streams
// decrypted, each revision by its own encryption dictionary, with the standard
// security handler and the empty user password. Call it before anything is read.
// It does nothing to a file that is not encrypted.
//
// It fails with ErrEncrypted if a revision wants a password or another handler,
// and with ErrDamaged if an encryption dictionary makes no sense.
func (f *File) Unlock() error {
	if !f.Encrypted() {
		return nil
	}
	var before *lock
	for i := range f.revisions {
		r := &f.revisions[i]
		g, err := f.AsOf(i)
		if err == nil {
			before, err = g.lockOf(r, before)
		}
		if err != nil {
			return fmt.Errorf("unlock revision %d: %w", i, err)
		}
		r.lock = before
	}
	f.lock, f.streams, f.held = before, map[int]*objectStream{}, 0
	return nil
}

// lockOf makes the lock of a revision; known is that of the revision before. The
// newest trailer counts; older ones of the same revision must not contradict it.
func (f *File) lockOf(r *Revision, known *lock) (*lock, error) {
	ref, _ := f.trailer["Encrypt"].(Ref)
	d, err := f.encryption(f.trailer)
	if err != nil {
		return nil, err
	}
	for _, sec := range r.sections[1:] {
		if other, err := f.encryption(sec.trailer); err != nil || other != nil && !equal(other, d) {
			return nil, fmt.Errorf("two trailers with another /Encrypt: %w", ErrDamaged)
		}
	}
	if d == nil {
		return nil, nil
	}
	ids, _ := f.trailer["ID"].(Array)
	var id String
	if len(ids) > 0 {
		id, _ = ids[0].(String)
	}
	if known != nil && known.dict == ref && equal(known.made, d) && bytes.Equal(known.id, id) {
		return known, nil
	}
	l := &lock{dict: ref, made: d, id: id}
	return l, l.open()
}

// encryption returns the encryption dictionary that a trailer names; nil: none. It
// stands in the file itself, and its values in it.
func (f *File) encryption(trailer Dict) (Dict, error) {
	v := trailer["Encrypt"]
	if v == nil {
		return nil, nil
	}
	if r, ok := v.(Ref); ok {
		if f.objects[r.Num].Kind != InUse {
			return nil, fmt.Errorf("/Encrypt is no object of the file itself: %w", ErrDamaged)
		}
		var err error
		if v, err = f.Get(r); err != nil {
			return nil, err
		}
	}
	d, ok := v.(Dict)
	if !ok {
		return nil, fmt.Errorf("/Encrypt is no dictionary: %w", ErrDamaged)
	}
	indirect := false
	eachRef(d, func(Ref) { indirect = true })
	if indirect {
		return nil, fmt.Errorf("/Encrypt refers to other objects: %w", ErrDamaged)
	}
	return d, nil
}

// equal compares two values without looking where references lead.
func equal(a, b any) bool {
	var x, y bytes.Buffer
	WriteObject(&x, a)
	WriteObject(&y, b)
	return bytes.Equal(x.Bytes(), y.Bytes())
}

// forObject returns the key for the strings and streams of one object (7.6.3.2).
func (l *lock) forObject(r Ref, kind cipherKind) []byte {
	if kind == cipherAES256 {
		return l.key
	}
	var number [4]byte
	binary.LittleEndian.PutUint32(number[:], uint32(r.Num))
	in := append(slices.Clone(l.key), number[:3]...)
	in = append(in, byte(r.Gen), byte(r.Gen>>8))
	if kind == cipherAES128 {
		in = append(in, "sAlT"...)
	}
	sum := md5.Sum(in)
	return sum[:min(len(l.key)+5, len(sum))]
}

// decrypt replaces what is encrypted in an object of the file itself: not the
// encryption dictionary, nor cross-reference streams.
func (l *lock) decrypt(r Ref, v any) (any, error) {
	if r == l.dict {
		return v, nil
	}
	s, ok := v.(*Stream)
	if !ok {
		return l.decryptStrings(r, v)
	}
	if s.Dict["Type"] == Name("XRef") {
		return s, nil
	}
	s.lock, s.ref = l, r
	_, err := l.decryptStrings(r, s.Dict)
	return s, err
}

// decryptStrings changes dictionaries and arrays in place. The /Contents of a
// signature is not encrypted.
func (l *lock) decryptStrings(r Ref, v any) (any, error) {
	if l.strings == identity {
		return v, nil
	}
	var err error
	switch v := v.(type) {
	case String:
		return l.decryptString(r, v)
	case Array:
		for i := range v {
			if v[i], err = l.decryptStrings(r, v[i]); err != nil {
				return nil, err
			}
		}
	case Dict:
		for k := range v {
			if k == "Contents" && v["ByteRange"] != nil {
				continue
			}
			if v[k], err = l.decryptStrings(r, v[k]); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

func (l *lock) decryptString(r Ref, s String) (String, error) {
	key := l.forObject(r, l.strings)
	if l.strings == cipherRC4 {
		c, err := rc4.NewCipher(key)
		if err != nil {
			return nil, err
		}
		c.XORKeyStream(s, s)
		return s, nil
	}
	if len(s) == 0 {
		return s, nil
	}
	var b bytes.Buffer
	if _, err := b.ReadFrom(newCBC(bytes.NewReader(s), int64(len(s)), key)); err != nil {
		return nil, fmt.Errorf("decrypt a string of %d bytes: %w", len(s), err)
	}
	return append(String{}, b.Bytes()...), nil
}
