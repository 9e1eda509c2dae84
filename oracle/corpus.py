"""Words and sentences that random texts and trained vocabularies are made of, all drawn from one random source."""

from random import Random

# The first article of the Universal Declaration of Human Rights, or its opening, and phrases in other languages.
SENTENCES = [
    "All human beings are born free and equal in dignity and rights.",
    "They are endowed with reason and conscience and should act towards one another in a spirit of brotherhood.",
    "Tous les êtres humains naissent libres et égaux en dignité et en droits.",
    "Alle Menschen sind frei und gleich an Würde und Rechten geboren, größer als Straßenbahnhaltestellen.",
    "Todos los seres humanos nacen libres e iguales en dignidad y derechos; ¿mañana también?",
    "Tutti gli esseri umani nascono liberi ed eguali in dignità e diritti, perché no?",
    "Todas as pessoas nascem livres e iguais em dignidade e em direitos: ações e coração.",
    "Alla människor är födda fria och lika i värde och rättigheter på ön.",
    "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw: zażółć gęślą jaźń.",
    "Všichni lidé rodí se svobodní a sobě rovní co do důstojnosti a práv. Příliš žluťoučký kůň.",
    "Minden emberi lény szabadon születik és egyenlő méltósága és joga van. Árvíztűrő tükörfúrógép.",
    "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. IĞDIR'da İstanbul ılık.",
    "Все люди рождаются свободными и равными в своём достоинстве и правах. Ёлка, подъезд.",
    "Всі люди народжуються вільними і рівними у своїй гідності та правах. Їжак, ґанок.",
    "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα. ΟΔΥΣΣΕΥΣ",
    "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。ガギグ パピプ",
    "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心。",
    "人人生而自由，在尊嚴和權利上一律平等。𠀀𪛖𫝀𠮷野家",
    "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.",
    "يولد جميع الناس أحرارًا متساوين في الكرامة والحقوق. لا إله، ١٢٣٤٥",
    "כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם. שָׁלוֹם",
    "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है। १२३",
    "সমস্ত মানুষ স্বাধীনভাবে সমান মর্যাদা এবং অধিকার নিয়ে জন্মগ্রহণ করে।",
    "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ น้ำ ๑๒๓",
    "Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền lợi.",
    "மனிதப் பிறிவியினர் சகலரும் சுதந்திரமாகவே பிறக்கின்றனர்; கொ கோ கௌ",
    "ყველა ადამიანი იბადება თავისუფალი და თანასწორი. ᲐᲑᲒ",
    "Բոլոր մարդիկ ծնվում են ազատ ու հավասար։ և ԵՎ",
    "ሁሉም ሰዎች ነጻ እና እኩል ሆነው ተወለዱ። ፩፪፫",
    "མི་རིགས་རྣམས་རང་དབང་དང་འདྲ་མཉམ་གྱི་ཐོབ་ཐང་ཡོད།",
    "def f(x: int) -> dict[str, float]:\n    return {'a': x**2, \"b\": -1.5e-3}  # squares\n\n\tprint(f(3))",
    "https://example.com/a/b?c=d&e=f%20g#h user.name+tag@example.org C:\\Program Files\\x",
    "It's 3:45pm on 2026-10-05; we'll pay $1,299.99 (50% off!), don't they'RE I'M'S you've she'd",
    "E = mc², ∑ᵢ xᵢ² ≤ ∞, ½ + ¾ ≠ Ⅻ ① ㎏ ㌔ ﬁ ﬃ ﬅ … ™ № ℃ ℌ 𝔘𝔫𝔦 𝟙𝟚 Ａｂｃ ｶﾞ ㈱",
    "🙂🙃 👩‍👩‍👧‍👦 👍🏽 🇮🇳🇫🇷 ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1️⃣ 😀text",
    "“smart” ‘quotes’ «guillemets» „low“ ‹x› – — ― … · • ‽ ⁂ ¡¿ §¶†‡ ※ 〽 〈〉《》「」『』【】",
]

