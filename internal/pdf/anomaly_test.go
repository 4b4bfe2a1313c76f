package pdf

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// prevOf is the offset of the last table.
func prevOf(b *builder) int { return bytes.LastIndex(b.Bytes(), []byte("\nxref\n")) + 1 }

func TestAnomaliesAreTold(t *testing.T) {
	for _, c := range []struct {
		name string
		make func() []byte
		want string // a part of one sentence
	}{
		{"a mail header in front", func() []byte {
			b := newBuilder("1.7")
			b.Reset()
			b.WriteString("From: me\n%PDF-1.7\n")
			b.object(1, "<<>>")
			b.end(b.table("/Size 2 /Root 1 0 R", 0, 1))
			return b.Bytes()
		}, "9 bytes before the header"},
		{"bytes behind the end", func() []byte { return append(classic().Bytes(), "more"...) }, "4 bytes at byte"},
		{"an object that nobody lists", func() []byte {
			b := newBuilder("1.7").object(1, catalogBody).object(2, pagesBody).object(3, pageBody).stream(4, "", "q Q").object(9, "(shadow)")
			b.end(b.table("/Size 5 /Root 1 0 R", 0, 1, 2, 3, 4))
			return b.Bytes()
		}, "belong to nothing that a cross-reference reaches"},
		{"a revision that the last one skips", func() []byte {
			b := classic()
			prev := prevOf(b)
			b.object(3, "<<>>")
			b.end(b.table(fmt.Sprintf("/Size 5 /Root 1 0 R /Prev %d", prev), 3))
			b.object(2, pagesBody)
			b.end(b.table(fmt.Sprintf("/Size 5 /Root 1 0 R /Prev %d", prev), 2))
			return b.Bytes()
		}, "belong to nothing that a cross-reference reaches"},
		{"an entry that wakes bytes of an older revision", func() []byte {
			b := newBuilder("1.7").object(1, catalogBody).object(2, pagesBody).object(3, pageBody).stream(4, "", "q Q")
			sleeping := b.Len()
			b.object(3, "<</Type /Page /Parent 2 0 R>>")
			b.at[3] = bytes.Index(b.Bytes(), []byte("3 0 obj"))
			b.end(b.table("/Size 5 /Root 1 0 R", 0, 1, 2, 3, 4))
			prev := prevOf(b)
			b.at[3] = sleeping
			b.end(b.table(fmt.Sprintf("/Size 5 /Root 1 0 R /Prev %d", prev), 3))
			return b.Bytes()
		}, "revision 1: object 3 lies at byte 284, outside of the revision"},
		{"a key twice", func() []byte {
			return bytes.Replace(classic().Bytes(), []byte("/Count 1"), []byte("/Type /X"), 1)
		}, "object 2 has /Type more than once"},
		{"a key twice in the trailer", func() []byte {
			b := newBuilder("1.7").object(1, "<<>>")
			b.end(b.table("/Size 2 /Root 1 0 R /Root 1 0 R", 0, 1))
			return b.Bytes()
		}, "trailer has /Root more than once"},
		{"an object listed twice", func() []byte {
			b := newBuilder("1.7").object(1, "<<>>").object(2, "<<>>")
			b.end(b.table("/Size 3 /Root 1 0 R", 0, 1, 2, 1))
			out := b.String()
			i := strings.LastIndex(out, "00000 n")
			return []byte(out[:i-11] + fmt.Sprintf("%010d", b.at[2]) + out[i-1:])
		}, "object 1 is listed twice"},
		{"two numbers for one place", func() []byte {
			b := newBuilder("1.7").object(1, "<<>>")
			b.at[2] = b.at[1]
			b.end(b.table("/Size 3 /Root 1 0 R", 0, 1, 2))
			return b.Bytes()
		}, "object 2 lies where another entry has its own"},
		{"an object inside a string of another", func() []byte {
			b := newBuilder("1.7").object(1, "(\n2 0 obj\n1\nendobj\n)")
			b.at[2] = b.at[1] + len("1 0 obj\n(\n")
			b.end(b.table("/Size 3 /Root 1 0 R", 0, 1, 2))
			return b.Bytes()
		}, "overlaps what lies before it"},
		{"a reference to nothing", func() []byte {
			return bytes.Replace(classic().Bytes(), []byte("/Contents 4 0 R"), []byte("/Contents 7 0 R"), 1)
		}, "object 3 refers to 7 0, which does not exist"},
		{"startxref that leads elsewhere", func() []byte {
			b := updated()
			i := bytes.Index(b.Bytes(), []byte("startxref\n")) + len("startxref\n")
			b.Bytes()[i] = '1'
			return b.Bytes()
		}, "revision 0: startxref says byte 1"},
		{"no startxref in an older revision", func() []byte {
			return bytes.Replace(updated().Bytes(), []byte("startxref"), []byte("startxerf"), 1)
		}, "revision 0: no startxref"},
		{"an object that is not there", func() []byte {
			return bytes.Replace(classic().Bytes(), []byte("3 0 obj"), []byte("3 1 obj"), 1)
		}, "object 3 cannot be read"},
		{"a sleeper in an object stream", func() []byte {
			b := newBuilder("1.5")
			b.stream(5, "/Type /ObjStm /N 2 /First 8", "1 0 2 5 "+"<<>> (shadow)")
			b.end(b.rows(6, "/Size 7 /Root 1 0 R", [3]int{0, 0, 0}, [3]int{2, 5, 0}, [3]int{0, 0, 0}, [3]int{0, 0, 0}, [3]int{0, 0, 0},
				[3]int{1, b.at[5], 0}, [3]int{1, b.Len(), 0}))
			return b.Bytes()
		}, "object stream 5 holds an object 2 that no cross-reference reaches"},
		{"short entries", func() []byte {
			return bytes.ReplaceAll(classic().Bytes(), []byte(" n \n"), []byte(" n\n"))
		}, "entries are not 20 bytes long"},
	} {
		f := opened(t, c.make())
		got := f.Anomalies()
		if !slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, c.want) }) {
			t.Errorf("%s: Anomalies = %q; want one with %q", c.name, got, c.want)
		}
	}
}

