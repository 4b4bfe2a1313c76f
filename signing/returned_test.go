package signing

import (
	"bytes"
	"crypto"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/cms"
	"github.com/sohoa/sohoa/signing/cms/cmstest"
)

// A visit is one file in a program at a person's desk, which adds her signature in
// its own manner.
type visit struct {
	f                   *pdf.File
	catalog, page, form pdf.Dict
	field, value        pdf.Dict
	annotations, fields pdf.Array // besides the signature
	objects             map[pdf.Ref]any
	next                int
	root, pageRef       pdf.Ref
	streams             bool // cross-reference and object streams
	lowBytes            bool // the byte range leaves out the last end of line
	hash                crypto.Hash
	noESS               bool // nothing binds the certificate
	before              []byte
	pages               []pdf.PageRef
}

func (v *visit) add(o any) pdf.Ref {
	r := pdf.Ref{Num: v.next}
	v.next++
	v.objects[r] = o
	return r
}

func newVisit(t *testing.T, before []byte) *visit {
	t.Helper()
	f, err := opened(before)
	if err != nil {
		t.Fatal(err)
	}
	v := &visit{f: f, before: before, objects: map[pdf.Ref]any{}, hash: crypto.SHA256}
	if v.catalog, err = f.Catalog(); err != nil {
		t.Fatal(err)
	}
	if v.pages, err = f.Pages(); err != nil {
		t.Fatal(err)
	}
	v.page, v.pageRef, v.root = v.pages[0].Dict, v.pages[0].Ref, f.Trailer()["Root"].(pdf.Ref)
	for num := range f.Objects() {
		v.next = max(v.next, num+1)
	}
	v.form = pdf.Dict{"SigFlags": 3}
	v.value = pdf.Dict{"Type": pdf.Name("Sig"), "Filter": pdf.Name("Adobe.PPKLite"), "SubFilter": pdf.Name("ETSI.CAdES.detached"), "M": pdf.String(time.Now().UTC().Format("D:20060102150405Z")),
		"Reason": pdf.TextString("Duyệt"), "ByteRange": pdf.Raw(emptyRange), "Contents": emptyValue(valueBytes)}
	v.field = pdf.Dict{"Type": pdf.Name("Annot"), "Subtype": pdf.Name("Widget"), "FT": pdf.Name("Sig"), "T": pdf.TextString("Chữ ký"), "F": 132, "Rect": pdf.Array{40, 700, 200, 740}, "P": v.pageRef}
	face := pdf.NewStream(pdf.Dict{"Type": pdf.Name("XObject"), "Subtype": pdf.Name("Form"), "BBox": pdf.Array{0, 0, 160, 40}, "Resources": pdf.Dict{}}, []byte("q Q"))
	v.field["AP"] = pdf.Dict{"N": v.add(face)}
	return v
}

// sign puts everything together and signs it with the clerk's key.
func (v *visit) sign(t *testing.T, c clerk) []byte {
	t.Helper()
	value := v.add(v.value)
	v.field["V"] = value
	field := v.add(v.field)
	v.form["Fields"] = append(append(pdf.Array{}, v.f.Array(v.form["Fields"])...), append(pdf.Array{field}, v.fields...)...)
	v.page["Annots"] = append(append(slices.Clone(v.f.Array(v.page["Annots"])), field), v.annotations...)
	v.catalog["AcroForm"] = v.add(v.form)
	v.objects[v.root], v.objects[v.pageRef] = v.catalog, v.page
	var tail []byte
	var at int64
	if v.streams {
		tail, at = v.writeStreams(value)
	} else {
		tail, at = v.writeTable(t, value)
	}
	end := len(tail)
	if v.lowBytes {
		end = len(bytes.TrimRight(tail, "\n"))
	}
	if err := fillByteRange(tail[:end], int64(len(v.before)), at, valueBytes); err != nil {
		t.Fatal(err)
	}
	file := append(slices.Clone(v.before), tail...)
	f, err := pdf.Open(bytes.NewReader(file), int64(len(file)), pdf.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	s, err := readSignature(f, field)
	if err != nil {
		t.Fatal(err)
	}
	h := v.hash.New() // whatever it is: a program may take a weak one
	h.Write(file[:s.start])
	h.Write(file[s.end:s.covered])
	digest := h.Sum(nil)
	var der []byte
	if v.noESS {
		der = cmstest.Build(cmstest.Spec{Cert: c.Certificate(), Key: c.Signer, Bag: c.Chain, Digest: digest, Hash: v.hash, NoESS: true})
	} else if der, err = cms.Build(cms.Draft{Signer: c.Signer, Certificate: c.Certificate(), Certificates: c.Chain[1:], Hash: v.hash, Digest: digest}); err != nil {
		t.Fatal(err)
	}
	out, err := replaceValue(source(file), s, der)
	if err != nil {
		t.Fatal(err)
	}
	return contents(out)
}

func (v *visit) writeTable(t *testing.T, value pdf.Ref) ([]byte, int64) {
	t.Helper()
	update, err := pdf.NewUpdate(v.f)
	if err != nil {
		t.Fatal(err)
	}
	for added := update.Add(nil); added.Num < v.next-1; {
		added = update.Add(nil)
	}
	for r, o := range v.objects {
		update.Set(r, o)
	}
	var b bytes.Buffer
	if _, err := update.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), update.Offset(value)
}

