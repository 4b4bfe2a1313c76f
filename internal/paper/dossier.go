package paper

// SampleDossier is the project's own demonstration: a dossier of one case with
// four papers, as a scanning desk would hand them over. Less than 2 MB.
func SampleDossier() []Spec {
	return []Spec{
		{Name: "01-don-de-nghi", Kind: Application, Seed: 11, DPI: 200, Colour: InColour, Format: "jpg",
			Marks: Marks{Signature: true, Received: true}, Wear: Wear{Skew: -.6, Noise: 2, Blur: .25, Yellow: .3, Quality: 70}},
		{Name: "02-to-trinh", Kind: "to-trinh", Seed: 3, DPI: 200, Colour: InGrey, Format: "pdf",
			Marks: Marks{Seal: true, Signature: true, Number: true}, Wear: Wear{Skew: .4, Noise: 2, Blur: .25, Quality: 65}},
		{Name: "03-cong-van", Kind: "cong-van", Seed: 21, DPI: 300, Colour: Bilevel, Format: "tif",
			Marks: Marks{Seal: true, Signature: true, Received: true}, Wear: Wear{Skew: 1.1, Blur: .25, Specks: .8}},
		{Name: "04-quyet-dinh", Kind: "quyet-dinh", Seed: 2, DPI: 300, Colour: InColour, Format: "pdf",
			Marks: Marks{Seal: true, Signature: true, Number: true, Day: true}, Wear: Wear{Skew: .3, Noise: 1.5, Blur: .3, Yellow: .2, Through: .2, Quality: 68}},
	}
}

// WriteSampleDossier writes the papers of [SampleDossier] and their truth into dir.
func WriteSampleDossier(dir string) error {
	for _, spec := range SampleDossier() {
		doc, err := Make(spec)
		if err != nil {
			return err
		}
		if err := doc.WriteTo(dir); err != nil {
			return err
		}
	}
	return nil
}
