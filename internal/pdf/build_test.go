package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
	"testing"
)

// A builder puts files together by hand, so that they can be wrong.
type builder struct {
	bytes.Buffer
	at map[int]int // offsets by object number
}

func newBuilder(version string) *builder {
	b := &builder{at: map[int]int{}}
	fmt.Fprintf(b, "%%PDF-%s\n", version)
	return b
}

func (b *builder) object(num int, body string) *builder {
	b.at[num] = b.Len()
	fmt.Fprintf(b, "%d 0 obj\n%s\nendobj\n", num, body)
	return b
}

func (b *builder) stream(num int, dict, data string) *builder {
	return b.object(num, fmt.Sprintf("<<%s /Length %d>>\nstream\n%s\nendstream", dict, len(data), data))
}

// table writes a table of the objects named, and a trailer; it returns its offset.
func (b *builder) table(trailer string, nums ...int) int {
	start := b.Len()
	b.WriteString("xref\n")
	for _, n := range nums {
		kind := 'n'
		if b.at[n] == 0 {
			kind = 'f'
		}
		fmt.Fprintf(b, "%d 1\n%010d 00000 %c \n", n, b.at[n], kind)
	}
	fmt.Fprintf(b, "trailer\n<<%s>>\n", trailer)
	return start
}

func (b *builder) end(start int) { fmt.Fprintf(b, "startxref\n%d\n%%%%EOF\n", start) }

// rows writes a cross-reference stream with the rows kind, second and third field.
func (b *builder) rows(num int, dict string, rows ...[3]int) int {
	start := b.Len()
	var data strings.Builder
	for _, r := range rows {
		data.Write([]byte{byte(r[0]), byte(r[1] >> 8), byte(r[1]), byte(r[2])})
	}
	b.stream(num, "/Type /XRef /W [1 2 1] "+dict, data.String())
	return start
}

const (
	catalogBody = "<</Type /Catalog /Pages 2 0 R>>"
	pagesBody   = "<</Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 200 100] /Rotate 90>>"
	pageBody    = "<</Type /Page /Parent 2 0 R /Contents 4 0 R /Resources <</Font <<>>>>>>"
)

// classic is a file of one page with one table.
func classic() *builder {
	b := newBuilder("1.7")
	b.object(1, catalogBody).object(2, pagesBody).object(3, pageBody).stream(4, "", "q Q")
	b.end(b.table("/Size 5 /Root 1 0 R", 0, 1, 2, 3, 4))
	return b
}

// updated is classic with a second revision that has another page size.
func updated() *builder {
	b := classic()
	prev := bytes.LastIndex(b.Bytes(), []byte("xref\n0 1"))
	b.object(3, "<</Type /Page /Parent 2 0 R /MediaBox [0 0 300 300]>>")
	b.end(b.table(fmt.Sprintf("/Size 5 /Root 1 0 R /Prev %d", prev), 3))
	return b
}

// compressed has its objects in an object stream and a cross-reference stream.
func compressed() *builder {
	b := newBuilder("1.5")
	b.stream(4, "", "q Q")
	head := fmt.Sprintf("1 0 2 %d 3 %d ", len(catalogBody)+1, len(catalogBody)+len(pagesBody)+2)
	data := deflated(head + catalogBody + " " + pagesBody + " " + pageBody)
	b.stream(5, fmt.Sprintf("/Type /ObjStm /N 3 /First %d /Filter /FlateDecode", len(head)), data)
	b.end(b.rows(6, "/Size 7 /Root 1 0 R", [3]int{0, 0, 0}, [3]int{2, 5, 0}, [3]int{2, 5, 1}, [3]int{2, 5, 2},
		[3]int{1, b.at[4], 0}, [3]int{1, b.at[5], 0}, [3]int{1, b.Len(), 0}))
	return b
}

// hybrid has a table that hides objects, and a stream that tells of them.
func hybrid() *builder {
	b := newBuilder("1.5")
	b.object(1, catalogBody).stream(4, "", "q Q")
	head := fmt.Sprintf("2 0 3 %d ", len(pagesBody)+1)
	b.stream(5, fmt.Sprintf("/Type /ObjStm /N 2 /First %d", len(head)), head+pagesBody+" "+pageBody)
	hidden := b.rows(6, "/Size 7 /Index [2 2]", [3]int{2, 5, 0}, [3]int{2, 5, 1})
	b.end(b.table(fmt.Sprintf("/Size 7 /Root 1 0 R /XRefStm %d", hidden), 0, 1, 2, 3, 4, 5, 6))
	return b
}

// linearized has the section of its first page in front and the main one behind.
func linearized() *builder {
	b := newBuilder("1.4")
	b.object(5, "<</Linearized 1 /L 0 /H [0 0] /O 3 /E 0 /N 1 /T 0>>")
	// the first section is as long as it will be: offsets have ten digits
	front := b.Len()
	length := len("xref\n1 1\n0000000000 00000 n \n3 1\n0000000000 00000 n \n5 1\n0000000000 00000 n \ntrailer\n<</Size 6 /Root 1 0 R /Prev 0000000000>>\nstartxref\n0\n%%EOF\n")
	b.WriteString(strings.Repeat(" ", length))
	b.object(1, catalogBody).object(3, pageBody).object(2, pagesBody).stream(4, "", "q Q")
	main := b.table("/Size 6", 0, 2, 4)
	b.end(front)
	first := &builder{at: b.at}
	first.end(first.table(fmt.Sprintf("/Size 6 /Root 1 0 R /Prev %010d", main), 1, 3, 5))
	out := bytes.Replace(first.Bytes(), fmt.Appendf(nil, "startxref\n%d", 0), []byte("startxref\n0"), 1)
	copy(b.Bytes()[front:], out)
	return b
}

func deflated(s string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write([]byte(s))
	_ = z.Close()
	return b.String()
}

func opened(t *testing.T, b []byte) *File {
	t.Helper()
	f, err := Open(bytes.NewReader(b), int64(len(b)), DefaultLimits())
	if err != nil {
		t.Fatalf("Open = %v", err)
	}
	return f
}