// writeStreams packs what may lie in an object stream into one.
func (v *visit) writeStreams(value pdf.Ref) ([]byte, int64) {
	var b, index, packed bytes.Buffer
	at := map[int][3]int64{}
	offset := int64(len(v.before))
	write := func(r pdf.Ref, o any) {
		at[r.Num] = [3]int64{1, offset + int64(b.Len()), 0}
		fmt.Fprintf(&b, "%d 0 obj\n", r.Num)
		pdf.WriteObject(&b, o)
		b.WriteString("\nendobj\n")
	}
	refs := slices.SortedFunc(maps.Keys(v.objects), func(a, b pdf.Ref) int { return a.Num - b.Num })
	carrier := v.add(nil)
	n := 0
	for _, r := range refs {
		if _, isStream := v.objects[r].(*pdf.Stream); isStream || r == value {
			write(r, v.objects[r])
			continue
		}
		fmt.Fprintf(&index, "%d %d ", r.Num, packed.Len())
		pdf.WriteObject(&packed, v.objects[r])
		packed.WriteByte('\n')
		at[r.Num] = [3]int64{2, int64(carrier.Num), int64(n)}
		n++
	}
	write(carrier, pdf.NewStream(pdf.Dict{"Type": pdf.Name("ObjStm"), "N": n, "First": index.Len()}, append(index.Bytes(), packed.Bytes()...)))
	own := v.add(nil)
	start := offset + int64(b.Len())
	at[own.Num] = [3]int64{1, start, 0}
	var list pdf.Array
	var rows []byte
	for _, num := range slices.Sorted(maps.Keys(at)) {
		list = append(list, num, 1)
		rows = append(rows, byte(at[num][0]))
		rows = binary.BigEndian.AppendUint32(rows, uint32(at[num][1]))
		rows = append(rows, byte(at[num][2]))
	}
	trailer := v.f.Trailer()
	fmt.Fprintf(&b, "%d 0 obj\n", own.Num)
	pdf.WriteObject(&b, pdf.NewStream(pdf.Dict{"Type": pdf.Name("XRef"), "W": pdf.Array{1, 4, 1}, "Index": list, "Size": own.Num + 1, "Prev": v.f.Revisions()[len(v.f.Revisions())-1].Section,
		"Root": trailer["Root"], "Info": trailer["Info"], "ID": trailer["ID"]}, rows))
	fmt.Fprintf(&b, "\nendobj\nstartxref\n%d\n%%%%EOF\n", start)
	return b.Bytes(), at[value.Num][1]
}

// saved is the XMP packet as another program writes it when it saves the file.
func (v *visit) saved(t *testing.T, change func(*pdf.XMP)) {
	t.Helper()
	ref := v.catalog["Metadata"].(pdf.Ref)
	packet, err := v.f.Decoded(v.f.Stream(ref))
	if err != nil {
		t.Fatal(err)
	}
	x, err := pdf.ParseXMP(packet)
	if err != nil {
		t.Fatal(err)
	}
	x.Producer, x.Modified = "A program that signs", time.Now()
	change(&x)
	v.objects[ref] = pdf.NewStream(pdf.Dict{"Type": pdf.Name("Metadata"), "Subtype": pdf.Name("XML")}, x.Packet())
}

