"""What a note proposes is proposed with nothing decided."""

from domain.coding import Caution, Rule, Suggestion, Suggestions


def test_a_note_that_says_nothing_proposes_nothing() -> None:
    nothing = Suggestions()

    assert (nothing.diagnoses, nothing.procedures) == ((), ())
    assert (nothing.choices, nothing.passed_over) == ((), ())


def test_a_service_is_proposed_once_unless_the_note_counts_it() -> None:
    proposed = Suggestion(
        code="93000",
        words="an electrocardiogram",
        start=0,
        end=20,
        rule=Rule.OWN_WORDS,
        confidence=100,
    )

    assert proposed.units == 1


def test_every_caution_is_told_in_words_of_its_own() -> None:
    assert len({str(caution) for caution in Caution}) == len(Caution)
    assert all(" " in caution for caution in Caution)
