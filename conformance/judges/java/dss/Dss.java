import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import eu.europa.esig.dss.diagnostic.DiagnosticData;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.enumerations.TimestampType;
import eu.europa.esig.dss.jaxb.object.Message;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.policy.ValidationPolicy;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.pades.validation.PDFDocumentValidator;
import eu.europa.esig.dss.pdf.modifications.DefaultPdfDifferencesFinder;
import eu.europa.esig.dss.pdf.pdfbox.PdfBoxNativeObjectFactory;
import eu.europa.esig.dss.service.crl.OnlineCRLSource;
import eu.europa.esig.dss.service.http.commons.CommonsDataLoader;
import eu.europa.esig.dss.service.ocsp.OnlineOCSPSource;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.aia.DefaultAIASource;
import eu.europa.esig.dss.validation.policy.ValidationPolicyLoader;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;

/** Judges the signatures in PDF files with EU DSS and its default validation policy. */
public final class Dss {
    static final String USAGE = "usage: judges/dss [--trust ANCHOR.pem]... [--level B|T|LT|LTA] [--strict] [--no-visual] [--at TIME] [--online] [--json] FILE...";
    static final List<SignatureLevel> LEVELS = Arrays.asList(SignatureLevel.PAdES_BASELINE_B, SignatureLevel.PAdES_BASELINE_T,
            SignatureLevel.PAdES_BASELINE_LT, SignatureLevel.PAdES_BASELINE_LTA);
    static final long SECONDS_PER_FILE = 300;
    static final long STACK_BYTES = 64 << 20;

    record Stamp(String indication, String subIndication, String time, String by, List<String> errors, List<String> warnings) {}

    record Signature(String indication, String subIndication, SignatureLevel level, String claimedTime, String provenTime, String by,
            List<String> errors, List<String> warnings, List<Stamp> stamps) {}

    record Verdict(String file, boolean passed, String conclusion, List<Signature> signatures, List<Stamp> otherStamps) {}

    final ValidationPolicy policy = ValidationPolicyLoader.fromDefaultValidationPolicy().create();
    final CommonTrustedCertificateSource anchors = new CommonTrustedCertificateSource();
    boolean online, strict, visual = true;
    SignatureLevel required;
    Date at;

    public static void main(String[] args) {
        PrintStream out = System.out, err = System.err;
        try {
            // What the libraries print about a file must not end up among the verdicts.
            System.setOut(new PrintStream(OutputStream.nullOutputStream()));
            System.setErr(System.out);
            exit(out, new Dss().run(List.of(args), out));
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
        } catch (Throwable t) {
            err.println("judges/dss: " + t);
        }
        exit(out, 2);
    }

    // halt, because a validation that ran out of time may still be busy.
    static void exit(PrintStream out, int code) {
        out.flush();
        Runtime.getRuntime().halt(code);
    }