func (v *visit) faces() {
	helv := v.add(pdf.Dict{"Type": pdf.Name("Font"), "Subtype": pdf.Name("Type1"), "BaseFont": pdf.Name("Helvetica"), "Name": pdf.Name("Helv")})
	v.form["DA"], v.form["DR"] = pdf.String("/Helv 0 Tf 0 g "), pdf.Dict{"Font": pdf.Dict{"Helv": helv}, "Encoding": pdf.Dict{}}
}

func TestWhatProgramsWriteWithASignature(t *testing.T) {
	d := newDesk(t, devpki.ECDSAP256)
	person := d.clerk(t, devpki.RSA2048, false)
	before, _ := toMark(t)
	for what, change := range map[string]func(*visit){
		"as little as can be": func(v *visit) {},
		"invisible":           func(v *visit) { v.field["Rect"] = pdf.Array{0, 0, 0, 0}; delete(v.field, "AP") },
		"on the second page":  func(v *visit) { v.page, v.pageRef = v.pages[1].Dict, v.pages[1].Ref; v.field["P"] = v.pageRef },
		"faces in the form":   (*visit).faces,
		"object streams":      func(v *visit) { v.streams = true },
		"all at once": func(v *visit) {
			v.streams, v.lowBytes = true, true
			v.faces()
			v.saved(t, func(*pdf.XMP) {})
			v.catalog["Extensions"] = pdf.Dict{"ESIC": pdf.Dict{"BaseVersion": pdf.Name("1.7"), "ExtensionLevel": 1}}
			info := v.f.Trailer()["Info"].(pdf.Ref)
			d := v.f.Dict(info)
			d["ModDate"], d["Producer"] = pdf.Date(time.Now()), pdf.String("A program that signs")
			v.objects[info] = d
		},
		"the last end of line not covered": func(v *visit) { v.lowBytes = true },
		"a caption turned":                 func(v *visit) { v.field["MK"] = pdf.Dict{"R": 90} },
		"SHA-512":                          func(v *visit) { v.hash = crypto.SHA512 },
		"an object left over":              func(v *visit) { v.add(pdf.Dict{"Left": true}) },
		"a page written again":             func(v *visit) { v.objects[v.pages[1].Ref] = v.pages[1].Dict },
	} {
		v := newVisit(t, before)
		change(v)
		returned := v.sign(t, person)
		if by, err := accept(before, returned, time.Now()); err != nil || !by.Equal(person.Certificate()) {
			t.Errorf("%s: AcceptMark = %v; want the clerk", what, err)
			continue
		}
		file, err := seal(t.Context(), returned, d.key, now())
		if err != nil {
			t.Errorf("%s: Seal over it = %v", what, err)
			continue
		}
		file, level, err := raise(t.Context(), file, record.BLTA, d.options())
		if err != nil || level != record.BLTA || !bytes.HasPrefix(file, returned) {
			t.Errorf("%s: Raise = %s, %v; want B-LTA, and the bytes before as they were", what, level, err)
		}
		keep(t, "returned-"+strings.ReplaceAll(what, " ", "-")+"-B-LTA.pdf", file, d)
	}
}

// A program that reaches B-LTA by itself: evidence and a time-stamp follow.
func TestReturnedWithEvidence(t *testing.T) {
	d := newDesk(t, devpki.ECDSAP256)
	person := d.clerk(t, devpki.ECDSAP256, false)
	before, _ := toMark(t)
	for _, level := range []record.Level{record.BT, record.BLT, record.BLTA} {
		v := newVisit(t, before)
		v.streams = true
		returned, reached, err := raise(t.Context(), v.sign(t, person), level, d.options())
		if err != nil || reached != level {
			t.Fatal(reached, err)
		}
		if by, err := accept(before, returned, time.Now()); err != nil || !by.Equal(person.Certificate()) {
			t.Errorf("%s: AcceptMark = %v; want the clerk", level, err)
		}
		file, err := seal(t.Context(), returned, d.key, now())
		if err != nil {
			t.Errorf("%s: Seal over it = %v", level, err)
			continue
		}
		file, reached, err = raise(t.Context(), file, record.BLTA, d.options())
		if err != nil || reached != record.BLTA {
			t.Errorf("%s: Raise = %s, %v; want B-LTA", level, reached, err)
		}
		keep(t, "returned-at-"+string(level)+"-B-LTA.pdf", file, d)
	}
}

