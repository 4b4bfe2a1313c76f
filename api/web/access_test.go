package web_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// standards are the rules that a page is held to: WCAG 2.2, levels A and AA, in the tags of axe-core.
const standards = `['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']`

// openToAll asks axe-core, a judge that is not ours, what on the page keeps people out: no name
// for a control, too little contrast, a wrong role.
func (v *visitor) openToAll(what string) {
	v.t.Helper()
	judge, err := os.ReadFile("../../third_party/axe/axe.min.js")
	if err != nil {
		v.t.Fatal(err)
	}
	var found []string
	v.do("judge "+what, chromedp.Evaluate(string(judge)+";0", nil), chromedp.Evaluate(fmt.Sprintf(`axe.run(document, {runOnly: %s}).then((r) => {
		if (r.passes.length < 5) return ['axe looked at nothing'];
		return r.violations.flatMap((v) => v.nodes.map((n) => v.id + ' ' + n.target.join(' ') + ': ' + n.failureSummary.replaceAll('\n', ' ')));
	})`, standards), &found, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	for _, f := range found {
		v.t.Errorf("%s: %s", what, f)
	}
}

// fits sees that a page needs no scrolling to the side in a window so wide, in CSS pixels: 320 is
// a phone, or 1280 at 400 % (WCAG 2.2, 1.4.10).
func (v *visitor) fits(what string, width int64) {
	v.t.Helper()
	v.do("make the window narrow", chromedp.EmulateViewport(width, 640))
	var wide []string
	v.do("measure", chromedp.Evaluate(`document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')]
		.filter((e) => e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.tagName.toLowerCase() + (e.id && '#' + e.id) + ' ' + e.className).slice(0, 5).concat(['…'])`, &wide))
	if len(wide) > 0 {
		v.t.Errorf("%s, %d pixels wide: beyond the edge are %s", what, width, strings.Join(wide, ", "))
	}
	v.do("make the window wide again", chromedp.EmulateViewport(1280, 800))
}

// byTab walks through a page by the Tab key and sees that whatever gets the focus is on the
// screen, has a name, and shows that it has the focus (WCAG 2.2, 2.4.7 and 2.4.11).
func (v *visitor) byTab(what string) {
	v.t.Helper()
	seen := map[string]bool{}
	v.do("begin at the top", chromedp.Evaluate(`document.querySelector('.skip').focus()`, nil))
	for range 60 {
		var at struct{ Name, Trouble string }
		v.do("Tab", chromedp.KeyEvent("\t"), chromedp.Evaluate(`(() => {
			const e = document.activeElement;
			if (!e || e === document.body) return { Name: '', Trouble: '' };
			const r = e.getBoundingClientRect(), style = getComputedStyle(e);
			const target = e.type === 'file' || e.type === 'radio' ? getComputedStyle(e.closest('label, .drop') ?? e) : style;
			const shows = [style, target].some((s) => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2);
			const named = (e.labels?.length || e.getAttribute('aria-label') || e.innerText || e.title || '').toString().trim();
			const trouble = r.width === 0 || r.bottom < 0 || r.top > innerHeight ? 'is not on the screen' : !shows ? 'does not show the focus' : !named ? 'has no name' : '';
			return { Name: e.tagName + '#' + e.id + ' ' + (e.innerText ?? '').slice(0, 30), Trouble: trouble };
		})()`, &at))
		if at.Name == "" || seen[at.Name] {
			break
		}
		seen[at.Name] = true
		if at.Trouble != "" {
			v.t.Errorf("%s: by Tab: %s %s", what, at.Name, at.Trouble)
		}
	}
	if len(seen) < 3 {
		v.t.Errorf("%s: only %v can be reached by Tab", what, seen)
	}
}

// Pages without a service: how they look to somebody who has no key.
func TestPublicPagesAreOpenToAll(t *testing.T) {
	server, _, _ := pages(t, false)
	v := visit(t, server.URL)
	for _, path := range []string{"/", "/verify", "/verify/unknown", "/nowhere"} {
		v.do("open "+path, chromedp.Navigate(server.URL+path))
		v.truth("it is there", `document.readyState === 'complete' && !document.querySelector('[aria-busy=true]')`)
		v.openToAll(path)
		v.fits(path, 320)
		v.byTab(path)
	}
}

// What an identity card's code says otherwise than the form stands beside the form's value,
// never in its place; what a person confirmed stays alone.
func TestACardBesideTheForm(t *testing.T) {
	server, _, _ := pages(t, false)
	v := visit(t, server.URL)
	v.do("open a page", chromedp.Navigate(server.URL+"/verify"))
	for _, c := range []struct{ situation, fields, particulars, want string }{
		{"they agree", `{}`, `{formFields: {personId: {normal: '1'}}, codes: [{kind: 'personId', normal: '1', rule: 'symbol/card'}]}`, `{"personId":["1",""]}`},
		{"they differ", `{}`, `{formFields: {applicant: {normal: 'A', other: 'B'}}, codes: [{kind: 'holder', normal: 'B', rule: 'symbol/card'}]}`, `{"applicant":["A","B"]}`},
		{"a third number in the text", `{}`, `{formFields: {personId: {normal: '1', other: '2'}}, codes: [{kind: 'personId', normal: '2', rule: 'symbol/card'}, {kind: 'personId', normal: '3', rule: 'code/person'}]}`,
			`{"personId":["1","2"],"personId2":["2","3"]}`},
		{"a person has decided", `{applicant: {normal: 'C', status: 'confirmed'}}`, `{formFields: {applicant: {normal: 'A', other: 'B'}}, codes: [{kind: 'holder', normal: 'B', rule: 'symbol/card'}]}`, `{"applicant":["C",""]}`},
		{"no form", `{}`, `{codes: [{kind: 'personId', normal: '2', rule: 'symbol/card'}, {kind: 'personId', normal: '3', rule: 'code/person'}]}`, `{"personId":["2","3"]}`},
	} {
		var got string
		v.do(c.situation, chromedp.Evaluate(fmt.Sprintf(`import('/static/particulars.js').then(({ merge }) => JSON.stringify(Object.fromEntries(Object.entries(merge(%s, %s)).map(([name, f]) => [name, [f.normal, f.also ?? '']]))))`, c.fields, c.particulars),
			&got, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
		if got != c.want {
			t.Errorf("%s: the screen shows %s; want %s", c.situation, got, c.want)
		}
	}
}
