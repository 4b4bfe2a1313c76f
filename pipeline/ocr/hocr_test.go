package ocr

import (
	"reflect"
	"testing"

	"github.com/sohoa/sohoa/record"
)

const page1 = `<?xml version="1.0"?><html><body>
 <div class='ocr_page' id='page_1' title='image ""; bbox 0 0 800 600'>
  <div class='ocr_carea' id='block_1_1' title="bbox 10 10 300 60">
   <p class='ocr_par' lang='vie' title="bbox 10 10 300 60">
    <span class='ocr_header' title="bbox 10 10 300 40; baseline 0.01 -6; x_size 30; x_descenders 6; x_ascenders 7">
     <span class='ocrx_word' title='bbox 10 12 90 40; x_wconf 96'>Ðộc</span>
     <span class='ocrx_word' title='bbox 100 11 180 39; x_wconf 91'>lập</span>
    </span>
   </p>
  </div>
  <div class='ocr_carea' id='block_1_2' title="bbox 10 100 300 160">
   <p class='ocr_par' title="bbox 10 100 300 160">
    <span class='ocr_line' title="bbox 10 100 300 130; baseline 0 -5; x_size 28">
     <span class='ocrx_word' title='bbox 10 100 60 130; x_wconf 40'>12⁄05 &amp; Tỉnh</span>
    </span>
    <span class='ocr_line' title="bbox 10 140 300 160; baseline 0 -5; x_size 28">
     <span class='ocrx_word' title='bbox 10 140 60 160; x_wconf 0'> </span>
    </span>
   </p>
  </div>
 </div></body></html>`

func TestParse(t *testing.T) {
	got, err := parse(page1)
	if err != nil {
		t.Fatal(err)
	}
	want := []record.Line{
		{Block: 1, Box: record.Box{10, 10, 300, 40}, Size: 30, Baseline: record.Baseline{Slope: 0.01, Offset: -6}, Words: []record.Word{
			{Text: "Độc", Box: record.Box{10, 12, 90, 40}, Confidence: 0.96},
			{Text: "lập", Box: record.Box{100, 11, 180, 39}, Confidence: 0.91},
		}},
		{Block: 2, Box: record.Box{10, 100, 300, 130}, Size: 28, Baseline: record.Baseline{Offset: -5}, Words: []record.Word{
			{Text: "12/05&Tỉnh", Box: record.Box{10, 100, 60, 130}, Confidence: 0.4},
		}},
		{Block: 2, Box: record.Box{10, 140, 300, 160}, Size: 28, Baseline: record.Baseline{Offset: -5}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("parse = %+v\nwant %+v", got, want)
	}
}

func TestParseTakesAnything(t *testing.T) {
	for _, s := range []string{"", "no hOCR", "<span class='ocrx_word' title='bbox a b'>word before any line</span>", "<span class='ocr_line' title='bbox 1 2; baseline'>x", "\xff\xfe<b>"} {
		if _, err := parse(s); err != nil {
			t.Errorf("parse(%q) = %v; want no error", s, err)
		}
	}
}