func TestWhatIsMoreThanASignature(t *testing.T) {
	d := newDesk(t, devpki.ECDSAP256)
	person := d.clerk(t, devpki.ECDSAP256, false)
	before, _ := toMark(t)
	script := pdf.Dict{"S": pdf.Name("JavaScript"), "JS": pdf.String("app.alert(1)")}
	for what, c := range map[string]struct {
		change func(*visit)
		says   string
	}{
		"content of the page": {func(v *visit) { v.page["Contents"] = v.add(pdf.NewStream(pdf.Dict{}, []byte("q Q"))) }, "page 1 has another /Contents"},
		"the content stream itself": {func(v *visit) {
			ref, ok := v.page["Contents"].(pdf.Ref)
			if !ok {
				ref = v.page["Contents"].(pdf.Array)[0].(pdf.Ref)
			}
			v.objects[ref] = pdf.NewStream(pdf.Dict{}, []byte("q Q"))
		}, "was changed"},
		"the picture": {func(v *visit) {
			picture := v.f.Dict(v.page["Resources"].(pdf.Dict)["XObject"])["Im"].(pdf.Ref)
			v.objects[picture] = pdf.NewStream(v.f.Stream(picture).Dict, nil)
		}, "was changed"},
		"another page turned": {func(v *visit) { v.pages[1].Dict["Rotate"] = 90; v.objects[v.pages[1].Ref] = v.pages[1].Dict }, "page 2 has another /Rotate"},
		"a page less": {func(v *visit) {
			tree := v.f.Dict(v.catalog["Pages"])
			tree["Kids"], tree["Count"] = v.f.Array(tree["Kids"])[:1], 1
			v.objects[v.catalog["Pages"].(pdf.Ref)] = tree
		}, "2 pages became 1"},
		"a note": {func(v *visit) {
			v.annotations = pdf.Array{v.add(pdf.Dict{"Type": pdf.Name("Annot"), "Subtype": pdf.Name("Text"), "Rect": pdf.Array{0, 0, 9, 9}, "Contents": pdf.String("x")})}
		}, "annotations other than the signature"},
		"a text field":         {func(v *visit) { v.fields = pdf.Array{v.add(pdf.Dict{"FT": pdf.Name("Tx"), "T": pdf.String("a")})} }, "signature field 2"},
		"an empty signature":   {func(v *visit) { v.fields = pdf.Array{v.add(pdf.Dict{"FT": pdf.Name("Sig"), "T": pdf.String("b")})} }, "signature field 2"},
		"an action at opening": {func(v *visit) { v.catalog["OpenAction"] = script }, "the catalog has another /OpenAction"},
		"a script of the document": {func(v *visit) {
			v.catalog["Names"] = pdf.Dict{"JavaScript": pdf.Dict{"Names": pdf.Array{pdf.String("a"), script}}}
		}, "the catalog has another /Names"},
		"an action of the field": {func(v *visit) { v.field["A"] = script }, "has an action"},
		"actions of the field":   {func(v *visit) { v.field["AA"] = pdf.Dict{"U": script} }, "has an action"},
		"a script in an appearance": {func(v *visit) {
			v.field["AP"] = pdf.Dict{"N": v.add(pdf.NewStream(pdf.Dict{"PieceInfo": script}, nil))}
		}, "script"},
		"a file in an appearance": {func(v *visit) {
			v.field["AP"] = pdf.Dict{"N": v.add(pdf.NewStream(pdf.Dict{"X": pdf.Dict{"Type": pdf.Name("Filespec")}}, nil))}
		}, "type /Filespec"},
		"a lock of fields":     {func(v *visit) { v.field["Lock"] = pdf.Dict{"Action": pdf.Name("All")} }, "locks the document"},
		"a certification":      {func(v *visit) { v.value["Reference"] = pdf.Array{pdf.Dict{"TransformMethod": pdf.Name("DocMDP")}} }, "certifies or locks"},
		"permissions":          {func(v *visit) { v.catalog["Perms"] = pdf.Dict{} }, "the catalog has another /Perms"},
		"a form of XFA":        {func(v *visit) { v.form["XFA"] = pdf.String("x") }, "the form has another /XFA"},
		"fields drawn anew":    {func(v *visit) { v.form["NeedAppearances"] = true }, "drawn anew"},
		"pictures of the form": {func(v *visit) { v.form["DR"] = pdf.Dict{"XObject": pdf.Dict{}} }, "besides faces"},
		"another subject":      {func(v *visit) { v.saved(t, func(x *pdf.XMP) { x.Title = "Khác" }) }, "the metadata has changed"},
		"another property":     {func(v *visit) { v.saved(t, func(x *pdf.XMP) { x.Properties = x.Properties[1:] }) }, "the metadata has changed"},
		"another title": {func(v *visit) {
			info := v.f.Trailer()["Info"].(pdf.Ref)
			d := v.f.Dict(info)
			d["Title"] = pdf.String("x")
			v.objects[info] = d
		}, "the information dictionary has another /Title"},
		"another language": {func(v *visit) { v.catalog["Lang"] = pdf.String("en") }, "the catalog has another /Lang"},
		"version 2.0":      {func(v *visit) { v.catalog["Version"] = pdf.Name("2.0") }, "of version"},
	} {
		for _, streams := range []bool{false, true} {
			v := newVisit(t, before)
			v.streams = streams
			c.change(v)
			_, err := accept(before, v.sign(t, person), time.Now())
			if reason := record.ReasonOf(err); reason != record.MarkMore && reason != record.MarkUnsound || !strings.Contains(fmt.Sprint(err), c.says) {
				t.Errorf("%s, streams %v: AcceptMark = %v; want it to say %q", what, streams, err, c.says)
			}
		}
	}
}

