package pdf

import "fmt"

// A PageRef is one page with what it inherits from the page tree (7.7.3.4).
type PageRef struct {
	Ref       Ref
	Dict      Dict // the page's own entries
	Resources Dict
	MediaBox  [4]float64 // x0, y0, x1, y1 in units of 1/72 inch, ordered; zero if missing
	CropBox   [4]float64 // MediaBox if missing
	Rotate    int        // 0, 90, 180 or 270, clockwise
	UserUnit  float64    // 1 if missing
}

// Pages returns the pages in order.
func (f *File) Pages() ([]PageRef, error) {
	root, err := f.Catalog()
	if err != nil {
		return nil, err
	}
	t := tree{f: f, seen: map[Ref]bool{}}
	top, ok := root["Pages"].(Ref)
	if !ok {
		return nil, fmt.Errorf("catalog has no reference as /Pages: %w", ErrDamaged)
	}
	if err := t.walk(top, Dict{}, 0); err != nil {
		return nil, fmt.Errorf("walk the page tree: %w", err)
	}
	return t.pages, nil
}

type tree struct {
	f     *File
	seen  map[Ref]bool
	pages []PageRef
}

// walk visits a node; inherited holds what its ancestors say.
func (t *tree) walk(r Ref, inherited Dict, depth int) error {
	if t.seen[r] {
		return fmt.Errorf("object %d occurs twice: %w", r.Num, ErrDamaged)
	}
	t.seen[r] = true
	if depth > t.f.limits.Depth {
		return fmt.Errorf("deeper than %d: %w", t.f.limits.Depth, ErrLimit)
	}
	v, err := t.f.Get(r)
	if err != nil {
		return err
	}
	d, ok := v.(Dict)
	if !ok {
		return fmt.Errorf("object %d is no dictionary: %w", r.Num, ErrDamaged)
	}
	own := Dict{}
	for _, k := range []Name{"Resources", "MediaBox", "CropBox", "Rotate"} {
		if own[k] = d[k]; own[k] == nil {
			own[k] = inherited[k]
		}
	}
	kids, isNode := t.f.Resolve(d["Kids"]).(Array)
	if !isNode || t.f.Name(d["Type"]) == "Page" {
		return t.page(r, d, own)
	}
	for _, k := range kids {
		kid, ok := k.(Ref)
		if !ok {
			return fmt.Errorf("a kid of object %d is no reference: %w", r.Num, ErrDamaged)
		}
		if err := t.walk(kid, own, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (t *tree) page(r Ref, d, own Dict) error {
	if len(t.pages) >= t.f.limits.Pages {
		return fmt.Errorf("more than %d pages: %w", t.f.limits.Pages, ErrLimit)
	}
	p := PageRef{Ref: r, Dict: d, Resources: t.f.Dict(own["Resources"]), UserUnit: 1}
	p.MediaBox, _ = t.f.Rect(own["MediaBox"])
	var ok bool
	if p.CropBox, ok = t.f.Rect(own["CropBox"]); !ok {
		p.CropBox = p.MediaBox
	}
	if n, ok := t.f.Int(own["Rotate"]); ok && n%90 == 0 {
		p.Rotate = int((n%360 + 360) % 360)
	}
	if u, ok := t.f.Number(d["UserUnit"]); ok && u > 0 {
		p.UserUnit = u
	}
	t.pages = append(t.pages, p)
	return nil
}

// Rect resolves v to a rectangle with its corners ordered.
func (f *File) Rect(v any) (r [4]float64, ok bool) {
	a := f.Array(v)
	if len(a) != 4 {
		return r, false
	}
	for i := range r {
		if r[i], ok = f.Number(a[i]); !ok {
			return [4]float64{}, false
		}
	}
	return [4]float64{min(r[0], r[2]), min(r[1], r[3]), max(r[0], r[2]), max(r[1], r[3])}, true
}
