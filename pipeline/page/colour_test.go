package page

import "testing"

func TestLightest(t *testing.T) {
	x, err := FromSamples([]byte{
		200, 30, 40, 10, 220, 40, 10, 20, 230, 0, 0, 0, 255, 255, 255,
		1, 2, 3, 3, 2, 1, 2, 3, 1, 90, 90, 90, 7, 8, 9,
	}, 5, 2, 3, 8)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Free()
	grey, err := x.lightest()
	if err != nil {
		t.Fatal(err)
	}
	defer grey.Free()
	got, _, _ := grey.Samples()
	want := []byte{200, 220, 230, 0, 255, 3, 3, 3, 90, 9}
	if string(got) != string(want) {
		t.Errorf("lightest = %v; want %v", got, want)
	}
}
