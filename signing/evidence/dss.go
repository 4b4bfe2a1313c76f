package evidence

import (
	"bytes"
	"compress/zlib"
	"crypto/x509"
	"fmt"
	"slices"

	"github.com/sohoa/sohoa/internal/pdf"
)

// The arrays of a document security store (ISO 32000-2, 12.8.4.3).
var storeKeys = []pdf.Name{"Certs", "OCSPs", "CRLs"}

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
// of m is not in it yet. It returns the entry for the catalog's /DSS.
func (m Material) Store(f *pdf.File, u *pdf.Update) (pdf.Ref, error) {
	have, err := Read(f)
	if err != nil {
		return pdf.Ref{}, err
	}
	catalog, err := f.Catalog()
	if err != nil {
		return pdf.Ref{}, err
	}
	old, store := f.Dict(catalog["DSS"]), pdf.Dict{"Type": pdf.Name("DSS")}
	if vri := old["VRI"]; vri != nil { // of another program: nothing that was there may go
		store["VRI"] = vri
	}
	known, added := have.lists(), m.lists()
	for i, key := range storeKeys {
		refs := slices.Clone(f.Array(old[key]))
		for _, b := range *added[i] {
			if !slices.ContainsFunc(*known[i], func(k []byte) bool { return bytes.Equal(k, b) }) {
				refs = append(refs, u.AddStream(pdf.Dict{"Filter": pdf.Name("FlateDecode")}, deflate(b)))
			}
		}
		if len(refs) > 0 {
			store[key] = refs
		}
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
