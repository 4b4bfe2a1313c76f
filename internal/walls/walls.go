// Package walls is the import table of the house: which room may know which, and
// which room is the only door to an outside library.
//
// Its test reads the imports of every file and fails on one that the table does
// not allow, and on a room or a library without a row. It reads the sources
// itself: a test that asks `go list` would be answered from the cache.
//
// The table is data with a reason on each row; docs/design.md says the same in
// prose. A wall is moved by changing its row, and the reason with it.
package walls

// module is the path that all rooms of ours begin with.
const module = "github.com/sohoa/sohoa"

// A room is one package and what of ours it may import.
type room struct {
	path string
	may  []string
	why  string
}

// everywhere may be imported by every room but record.
var everywhere = []string{"internal/crash", "internal/observe"}

var rooms = []room{
	{"record", nil, "all binaries and all rooms share its words: if it knew anything, everything would"},

	{"internal/sandbox", nil, "the fence around hostile bytes must not itself depend on what it fences in"},
	{"internal/pdf", nil, "one reader and one writer for all rooms: they serve whoever asks, and ask nobody"},
	{"internal/pdf/locktest", []string{"internal/pdf"}, "encrypts files for tests: the product never does"},
	{"internal/raster", []string{"internal/sandbox"}, "it renders in a child and knows PDF pages, nothing of records"},
	{"internal/say", []string{"record"}, "words for codes: it decides nothing"},
	{"internal/paper", []string{"record", "third_party"}, "draws pages and knows their truth; it must not see the code that is measured with them"},
	{"internal/devpki", []string{"record", "signing/cms"}, "a stranger to the product: it plays the authorities, with the standards as the only common ground"},
	{"internal/crash", nil, "crash points: a word in a place, no knowledge of the place"},
	{"internal/observe", nil, "counts what it is told"},
	{"internal/app", []string{"record", "storage", "catalogue", "queue"}, "opens the stores from the configuration; no cgo and no key, so that cmd/api may use it"},
	{"internal/work", []string{"record", "pipeline", "pipeline/page", "pipeline/ocr", "pipeline/field", "signing", "signing/key", "signing/timestamp", "signing/trust", "signing/verify", "queue", "catalogue", "internal/app", "internal/upkeep"},
		"the worker as configured, wired once for cmd/worker and cmd/sohoa"},
	{"internal/upkeep", []string{"record", "storage", "catalogue"}, "makes, checks and copies the whole house: it reads and counts, and moves no document"},
	{"internal/doctor", []string{"record", "storage", "catalogue", "internal/app", "internal/work", "internal/paper", "pipeline", "pipeline/page", "pipeline/ocr", "signing", "signing/key", "signing/stamp",
		"signing/timestamp", "signing/trust"}, "tries everything that is configured, as the rooms themselves would use it"},
	{"internal/bench", []string{"record", "internal/paper", "internal/sandbox", "internal/pdf", "internal/devpki", "pipeline", "pipeline/page", "pipeline/ocr",
		"pipeline/pdfa", "pipeline/field", "pipeline/proof", "signing", "signing/key", "signing/cms", "signing/timestamp", "signing/verify", "signing/trust", "storage", "catalogue", "queue", "api", "internal/app", "internal/work"}, "measures rooms from outside"},
	{"internal/testsvc", nil, "starts real servers for tests"},
	{"internal/tally", nil, "counts tests"},
	{"internal/walls", nil, "reads sources"},
	{"conformance/desk", []string{"record", "signing", "signing/key", "signing/timestamp", "internal/devpki"}, "plays the service around a person's desk, for the judges"},
	{"conformance/matrix", []string{"record", "signing", "signing/key", "signing/timestamp", "internal/devpki"}, "signs by every scheme, for the judges"},
	{"conformance/remote", []string{"signing/key/csctest", "internal/devpki"}, "plays a remote signing service, for the judges"},
	{"docs", nil, "tests compare pages with what the code decides"},
	{"internal/e2e/process", nil, "tests only"},
	{"third_party", nil, "files that are not ours, or were not at first"},

	{"pipeline/page", []string{"record", "internal/sandbox", "internal/pdf", "internal/raster", "pipeline/page/pdf417"}, "bytes to pages; knows nothing of words or fields"},
	{"pipeline/page/pdf417", nil, "reads one kind of symbol from the edges along lines; knows nothing of pictures"},
	{"pipeline/ocr", []string{"record", "pipeline/page", "pipeline/proof", "internal/sandbox", "third_party"}, "pages to words, in one child with what prepares the page: no pictures across pipes; what is doubted is read again there"},
	{"pipeline/field", []string{"record"}, "words to fields: pure, so a wrong field can be replayed from the stored words"},
	{"pipeline/proof", []string{"record"}, "words to what they are worth: pure, so a confidence can be fitted and replayed from stored words"},
	{"pipeline/pdfa", []string{"record", "internal/pdf", "third_party"}, "pages and words to a file: pure, so the same pages give the same bytes"},
	{"pipeline/layout", []string{"record"}, "words to the forms that others read: pure, so the same words give the same bytes"},
	{"pipeline", []string{"record", "pipeline/page", "pipeline/ocr", "pipeline/field", "pipeline/pdfa", "pipeline/layout", "pipeline/proof", "signing", "signing/key", "signing/verify"},
		"the table of contents of the work; stores and queue come in through its ports"},

	{"signing/cms", []string{"record"}, "one reader of CMS, shared by those who sign, stamp and verify"},
	{"signing/cms/cmstest", []string{"signing/cms"}, "makes signatures for tests"},
	{"signing/key", []string{"record", "signing/trust"}, "opens a key and says whether it may be used"},
	{"signing/key/csctest", nil, "plays a remote signing service; it knows the standard and not the client that it tests"},
	{"signing/trust", []string{"record"}, "who was trusted for what, when: data"},
	{"signing/timestamp", []string{"record", "internal/pdf", "signing/cms", "signing/trust", "third_party"}, "asks one question of an authority and checks the answer"},
	{"signing/evidence", []string{"record", "internal/pdf", "signing/cms", "signing/trust", "third_party"}, "collects what outlives certificates; needs no key"},
	{"signing/stamp", []string{"record", "internal/pdf", "signing/trust", "third_party"}, "draws a mark; it cannot sign it"},
	{"signing/verify", []string{"record", "internal/pdf", "internal/sandbox", "signing/cms", "signing/timestamp", "signing/evidence", "signing/trust"},
		"verifying needs no secret: auditors can import or read it alone"},
	{"signing/verify/pages", []string{"internal/sandbox", "internal/raster"}, "draws what a verdict speaks of, and judges nothing: who imports the verifier need not carry a renderer"},
	{"signing", []string{"record", "internal/pdf", "signing/cms", "signing/key", "signing/trust", "signing/timestamp", "signing/evidence", "signing/stamp", "signing/verify"},
		"the only user of the key"},

	{"storage", []string{"record"}, "bytes by digest: it does not know what they mean"},
	{"catalogue", []string{"record"}, "states and rows: all SQL is here, so nobody can half-change a document"},
	{"queue", []string{"record", "catalogue"}, "a doorbell: handlers are passed in by cmd, so it cannot know the work"},
	{"api", []string{"record", "catalogue", "storage", "signing/verify", "signing/verify/pages", "internal/say"},
		"the process that faces the network approves and can never seal, and needs no C library"},
	{"api/web", []string{"record", "api", "internal/say"}, "screens: they show and ask"},

	{"cmd/api", []string{"record", "api", "api/web", "storage", "catalogue", "queue", "internal/app", "internal/sandbox", "internal/say", "signing/verify", "signing/verify/pages", "signing/trust"},
		"wiring of what faces the network: neither pipeline nor a key, not even by mistake"},
	{"cmd/worker", []string{"record", "pipeline", "pipeline/page", "pipeline/ocr", "pipeline/field", "pipeline/pdfa", "signing", "signing/key", "signing/trust", "signing/verify",
		"storage", "catalogue", "queue", "internal/app", "internal/work", "internal/sandbox", "internal/say"}, "wiring of the only process that can reach the key"},
	{"cmd/sohoa", []string{"record", "api", "api/web", "pipeline", "pipeline/page", "pipeline/ocr", "pipeline/field", "pipeline/pdfa", "signing", "signing/key", "signing/trust",
		"signing/verify", "signing/verify/pages", "signing/timestamp", "storage", "catalogue", "queue", "internal/app", "internal/work", "internal/sandbox", "internal/pdf", "internal/say", "internal/devpki", "internal/paper", "internal/bench", "internal/upkeep", "internal/doctor"},
		"wiring of one machine and its tools"},
}

