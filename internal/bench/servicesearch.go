package bench

import (
	"context"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/internal/paper"
	"github.com/sohoa/sohoa/record"
)

// A Search is one kind of question among N documents.
type Search struct {
	Catalogue, Question string
	Hits                int // of the median question, at most a page of 20
	P50, P95            time.Duration
}

// Searches are what was asked, and how long the documents took to load.
type Searches struct {
	N     int
	Loads map[string]time.Duration // by catalogue
	Asked []Search
}

const questions = 100 // of each kind

func queryOf(agency, dossier string) catalogue.Query {
	return catalogue.Query{Agency: agency, Dossier: dossier, Limit: 1000}
}

// searches asks SQLite, and PostgreSQL if it is configured.
func (s *service) searches(ctx context.Context) (Searches, error) {
	all := Searches{N: s.options.Documents, Loads: map[string]time.Duration{}}
	lines, err := pool()
	if err != nil {
		return all, err
	}
	sqlite, err := catalogue.Open(ctx, "sqlite:"+filepath.Join(s.folder, "search.db"))
	if err != nil {
		return all, err
	}
	defer sqlite.Close()
	catalogues := map[string]*catalogue.Catalogue{"SQLite": sqlite}
	if s.options.App.Catalogue != "" {
		catalogues["PostgreSQL"] = s.app.Catalogue
	}
	for _, name := range []string{"SQLite", "PostgreSQL"} {
		c, asked := catalogues[name]
		if !asked {
			continue
		}
		a := &archive{lines: lines, dice: mathrand.New(mathrand.NewPCG(1, 2)), agency: record.Agency{ID: "BENCH." + rand.Text()[:10], Name: "Sở Đo lường", CreatedAt: time.Now()}}
		start := time.Now()
		if err := a.load(ctx, c, all.N, func(n int) { s.options.Progress(fmt.Sprintf("%s: %d documents", name, n)) }); err != nil {
			return all, err
		}
		all.Loads[name] = time.Since(start)
		found, err := a.ask(ctx, c, name)
		if err != nil {
			return all, err
		}
		all.Asked = append(all.Asked, found...)
	}
	return all, nil
}

// pool is printed lines of papers of all kinds, from which texts are put together.
func pool() ([]string, error) {
	var lines []string
	for i, kind := range paper.Kinds() {
		doc, err := paper.Make(paper.Spec{Name: "bench", Kind: kind, Seed: int64(i), DPI: 72, Colour: paper.Bilevel, Format: "tif"})
		if err != nil {
			return nil, err
		}
		for _, p := range doc.Pages {
			for _, l := range p.Lines {
				var words []string
				for _, w := range l.Words {
					words = append(words, w.Text)
				}
				lines = append(lines, strings.Join(words, " "))
			}
		}
	}
	return lines, nil
}

// An archive is documents that were never scanned.
type archive struct {
	lines  []string
	dice   *mathrand.Rand
	agency record.Agency
	seq    int64
	people []string // of some of the documents
	titles []string
	some   []record.Document
}

var (
	families = strings.Fields("Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý")
	middles  = strings.Fields("Văn Thị Hữu Đức Minh Thanh Ngọc Quốc Xuân Thu Hồng Đình Công Kim Bảo Gia")
	givens   = strings.Fields("An Bình Châu Dũng Đạt Giang Hà Hải Hạnh Hiếu Hoa Hùng Hương Khánh Lan Linh Long Mai Nam Nga Nhung Phúc Phương Quân Quỳnh Sơn Tâm Thảo Thịnh Thủy Trang Trung Tuấn Uyên Vinh Yến")
)

func (a *archive) of(list []string) string { return list[a.dice.IntN(len(list))] }

