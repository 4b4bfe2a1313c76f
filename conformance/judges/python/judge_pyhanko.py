"""Validates every signature of PDF files with pyHanko (ETSI EN 319 102-1), offline, one line per signature."""
import argparse
import asyncio
import dataclasses
import json
import logging
import multiprocessing
import resource
import sys
import time
import warnings
from datetime import datetime, timedelta, timezone

from asn1crypto import pem, x509
from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESStatus
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY
from pyhanko.sign.general import extract_certificate_info, find_cms_attribute_iter
from pyhanko.sign.validation import ades
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.policy_decl import (
    CertificateFetchingRule, PdfSignatureValidationSpec, RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec, SignatureValidationSpec)
from pyhanko.sign.validation.status import DocumentTimestampStatus, SignatureCoverageLevel
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy, RevocationCheckingRule
from pyhanko_certvalidator.registry import SimpleTrustManager

LEVELS = ["none", "CMS", "B", "T", "LT", "LTA"]
SECONDS_PER_FILE = 20
BYTES_PER_FILE = 6 << 30
OFFLINE = RevocationInfoGatheringSpec(
    online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY,
    certificate_fetching_rule=CertificateFetchingRule.NEVER_FETCH)


def timing(moment):
    return ValidationTimingInfo(validation_time=moment, best_signature_time=moment, point_in_time_validation=True)


def policy(anchors, rule, evidence):
    """What to trust: the anchors; rule says whether missing revocation data is a failure; evidence is from the file."""
    revocation = CertRevTrustPolicy(RevocationCheckingPolicy(rule, rule))
    trust = CertValidationPolicySpec(SimpleTrustManager.build(trust_roots=anchors), revocation)
    return SignatureValidationSpec(trust, OFFLINE, local_knowledge=evidence)


def if_there(anchors, evidence):
    return policy(anchors, RevocationCheckingRule.CHECK_IF_DECLARED_SOFT, evidence)


def required(anchors, evidence):
    return policy(anchors, RevocationCheckingRule.CRL_OR_OCSP_REQUIRED, evidence)


def passed(result):
    return result.ades_subindic.status == AdESStatus.PASSED


def why(result):
    """pyHanko's reason, without the one that only repeats the sub-indication."""
    message = str(result.failure_msg or "")
    return None if "Past validation not applicable" in message else message or None


def gen_time(token):
    return token["encap_content_info"]["content"].parsed["gen_time"].native


def is_timestamp(sig):
    return sig.sig_object_type == "/DocTimeStamp"