func TestReturnedWithAnotherKindOfSignature(t *testing.T) {
	d := newDesk(t, devpki.ECDSAP256)
	person := d.clerk(t, devpki.ECDSAP256, false)
	before, _ := toMark(t)
	for _, kind := range []pdf.Name{"adbe.pkcs7.detached", "adbe.pkcs7.sha1", "adbe.x509.rsa_sha1", "ETSI.CAdES.attached", ""} {
		v := newVisit(t, before)
		v.value["SubFilter"] = kind
		if _, err := accept(before, v.sign(t, person), time.Now()); record.ReasonOf(err) != record.MarkNotPAdES || !strings.Contains(err.Error(), string(kind)) {
			t.Errorf("%s: AcceptMark = %v; want mark-not-pades, and the kind", kind, err)
		}
	}
}

// An agency may take the kind before PAdES, with or without a bound certificate: it
// is sealed and raised like another. What else is wrong with it is refused still.
func TestReturnedWithAnOlderSignature(t *testing.T) {
	d := newDesk(t, devpki.ECDSAP256)
	person := d.clerk(t, devpki.RSA2048, false)
	before, _ := toMark(t)
	older := func(file []byte) error {
		_, err := AcceptMark(source(before), source(file), time.Now(), true)
		return err
	}
	for _, bound := range []bool{true, false} {
		v := newVisit(t, before)
		v.value["SubFilter"], v.noESS = pkcs7, !bound
		marked := v.sign(t, person)
		if err := older(marked); err != nil {
			t.Fatalf("bound %v: AcceptMark = %v; want it taken", bound, err)
		}
		sealed, err := seal(t.Context(), marked, d.key, now())
		if err != nil {
			t.Fatalf("bound %v: Seal = %v", bound, err)
		}
		out, level, err := raise(t.Context(), sealed, record.BLTA, d.options())
		if err != nil || level != record.BLTA {
			t.Errorf("bound %v: Raise = %s, %v; want B-LTA", bound, level, err)
		}
		keep(t, fmt.Sprintf("older-%v.pdf", bound), out, d)
	}
	for what, c := range map[string]struct {
		change func(*visit)
		want   record.Reason
	}{
		"by SHA-1":              {func(v *visit) { v.hash, v.noESS = crypto.SHA1, true }, record.MarkUnsound},
		"of an even older kind": {func(v *visit) { v.value["SubFilter"] = pdf.Name("adbe.pkcs7.sha1") }, record.MarkNotPAdES},
		"PAdES, but not bound":  {func(v *visit) { v.value["SubFilter"], v.noESS = pades, true }, record.MarkUnsound},
		"with another language": {func(v *visit) { v.catalog["Lang"] = pdf.String("en") }, record.MarkMore},
	} {
		v := newVisit(t, before)
		v.value["SubFilter"] = pkcs7
		c.change(v)
		if err := older(v.sign(t, person)); record.ReasonOf(err) != c.want {
			t.Errorf("%s: AcceptMark = %v; want %s", what, err, c.want)
		}
	}
}
