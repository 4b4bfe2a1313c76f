package evidence

import (
	"bytes"
	"compress/zlib"
	"crypto/sha1"
	"crypto/x509"
	"fmt"
	"maps"
	"slices"

	"github.com/sohoa/sohoa/internal/pdf"
)

// The arrays of a document security store (ISO 32000-2, 12.8.4.3), and those of what
// it says of one signature (12.8.4.4).
var (
	storeKeys     = []pdf.Name{"Certs", "OCSPs", "CRLs"}
	signatureKeys = []pdf.Name{"Cert", "OCSP", "CRL"}
)

func (m *Material) lists() []*[][]byte { return []*[][]byte{&m.Certificates, &m.OCSPs, &m.CRLs} }

// Read returns what the document security store of f holds; nothing if there is none.
func Read(f *pdf.File) (Material, error) {
	var m Material
	catalog, err := f.Catalog()
	if err != nil {
		return m, err
	}
	store := f.Dict(catalog["DSS"])
	for i, list := range m.lists() {
		for _, v := range f.Array(store[storeKeys[i]]) {
			s := f.Stream(v)
			if s == nil {
				return m, fmt.Errorf("read the security store: an entry of /%s is no stream", storeKeys[i])
			}
			b, err := f.Decoded(s)
			if err != nil {
				return m, fmt.Errorf("read the security store: %w", err)
			}
			*list = append(*list, b)
		}
	}
	return m, nil
}

// X509 returns the certificates that can be read.
func (m Material) X509() []*x509.Certificate {
	var all []*x509.Certificate
	for _, der := range m.Certificates {
		if c, err := x509.ParseCertificate(der); err == nil {
			all = append(all, c)
		}
	}
	return all
}

// Store has u write a document security store with what f's store holds and what
// of m is not in it yet. It returns the entry for the catalog's /DSS. Where nothing is
// new, it says which of it proves the signature whose /Contents are last: to validators, a
// store like the one before that signature says nothing of it (EU DSS calls it B-T).
func (m Material) Store(f *pdf.File, u *pdf.Update, last []byte) (pdf.Ref, error) {
	have, err := Read(f)
	if err != nil {
		return pdf.Ref{}, err
	}
	catalog, err := f.Catalog()
	if err != nil {
		return pdf.Ref{}, err
	}
	old, store, proof := f.Dict(catalog["DSS"]), pdf.Dict{"Type": pdf.Name("DSS")}, pdf.Dict{"Type": pdf.Name("VRI")}
	if vri := old["VRI"]; vri != nil { // nothing that was there may go
		store["VRI"] = vri
	}
	known, added, grown := have.lists(), m.lists(), false
	for i, key := range storeKeys {
		refs, used := slices.Clone(f.Array(old[key])), pdf.Array{}
		for _, b := range *added[i] {
			at := slices.IndexFunc(*known[i], func(k []byte) bool { return bytes.Equal(k, b) })
			if at < 0 {
				at, grown = len(refs), true
				refs = append(refs, u.AddStream(pdf.Dict{"Filter": pdf.Name("FlateDecode")}, deflate(b)))
			}
			used = append(used, refs[at])
		}
		if len(refs) > 0 {
			store[key] = refs
		}
		if len(used) > 0 {
			proof[signatureKeys[i]] = used
		}
	}
	if !grown {
		vri := pdf.Dict{pdf.Name(fmt.Sprintf("%X", sha1.Sum(last))): u.Add(proof)}
		maps.Copy(vri, f.Dict(old["VRI"]))
		store["VRI"] = vri
	}
	return u.Add(store), nil
}

func deflate(b []byte) []byte {
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	z.Write(b) // a Buffer takes everything
	z.Close()
	return out.Bytes()
}
