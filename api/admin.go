package api

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sohoa/sohoa/record"
)

type agencyBody struct {
	Body struct {
		Name       string `json:"name" minLength:"1" maxLength:"200"`
		CopyForm   string `json:"copyForm,omitempty" maxLength:"50" doc:"Hình thức sao in the mark."`
		PersonMark bool   `json:"personMark,omitempty" doc:"Whether the capturing person's own mark is asked for."`
		MarkPKCS7  bool   `json:"markPKCS7,omitempty" doc:"Whether that mark may be a signature of the kind before PAdES (adbe.pkcs7.detached)."`
		Text       string `json:"text,omitempty" enum:"skip,redo,force" doc:"What becomes of the text that an uploaded PDF has; absent: as it is set."`
		Signed     string `json:"signedInput,omitempty" enum:"derive,embed" doc:"What becomes of an uploaded PDF that is signed: a PDF/A beside it, or one that carries it bit for bit; absent: as it is set."`
	}
}

type newKey struct {
	Body struct {
		Scope     string    `json:"scope" enum:"clerk,approver,reader,admin"`
		Label     string    `json:"label" minLength:"1" maxLength:"100"`
		ExpiresAt time.Time `json:"expiresAt,omitzero"`
	}
}

// A NewKey shows its secret, once.
type NewKey struct {
	record.Key
	Secret string `json:"secret"`
}

type newGrant struct {
	Body struct {
		To       string    `json:"to" maxLength:"35" doc:"The agency that may read."`
		Dossiers []string  `json:"dossiers,omitempty" maxItems:"1000" doc:"Ids; none: all."`
		Purpose  string    `json:"purpose" minLength:"1" maxLength:"1000"`
		Until    time.Time `json:"until"`
	}
}

type keyPath struct {
	Key string `path:"key" maxLength:"64"`
}

type grantPath struct {
	Grant string `path:"grant" maxLength:"64"`
}

func (s *Server) addAdmin(api huma.API) {
	register(api, operation("who-am-i", "Read what the key is"), func(ctx context.Context, _ *struct{}) (*body[record.Key], error) {
		return answer(caller(ctx), nil)
	})
	register(api, operation("read-agency", "Read the agency"), func(ctx context.Context, _ *struct{}) (*body[record.Agency], error) {
		return answer(s.Catalogue.Agency(ctx, caller(ctx).Agency))
	})
	register(api, operation("change-agency", "Change the agency's name and marks"), func(ctx context.Context, in *agencyBody) (*body[record.Agency], error) {
		a, err := s.Catalogue.Agency(ctx, caller(ctx).Agency)
		if err != nil {
			return nil, err
		}
		a.Name, a.CopyForm, a.PersonMark, a.MarkPKCS7 = in.Body.Name, in.Body.CopyForm, in.Body.PersonMark, in.Body.MarkPKCS7
		a.Text, a.Signed = cmp.Or(record.TextMode(in.Body.Text), a.Text), cmp.Or(record.SignedMode(in.Body.Signed), a.Signed)
		if err := s.Catalogue.PutAgency(ctx, a, actor(ctx)); err != nil {
			return nil, err
		}
		return answer(s.Catalogue.Agency(ctx, a.ID))
	})
	s.addKeys(api)
	s.addGrants(api)
}

func (s *Server) addKeys(api huma.API) {
	created := func(op *huma.Operation) { op.DefaultStatus = http.StatusCreated }
	register(api, operation("create-key", "Create an API key; its secret is shown once", created), func(ctx context.Context, in *newKey) (*body[NewKey], error) {
		k, secret, err := s.Catalogue.CreateKey(ctx, caller(ctx).Agency, in.Body.Scope, in.Body.Label, in.Body.ExpiresAt, actor(ctx))
		return answer(NewKey{k, secret}, err)
	})
	register(api, operation("list-keys", "List API keys"), func(ctx context.Context, _ *struct{}) (*body[List[record.Key]], error) {
		keys, err := s.Catalogue.Keys(ctx, caller(ctx).Agency)
		return list(keys, "", err)
	})
	register(api, operation("revoke-key", "Revoke an API key"), func(ctx context.Context, in *keyPath) (*struct{}, error) {
		return nil, s.Catalogue.RevokeKey(ctx, caller(ctx).Agency, in.Key, actor(ctx))
	})
}

func (s *Server) addGrants(api huma.API) {
	created := func(op *huma.Operation) { op.DefaultStatus = http.StatusCreated }
	register(api, operation("create-grant", "Let another agency read what is sealed", created), func(ctx context.Context, in *newGrant) (*body[record.Grant], error) {
		g := record.Grant{Agency: caller(ctx).Agency, To: in.Body.To, Dossiers: in.Body.Dossiers, Purpose: in.Body.Purpose, Until: in.Body.Until}
		return answer(s.Catalogue.AddGrant(ctx, g, actor(ctx)))
	})
	register(api, operation("list-grants", "List grants"), func(ctx context.Context, _ *struct{}) (*body[List[record.Grant]], error) {
		grants, err := s.Catalogue.Grants(ctx, caller(ctx).Agency)
		return list(grants, "", err)
	})
	register(api, operation("revoke-grant", "Revoke a grant"), func(ctx context.Context, in *grantPath) (*struct{}, error) {
		return nil, s.Catalogue.RevokeGrant(ctx, caller(ctx).Agency, in.Grant, actor(ctx))
	})
}
