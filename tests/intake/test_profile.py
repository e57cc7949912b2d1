"""A profile maps only onto what the practice has."""

from pathlib import Path

from codesets.phrases import read_table, service_words
from domain.parties import is_npi
from intake.profile import load_profile

_SEED = Path(__file__).resolve().parents[2] / "db" / "seed"


def test_the_clinosim_profile_names_only_payers_and_providers_of_the_demo() -> None:
    profile = load_profile("clinosim")
    payers = {row["payer_id"] for row in read_table(_SEED / "payers.tsv")}
    providers = {row["npi"] for row in read_table(_SEED / "providers.tsv")}

    mapped = {payer for ids in profile.payer_ids.values() for payer in ids}

    assert mapped <= payers
    assert set(profile.practitioner_npis.values()) <= providers


def test_every_charge_that_the_profile_can_bring_has_a_price() -> None:
    profile = load_profile("clinosim")

    proposed = {charge.code for charges in profile.charges_by_class.values() for charge in charges}

    assert proposed | profile.billed_procedures <= service_words().keys()


def test_the_demos_providers_have_valid_npis() -> None:
    providers = read_table(_SEED / "providers.tsv")

    assert [row["npi"] for row in providers if not is_npi(row["npi"])] == []


def test_each_payer_that_crosses_over_names_a_payer_of_the_list() -> None:
    rows = read_table(_SEED / "payers.tsv")
    ids = {row["payer_id"] for row in rows}

    assert {row["crossover_to"] for row in rows if row["crossover_to"]} <= ids
    assert len(ids) == len(rows) == 7