// A door is an outside library and the only rooms that may import it.
type door struct {
	library string // an import path, and all below it
	rooms   []string
	why     string
}

// cms are the rooms that read or write ASN.1 structures themselves.
var cms = []string{"signing", "signing/cms", "signing/cms/cmstest", "signing/key", "signing/trust", "signing/timestamp", "signing/evidence", "signing/verify", "internal/devpki"}

var doors = []door{
	{"github.com/otiai10/gosseract/v2", []string{"pipeline/ocr"}, "cgo, C memory, one client a child: one room to guard or replace"},
	{"github.com/klippa-app/go-pdfium", []string{"internal/raster"}, "a whole renderer: only behind the fence, and replaceable"},
	{"github.com/tetratelabs/wazero", []string{"internal/raster"}, "what the renderer runs on"},
	{"github.com/makiuchi-d/gozxing", []string{"pipeline/page"}, "codes on pages are facts of a page"},
	{"github.com/boombuler/barcode", []string{"internal/paper"}, "codes that are printed; what reads them is ours"},
	{"github.com/digitorus/pdfsign", []string{"signing"}, "it has defects and panics: one fence, one room to replace"},
	{"github.com/digitorus/pdf", []string{"signing"}, "its reader panics on hostile files: for pdfsign's sake only, on files of ours"},
	{"github.com/digitorus/pkcs7", []string{"signing", "internal/devpki"}, "comes with pdfsign; what decides is signing/cms"},
	{"github.com/digitorus/timestamp", []string{"signing", "signing/timestamp", "internal/devpki"}, "comes with pdfsign"},
	{"software.sslmate.com/src/go-pkcs12", []string{"signing/key", "internal/devpki"}, "key files are opened in one room, and made in another for development"},
	{"github.com/ThalesGroup/crypto11", []string{"signing/key"}, "cgo and the vendor's own code: where the key is, and nowhere else"},
	{"github.com/miekg/pkcs11", []string{"signing/key"}, "comes with crypto11: the codes of its errors"},
	{"golang.org/x/crypto", cms, "OCSP and DER, where certificates are read"},
	{"github.com/minio/minio-go/v7", []string{"storage"}, "its errors and options would shape the whole house"},
	{"github.com/hibiken/asynq", []string{"queue"}, "a task carries an id; losing Redis loses no fact"},
	{"github.com/alicebob/miniredis/v2", []string{"queue"}, "the embedded broker"},
	{"github.com/redis/go-redis/v9", []string{"queue"}, "comes with asynq"},
	{"github.com/jackc/pgx/v5", []string{"catalogue", "internal/testsvc"}, "all SQL is in one room"},
	{"modernc.org/sqlite", []string{"catalogue"}, "all SQL is in one room"},
	{"github.com/pressly/goose/v3", []string{"catalogue"}, "migrations are the catalogue's own"},
	{"database/sql", []string{"catalogue", "internal/testsvc"}, "all SQL is in one room"},
	{"github.com/danielgtaylor/huma/v2", []string{"api"}, "routes and their description"},
	{"github.com/prometheus/client_golang", []string{"internal/observe"}, "numbers leave by one door"},
	{"go.opentelemetry.io/otel", []string{"internal/observe"}, "traces leave by the same door"},
	{"github.com/alecthomas/kong", []string{"cmd/sohoa", "cmd/api", "cmd/worker", "internal/app"}, "flags and configuration are wiring"},
	{"C", []string{"pipeline/page"}, "C by hand in one room: Leptonica, for pictures"},
	{"os/exec", []string{"internal/sandbox", "internal/testsvc", "internal/bench"}, "other programs are started behind the fence only"},
	{"golang.org/x/image", []string{"pipeline/page", "pipeline/pdfa", "signing/stamp", "internal/paper", "internal/pdf", "internal/raster", "third_party"}, "pictures and glyphs, where they are read or drawn"},
	{"golang.org/x/text", []string{"record", "api", "pipeline/ocr", "pipeline/field", "pipeline/page", "pipeline/pdfa", "catalogue", "internal/paper", "internal/pdf", "internal/bench", "signing/stamp"}, "Unicode forms of Vietnamese"},
	{"golang.org/x/sys", []string{"internal/sandbox", "internal/testsvc", "storage", "internal/bench"}, "what the kernel offers beyond package os"},
	{"golang.org/x/sync", []string{"pipeline", "pipeline/ocr", "pipeline/page", "api", "queue", "storage", "internal/bench", "internal/upkeep", "cmd/sohoa", "cmd/api", "cmd/worker", "internal/paper"}, "groups of goroutines"},
	{"golang.org/x/term", []string{"cmd/sohoa"}, "a progress bar for people"},
	{"golang.org/x/time", []string{"api", "internal/upkeep"}, "rate limits of what is open to all, and of what runs beside the work"},
	{"golang.org/x/net", []string{"api", "internal/testsvc"}, "HTML of our own screens, in tests"},
	{"rsc.io/qr", []string{"signing/stamp", "internal/paper"}, "codes that are printed"},
}

// unreachable are what cmd/api must not contain, by whatever way.
var unreachable = []string{"signing", "signing/key", "pipeline", "pipeline/page", "pipeline/ocr", "internal/devpki", "C",
	"github.com/otiai10/gosseract/v2", "github.com/digitorus/pdfsign/sign", "software.sslmate.com/src/go-pkcs12"}
