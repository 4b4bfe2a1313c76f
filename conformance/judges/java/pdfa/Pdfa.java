import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.flavours.PDFAFlavour.SpecificationFamily;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;
import org.verapdf.pdfa.validation.validators.ValidatorFactory;

/** Judges files against PDF/A with veraPDF: one verdict a file, whatever the file holds. */
public final class Pdfa {
    static final String USAGE = "usage: judges/pdfa [--flavour 2b|2u|3b|1b|auto] [--json] FILE... (flavours 1a 2a 3a 3u 4 4e 4f too)";
    static final long SECONDS_PER_FILE = 300;
    static final long STACK_BYTES = 64 << 20;

    static final Map<PDFAFlavour, ValidationProfile> profiles = new ConcurrentHashMap<>();
    static ExecutorService worker;

    record Breach(String clause, int test, String description, int count, String context, String message) {}

    record Verdict(String file, String result, String flavour, List<Breach> breaches, String reason) {}

    public static void main(String[] args) {
        PrintStream out = System.out, err = System.err;
        try {
            // What the library prints about a file must not end up among the verdicts.
            System.setOut(new PrintStream(OutputStream.nullOutputStream()));
            System.setErr(System.out);
            exit(out, run(List.of(args), out));
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
        } catch (Throwable t) {
            err.println("judges/pdfa: " + t);
        }
        exit(out, 2);
    }

    // halt, because a validation that ran out of time may still be busy.
    static void exit(PrintStream out, int code) {
        out.flush();
        Runtime.getRuntime().halt(code);
    }

    static int run(List<String> args, PrintStream out) throws Exception {
        PDFAFlavour flavour = PDFAFlavour.PDFA_2_B;
        boolean json = false;
        List<String> files = new ArrayList<>();
        for (int i = 0; i < args.size(); i++) {
            switch (args.get(i)) {
                case "--json" -> json = true;
                case "--flavour" -> flavour = flavour(++i < args.size() ? args.get(i) : "");
                case "--" -> { files.addAll(args.subList(i + 1, args.size())); i = args.size(); }
                default -> {
                    if (args.get(i).startsWith("-")) throw new IllegalArgumentException(USAGE);
                    files.add(args.get(i));
                }
            }
        }
        if (files.isEmpty()) throw new IllegalArgumentException(USAGE);

        VeraGreenfieldFoundryProvider.initialise();
        ObjectMapper mapper = new ObjectMapper().setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL);
        boolean allPass = true;
        for (String file : files) {
            Verdict v = judge(file, flavour);
            allPass &= v.result.equals("PASS");
            out.println(json ? mapper.writeValueAsString(v) : text(v));
            out.flush();
        }
        return allPass ? 0 : 1;
    }

    static PDFAFlavour flavour(String id) {
        PDFAFlavour f = PDFAFlavour.byFlavourId(id);
        if (!id.equals("auto") && !isPdfa(f)) throw new IllegalArgumentException("unknown flavour \"" + id + "\"\n" + USAGE);
        return f;
    }

    static boolean isPdfa(PDFAFlavour f) {
        return f.getPart().getFamily() == SpecificationFamily.PDF_A;
    }

    // One thread judges file after file. After anything but a verdict a fresh one takes over, so that
    // no state leaks into the next file and an endless file is left behind.
    static Verdict judge(String file, PDFAFlavour flavour) throws InterruptedException {
        if (worker == null) {
            worker = Executors.newSingleThreadExecutor(task -> {
                Thread thread = new Thread(null, task, "validation", STACK_BYTES);
                thread.setDaemon(true);
                return thread;
            });
        }
        String reason;
        try {
            return worker.submit(() -> validate(file, flavour)).get(SECONDS_PER_FILE, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            reason = "no verdict within " + SECONDS_PER_FILE + " s";
        } catch (ExecutionException e) {
            Throwable root = e;
            while (root.getCause() != null) root = root.getCause();
            reason = root.getClass().getSimpleName() + (root.getMessage() == null ? "" : ": " + oneLine(root.getMessage()));
        }
        worker.shutdown();
        worker = null;
        return error(file, reason);
    }

    static Verdict error(String file, String reason) {
        return new Verdict(file, "ERROR", null, null, reason);
    }

    static Verdict validate(String name, PDFAFlavour asked) throws Exception {
        File file = new File(name);
        if (!file.isFile()) return error(name, "no such file");
        try (PDFAParser parser = Foundries.defaultInstance().createParser(file, asked, PDFAFlavour.PDFA_2_B)) {
            PDFAFlavour flavour = parser.getFlavours().stream().filter(Pdfa::isPdfa).findFirst().orElse(PDFAFlavour.PDFA_2_B);
            // The first breach of each rule is kept, and all are counted.
            try (PDFAValidator validator = ValidatorFactory.createValidator(profile(flavour), 1, false, true, false)) {
                ValidationResult result = validator.validate(parser);
                List<Breach> breaches = new ArrayList<>();
                List<TestAssertion> assertions = new ArrayList<>(result.getTestAssertions());
                assertions.sort(Comparator.comparing(TestAssertion::getRuleId, new Profiles.RuleIdComparator()));
                for (TestAssertion a : assertions) {
                    breaches.add(new Breach(a.getRuleId().getClause(), a.getRuleId().getTestNumber(), oneLine(a.getMessage()),
                            result.getFailedChecks().get(a.getRuleId()), oneLine(a.getLocation().getContext()), oneLine(a.getErrorMessage())));
                }
                return new Verdict(name, result.isCompliant() ? "PASS" : "FAIL", flavour.getId(), breaches, null);
            }
        }
    }

    // The library's own profile directory would read the profiles of all standards at start: seconds.
    static ValidationProfile profile(PDFAFlavour flavour) throws Exception {
        ValidationProfile profile = profiles.get(flavour);
        if (profile == null) {
            String resource = "org/verapdf/pdfa/validation/PDFA-" + flavour.getId().toUpperCase() + ".xml";
            try (InputStream xml = ValidationProfile.class.getClassLoader().getResourceAsStream(resource)) {
                profile = Profiles.profileFromXml(xml);
            }
            profiles.put(flavour, profile);
        }
        return profile;
    }

    static String text(Verdict v) {
        if (v.reason != null) return v.result + " " + v.file + " " + v.reason;
        StringBuilder s = new StringBuilder(v.result + " " + v.flavour + " " + v.file);
        for (Breach b : v.breaches) {
            s.append("\n  clause %s test %d: %s (%d×) %s [%s]".formatted(b.clause, b.test, b.description, b.count, b.context, b.message));
        }
        return s.toString();
    }

    static String oneLine(String s) {
        return s == null ? null : s.replaceAll("\\s+", " ").trim();
    }
}
