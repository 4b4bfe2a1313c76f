// Package locktest writes encrypted PDFs for tests, after ISO 32000-1, 7.6, and
// ISO 32000-2, 7.6.4: the standard security handler from its other side.
package locktest

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/internal/pdf"
)

// ID is the first string of the /ID of the files.
const ID = "an identifier 16"

const pad = "(\xbfN^Nu\x8aAd\x00NV\xff\xfa\x01\x08..\x00\xb6\xd0h>\x80/\x0c\xa9\xfedSiz"

// A Lock says how a file is encrypted.
type Lock struct {
	V, R     int
	Bits     int      // of the key, for V 2
	Method   pdf.Name // CFM of the crypt filter "StdCF", for V 4 and 5
	ClearXMP bool     // EncryptMetadata false
	User     string   // password, as a rule empty
	Strings  pdf.Name // StrF; "": StdCF

	key    []byte
	vector byte
}

// Kinds are the ways to encrypt that are in use, by name.
func Kinds() map[string]*Lock {
	return map[string]*Lock{
		"RC4 40":                {V: 1, R: 2},
		"RC4 128":               {V: 2, R: 3, Bits: 128},
		"RC4 crypt filter":      {V: 4, R: 4, Method: "V2"},
		"AESV2":                 {V: 4, R: 4, Method: "AESV2"},
		"AESV2, metadata clear": {V: 4, R: 4, Method: "AESV2", ClearXMP: true},
		"AESV2, strings clear":  {V: 4, R: 4, Method: "AESV2", Strings: "Identity"},
		"AESV3 R5":              {V: 5, R: 5, Method: "AESV3"},
		"AESV3 R6":              {V: 5, R: 6, Method: "AESV3"},
	}
}

// Dict makes the encryption dictionary, and the key.
func (l *Lock) Dict() pdf.Dict {
	d := pdf.Dict{"Filter": pdf.Name("Standard"), "V": l.V, "R": l.R, "P": -44}
	if l.Bits > 0 {
		d["Length"] = l.Bits
	}
	if l.V >= 4 {
		d["CF"] = pdf.Dict{"StdCF": pdf.Dict{"CFM": l.Method, "AuthEvent": pdf.Name("DocOpen")}}
		d["StmF"], d["StrF"] = pdf.Name("StdCF"), pdf.Name("StdCF")
		if l.Strings != "" {
			d["StrF"] = l.Strings
		}
		if l.ClearXMP {
			d["EncryptMetadata"] = false
		}
	}
	if l.V == 5 {
		l.key = []byte(strings.Repeat("k3y!", 8))
		check, keySalt := "salt one", "salt two"
		d["U"] = pdf.String(string(l.hash(check)) + check + keySalt)
		sealed := slices.Clone(l.key)
		cbc(l.hash(keySalt), make([]byte, 16), sealed)
		d["UE"] = pdf.String(sealed)
		d["O"], d["OE"], d["Perms"] = pdf.String(strings.Repeat("o", 48)), pdf.String(strings.Repeat("e", 32)), pdf.String(strings.Repeat("p", 16))
		return d
	}
	owner := strings.Repeat("owner", 7)[:32]
	d["O"] = pdf.String(owner)
	length := 5
	if l.V == 2 {
		length = l.Bits / 8
	} else if l.V == 4 {
		length = 16
	}
	in := (l.User + pad)[:32] + owner + "\xd4\xff\xff\xff" + ID
	if l.ClearXMP {
		in += "\xff\xff\xff\xff"
	}
	sum := md5.Sum([]byte(in))
	if l.R > 2 {
		for range 50 {
			sum = md5.Sum(sum[:length])
		}
	}
	l.key = slices.Clone(sum[:length])
	if l.R == 2 {
		d["U"] = pdf.String(stream(l.key, []byte(pad)))
		return d
	}
	proof := md5.Sum([]byte(pad + ID))
	u := proof[:]
	for i := range 20 {
		k := slices.Clone(l.key)
		for j := range k {
			k[j] ^= byte(i)
		}
		u = stream(k, u)
	}
	d["U"] = pdf.String(append(u, make([]byte, 16)...))
	return d
}

func stream(key, b []byte) []byte {
	out := make([]byte, len(b))
	c, err := rc4.NewCipher(key)
	if err != nil {
		panic(err)
	}
	c.XORKeyStream(out, b)
	return out
}

func cbc(key, vector, b []byte) {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err)
	}
	cipher.NewCBCEncrypter(block, vector).CryptBlocks(b, b)
}

