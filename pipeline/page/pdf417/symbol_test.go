package pdf417

import (
	"slices"
	"strings"
	"testing"

	"github.com/boombuler/barcode/pdf417"
)

// printed makes a symbol with a writer that is not ours: its rows of modules, each
// three high, dark as true.
func printed(t testing.TB, text string, level byte) [][]bool {
	t.Helper()
	b, err := pdf417.Encode(text, level)
	if err != nil {
		t.Fatal(err)
	}
	rows := make([][]bool, b.Bounds().Dy())
	for y := range rows {
		rows[y] = make([]bool, b.Bounds().Dx())
		for x := range rows[y] {
			r, _, _, _ := b.At(x, y).RGBA()
			rows[y][x] = r < 0x8000
		}
	}
	for len(rows) > 0 && !slices.Contains(rows[0], true) { // a quiet zone
		rows = rows[1:]
	}
	return rows
}

// edgesOf are the edges of a row, unit apart for each module, dark parts wider by spread units.
func edgesOf(row []bool, unit, spread float64) []float64 {
	var edges []float64
	dark := false
	for x, now := range append(row, false) {
		if now != dark {
			at := unit * float64(x)
			if now {
				at -= spread * unit / 2
			} else {
				at += spread * unit / 2
			}
			edges, dark = append(edges, at), now
		}
	}
	return edges
}

// readRows gives the rows to a symbol that starts where the first has its first bar.
func readRows(rows [][]bool, spread float64) (Content, error) {
	const unit = 2.5
	var s Symbol
	at := unit * float64(slices.Index(rows[len(rows)/2], true))
	for _, row := range rows {
		s.Add(edgesOf(row, unit, spread), at, unit)
	}
	return s.Read()
}

func TestWhatSymbolsSay(t *testing.T) {
	for situation, text := range map[string]string{
		"capitals":      "TO KHAI THUE GIA TRI GIA TANG",
		"mixed letters": "Mau so 01/GTGT; ky [Q1] {2025}: 12%, $5 & *more* ~end~",
		"digits":        strings.Repeat("0123456789", 12),
		"Vietnamese":    "Nguyễn Thị Ánh|Thôn 2, Xã Đại Lộc, Quảng Nam",
		"one letter":    "x",
		"long":          strings.Repeat("Tờ khai số 0049 ~ 12345678901234567890 ~ ", 14),
	} {
		for _, spread := range []float64{0, 0.4, -0.4} {
			got, err := readRows(printed(t, text, 3), spread)
			if err != nil || got.Text != text {
				t.Errorf("%s, bars wider by %v modules: Read = %q, %v; want %q", situation, spread, got.Text, err, text)
			}
		}
	}
}

// truncated is a truncated symbol made with another writer (zint): its rows, four modules a
// digit. It ends with one bar behind the data: no right indicators, no stop.
var truncated = []string{"FF547D5F3ACF1C28E9BEF5B042", "FF547A823E9B9D308C37A72C22", "FF546A7C3F2C53E62FAE158472", "FF546BCFA471D238EC84C43192",
	"FF546B812E87DD398F19A65C0A", "FF547AF234BE18FA8B6F07E8D2", "FF5474EFA41052738899844242", "FF547D263C2298472FDC572F3A"}

func TestTruncatedSymbol(t *testing.T) {
	var rows [][]bool
	for _, digits := range truncated {
		var row []bool
		for _, d := range digits {
			n := strings.IndexRune("0123456789ABCDEF", d)
			row = append(row, n&8 != 0, n&4 != 0, n&2 != 0, n&1 != 0)
		}
		rows = append(rows, row, row, row)
	}
	const want = "Tong cuc Thue 0109999999"
	if got, err := readRows(rows, 0); err != nil || got.Text != want {
		t.Errorf("Read = %q, %v; want %q", got.Text, err, want)
	}
}

// Whole columns are torn out: as many codewords as the level can give back, and more.
func TestTornSymbol(t *testing.T) {
	const text = "Chi cục Thuế khu vực II, mã hồ sơ H29.7-250312-0042"
	for _, c := range []struct {
		columns int
		whole   bool
	}{{1, true}, {2, true}, {5, false}} {
		rows := printed(t, text, 5)
		for _, row := range rows {
			first := slices.Index(row, true) + 3*modules
			for x := first; x < first+c.columns*modules; x++ {
				row[x] = x%2 == 0
			}
		}
		got, err := readRows(rows, 0)
		if whole := err == nil && got.Text == text; whole != c.whole || err == nil && got.Text != text {
			t.Errorf("%d columns torn: Read = %q, %v; want it read: %v", c.columns, got.Text, err, c.whole)
		}
	}
}

// The right side is gone, indicators and all, and the writer's left ones tell the rows wrong.
func TestSymbolTornOnTheRight(t *testing.T) {
	const text = "TO KHAI THUE GIA TRI GIA TANG"
	rows := printed(t, text, 3)
	for y, row := range rows {
		rows[y] = row[:len(row)-20-modules]
	}
	if got, err := readRows(rows, 0); err != nil || got.Text != text {
		t.Errorf("Read = %q, %v; want %q", got.Text, err, text)
	}
}

// Half of the left side is gone, indicators and all: the right ones say which row it is.
func TestSymbolTornOnTheLeft(t *testing.T) {
	text := strings.Repeat("Quảng Nam 2025 ", 6)
	rows := printed(t, text, 5)
	for _, row := range rows[:len(rows)/2] {
		first := slices.Index(row, true)
		clear(row[first : first+2*modules])
	}
	if got, err := readRows(rows, 0); err != nil || got.Text != text {
		t.Errorf("Read = %q, %v; want %q", got.Text, err, text)
	}
}

func TestStarts(t *testing.T) {
	for _, c := range []struct {
		situation string
		edges     []int
		want      bool
	}{
		{"as printed", []int{0, 24, 27, 30, 33, 36, 39, 42, 51}, true},
		{"spread by a pixel", []int{0, 25, 27, 31, 33, 37, 39, 43, 51}, true},
		{"text", []int{0, 5, 12, 17, 24, 29, 40, 45, 52}, false},
		{"a thick rule", []int{0, 40, 41, 42, 43, 44, 45, 46, 47}, false},
		{"cut off", []int{0, 24, 27, 30}, false},
		{"too fine", []int{0, 7, 8, 9, 10, 11, 12, 13, 16}, false},
	} {
		if _, got := Starts(c.edges, 0); got != c.want {
			t.Errorf("%s: Starts(%v) = %v; want %v", c.situation, c.edges, got, c.want)
		}
	}
}

// Every pattern has 17 modules and lies in its cluster, by the formula of the standard, and no two are the same.
func TestPatterns(t *testing.T) {
	if got := len(marks()); got != clusters*codewords {
		t.Errorf("%d patterns; want %d", got, clusters*codewords)
	}
	for line := range strings.Lines(patternList) {
		for cluster, digits := range strings.Fields(line) {
			d := func(i int) int { return int(digits[i] - '0') }
			total := 0
			for i := range 8 {
				total += d(i)
			}
			if number := (d(0) - d(2) + d(4) - d(6) + 9) % 9; total != modules || number != 3*cluster {
				t.Errorf("pattern %s: %d modules in cluster %d; want %d in %d", digits, total, number, modules, 3*cluster)
			}
		}
	}
}
