"""What the lines to learn from say: prose, headings, names, places, numbers, and syllables in no order.

A network that reads running text alone guesses the frequent syllable where marks are hard to see. So most lines
have neighbours that decide nothing: syllables are made of their sounds, or changed for one with other marks.
"""
import collections
import random
import re
import string
import unicodedata
from pathlib import Path

TONES = ["aàáảãạ", "ăằắẳẵặ", "âầấẩẫậ", "eèéẻẽẹ", "êềếểễệ", "iìíỉĩị", "oòóỏõọ", "ôồốổỗộ", "ơờớởỡợ", "uùúủũụ", "ưừứửữự", "yỳýỷỹỵ"]
ROW = {row[0]: row for row in TONES}
LATIN = """Bank Company Limited Corporation Development Investment International Trading Services Department Ministry Vietnam Report Project
 Agreement Contract Certificate Committee Republic University Program Science Energy Health World Asian European Union Agency Cooperation Request
 Information System Data Center Website Email Online ASEAN WTO GDP ODA ISO UNESCO Paris London Geneva République Française Ministère Ambassade
 Université École Société Direction Générale Conseil Développement Accord Projet Santé Monsieur Madame Robert Smith Johnson Martin Bernard Dubois
 Laurent Garcia Lefebvre Pierre Marie Jean David Charles William Kim Lee Park Tanaka Suzuki Singh Petrov Müller the of and for in on with by from
 shall will this that not article section les des pour dans avec sur par est sont une qui que""".split()
BODIES = """UBND HĐND MTTQ BTP BTC BNV BCA BQP BYT BGDĐT BTNMT BXD BCT BKHCN BTTTT BVHTTDL BLĐTBXH BKHĐT BNG TTCP NHNN VPCP VP SNV STC STP SYT SXD
 SGDĐT STNMT SCT SKHĐT TANDTC VKSNDTC CP TTg CTN QH15 QH14 QH13 UBTVQH15 TU BTV ĐU KBNN BQL TTPVHCC KTTH NC TH KSTTHC VX NNTN""".split()
one, n = random.choice, random.randint


def chance(p):
    return random.random() < p


def plain(s):
    return " ".join(unicodedata.normalize("NFC", s).split())


def unmarked(word):
    return "".join(c for c in unicodedata.normalize("NFD", word.replace("đ", "d")) if not unicodedata.combining(c))


def rows(path):
    return [row for row in Path(path).read_text("utf8").split("\n") if row and not row.startswith("#")]


class Sounds:
    """Every syllable that can be written, by the tables of pipeline/proof/syllable.go."""

    def __init__(self, source):
        code = Path(source).read_text("utf8")
        onsets, rimes, qu, gi = (re.search(name + r"\s*= fieldsOf\(`([^`]*)`", code)[1].split() for name in ("onsets", "rimes", "afterQU", "afterGI"))
        after = {"qu": qu, "gi": gi}
        self.rimes = {o: [r for r in after.get(o, rimes) if o in after or fits(o, r)] for o in onsets + [""]}
        self.pairs = [(o, r) for o, all_rimes in self.rimes.items() for r in all_rimes]

    def __call__(self):
        onset, rime = one(self.pairs)
        if chance(.5):
            onset = one(list(self.rimes))
            rime = one(self.rimes[onset])
        return toned(onset, rime, one((2, 5)) if rime[-1] in "cpt" or rime.endswith("ch") else random.randrange(6))


def fits(onset, rime):
    front = rime[0] in "eêiy"
    if onset in ("c", "ng"):
        return not front
    if onset in ("k", "gh", "ngh"):
        return front
    if onset == "g":
        return not front or rime == "i"
    return onset == "" or rime[0] != "y" or rime == "y"


def toned(onset, rime, tone):
    """The tone stands on the vowel with a mark of its own, else as house style has it (hòa, hoà)."""
    if tone == 0:
        return onset + rime
    vowels = [i for i, c in enumerate(rime) if c in ROW]
    own = [i for i in vowels if rime[i] in "ăâêôơư"]
    if not vowels:  # gìn
        return onset[:-1] + ROW[onset[-1]][tone] + rime
    if own:
        at = own[-1]
    elif len(vowels) > 2 or len(vowels) == 2 and vowels[-1] < len(rime) - 1:
        at = vowels[1]
    else:
        at = one(vowels) if rime in ("oa", "oe", "uy") else vowels[0]
    return onset + rime[:at] + ROW[rime[at]][tone] + rime[at + 1:]