// hash is algorithm 2.A or 2.B.
func (l *Lock) hash(salt string) []byte {
	first := sha256.Sum256([]byte(l.User + salt))
	k := first[:]
	if l.R == 5 {
		return k
	}
	for round := 0; ; round++ {
		e := bytes.Repeat([]byte(l.User+string(k)), 64)
		cbc(k[:16], k[16:32], e)
		switch new(big.Int).Mod(new(big.Int).SetBytes(e[:16]), big.NewInt(3)).Int64() {
		case 0:
			s := sha256.Sum256(e)
			k = s[:]
		case 1:
			s := sha512.Sum384(e)
			k = s[:]
		case 2:
			s := sha512.Sum512(e)
			k = s[:]
		}
		if round >= 63 && int(e[len(e)-1]) <= round-31 {
			return k[:32]
		}
	}
}

// Bytes encrypts b as a part of object num.
func (l *Lock) Bytes(num int, b []byte) []byte {
	key := l.key
	if l.V < 5 {
		in := append(slices.Clone(l.key), byte(num), byte(num>>8), byte(num>>16), 0, 0)
		if l.Method == "AESV2" {
			in = append(in, "sAlT"...)
		}
		sum := md5.Sum(in)
		key = sum[:min(16, len(l.key)+5)]
	}
	if l.Method != "AESV2" && l.Method != "AESV3" {
		return stream(key, b)
	}
	l.vector++
	out := bytes.Repeat([]byte{l.vector}, 16)
	n := 16 - len(b)%16
	body := append(slices.Clone(b), bytes.Repeat([]byte{byte(n)}, n)...)
	cbc(key, out, body)
	return append(out, body...)
}

// A Stream is a stream with its bytes as they are before encryption.
type Stream struct {
	Dict pdf.Dict
	Data []byte
}

// Object encrypts strings and streams of object num; what is [pdf.Raw] stays.
func (l *Lock) Object(num int, v any) any {
	switch v := v.(type) {
	case pdf.String:
		if l.Strings == "Identity" {
			return v
		}
		return pdf.String(l.Bytes(num, v))
	case pdf.Array:
		out := pdf.Array{}
		for _, e := range v {
			out = append(out, l.Object(num, e))
		}
		return out
	case pdf.Dict:
		out := pdf.Dict{}
		for k, e := range v {
			out[k] = l.Object(num, e)
		}
		return out
	case Stream:
		if filters, ok := v.Dict["Filter"].(pdf.Array); v.Dict["Type"] == pdf.Name("XRef") ||
			l.ClearXMP && v.Dict["Type"] == pdf.Name("Metadata") || ok && filters[0] == pdf.Name("Crypt") {
			return pdf.NewStream(v.Dict, v.Data)
		}
		return pdf.NewStream(l.Object(num, v.Dict).(pdf.Dict), l.Bytes(num, v.Data))
	}
	return v
}

// Append writes a revision behind base, which may be empty: objects by number,
// encrypted by l but for the encryption dictionary, which is object clear. A nil
// lock encrypts nothing. The trailer gets /Size, /ID and /Prev.
func Append(base []byte, l *Lock, clear int, objects map[int]any, trailer pdf.Dict) []byte {
	var b bytes.Buffer
	b.Write(base)
	trailer = maps.Clone(trailer)
	trailer["Size"], trailer["ID"] = 1000, pdf.Array{pdf.String(ID), pdf.String(ID)}
	if i := bytes.LastIndex(base, []byte("startxref\n")); i >= 0 {
		var prev int
		if _, err := fmt.Sscan(string(base[i+len("startxref\n"):]), &prev); err != nil {
			panic(err)
		}
		trailer["Prev"] = prev
	} else {
		b.WriteString("%PDF-1.7\n")
	}
	var table bytes.Buffer
	for _, num := range slices.Sorted(maps.Keys(objects)) {
		v := objects[num]
		if s, ok := v.(Stream); ok && l == nil {
			v = pdf.NewStream(s.Dict, s.Data)
		}
		if l != nil && num != clear {
			v = l.Object(num, v)
		}
		fmt.Fprintf(&table, "%d 1\n%010d 00000 n \n", num, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n", num)
		pdf.WriteObject(&b, v)
		b.WriteString("\nendobj\n")
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 1\n0000000000 65535 f \n%strailer\n", table.String())
	pdf.WriteObject(&b, trailer)
	fmt.Fprintf(&b, "\nstartxref\n%d\n%%%%EOF\n", start)
	return b.Bytes()
}
