package pdf

import "testing"

// FuzzXMP: a packet of others is read, or refused; what was read is written so that
// it is read again.
func FuzzXMP(f *testing.F) {
	for _, text := range []string{"", "<x", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""/></rdf:RDF>`} {
		f.Add([]byte(text))
	}
	f.Add(XMP{Title: "Quyết định", Producer: "Sohoa"}.Packet())
	f.Fuzz(func(t *testing.T, packet []byte) {
		x, err := ParseXMP(packet)
		if err != nil {
			return
		}
		if _, err := ParseXMP(x.Packet()); err != nil {
			t.Errorf("%q is read as %+v, whose packet is %v", packet, x, err)
		}
	})
}