    int run(List<String> args, PrintStream out) throws Exception {
        boolean json = false;
        List<String> files = new ArrayList<>();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i), value = i + 1 < args.size() ? args.get(i + 1) : "";
            switch (arg) {
                case "--json" -> json = true;
                case "--online" -> online = true;
                case "--strict" -> strict = true;
                case "--no-visual" -> visual = false;
                case "--trust" -> { trust(value); i++; }
                case "--level" -> { required = level(value); i++; }
                case "--at" -> { at = time(value); i++; }
                case "--" -> { files.addAll(args.subList(i + 1, args.size())); i = args.size(); }
                default -> {
                    if (arg.startsWith("-")) throw new IllegalArgumentException(USAGE);
                    files.add(arg);
                }
            }
        }
        if (files.isEmpty()) throw new IllegalArgumentException(USAGE);

        ObjectMapper mapper = new ObjectMapper().setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL)
                .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING);
        boolean allPassed = true;
        for (String file : files) {
            Verdict v = judge(file);
            allPassed &= v.passed;
            out.println(json ? mapper.writeValueAsString(v) : text(v));
            out.flush();
        }
        return allPassed ? 0 : 1;
    }

    void trust(String pem) {
        try (InputStream in = new FileInputStream(pem)) {
            for (Certificate c : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                anchors.addCertificate(new CertificateToken((X509Certificate) c));
            }
        } catch (Exception e) {
            throw new IllegalArgumentException("cannot read trust anchor \"" + pem + "\": " + e.getMessage());
        }
    }

    static SignatureLevel level(String name) {
        try {
            return SignatureLevel.valueOf("PAdES_BASELINE_" + name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("unknown level \"" + name + "\"\n" + USAGE);
        }
    }

    static Date time(String s) {
        try {
            return Date.from(Instant.parse(s));
        } catch (java.time.DateTimeException e) {
            throw new IllegalArgumentException("not a time like 2036-01-31T00:00:00Z: \"" + s + "\"\n" + USAGE);
        }
    }

    // Each file gets a thread of its own, so that deep nesting has room and an endless file is left behind.
    Verdict judge(String file) throws InterruptedException {
        FutureTask<Verdict> task = new FutureTask<>(() -> validate(file));
        Thread thread = new Thread(null, task, "validation", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        String reason;
        try {
            return task.get(SECONDS_PER_FILE, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            reason = "no verdict within " + SECONDS_PER_FILE + " s";
        } catch (ExecutionException e) {
            Throwable root = e;
            while (root.getCause() != null) root = root.getCause();
            reason = root.getClass().getSimpleName() + (root.getMessage() == null ? "" : ": " + oneLine(root.getMessage()));
        }
        return failed(file, "ERROR: " + reason);
    }

    static Verdict failed(String file, String conclusion) {
        return new Verdict(file, false, conclusion, List.of(), List.of());
    }

    Verdict validate(String name) throws IOException {
        File file = new File(name);
        if (!file.isFile()) return failed(name, "ERROR: no such file");

        PDFDocumentValidator validator = new PDFDocumentValidator(new FileDocument(file));
        validator.setCertificateVerifier(verifier());
        validator.setEnableEtsiValidationReport(false);
        if (at != null) validator.setValidationTime(at);
        if (!visual) validator.setPdfObjFactory(withoutRendering());
        Reports reports = validator.validateDocument(policy);
        SimpleReport report = reports.getSimpleReport();

        List<Signature> signatures = new ArrayList<>();
        for (String id : report.getSignatureIdList()) {
            List<Stamp> stamps = report.getSignatureTimestamps(id).stream().map(t -> stamp(report, t.getId())).toList();
            signatures.add(new Signature(name(report.getIndication(id)), name(report.getSubIndication(id)), report.getSignatureFormat(id),
                    time(report.getSigningTime(id)), time(report.getBestSignatureTime(id)), oneLine(report.getSignedBy(id)),
                    texts(report.getAdESValidationErrors(id)), texts(report.getAdESValidationWarnings(id)), stamps));
        }
        List<Stamp> others = report.getTimestampIdList().stream().map(id -> stamp(report, id)).toList();
        String conclusion = conclude(signatures, others, signatureFields(file), fieldsRead(reports.getDiagnosticData()));
        return new Verdict(name, conclusion.startsWith("PASSED"), conclusion, signatures, others);
    }

    String conclude(List<Signature> signatures, List<Stamp> others, int fields, int fieldsRead) {
        int all = signatures.size();
        long passed = signatures.stream().filter(s -> s.indication.equals("TOTAL_PASSED")).count();
        long below = signatures.stream().filter(s -> required != null && !reached(s)).count();
        boolean warned = Stream.concat(others.stream(), signatures.stream().flatMap(s -> s.stamps.stream())).anyMatch(t -> !t.warnings.isEmpty())
                || signatures.stream().anyMatch(s -> !s.warnings.isEmpty());

        if (fieldsRead < fields) return "FAILED: %d of %d signature fields could not be read".formatted(fields - fieldsRead, fields);
        if (all == 0) return "FAILED: no signature";
        if (passed < all) return "FAILED: %d of %d signatures TOTAL_PASSED".formatted(passed, all);
        if (below > 0) return "FAILED: %d of %d signatures not proven to be %s".formatted(below, all, required);
        if (warned && strict) return "FAILED: all signatures TOTAL_PASSED (%d), but with warnings".formatted(all);
        return "PASSED: all signatures TOTAL_PASSED (%d)%s".formatted(all, warned ? ", with warnings" : "");
    }

    // DSS names a level by its form alone; here the time-stamps that carry it must hold as well.
    boolean reached(Signature s) {
        return LEVELS.indexOf(s.level) >= LEVELS.indexOf(required) && s.stamps.stream().allMatch(t -> t.indication.equals("PASSED"));
    }

    // DSS passes over a signature field whose content it cannot read, so the fields are counted apart.
    static int signatureFields(File file) throws IOException {
        try (PDDocument pdf = Loader.loadPDF(file)) {
            return Set.copyOf(pdf.getSignatureDictionaries().stream().map(PDSignature::getCOSObject).toList()).size();
        }
    }

    static int fieldsRead(DiagnosticData data) {
        return data.getSignatures().size()
                + (int) data.getTimestampList().stream().filter(t -> t.getType() == TimestampType.DOCUMENT_TIMESTAMP).count();
    }

    CommonCertificateVerifier verifier() {
        CommonCertificateVerifier verifier = new CommonCertificateVerifier(true);
        verifier.setTrustedCertSources(anchors);
        if (online) {
            CommonsDataLoader loader = new CommonsDataLoader();
            verifier.setAIASource(new DefaultAIASource(loader));
            verifier.setCrlSource(new OnlineCRLSource(loader));
            verifier.setOcspSource(new OnlineOCSPSource());
        }
        return verifier;
    }

    static PdfBoxNativeObjectFactory withoutRendering() {
        DefaultPdfDifferencesFinder finder = new DefaultPdfDifferencesFinder();
        finder.setMaximalPagesAmountForVisualComparison(0);
        PdfBoxNativeObjectFactory factory = new PdfBoxNativeObjectFactory();
        factory.setPdfDifferencesFinder(finder);
        return factory;
    }

    static Stamp stamp(SimpleReport report, String id) {
        return new Stamp(name(report.getIndication(id)), name(report.getSubIndication(id)), time(report.getProductionTime(id)),
                oneLine(report.getProducedBy(id)), texts(report.getAdESValidationErrors(id)), texts(report.getAdESValidationWarnings(id)));
    }

    static List<String> texts(List<Message> messages) {
        return messages.stream().map(m -> oneLine(m.getValue())).distinct().toList();
    }

    static String name(Enum<?> e) {
        return e == null ? null : e.name();
    }

    static String time(Date d) {
        return d == null ? null : d.toInstant().toString();
    }

    static String text(Verdict v) {
        StringBuilder s = new StringBuilder();
        int n = 0;
        for (Signature g : v.signatures) {
            s.append("%s  signature %d: %s  level %s  time %s proven %s  by \"%s\"\n".formatted(v.file, ++n,
                    verdict(g.indication, g.subIndication), g.level, g.claimedTime, g.provenTime, g.by));
            reasons(s, "    ", g.errors, g.warnings);
            for (Stamp t : g.stamps) stamp(s, t);
        }
        for (Stamp t : v.otherStamps) stamp(s, t);
        return s + v.file + "  " + v.conclusion;
    }

    static void stamp(StringBuilder s, Stamp t) {
        s.append("    time-stamp %s  time %s  by \"%s\"\n".formatted(verdict(t.indication, t.subIndication), t.time, t.by));
        reasons(s, "        ", t.errors, t.warnings);
    }

    static void reasons(StringBuilder s, String indent, List<String> errors, List<String> warnings) {
        for (String e : errors) s.append(indent).append("error: ").append(e).append('\n');
        for (String w : warnings) s.append(indent).append("warning: ").append(w).append('\n');
    }

    static String verdict(String indication, String subIndication) {
        return subIndication == null ? indication : indication + " " + subIndication;
    }

    static String oneLine(String s) {
        return s == null ? null : s.replaceAll("\\s+", " ").trim();
    }
}
