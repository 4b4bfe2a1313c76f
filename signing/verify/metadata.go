package verify

import (
	"bytes"
	"encoding/xml"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
)

// infoKeys may change in the information dictionary: a program notes there that
// it saved the file.
var infoKeys = []pdf.Name{"ModDate", "Producer", "Creator"}

// info compares the information dictionaries.
func (u *update) info(oldValue, newValue any) {
	old, now := u.old.Dict(oldValue), u.new.Dict(newValue)
	if now == nil {
		if old != nil {
			u.otherf("the information dictionary was removed")
		}
		return
	}
	keys := u.doc.differing(old, now)
	if old == nil {
		keys = slices.DeleteFunc(keys, func(k pdf.Name) bool { return k == "CreationDate" })
	}
	for _, k := range keys {
		if !slices.Contains(infoKeys, k) {
			u.otherf("information dictionary: /%s changed", k)
		}
	}
	if len(keys) > 0 {
		u.atLeast(record.ChangesArchive)
	}
	if ref, ok := newValue.(pdf.Ref); ok {
		u.allowOwned(ref.Num, 0, "Info")
	}
}

// metadata compares the XMP packets of the catalog: what a program notes about
// saving the file may differ, nothing else. Our own records stand there.
func (u *update) metadata(root int, oldValue, newValue any) {
	ref, ok := newValue.(pdf.Ref)
	if !ok || !u.changed[ref.Num] && u.doc.same(oldValue, newValue) {
		if !u.doc.same(oldValue, newValue) {
			u.otherf("catalog /Metadata changed")
		}
		return
	}
	u.allowOwned(ref.Num, root, "Metadata")
	old, err := u.packet(u.old, oldValue)
	now, errNow := u.packet(u.new, newValue)
	if err != nil || errNow != nil || !slices.Equal(old, now) {
		u.otherf("the XMP metadata changed in more than dates and producer")
		return
	}
	u.atLeast(record.ChangesArchive)
}

// packet reads the statements of an XMP packet that matter, sorted.
func (u *update) packet(f *pdf.File, v any) ([]string, error) {
	if v == nil {
		return nil, nil
	}
	s := f.Stream(v)
	if s == nil {
		return nil, pdf.ErrDamaged
	}
	b, err := f.Decoded(s)
	if err != nil {
		return nil, err
	}
	return statements(b)
}

// savingProperties are those that a program writes whenever it saves a file.
var savingProperties = map[string]bool{
	"http://ns.adobe.com/xap/1.0/ ModifyDate": true, "http://ns.adobe.com/xap/1.0/ MetadataDate": true,
	"http://ns.adobe.com/xap/1.0/ CreatorTool": true, "http://ns.adobe.com/pdf/1.3/ Producer": true,
	"http://ns.adobe.com/xap/1.0/mm/ InstanceID": true, "http://ns.adobe.com/xap/1.0/mm/ History": true,
}

const maxXMLDepth = 64

// statements lists path and value of every text and attribute in the packet.
func statements(b []byte) ([]string, error) {
	d := xml.NewDecoder(bytes.NewReader(b))
	var path []string
	var all []string
	skip := 0 // depth of an element that is left out
	for {
		tok, err := d.Token()
		if tok == nil {
			if len(path) > 0 || err == nil {
				return nil, pdf.ErrDamaged
			}
			break
		}
		switch t := tok.(type) {
		case xml.StartElement:
			name := t.Name.Space + " " + t.Name.Local
			path = append(path, name)
			if len(path) > maxXMLDepth {
				return nil, pdf.ErrLimit
			}
			if skip == 0 && savingProperties[name] {
				skip = len(path)
			}
			for _, a := range t.Attr {
				key := a.Name.Space + " " + a.Name.Local
				if skip == 0 && a.Value != "" && a.Name.Space != "xmlns" && a.Name.Local != "xmlns" && a.Name.Local != "xmptk" && !savingProperties[key] {
					all = append(all, strings.Join(path, "/")+"@"+key+"="+a.Value)
				}
			}
		case xml.EndElement:
			if len(path) == skip {
				skip = 0
			}
			path = path[:len(path)-1]
		case xml.CharData:
			if text := strings.TrimSpace(string(t)); skip == 0 && text != "" {
				all = append(all, strings.Join(path, "/")+"="+text)
			}
		}
	}
	slices.Sort(all)
	return all, nil
}
