package field

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// asIs takes the code without spaces.
func asIs(conf float64) func(string) (string, float64) {
	return func(code string) (string, float64) { return strings.ReplaceAll(code, " ", ""), conf }
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if isDigit(r) {
			return r
		}
		return -1
	}, s)
}

// weighDossier trusts a dossier code whose middle is a date, YYMMDD.
func weighDossier(code string) (string, float64) {
	parts := strings.Split(code, "-")
	if _, err := time.Parse("060102", parts[len(parts)-2]); err != nil {
		return code, 0.5
	}
	return code, 0.96
}

// weighTax checks the tenth digit of a tax code. Where the check gives 10 sources
// disagree, so such a code is doubted and not refused.
func weighTax(code string) (string, float64) {
	d := digits(code)
	normal := d[:10]
	if len(d) == 13 {
		normal += "-" + d[10:]
	}
	switch check, ok := taxCheck(d[:9]); {
	case !ok:
		return normal, 0.6
	case int(d[9]-'0') != check:
		return normal, 0.3
	}
	return normal, 0.99
}

// taxCheck is the check digit of the first nine digits of a tax code; ok is false
// where it would be 10.
func taxCheck(nine string) (check int, ok bool) {
	sum := 0
	for i, w := range [9]int{31, 29, 23, 19, 17, 13, 7, 5, 3} {
		sum += w * int(nine[i]-'0')
	}
	check = 10 - sum%11
	return check, check < 10
}

// weighPerson checks the structure of a personal number: a province's prefix, a
// digit for century and sex, two digits of the year; it has no check digit.
func weighPerson(code string) (string, float64) {
	d := digits(code)
	if p, ok := parsePerson(d); !ok || p.birthYear < 1900 || p.birthYear > 2099 {
		return d, 0.4
	}
	return d, 0.96
}

// A person is what a personal number tells.
type person struct {
	province  string
	female    bool
	birthYear int
}

func parsePerson(d string) (person, bool) {
	if len(d) != 12 {
		return person{}, false
	}
	century := int(d[3] - '0')
	year, err := strconv.Atoi(d[4:6])
	if err != nil {
		return person{}, false
	}
	for _, p := range provinces() {
		if p.prefix == d[:3] {
			return person{p.name.text, century%2 == 1, 1900 + 100*(century/2) + year}, true
		}
	}
	return person{}, false
}

// weighPhone wants the ten digits of a mobile or the eleven of a fixed line.
func weighPhone(number string) (string, float64) {
	d := digits(number)
	if strings.HasPrefix(number, "+84") {
		d = "0" + d[2:]
	}
	switch {
	case len(d) == 10 && strings.ContainsRune("35789", rune(d[1])), len(d) == 11 && d[1] == '2':
		return d, 0.93
	case len(d) == 10 && d[1] == '2', len(d) == 11 && d[1] == '1', len(d) == 10:
		return d, 0.6
	}
	return "", 0
}

// A Card is the payload of the code on an identity card: seven parts with bars
// between them; later cards may append more.
type Card struct {
	ID, OldID, Name, Sex, Address string
	Born, Issued                  string // ISO dates
}

// ParseCard reads the payload of an identity card's code.
func ParseCard(payload string) (Card, error) {
	parts := strings.Split(strings.TrimSpace(payload), "|")
	if len(parts) < 6 || len(digits(parts[0])) != 12 || len(parts[0]) != 12 {
		return Card{}, fmt.Errorf("read the code of an identity card: %d parts, the first of %d characters", len(parts), len(parts[0]))
	}
	c := Card{ID: parts[0], OldID: parts[1], Name: oneSpace(parts[2]), Sex: parts[4], Address: oneSpace(parts[5])}
	var err error
	if c.Born, err = cardDate(parts[3]); err != nil {
		return Card{}, err
	}
	if len(parts) > 6 {
		if c.Issued, err = cardDate(parts[6]); err != nil {
			return Card{}, err
		}
	}
	return c, nil
}

func cardDate(s string) (string, error) {
	t, err := time.Parse("02012006", s)
	if err != nil {
		return "", fmt.Errorf("read a date of an identity card: %w", err)
	}
	return t.Format(time.DateOnly), nil
}