def number():
    """As they stand in administrative papers: days, sums, areas, shares, telephones, hours, marks of goods, sections."""
    return one([
        lambda: f"{n(1, 31):02d}/{n(1, 12):02d}/{n(1940, 2026)}", lambda: f"{n(1, 31):02d}/{n(1, 12):02d}/{n(1940, 2026)}",
        lambda: ".".join([str(n(1, 999))] + [one([f"{n(0, 999):03d}", "000"]) for _ in range(n(1, 2))]) + one(["", " đồng", "đ", " VNĐ", " USD", ".", " m2"]),
        lambda: f"{n(0, 999)},{n(0, 99)}" + one(["", "%", " ha", " m2", " km", " tỷ đồng", " triệu đồng"]), lambda: f"{n(0, 100)}%",
        lambda: f"0{n(10 ** 8, 10 ** 9 - 1)}", lambda: f"0{n(100, 999)}.{n(100, 999)}.{n(100, 9999)}", lambda: f"{n(0, 23)} giờ {n(0, 59):02d} phút",
        lambda: f"{n(0, 23):02d}:{n(0, 59):02d}", lambda: "".join(one(string.digits) for _ in range(n(1, 12))),
        lambda: "".join(one("ABCDEGHKLMNPQRSTUVXYZ" + string.digits) for _ in range(n(4, 10))), lambda: f"{n(1, 9)}.{n(1, 20)}.{n(1, 9)}"])()


def day(places):
    d, m, y = one([f"{n(1, 31):02d}", str(n(1, 31))]), one([f"{n(1, 12):02d}", str(n(1, 12))]), n(1975, 2026)
    return one([f"{one(places)}, ngày {d} tháng {m} năm {y}", f"{one(places)}, ngày {d} tháng {m} năm {y}", f"ngày {d} tháng {m} năm {y}", f"ngày {d}/{m}/{y}", f"{d}.{m}.{y}"])


def foreign():
    if chance(.2):
        return one(["www.%s.", "%s@"]) % one(LATIN).lower() + one(["gov.vn", "com.vn", "vn", "edu.vn", "gmail.com", "org.vn"])
    return " ".join(one(LATIN) for _ in range(n(1, 7)))