class File:
    """One PDF, its signatures in order, and the evidence (certificates, CRLs, OCSP responses) of each revision."""

    def __init__(self, stream, anchors, now):
        self.anchors, self.now = anchors, now
        self.reader, self.lenient = self.open(stream)
        self.signatures = self.reader.embedded_signatures
        self.has_dss = "/DSS" in self.reader.root
        self.evidence = ades._dss_to_local_knowledge(self.reader)
        self.chain_ok = None

    @staticmethod
    def open(stream):
        """The reader, and why it had to be lenient (None: the file obeys the standard)."""
        try:
            reader = File.decrypt(PdfFileReader(stream, strict=True))
            for sig in reader.embedded_signatures:
                sig._enforce_hybrid_xref_policy()
            return reader, None
        except PermissionError:
            raise
        except Exception as error:
            return File.decrypt(PdfFileReader(stream, strict=False)), one_line(error)

    @staticmethod
    def decrypt(reader):
        if reader.encrypted and reader.decrypt("").status == AuthStatus.FAILED:
            raise PermissionError("encrypted, opens only with a password")
        return reader

    def timestamps_after(self, sig):
        return [s for s in self.signatures if is_timestamp(s) and s.signed_revision > sig.signed_revision]

    async def timestamp_chain_ok(self):
        """All document time-stamps hold, each now or at the time that the next one proves."""
        if self.chain_ok is None:
            index = ades._build_prima_facie_poe_index_from_pdf_timestamps(
                self.reader, include_content_ts=True, diff_policy=DEFAULT_DIFF_POLICY)
            try:
                spec = if_there(self.anchors, self.evidence)
                await ades._validate_prima_facie_poe(index, spec, timing(self.now))
                self.chain_ok = True
            except SignatureValidationError:
                self.chain_ok = False
        return self.chain_ok

    async def judge_timestamp(self, sig):
        result = await ades.ades_timestamp_validation(
            sig.signed_data, if_there(self.anchors, self.evidence), sig.compute_digest, timing(self.now),
            extra_status_kwargs=sig.summarise_integrity_info(), status_cls=DocumentTimestampStatus)
        if result.ades_subindic.status == AdESStatus.INDETERMINATE and self.timestamps_after(sig):
            if await self.timestamp_chain_ok():
                result = dataclasses.replace(result, ades_subindic=ades.AdESPassed.OK, failure_msg=None)
        return result, "DTS", why(result)

    async def judge_signature(self, sig):
        """The result of the furthest procedure that passed (or else applies), the highest level proven, a remark."""
        tokens = list(extract_tst_data_iter(sig.signer_info, signed=False))
        results = [await self.basic(sig, if_there(self.anchors, self.evidence), self.now)]
        if tokens:
            results.append(await self.with_time(sig, if_there(self.anchors, self.evidence), self.now))
        if tokens and (self.has_dss or self.timestamps_after(sig)):
            results.append(await ades.ades_lta_validation(
                sig, PdfSignatureValidationSpec(if_there(self.anchors, ades.LocalKnowledge())), timing(self.now)))
        best = next((r for r in reversed(results) if passed(r)), results[-1])
        if not passed(best):
            return best, "none", why(best)
        if lack := why_not_pades(sig):
            return best, "CMS", lack
        if tokens and best is results[0]:
            return best, "B", f"time-stamp: {results[-1].ades_subindic.name}"
        return best, await self.level(sig, tokens), None

    async def level(self, sig, tokens):
        """The highest level of a PAdES signature that passed, and so did its time-stamps, if it has any."""
        seals = self.timestamps_after(sig)
        if not seals or not await self.timestamp_chain_ok():
            seals = []
        if not tokens and not seals:
            return "B"
        if [seal for seal in seals if await self.evidence_complete(sig, tokens, seal)]:
            return "LTA"
        return "LT" if self.has_dss and await self.evidence_complete(sig, tokens, None) else "T"

    async def evidence_complete(self, sig, tokens, seal):
        """Revocation data for every certificate of the signature and of its time-stamp is in the file, as it was
        when the document time-stamp (seal) was added, and was fresh then. Without seal: as it is, fresh now or when
        the last of it was issued."""
        evidence, moments = self.evidence, [self.now]
        if seal:
            evidence, moments = ades._dss_to_local_knowledge(self.reader.get_historical_resolver(seal.signed_revision)), []
        times = [gen_time(token) for token in [*tokens, *([seal.signed_data] if seal else [])]] + issued(evidence)
        moments.append(max(times, default=self.now) + timedelta(seconds=1))
        procedure = self.with_time if tokens else self.basic
        return any([passed(await procedure(sig, required(self.anchors, evidence), moment)) for moment in moments])

    async def basic(self, sig, spec, moment):
        return await ades.ades_basic_validation(
            sig.signed_data, spec, timing(moment), raw_digest=sig.compute_digest())

    async def with_time(self, sig, spec, moment):
        return await ades.ades_with_time_validation(
            sig.signed_data, spec, timing(moment), raw_digest=sig.compute_digest())


def issued(evidence):
    """When the CRLs and OCSP responses were issued."""
    times = [c.crl_data["tbs_cert_list"]["this_update"].native for c in evidence.known_crls]
    for container in evidence.known_ocsps:
        data = container.extract_basic_ocsp_response()["tbs_response_data"]
        times += [data["produced_at"].native] + [r["this_update"].native for r in data["responses"]]
    return times


def why_not_pades(sig):
    """What a CMS signature lacks to be a PAdES baseline signature, as far as is looked at here (None: nothing)."""
    if sig.sig_object.get("/SubFilter") != "/ETSI.CAdES.detached":
        return f"SubFilter is {sig.sig_object.get('/SubFilter')}"
    attributes = sig.signer_info["signed_attrs"]
    if not any(next(find_cms_attribute_iter(attributes, name), None) for name in
               ("signing_certificate_v2", "signing_certificate")):
        return "no signing-certificate attribute"
    return None if "/M" in sig.sig_object else "no signing time in /M"


def one_line(error):
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]


def common_name(sig):
    try:
        subject = extract_certificate_info(sig.signed_data).signer_cert.subject.native
        return subject.get("common_name") or subject.get("organization_name") or ""
    except Exception:
        return ""


def judge(pdf, number, sig):
    """One signature as a dictionary, the shape that --json prints."""
    no_level = "DTS" if is_timestamp(sig) else "none"
    report = {"number": number, "field": str(sig.field_name), "by": common_name(sig), "status": "ERROR",
              "subindication": None, "level": no_level, "coverage": None, "modification": None, "reason": None}
    try:
        sig.compute_integrity_info()
        integrity = sig.summarise_integrity_info()
        report["coverage"] = integrity["coverage"].name
        level = getattr(integrity["diff_result"], "modification_level", None)
        report["modification"] = level.name if level is not None else "OTHER"
        procedure = pdf.judge_timestamp if is_timestamp(sig) else pdf.judge_signature
        result, report["level"], report["reason"] = asyncio.run(procedure(sig))
        report["status"] = result.ades_subindic.status.name
        if report["status"] != "PASSED":
            report["subindication"] = result.ades_subindic.name
        elif integrity["coverage"] < SignatureCoverageLevel.ENTIRE_REVISION or not integrity["docmdp_ok"]:
            report.update(status="FAILED", subindication="MODIFIED", level=no_level, reason=str(integrity["diff_result"]))
    except SignatureValidationError as error:
        indication = error.ades_subindication
        report.update(status=indication.status.name if indication else "ERROR", reason=one_line(error),
                      subindication=indication and indication.name)
    except Exception as error:
        report["reason"] = one_line(error)
    return report


