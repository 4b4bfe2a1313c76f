package paper

import (
	"fmt"
	"strings"
)

// A tongue is what a letter in another language is put together from.
type tongue struct {
	language          string
	senders, places   []string
	months            []string
	date              string // %[1]d day, %[2]s month, %[3]d year
	reference, object string
	objects           []string
	greeting, closing string
	sentences         []string
	offices           []string
	given, family     []string
}

var french = tongue{
	language:  "fr",
	senders:   []string{"Agence de coopération du Val-Perdu", "Archives municipales de Saint-Aurèle", "Institut de la francophonie numérique"},
	places:    []string{"Saint-Aurèle", "Montferrand-le-Vieux", "Port-Lanterne"},
	months:    []string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
	date:      "%[1]d %[2]s %[3]d",
	reference: "Réf. : ", object: "Objet : ",
	objects:  []string{"numérisation des registres d'état civil", "demande de coopération archivistique", "envoi de pièces justificatives"},
	greeting: "Madame, Monsieur,",
	closing:  "Je vous prie d'agréer, Madame, Monsieur, l'expression de ma considération distinguée.",
	sentences: []string{
		"J'ai l'honneur d'accuser réception de votre dossier, enregistré sous le numéro %d, et vous en remercie vivement.",
		"Après examen, il apparaît que %d pièces demeurent illisibles et devront être numérisées à nouveau à une résolution supérieure.",
		"Nos équipes ont traité %d registres depuis la rentrée ; les opérations s'achèveront avant la fin de l'été prochain.",
		"Le coût global s'élève à %d euros, conformément à la délibération du conseil d'administration.",
		"Les originaux vous seront restitués par porteur, accompagnés d'un bordereau détaillé de %d feuillets.",
		"Nous souhaiterions organiser, à Hà Nội ou à Huế, une rencontre réunissant près de %d spécialistes de la conservation.",
	},
	offices: []string{"La directrice générale", "Le chef du service des archives", "Le secrétaire général"},
	given:   []string{"Hélène", "François", "Éloïse", "Jérôme", "Gaëlle", "Anaïs"}, family: []string{"Lefèvre-Malraux", "Dubreuil", "Garçonnet", "d'Aubigné", "Châtelain"},
}

var english = tongue{
	language:  "en",
	senders:   []string{"Northmere Records Trust", "Office of the Harbour Registrar, Eastwick", "Calder Valley Development Fund"},
	places:    []string{"Northmere", "Eastwick", "Calderbridge"},
	months:    []string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	date:      "%[1]d %[2]s %[3]d",
	reference: "Our ref: ", object: "Subject: ",
	objects:  []string{"digitisation of land registers", "verification of certificates", "schedule of the joint training course"},
	greeting: "Dear Sir or Madam,",
	closing:  "Yours faithfully,",
	sentences: []string{
		"Thank you for your letter and the enclosed file of %d pages, which reached our office in good condition.",
		"We have checked the certificates and found that %d of them carry a seal that cannot be read with certainty.",
		"The fund has set aside %d dollars for scanners, training and the transport of originals.",
		"Would you kindly confirm that the %d dossiers listed below may be shown to researchers?",
		"Our records officers will visit Đà Nẵng and Huế in the spring, together with about %d colleagues.",
		"Please quote reference number %d in all correspondence on this matter.",
	},
	offices: []string{"Head of Records", "Deputy Registrar", "Programme Director"},
	given:   []string{"Harriet", "Oliver", "Maud", "Edmund", "Beatrice", "Rowan"}, family: []string{"Thistlewood", "Okonjo-Hale", "Penhaligon", "Marsh", "Whitcombe"},
}

// letterAbroad sets a letter to a Vietnamese office in another language.
func (w *writer) letterAbroad(t tongue) {
	p, d := w.press, w.dice
	w.day = d.day(ND30)
	w.truth.Language = t.language
	place := d.one(t.places...)
	c := p.body(left)
	p.set(c, run{text: d.one(t.senders...), style: style{face: bold, size: 15}})
	p.set(c, run{text: fmt.Sprintf("%d, %s", d.between(1, 180), place), style: plain})
	p.rule(c.x0, c.x1, p.y+4, .8)
	p.skip(24)
	date := fmt.Sprintf(t.date, w.day.Day(), t.months[w.day.Month()-1], w.day.Year())
	p.set(p.body(right), run{text: place + ", " + date, style: plain})
	p.skip(14)
	reference := fmt.Sprintf("%s/%d/%04d", strings.ToUpper(t.language), w.day.Year(), d.between(1, 9999))
	object := d.one(t.objects...)
	p.set(c, run{text: t.reference, style: strong}, run{text: " " + reference, style: plain})
	p.set(c, run{text: t.object, style: strong}, run{text: " " + object, style: plain})
	p.skip(14)
	p.set(c, run{text: t.greeting, style: plain})
	p.skip(6)
	for _, i := range d.Perm(len(t.sentences))[:4] {
		next := t.sentences[(i+1)%len(t.sentences)]
		w.say(fmt.Sprintf(t.sentences[i], d.between(2, 980)) + " " + fmt.Sprintf(next, d.between(2, 980)))
	}
	w.say(t.closing)
	p.skip(10)
	name, office := d.one(t.given...)+" "+d.one(t.family...), d.one(t.offices...)
	p.need(120)
	w.sign(signing, []string{office}, name, false)
	w.truth.Signer = &Signer{Title: office, Name: name, Page: len(p.leaves)}
	w.truth.Entries = map[string]string{"date": w.day.Format("2006-01-02"), "reference": reference, "object": object, "place": place}
}