// load restores n documents, twenty to a dossier.
func (a *archive) load(ctx context.Context, c *catalogue.Catalogue, n int, progress func(int)) error {
	newest, err := c.NewestEvent(ctx)
	if err != nil {
		return err
	}
	a.seq = newest
	dossier := ""
	var batch []catalogue.Subject
	for i := range n {
		if i%20 == 0 {
			s := a.dossier()
			dossier = s.Dossier.ID
			batch = append(batch, s)
		}
		batch = append(batch, a.document(dossier, i))
		if len(batch) >= 1000 || i == n-1 {
			if err := c.Restore(ctx, batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
		if (i+1)%20000 == 0 {
			progress(i + 1)
		}
	}
	return nil
}

func (a *archive) event(subject, kind string, number int, to record.Status, at time.Time) record.Event {
	a.seq++
	return record.Event{Seq: a.seq, Subject: subject, Number: number, Agency: a.agency.ID, Actor: "bench", Kind: kind, To: to, At: at}
}

func (a *archive) dossier() catalogue.Subject {
	at := time.Now().UTC()
	d := &record.Dossier{ID: catalogue.NewID(), Agency: a.agency.ID, Title: "Hồ sơ", Version: 1, CreatedAt: at, CreatedBy: "bench"}
	d.Code = d.ID
	return catalogue.Subject{Agency: a.agency, Dossier: d, Events: []record.Event{a.event(d.ID, "created", 1, "", at)}}
}

// document is some thirty lines of papers, a number and a signer of its own.
func (a *archive) document(dossier string, i int) catalogue.Subject {
	at := time.Now().UTC()
	person := a.of(families) + " " + a.of(middles) + " " + a.of(givens)
	title := a.of(a.lines)
	text := []string{"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", title}
	for range 30 {
		text = append(text, a.of(a.lines))
	}
	if i%50 == 0 {
		a.people, a.titles = append(a.people, person), append(a.titles, title)
	}
	number := fmt.Sprint(1 + a.dice.IntN(5000))
	issued := time.Date(2000+a.dice.IntN(25), 1, 1+a.dice.IntN(365), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	text = append(text, "Số: "+number+"/QĐ-UBND", "ngày "+issued[8:]+" tháng "+issued[5:7]+" năm "+issued[:4])
	d := &record.Document{ID: catalogue.NewID(), Agency: a.agency.ID, Dossier: dossier, Name: "don", Status: record.Sealed, Level: record.BT, Pages: 1, Version: 2,
		CreatedAt: at, UpdatedAt: at, CreatedBy: "bench", Renditions: []record.Rendition{{Kind: record.RenditionOriginal, SHA256: record.DigestOf([]byte(fmt.Sprint(a.agency.ID, i))), Bytes: 1, CreatedAt: at}}}
	if i%50 == 0 {
		a.some = append(a.some, *d)
	}
	return catalogue.Subject{Agency: a.agency, Document: d, Text: strings.Join(append(text, person), "\n"),
		Events: []record.Event{a.event(d.ID, "received", 1, record.Received, at), a.event(d.ID, "advanced", 2, record.Sealed, at)},
		Fields: record.Fields{record.CodeNumber: {Value: number}, record.CodeNotation: {Value: "QĐ-UBND"}, record.SignerName: {Value: person}, record.OrganName: {Value: "Ủy ban nhân dân tỉnh"},
			record.IssuedDate: {Value: issued}, record.Subject: {Value: title}}}
}

// ask times each kind of question.
func (a *archive) ask(ctx context.Context, c *catalogue.Catalogue, name string) ([]Search, error) {
	kinds := []struct {
		question string
		make     func() catalogue.Search
	}{
		{"words of a title", func() catalogue.Search {
			return catalogue.Search{Text: strings.Join(firstWords(a.of(a.titles), 4), " ")}
		}},
		{"a person's name in the text", func() catalogue.Search { return catalogue.Search{Text: a.of(a.people)} }},
		{"a signer's name", func() catalogue.Search { return catalogue.Search{Person: a.of(a.people)} }},
		{"a number", func() catalogue.Search { return catalogue.Search{Number: fmt.Sprint(1 + a.dice.IntN(5000))} }},
		{"as it is typed", func() catalogue.Search {
			return catalogue.Search{Text: a.of(families) + " " + string([]rune(a.of(middles))[:2])}
		}},
		{"words that stand everywhere", func() catalogue.Search { return catalogue.Search{Text: "cộng hòa"} }},
		{"a month", func() catalogue.Search {
			year, month := 2000+a.dice.IntN(25), 1+a.dice.IntN(12)
			return catalogue.Search{From: fmt.Sprintf("%d-%02d-01", year, month), To: fmt.Sprintf("%d-%02d-31", year, month)}
		}},
	}
	var all []Search
	for _, k := range kinds {
		found, err := timed(k.question, func() (int, error) {
			s := k.make()
			s.Agency, s.Limit = a.agency.ID, 20
			found, _, err := c.Find(ctx, s)
			return len(found), err
		})
		if err != nil {
			return nil, err
		}
		all = append(all, found)
	}
	alike, err := timed("what may be the same paper as one", func() (int, error) {
		found, err := c.Alike(ctx, a.some[a.dice.IntN(len(a.some))])
		return len(found), err
	})
	all = append(all, alike)
	for i := range all {
		all[i].Catalogue = name
	}
	return all, err
}

// timed asks one kind of question many times.
func timed(question string, ask func() (hits int, err error)) (Search, error) {
	var took []time.Duration
	var hits []int
	for range questions {
		start := time.Now()
		n, err := ask()
		if err != nil {
			return Search{}, fmt.Errorf("%s: %w", question, err)
		}
		took, hits = append(took, time.Since(start)), append(hits, n)
	}
	slices.Sort(took)
	slices.Sort(hits)
	return Search{Question: question, Hits: hits[len(hits)/2], P50: took[len(took)/2], P95: took[len(took)*95/100]}, nil
}

func firstWords(s string, n int) []string {
	words := strings.Fields(s)
	return words[:min(n, len(words))]
}
