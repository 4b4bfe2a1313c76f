package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/record"
)

type searchQuery struct {
	Paging
	Text     string `query:"q" maxLength:"300" doc:"Words, with or without accents; the last may be the beginning of one."`
	Number   string `query:"number" maxLength:"40" doc:"Số."`
	Notation string `query:"notation" maxLength:"60" doc:"Ký hiệu."`
	Organ    string `query:"organ" maxLength:"200" doc:"Part of the issuing agency's name."`
	Person   string `query:"person" maxLength:"100" doc:"Part of the signer's name."`
	From     string `query:"from" format:"date" doc:"Issued on this day or later."`
	To       string `query:"to" format:"date" doc:"Issued on this day or earlier."`
	Status   string `query:"status" enum:"received,in-review,approved,awaiting-mark,sealing,sealed,rejected,set-aside,superseded,withdrawn"`
	Dossier  string `query:"dossier" maxLength:"64"`
}

func (s *Server) addSearch(api huma.API) {
	register(api, operation("search", "Search documents by text and fields"), func(ctx context.Context, in *searchQuery) (*body[List[record.Document]], error) {
		k := caller(ctx)
		insider := k.Holds(record.ScopeClerk) || k.Holds(record.ScopeApprover)
		q := catalogue.Search{Agency: k.Agency, SealedOnly: !insider, Text: in.Text, Number: in.Number, Notation: in.Notation, Organ: in.Organ,
			Person: in.Person, From: in.From, To: in.To, Status: record.Status(in.Status), Dossier: in.Dossier, Cursor: in.Cursor, Limit: in.Limit}
		if !insider {
			var err error
			if q.Grants, err = s.Catalogue.GrantsTo(ctx, k.Agency); err != nil {
				return nil, err
			}
		}
		return list(s.Catalogue.Find(ctx, q))
	})
}
