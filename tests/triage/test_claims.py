"""What a claim may say of its source: numbers, units, names and comparisons, in any spelling, and nothing else."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.claims import Source, rests_on, supporting_sentence, unsupported
from triage.number_support import numbers_of, unsupported_numbers
from triage.plain_text import plain
from triage.quantities import quantities

SOURCE = (
    "We propose Lantern-7B, a model for reading tram tables with Careful Tram Reasoning (CTR). "
    "Lantern-7B outperforms the Kettle baseline by 12.34% on TramBench and reduces latency from 1,500 ms to 0.3 s. "
    "It was trained on 1.2 trillion tokens, needs 16 GB of memory and halves the cost. "
    "Accuracy rises by 3 percentage points, between 3 and 5 trams an hour, at $4{,}000$ dollars. "
    "Errors fall by a factor of $2\\times$ with 1.5\\times 10^{3} lamps, and the bias is -0.7 dB since 2019. "
    "Quantization does not hurt robustness, while pruning makes Kettle slower."
)


def kinds(claim: str, source: str = SOURCE) -> list[str]:
    return [finding.kind for finding in unsupported(claim, source)]


@pytest.mark.parametrize(
    "claim",
    [
        pytest.param("It gains 12.34 %.", id="space_before_percent"),
        pytest.param("It gains 12.3 percent.", id="rounded"),
        pytest.param("It gains 12%.", id="rounded_to_two_digits"),
        pytest.param("It gains about 12 per cent.", id="about"),
        pytest.param("It gains over 12%.", id="over"),
        pytest.param("Latency was 1.5 s before and 300 ms after.", id="seconds_are_milliseconds"),
        pytest.param("It saw 1,200 billion tokens.", id="trillion_is_thousand_billion"),
        pytest.param("It saw 1.2T tokens.", id="magnitude_letter"),
        pytest.param("It needs 16GB.", id="no_space_before_unit"),
        pytest.param("It costs half as much, 50% of it.", id="half"),
        pytest.param("Errors are two-fold fewer, twice fewer, 2x fewer.", id="fold"),
        pytest.param("It gains 3 points, or 3 pp.", id="points"),
        pytest.param("There are 3-5, 3–5 and 3 to 5 trams.", id="ranges"),
        pytest.param("It costs $4k, that is 4,000 dollars.", id="currency"),
        pytest.param("It has 1.5k lamps, 1500, 1.5e3 or $1.5 \\times 10^3$.", id="scientific"),
        pytest.param("The bias falls by 0.7 dB.", id="sign_in_words"),
        pytest.param("The bias is −0.7 dB.", id="minus_sign"),
        pytest.param("In 2019 five trams came.", id="year_and_word"),
        pytest.param("The 7B model, Lantern 7B.", id="size_in_name"),
        pytest.param("(1) It gains 12%, (2) it needs 16 GB.", id="list_numbers"),
        pytest.param("It makes a claim of one kind first.", id="one_and_first"),
    ],
)
def test_number_in_another_spelling_is_supported(claim: str) -> None:
    assert kinds(claim) == []


@pytest.mark.parametrize(
    ("claim", "kind"),
    [
        pytest.param("It gains 13.34%.", "number", id="digit"),
        pytest.param("It gains 1.234%.", "number", id="decimal_point"),
        pytest.param("It gains 10%.", "number", id="rounded_too_far"),
        pytest.param("It gains 12.35%.", "number", id="more_exact_than_the_source"),
        pytest.param("It saw 1.2B tokens.", "number", id="magnitude"),
        pytest.param("It needs 16 GiB.", "unit", id="gibibytes"),
        pytest.param("It gains 12.34 percentage points.", "unit", id="percent_as_points"),
        pytest.param("It saw 1.2T parameters.", "unit", id="parameters_for_tokens"),
        pytest.param("Accuracy rises by 3%.", "unit", id="points_as_percent"),
        pytest.param("It took 1,500 s.", "unit", id="seconds_for_milliseconds"),
        pytest.param("There are 3-6 trams.", "number", id="end_of_range"),
        pytest.param("Errors are three-fold fewer.", "unit", id="fold"),
        pytest.param("It costs a third of it.", "number", id="third"),
        pytest.param("Twelve trams came in nine hours.", "number", id="number_word"),
        pytest.param("It began in 2018.", "number", id="year"),
        pytest.param("It has 1.5e4 lamps.", "number", id="exponent"),
    ],
)
def test_wrong_number_is_found(claim: str, kind: str) -> None:
    assert kind in kinds(claim)


def test_minus_needs_a_minus() -> None:
    assert kinds("The score is -4.", "The score is 4.") == ["number"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("Qwen3-8B, M2.5, ResNet-50 and CIFAR-10 on K2", [], id="digits_of_names"),
        pytest.param("3, 5 and 7 ms", [0.003, 0.005, 0.007], id="shared_unit"),
        pytest.param("128x256 pixels", [128, 256], id="cross"),
        pytest.param("top-5 of twenty-five", [5, 25], id="words"),
        pytest.param("10^{-3} and 1e-3", [0.001, 0.001], id="powers"),
        pytest.param("in the 1990s", [1990], id="decade"),
        pytest.param("two orders of magnitude", [2], id="orders"),
    ],
)
def test_numbers_of_a_text(text: str, told: list[float]) -> None:
    assert [one.value for one in quantities(plain(text))] == pytest.approx(told)


@pytest.mark.parametrize(
    "claim",
    [
        pytest.param("lantern-7b reads tables on Tram-Bench.", id="case_and_hyphen"),
        pytest.param("The authors use LANTERN 7B.", id="space_for_hyphen"),
        pytest.param("They call it CTR.", id="acronym"),
        pytest.param("They call it careful-tram reasoning, Careful Tram Reasoning.", id="written_out"),
        pytest.param("Lantern-7B-based Kettles' tables.", id="what_hangs_on_a_name"),
        pytest.param("Remarkably the AI reads.", id="begins_a_sentence"),
        pytest.param("The family is called Lantern.", id="family"),
    ],
)
def test_name_in_another_spelling_is_supported(claim: str) -> None:
    assert kinds(claim) == []


@pytest.mark.parametrize(
    ("claim", "name"),
    [
        pytest.param("We use Lantern-32B.", "Lantern-32B", id="size"),
        pytest.param("We use Lantern2-7B.", "Lantern2-7B", id="version"),
        pytest.param("It wins on OwlBench.", "OwlBench", id="data_set"),
        pytest.param("It uses GRPO.", "GRPO", id="acronym"),
        pytest.param("As shown by Wrenfield earlier.", "Wrenfield", id="person"),
    ],
)
def test_name_that_the_source_has_not_is_found(claim: str, name: str) -> None:
    assert [finding.what for finding in unsupported(claim, SOURCE) if finding.kind == "name"] == [name]


def test_acronym_is_supported_by_its_words() -> None:
    assert kinds("It uses RLVR.", "We use reinforcement learning with verifiable rewards.") == []
    assert kinds("It uses RLHF.", "We use reinforcement learning with verifiable rewards.") == ["name"]


def test_version_after_a_name_is_part_of_it() -> None:
    assert kinds("We test Owl 3.", "We test Owl 2 on 3 nights.") == ["name"]


@pytest.mark.parametrize(
    "claim",
    [
        pytest.param("Lantern-7B surpasses the Kettle baseline.", id="same_way"),
        pytest.param("Kettle is outperformed by Lantern-7B.", id="passive"),
        pytest.param("The new model has lower latency.", id="lower_for_reduces"),
        pytest.param("It improves latency.", id="improves_for_reduces"),
        pytest.param("Quantization leaves robustness unharmed, without hurting it.", id="negated"),
        pytest.param("Pruning slows Kettle down.", id="slower"),
    ],
)
def test_paraphrased_comparison_is_supported(claim: str) -> None:
    assert kinds(claim) == []


@pytest.mark.parametrize(
    "claim",
    [
        pytest.param("The Kettle baseline outperforms Lantern-7B.", id="arguments"),
        pytest.param("Lantern-7B is outperformed by Kettle.", id="passive"),
        pytest.param("Lantern-7B underperforms the Kettle baseline.", id="word"),
        pytest.param("Lantern-7B does not outperform the Kettle baseline.", id="negation"),
        pytest.param("Lantern-7B increases latency.", id="increases_for_reduces"),
        pytest.param("Existing models outperform our proposed model.", id="others_before_own"),
    ],
)
def test_reversed_comparison_is_found(claim: str) -> None:
    assert "comparison" in kinds(claim)


SENTENCES = st.lists(
    st.sampled_from(
        [
            "Owlet-3 outperforms Heron by 4.5 points on NightBench.",
            "However, Heron is 2x slower than Wren-7B and does not improve recall.",
            "We reduce the cost from $1,200 to $300, a quarter.",
            "Trams run every 12-15 min; accuracy drops to 61.2 %.",
            "Reinforcement learning with verifiable rewards (RLVR) degrades fluency.",
            "In 2024, two thirds of $10^{6}$ lamps were lit.",
            "Half as many kettles need 16 GiB.",
        ]
    ),
    min_size=1,
    max_size=7,
    unique=True,
)


@given(SENTENCES, st.data())
def test_sentence_of_the_source_is_supported(sentences: list[str], data: st.DataObject) -> None:
    claim = data.draw(st.sampled_from(sentences))
    assert unsupported(claim, " ".join(sentences)) == ()
    assert unsupported(f"Note: {claim}", " ".join(sentences)) == ()


@given(
    st.lists(st.integers(10, 99_999), min_size=2, max_size=6, unique=True),
    st.sampled_from(["%", " ms", " GB", " tokens", " trams", ""]),
)
def test_number_that_is_not_in_the_source_is_found(numbers: list[int], unit: str) -> None:
    *told, other = numbers
    source = " ".join(f"Case {chr(97 + at)} shows {number}{unit} overall." for at, number in enumerate(told))
    assert [finding.kind for finding in unsupported(f"It shows {other}{unit} overall.", source)] == ["number"]


@given(SENTENCES, st.data())
def test_order_of_sentences_does_not_matter_to_numbers(sentences: list[str], data: st.DataObject) -> None:
    claim = "It gains 4.5 points, 12%, 300 dollars and 16 GB in 2024."
    found = [
        tuple(unsupported_numbers(claim, quantities(claim), numbers_of(plain(" ".join(order))), frozenset))
        for order in (sentences, data.draw(st.permutations(sentences)))
    ]
    assert {finding.what for finding in found[0]} == {finding.what for finding in found[1]}


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        pytest.param("needs 16 GB of memory and halves the cost", True, id="part"),
        pytest.param("“Needs  16 GB of\nmemory and halves the cost.”", True, id="quotes_and_spaces"),
        pytest.param("Errors fall by a factor of 2×", True, id="latex"),
        pytest.param("needs 16 GB of memory and doubles the cost", False, id="changed_word"),
        pytest.param("eeds 16 GB of memory and halves the cos", False, id="cut_words"),
        pytest.param("needs 16 GB", False, id="too_short"),
        pytest.param("", False, id="empty"),
    ],
)
def test_quotation_stands_in_the_source(quote: str, stands: bool) -> None:  # noqa: FBT001
    assert rests_on(quote, SOURCE) is stands


def test_ligatures_and_invisible_marks_do_not_hide_a_quotation() -> None:
    assert rests_on("an efficient tram – it waits", "This is an e\ufb03cient tr\u200bam - it waits.")


def test_nearest_sentence_shares_numbers_and_names() -> None:
    told = ["Trams wait at night.", "Owlet-3 gains 4.5 points.", "Owlet-3 gains much at night."]
    assert supporting_sentence("A gain of 4.5 points is reported for Owlet-3.", told) == told[1]
    rare = ["Many patient lamps glow.", "Owlet-3 has 7 trams."]
    assert supporting_sentence("Patient lamps, many, are 7 in Owlet-3.", rare) == rare[1]
    assert supporting_sentence("Kettles boil.", told) is None
    assert supporting_sentence("Kettles boil.", []) is None


@pytest.mark.parametrize(
    "unit",
    [
        "9",
        "1,",
        "A-",
        "a1-",
        "$a ",
        "\\text{",
        "(",
        " ",
        "\u200b\u202e",
        "better than ",
        "not ",
        "\x00",
        "السلام ",
        "10^",
        "1e",
        "x_",
    ],
)
def test_hostile_text_costs_time_in_proportion(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        started = time.process_time()
        unsupported(text + "z", Source(text))
        return time.process_time() - started

    assert seconds(40_000) < 0.3 + 10 * seconds(10_000)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_can_be_checked(claim: str, source: str) -> None:
    unsupported(claim, source)
    rests_on(claim, source)
    supporting_sentence(claim, [source])
    assert unsupported("", source) == ()