func TestAnomaliesStayShort(t *testing.T) {
	b := newBuilder("1.7")
	nums := []int{0}
	for n := 1; n <= 500; n++ {
		b.object(n, "<</A 1 /A 2 /B 900 0 R>>")
		nums = append(nums, n)
	}
	b.end(b.table("/Size 501 /Root 1 0 R", nums...))
	if got := opened(t, b.Bytes()).Anomalies(); len(got) != 2*namedOfAKind+2 {
		t.Errorf("%d sentences; want %d", len(got), 2*namedOfAKind+2)
	}
}

// TestAnomaliesEnd: thousands of objects, each inside all before it.
func TestAnomaliesEnd(t *testing.T) {
	b := newBuilder("1.7")
	nums := []int{}
	for n := 1; n <= 4000; n++ {
		b.at[n] = b.Len()
		fmt.Fprintf(b, "%d 0 obj (", n)
		nums = append(nums, n)
	}
	b.WriteString(strings.Repeat("x", 1<<18) + strings.Repeat(") endobj\n", 4000))
	b.end(b.table("/Size 4001 /Root 1 0 R", nums...))
	got := opened(t, b.Bytes()).Anomalies()
	if want := "objects overlap or swell so much that not all were looked at"; !slices.Contains(got, want) {
		t.Errorf("Anomalies = %q; want %q", got, want)
	}
}

func TestUnreachable(t *testing.T) {
	b := newBuilder("1.7").object(1, catalogBody).object(2, pagesBody).object(3, pageBody).stream(4, "", "q Q").object(5, "(nobody names me)")
	b.end(b.table("/Size 6 /Root 1 0 R", 0, 1, 2, 3, 4, 5))
	if got, want := opened(t, b.Bytes()).Unreachable(), []int{5}; !reflect.DeepEqual(got, want) {
		t.Errorf("Unreachable = %v; want %v", got, want)
	}
	for name, b := range map[string]*builder{"classic": classic(), "compressed": compressed(), "hybrid": hybrid(), "linearized": linearized()} {
		if got := opened(t, b.Bytes()).Unreachable(); len(got) != 0 {
			t.Errorf("%s: Unreachable = %v; want none", name, got)
		}
	}
}
