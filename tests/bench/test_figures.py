"""Figures stand beside what they are made of."""

from rich.console import Console

from bench.figures import Figure, percentile, sentence, table


def test_a_ratio_is_ours_over_the_bare_thing() -> None:
    figure = Figure(name="answers", unit="ms", ours=30.0, bare=10.0, beside="an update")

    assert figure.ratio == 3.0
    assert figure.as_json()["ratio"] == 3.0


def test_a_figure_that_stands_alone_has_no_ratio() -> None:
    assert Figure(name="commits", unit="commits", ours=20.0).ratio is None


def test_percentiles_are_between_the_values_that_were_measured() -> None:
    values = [float(number) for number in range(1, 102)]

    assert percentile(values, 50) == 51.0
    assert percentile(values, 95) == 96.0
    assert percentile([7.0], 95) == 7.0


def test_the_table_shows_both_and_the_ratio() -> None:
    console = Console(width=160, record=True)

    console.print(table([Figure(name="pages", unit="ms", ours=1500.0, bare=3.0, beside="few")]))

    shown = console.export_text()
    assert all(word in shown for word in ("pages", "1,500", "3.00", "500"))


def test_a_figure_is_said_as_soon_as_it_is_known() -> None:
    said = sentence(Figure(name="pages", unit="ms", ours=1500.0, bare=3.0, beside="few"))

    assert said == "pages: 1,500 ms, 500 times 3.00 of few"
    assert sentence(Figure(name="commits", unit="commits", ours=20.0)) == "commits: 20.00 commits"
