"""Signs a PDF as a person's own program would, in several manners of that program.

usage: return.py GIVEN OUTDIR P12 PASSWORD-FILE TSA ROOTS
"""
import sys
from asn1crypto import pem, x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps
from pyhanko_certvalidator import ValidationContext

given, out, p12, password, tsa, roots = sys.argv[1:]
signer = signers.SimpleSigner.load_pkcs12(p12, passphrase=open(password, "rb").readline().strip())
anchors = [x509.Certificate.load(der) for _, _, der in pem.unarmor(open(roots, "rb").read(), multiple=True)]
name = generic.NameObject


def with_faces(writer):
    """A form that offers a face to its fields, which nothing is drawn with."""
    helv = writer.add_object(generic.DictionaryObject({name("/Type"): name("/Font"), name("/Subtype"): name("/Type1"), name("/BaseFont"): name("/Helvetica")}))
    faces = generic.DictionaryObject({name("/Font"): generic.DictionaryObject({name("/Helv"): helv})})
    form = {name("/Fields"): generic.ArrayObject(), name("/DA"): generic.TextStringObject("/Helv 0 Tf 0 g"), name("/DR"): faces}
    writer.root["/AcroForm"] = writer.add_object(generic.DictionaryObject(form))
    writer.update_root()


def sign(manner, prepare=None, stamped=False, **more):
    with open(given, "rb") as f:
        writer = IncrementalPdfFileWriter(f)
        if prepare:
            prepare(writer)
        meta = signers.PdfSignatureMetadata(field_name="Chu ky", reason="Duyệt", subfilter=fields.SigSeedSubFilter.PADES, **more)
        stamper = timestamps.HTTPTimeStamper(tsa) if stamped else None
        with open(f"{out}/{manner}.pdf", "wb") as to:
            signers.PdfSigner(meta, signer=signer, timestamper=stamper).sign_pdf(writer, output=to)


def evidence():
    return dict(embed_validation_info=True, validation_context=ValidationContext(trust_roots=anchors, allow_fetching=True))


sign("B-B")
sign("sha512", md_algorithm="sha512")
sign("faces", prepare=with_faces)
sign("B-T", stamped=True)
sign("B-LT", stamped=True, **evidence())
sign("B-LTA", stamped=True, use_pades_lta=True, **evidence())