def examine(path, anchors, now):
    """Yields one dictionary about the file, then one per signature."""
    with open(path, "rb") as stream:
        pdf = File(stream, anchors, now)
        yield {"lenient": pdf.lenient}
        for number, sig in enumerate(pdf.signatures, 1):
            yield judge(pdf, number, sig)


def child(pipe, path, anchors, now):
    resource.setrlimit(resource.RLIMIT_AS, (BYTES_PER_FILE, BYTES_PER_FILE))
    try:
        for message in examine(path, anchors, now):
            pipe.send(message)
    except BaseException as error:
        pipe.send({"error": one_line(error)})
    pipe.close()


def examine_limited(path, anchors, now):
    """examine in a process of its own: a file that hangs, bursts or crashes it costs one ERROR line."""
    report = {"file": path, "error": None, "lenient": None, "signatures": []}
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=child, args=(sender, path, anchors, now))
    process.start()
    sender.close()
    deadline = time.monotonic() + SECONDS_PER_FILE
    try:
        while receiver.poll(max(0, deadline - time.monotonic())):
            message = receiver.recv()
            if "number" in message:
                report["signatures"].append(message)
            else:
                report.update(message)
        report["error"] = f"no answer within {SECONDS_PER_FILE} s"
    except EOFError:
        process.join(1)
        if process.exitcode:
            report["error"] = f"pyHanko's process ended with {process.exitcode}"
    finally:
        process.kill()
        process.join()
    if not report["error"] and not [s for s in report["signatures"] if s["level"] != "DTS"]:
        report["error"] = "no signature"
    return report


def accepted(report, level, lenient):
    if report["error"] or (report["lenient"] and not lenient):
        return False
    return all(s["status"] == "PASSED" and (s["level"] == "DTS" or LEVELS.index(s["level"]) >= LEVELS.index(level))
               for s in report["signatures"])


def print_lines(report):
    for s in report["signatures"]:
        verdict = s["status"] + (f":{s['subindication']}" if s["subindication"] else "")
        reason = f" ({' '.join(s['reason'].split())[:300]})" if s["reason"] else ""
        field = s["field"].encode("unicode_escape").decode() if not s["field"].isprintable() else s["field"]
        print(f"{report['file']} sig {s['number']} {field}: {verdict} level {s['level']} coverage {s['coverage']} "
              f"modification {s['modification']} by {json.dumps(s['by'], ensure_ascii=False)}{reason}")
    if report["lenient"]:
        print(f"{report['file']}: LENIENT, not readable as the standard wants it: {report['lenient']}")
    if report["error"]:
        print(f"{report['file']}: ERROR {report['error']}")
    sys.stdout.flush()


def certificates(path):
    with open(path, "rb") as file:
        data = file.read()
    if not pem.detect(data):
        return [x509.Certificate.load(data)]
    return [x509.Certificate.load(der) for kind, _, der in pem.unarmor(data, multiple=True) if kind == "CERTIFICATE"]


def instant(text):
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def main():
    parser = argparse.ArgumentParser(prog="judges/pyhanko", description=__doc__)
    parser.add_argument("--trust", metavar="PEM", action="append", default=[], help="trust anchors, may be repeated")
    parser.add_argument("--level", choices=LEVELS[1:], default="B", help="what every signature must reach (B)")
    parser.add_argument("--at", metavar="ISO8601", type=instant, help="validate as of this time, UTC if not said (now)")
    parser.add_argument("--lenient", action="store_true", help="accept files that pyHanko reads only leniently")
    parser.add_argument("--json", action="store_true", help="one JSON object per file and line")
    parser.add_argument("files", metavar="FILE", nargs="+")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    try:
        anchors = [c for path in args.trust for c in certificates(path)]
        for certificate in anchors:
            certificate.subject.native
    except Exception as error:
        parser.exit(2, f"judges/pyhanko: --trust: {one_line(error)}\n")
    good = True
    for path in args.files:
        report = examine_limited(path, anchors, args.at or datetime.now(timezone.utc))
        report["accepted"] = accepted(report, args.level, args.lenient)
        good &= report["accepted"]
        if args.json:
            print(json.dumps(report, ensure_ascii=False), flush=True)
        else:
            print_lines(report)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