# Whole blocks, so that every script, mark, digit and symbol appears sooner or later; weights are even on purpose.
BLOCKS = [
    (0x21, 0x7E), (0xA1, 0xFF), (0x100, 0x17F), (0x180, 0x24F), (0x250, 0x2FF), (0x370, 0x3FF), (0x400, 0x52F),
    (0x531, 0x58F), (0x591, 0x5F4), (0x600, 0x6FF), (0x700, 0x74F), (0x750, 0x77F), (0x7C0, 0x85E), (0x8A0, 0x8FF),
    (0x900, 0x97F), (0x980, 0x9FE), (0xA01, 0xAFF), (0xB01, 0xBFA), (0xC00, 0xCFF), (0xD00, 0xDF4), (0xE01, 0xE5B),
    (0xE81, 0xEDF), (0xF00, 0xFDA), (0x1000, 0x109F), (0x10A0, 0x10FF), (0x1100, 0x11FF), (0x1200, 0x139F),
    (0x13A0, 0x13FD), (0x1401, 0x169C), (0x16A0, 0x16F8), (0x1780, 0x17F9), (0x1800, 0x18AA), (0x1900, 0x19FF),
    (0x1A00, 0x1ACE), (0x1B00, 0x1BFF), (0x1C00, 0x1CFA), (0x1D00, 0x1DBF), (0x1E00, 0x1EFF), (0x1F00, 0x1FFE),
    (0x2010, 0x205E), (0x2070, 0x209C), (0x20A0, 0x20C0), (0x20D0, 0x20F0), (0x2100, 0x218B), (0x2190, 0x23FF),
    (0x2400, 0x24FF), (0x2500, 0x27BF), (0x27C0, 0x2BFF), (0x2C00, 0x2D7F), (0x2D80, 0x2E5D), (0x2E80, 0x2FFB),
    (0x3001, 0x303F), (0x3041, 0x30FF), (0x3105, 0x31FF), (0x3200, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF),
    (0xA000, 0xA4C6), (0xA4D0, 0xA62B), (0xA640, 0xA6F7), (0xA700, 0xA7FF), (0xA800, 0xA8FF), (0xA900, 0xA9DF),
    (0xAA00, 0xABF9), (0xAC00, 0xD7A3), (0xD7B0, 0xD7FB), (0xE000, 0xE0FF), (0xF900, 0xFAD9), (0xFB00, 0xFDFF),
    (0xFE10, 0xFE6B), (0xFE70, 0xFEFC), (0xFF01, 0xFFEE), (0xFFF0, 0xFFFF), (0x10000, 0x101FD), (0x10280, 0x103D5),
    (0x10400, 0x10563), (0x10570, 0x105BC), (0x10600, 0x1085F), (0x10900, 0x10A58), (0x10A60, 0x10CFF),
    (0x10D00, 0x10FF6), (0x11000, 0x1124D), (0x11280, 0x1145F), (0x11480, 0x116C9), (0x11700, 0x11946),
    (0x11A00, 0x11C6C), (0x11D00, 0x11EF8), (0x12000, 0x12543), (0x13000, 0x13455), (0x14400, 0x14646),
    (0x16800, 0x16B8F), (0x16E40, 0x16F9F), (0x17000, 0x187F7), (0x1AFF0, 0x1B2FB), (0x1BC00, 0x1BCA3),
    (0x1CF00, 0x1CFC3), (0x1D000, 0x1D245), (0x1D400, 0x1D7FF), (0x1D800, 0x1DAAF), (0x1DF00, 0x1E02A),
    (0x1E030, 0x1E2FF), (0x1E4D0, 0x1E95F), (0x1EC71, 0x1EEF1), (0x1F000, 0x1F2FF), (0x1F300, 0x1F64F),
    (0x1F650, 0x1F8FF), (0x1F900, 0x1FBF9), (0x20000, 0x2A6DF), (0x2A700, 0x2EBE0), (0x2F800, 0x2FA1D),
    (0x30000, 0x323AF), (0xE0001, 0xE007F), (0xE0100, 0xE01EF), (0xF0000, 0xF00FF), (0x10FF00, 0x10FFFF),
]

LETTERS = [
    "etaoinshrdlucmfwypvbgkjqxz", "eaisnrtolucdpmévqfbghjàxèyêzçôùâûîœwkïëü", "аоеинтрслвкпмудяыьзбгйчюжшхщцэф",
    "αοιετνσρκπμληγδθχφωβξζψςάέίόή", "あいうえおかきくけこさしすせそたちつてとなにのはひへまみもらりるれろわをん", "的一是不了人我在有他这中大来上国个到说们",
    "가나다라마바사아자차카타파하은는이를에서", "ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "אבגדהוזחטיכלמנסעפצקרשת", "कखगघचछजझटठडढतथदधनपफबभमयरलवशषसह",
    "กขคงจฉชซญดตถทธนบปผฝพฟภมยรลวสหอ",
]


def code_point(rng: Random) -> str:
    """Any scalar value: an even choice of planes would be nearly all unassigned, so blocks come first."""
    if rng.random() < 0.8:
        low, high = rng.choice(BLOCKS)
        return chr(rng.randint(low, high))
    while True:
        value = rng.randrange(0x110000) if rng.random() < 0.5 else rng.randrange(0x10000)
        if not 0xD800 <= value <= 0xDFFF:
            return chr(value)


def pseudo_word(rng: Random, letters: str | None = None) -> str:
    """A word of one script whose letters follow a steep distribution, so that training finds frequent pairs."""
    letters = letters or rng.choice(LETTERS)
    length = 1 + min(int(rng.expovariate(0.25)), 14)
    word = "".join(letters[min(int(rng.expovariate(6 / len(letters))), len(letters) - 1)] for _ in range(length))
    if rng.random() < 0.15:
        word = rng.choice([str.upper, str.title])(word)
    return word


def sentence(rng: Random) -> str:
    """A sentence of pseudo words, or a real one with some of its words shuffled."""
    if rng.random() < 0.4:
        words = rng.choice(SENTENCES).split(" ")
        if rng.random() < 0.5:
            rng.shuffle(words)
        return " ".join(words[: rng.randint(1, len(words))])
    letters = rng.choice(LETTERS)
    words = [pseudo_word(rng, letters) for _ in range(rng.randint(1, 14))]
    if rng.random() < 0.2:
        words.insert(rng.randrange(len(words)), str(rng.randrange(10 ** rng.randint(1, 7))))
    return " ".join(words) + rng.choice(["", ".", "!", "?", ",", " …", "。", ";"])


def training_corpus(rng: Random, size: int) -> list[str]:
    """Lines to train a vocabulary on: sentences of every language, and now and then a stray code point."""
    stock = [pseudo_word(rng) for _ in range(size // 2)]
    lines = []
    for _ in range(size):
        line = [sentence(rng)]
        line += rng.choices(stock, k=rng.randint(0, 6))
        if rng.random() < 0.1:
            line.append("".join(code_point(rng) for _ in range(rng.randint(1, 5))))
        lines.append(" ".join(line))
    return lines
