package pdfa

import "github.com/sohoa/sohoa/internal/pdf"

// offered returns the fonts that a form offers to its fields (/DR) and that no
// other resources name: nothing is drawn with them, and 6.2.11.4 asks for the
// programs of fonts used for rendering alone.
func offered(f *pdf.File, root pdf.Dict) map[int]bool {
	form := f.Dict(root["AcroForm"])
	fonts := f.Dict(f.Dict(form["DR"])["Font"])
	idle := map[int]bool{}
	for _, v := range fonts {
		if ref, ok := v.(pdf.Ref); ok {
			idle[ref.Num] = true
		}
	}
	if len(idle) == 0 {
		return nil
	}
	formRef, _ := root["AcroForm"].(pdf.Ref)
	drRef, _ := form["DR"].(pdf.Ref)
	fontRef, _ := f.Dict(form["DR"])["Font"].(pdf.Ref)
	rootRef, _ := f.Trailer()["Root"].(pdf.Ref)
	own := map[int]bool{formRef.Num: true, drRef.Num: true, fontRef.Num: true, rootRef.Num: true}
	for num, e := range f.Objects() {
		if e.Kind == pdf.Free || own[num] {
			continue
		}
		if v, err := f.Get(pdf.Ref{Num: num, Gen: e.Gen}); err == nil {
			used(v, idle)
		}
	}
	return idle
}

// used takes out of idle what v refers to.
func used(v any, idle map[int]bool) {
	switch v := v.(type) {
	case pdf.Ref:
		delete(idle, v.Num)
	case pdf.Array:
		for _, e := range v {
			used(e, idle)
		}
	case pdf.Dict:
		for _, e := range v {
			used(e, idle)
		}
	case *pdf.Stream:
		used(v.Dict, idle)
	}
}