class Texts:
    """lists is the folder pipeline/field/lists, proof is pipeline/proof; printed, prose and words are rows of text."""

    def __init__(self, known, printed, prose, words, lists, proof):
        fit = [[t for t in texts if t and all(c in known for c in t)] for texts in (printed, prose, words)]
        self.known, (self.papers, self.running_text, words) = known, fit
        self.low = [w for w in words if w.islower() and len(w) < 14]
        kin = collections.defaultdict(list)
        for w in self.low:
            kin[unmarked(w)].append(w)
        self.kin = {k: v for k, v in kin.items() if len(v) > 1 and len(k) > 1}  # words that only their marks part
        self.groups = list(self.kin.values())
        self.phrases = list(map(plain, rows(Path(proof) / "lists/phrases.txt"))) + [plain(t) for row in rows(Path(lists) / "phrases.tsv") for t in row.split("\t")]
        # The words of running text as often as they stand in it.
        self.common = [w for t in self.running_text + self.phrases for w in re.findall(r"\w+", t.lower()) if unmarked(w) in self.kin]
        self.sounds = Sounds(Path(proof) / "syllable.go")

        def first(name):
            return [row.split("\t") for row in rows(Path(lists) / name)]

        names = collections.defaultdict(list)
        for kind, given, *_ in first("names.tsv"):
            names[kind] += given.split()
        self.family, self.given = names["common"] + names["family"], names["given"] + names["rare"]
        self.places = [(unit, e.split(" ", 1)[1]) for f in ("communes.tsv", "communes-old.tsv") for _, unit, all_of, *_ in first(f) for e in all_of.split("|") if " " in e]
        self.provinces = [row[0] for row in first("provinces.tsv")]
        self.agencies, self.offices, self.kinds = ([row[0] for row in first(f)] for f in ("agencies.tsv", "offices.tsv", "kinds.tsv"))
        self.kind_codes = [row[1] for row in first("kinds.tsv") if len(row) > 1 and row[1]]
        self.chosen = [(24, "prose"), (10, "printed"), (32, "jumble"), (8, "heading"), (2, "motto"), (5, "name"), (5, "place"), (3, "day"), (4, "notation"), (4, "number"), (3, "foreign")]

    def __call__(self):
        """A line, and its kind."""
        shares, kinds = zip(*self.chosen)
        while True:
            kind = random.choices(kinds, shares)[0]
            t = getattr(self, kind)()
            t = part(t, 1, 3) if chance(.2) else t  # a word or two alone, as the second look cuts them
            if 0 < len(t) < 105 and all(c in self.known for c in t):
                return t, kind

    def syllable(self):
        return one([self.sounds, self.sounds, lambda: one(one(self.groups)), lambda: one(self.low)])()

    def twin(self):
        """A word as likely as its twin of other marks is frequent."""
        return one(self.kin[unmarked(one(self.common))])

    def others(self, text):
        """Some syllables become another with the same letters and other marks."""
        words = text.split(" ")
        for i, w in enumerate(words):
            found = re.fullmatch(r"(\W*)(\w+)(\W*)", w)
            kin = self.kin.get(unmarked(found[2].lower())) if found and chance(.4) else None
            if kin:
                new = one(kin)
                words[i] = found[1] + (new.upper() if found[2].isupper() else new.capitalize() if found[2][0].isupper() else new) + found[3]
        return " ".join(words)

    def running(self, text):
        text = self.others(text) if chance(.75) else text
        text = text.upper() if chance(.1) else text
        return self.item() + text if chance(.1) else text

    def prose(self):
        return self.running(part(one(self.running_text), 3, 17))

    def printed(self):
        return self.running(part(one(self.papers), 2, 18))

    def item(self):
        return one(["- ", "+ ", "* ", "1. ", "2. ", "3. ", "a) ", "b) ", "c) ", "đ) ", "2.1. ", "I. ", "II. ", "III. ", "IV. ", "Điều 1. ", "Điều 5. ", "Khoản 2 "])

    def jumble(self):
        out, case = [], random.random()
        for _ in range(n(1, 14)):
            kind = random.choices([number, self.name, lambda: one(self.places)[1], self.syllable, self.twin, lambda: one(self.phrases)], [4, 3, 3, 30, 26, 34])[0]
            w = kind()
            w = w.upper() if case < .14 else w[:1].upper() + w[1:] if case < .28 or chance(.06) else w
            out.append(random.choices(["%s", "%s,", "%s.", "%s;", "%s:", "(%s)", "“%s”", "%s -"], [88, 6, 1, 1, 1, 1, .5, 1.5])[0] % w)
            if sum(map(len, out)) > 85:
                break
        return " ".join(out)

    def name(self):
        words = [one(self.family), one(["Thị", "Văn", "Hữu", "Đức"]) if chance(.4) else one(self.given)] + [one(self.given) for _ in range(n(0, 2))]
        name = " ".join(words)
        return one([name, name, name.upper(), one(["Ông ", "Bà ", "ông ", "bà ", "đồng chí ", "ThS. ", "TS. ", "PGS.TS ", "BS. "]) + name, f"{one(self.offices)} {name}"])

    def place(self):
        unit, name = one(self.places)
        province = one(self.provinces)
        return one([f"{unit} {name}", unit[:1].upper() + unit[1:] + " " + name, name, province, f"{unit} {name}, {one(['tỉnh', 'thành phố', 'huyện'])} {province}", f"{name} - {province}"])

    def heading(self):
        t = one([
            lambda: one(["Cộng hòa", "Cộng hoà"]) + " xã hội chủ nghĩa Việt Nam",
            lambda: one(["Ủy ban nhân dân", "Uỷ ban nhân dân", "Hội đồng nhân dân", "Đảng ủy", "Ban chấp hành Đảng bộ", "Công an", "Tòa án nhân dân"]) + " " + self.place(),
            lambda: one(self.agencies) + " " + one([one(self.phrases), self.place(), ""]), lambda: one(self.offices), lambda: one(self.kinds) + " " + one([one(self.phrases), ""]),
            lambda: one(["Bộ", "Sở", "Cục", "Vụ", "Phòng", "Ban", "Chi cục", "Trung tâm", "Trường", "Văn phòng", "Công ty", "Viện"]) + " " + one(self.phrases),
            lambda: (one(["TM. ", "KT. ", "TL. ", "TUQ. ", "Q. "]) + one(self.agencies + self.offices)).upper()])().strip()
        return random.choices([t.upper(), t.title(), t], [75, 7, 18])[0]

    def motto(self):
        return one(["Độc lập - Tự do - Hạnh phúc", "Độc lập – Tự do – Hạnh phúc", "ĐỘC LẬP - TỰ DO - HẠNH PHÚC"])

    def day(self):
        return day(self.provinces + [name for _, name in self.places[:50]])

    def notation(self):
        what, who, this = one(self.kind_codes), one(BODIES), one([f"{n(1, 9):02d}", str(n(1, 999)), str(n(1, 999)), str(n(1000, 9999))])
        t = one([f"{this}/{what}-{who}", f"{this}/{what}-{who}", f"{this}/{n(1990, 2026)}/{one(['NĐ', 'TT', 'QĐ', 'NQ', 'TTLT', 'CT'])}-{who}", f"{this}/{n(2000, 2025)}/QH{n(9, 15)}", f"{this}/{who}-{one(BODIES)}"])
        return one(["", "Số: ", "Số ", "số "]) + t

    def number(self):
        return " ".join(number() for _ in range(n(1, 4)))

    def foreign(self):
        return foreign()


def part(line, least, most):
    words = line.split(" ")
    count = n(least, most)
    at = n(0, max(0, len(words) - count))
    return " ".join(words[at:at + count])
