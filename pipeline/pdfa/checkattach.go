package pdfa

import (
	"slices"
	"strings"

	"github.com/sohoa/sohoa/internal/pdf"
)

// carried checks that only a file that claims part 3 carries others, and that
// each of those is associated with the document (ISO 19005-3, 6.8).
func (c *checker) carried(names pdf.Dict) {
	if !c.carries {
		if c.root["AF"] != nil || names["EmbeddedFiles"] != nil {
			c.breach("6.8", "a PDF/A-2 with attachments")
		}
		return
	}
	associated := c.f.Array(c.root["AF"])
	listed := c.f.Array(c.f.Dict(names["EmbeddedFiles"])["Names"])
	for i := 1; i < len(listed); i += 2 {
		if !slices.Contains(associated, listed[i]) {
			c.breach("6.8", "the attachment %q is not associated with the document", c.f.String(listed[i-1]).Text())
		}
	}
}

// embedded checks a file specification with its file.
func (c *checker) embedded(num int, d pdf.Dict) {
	if !c.carries {
		c.breach("6.8", "object %d: an embedded file", num)
		return
	}
	if len(c.f.String(d["F"])) == 0 || len(c.f.String(d["UF"])) == 0 {
		c.breach("6.8", "object %d: an attachment without /F and /UF", num)
	}
	if r := Relationship(c.f.Name(d["AFRelationship"])); !slices.Contains(relationships, r) {
		c.breach("6.8", "object %d: an attachment whose relationship is %q", num, r)
	}
	s := c.f.Stream(c.f.Dict(d["EF"])["F"])
	if s == nil || !strings.Contains(string(c.f.Name(s.Dict["Subtype"])), "/") {
		c.breach("6.8", "object %d: an attachment without content or media type", num)
	}
}
