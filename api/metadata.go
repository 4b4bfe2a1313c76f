package api

import (
	"context"
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sohoa/sohoa/record"
)

// Described is what a document says of itself beyond its fields, and its metadata
// by the names, codes and forms of the law, of the fields as they stand now.
type Described struct {
	Document    string             `json:"document"`
	Metadata    record.Metadata    `json:"metadata"`
	Particulars record.Particulars `json:"particulars"`
}

func (s *Server) addMetadata(api huma.API) {
	register(api, operation("read-metadata", "Read the metadata by TT 05/2025/TT-BNV and NĐ 30/2020/NĐ-CP, and the particulars"), func(ctx context.Context, in *DocumentPath) (*body[Described], error) {
		d, err := s.document(ctx, in.Document)
		if err != nil {
			return nil, err
		}
		seen, err := s.reviewed(ctx, d)
		if err != nil {
			return nil, err
		}
		read, err := s.digitised(ctx, d)
		return answer(Described{d.ID, record.MetadataOf(seen.Fields, read.Particulars, read.Pages, record.Given(seen.Fields)), read.Particulars}, err)
	})
}

// digitised returns what the machine read of a document, the words aside.
func (s *Server) digitised(ctx context.Context, d record.Document) (record.Digitised, error) {
	var read record.Digitised
	r, ok := d.Rendition(record.RenditionRecord)
	if !ok {
		return read, nil
	}
	b, err := s.Store.Read(ctx, r.SHA256, r.VersionID, wordsLimit)
	if err != nil {
		return read, record.Gone(r.SHA256, err)
	}
	return read, json.Unmarshal(b, &read)
}
