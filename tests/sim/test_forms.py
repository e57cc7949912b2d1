"""Staff send what a browser would send."""

from sim.forms import read_form

PAGE = """
<form id="other"><input name="q" value="search"></form>
<form id="f" data-answer data-kind="denial" method="post" action="/tasks/5/answer">
  <input type="hidden" name="csrf_token" value="abc">
  <input name="reason" value="typed">
  <input name="off" value="x" disabled>
  <input type="radio" name="route" value="appeal">
  <input type="radio" name="route" value="correct" checked>
  <input type="checkbox" name="sure" checked>
  <input type="checkbox" name="not" value="1">
  <select name="code"><option value="A">a</option><option value="B" selected>b</option></select>
  <select name="first"><option>one</option><option>two</option></select>
  <textarea name="note">
Two
lines</textarea>
  <fieldset disabled><input name="fenced" value="x"></fieldset>
  <input name="lent" value="x" form="other">
  <button name="do" value="hold">Hold</button>
  <button name="do" value="answer" data-recommended>Answer</button>
</form>
<input name="far" value="y" form="f">
"""


def test_the_recommended_answer_is_read_as_a_browser_sends_it() -> None:
    form = read_form(PAGE, "http://host/tasks/5", "form[data-answer]")

    assert form is not None
    assert form.url == "http://host/tasks/5/answer"
    assert (form.method, form.kind) == ("POST", "denial")
    assert form.data == {
        "csrf_token": ["abc"],
        "reason": ["typed"],
        "route": ["correct"],
        "sure": ["on"],
        "code": ["B"],
        "first": ["one"],
        "note": ["Two\nlines"],
        "far": ["y"],
        "do": ["answer"],
    }


def test_a_page_without_an_answer_form_is_nothing_to_do() -> None:
    assert read_form("<p>All done</p>", "http://host/", "form[data-answer]") is None


def test_a_button_may_send_the_form_elsewhere() -> None:
    page = (
        '<form data-answer action="/a"><button data-recommended formaction="/b">x</button></form>'
    )

    form = read_form(page, "http://host/tasks/5", "form[data-answer]")

    assert form is not None
    assert form.url == "http://host/b"


def test_filling_a_field_replaces_what_stood_in_it() -> None:
    form = read_form(PAGE, "http://host/tasks/5", "form[data-answer]")

    assert form is not None
    assert form.filled(reason="mine").data["reason"] == ["mine"]


OPEN = """
<form data-answer method="post" action="/a">
  <label class="route"><input type="radio" name="finding" value="pain"></label>
  <label class="route"><input type="radio" name="finding" value="other"></label>
  <select name="payer" required><option value=""></option><option value="7">Acme</option></select>
  <select name="free"><option value=""></option><option value="8">Boreal</option></select>
  <input name="price" inputmode="decimal" required><input name="words" required>
  <input name="day" type="date" required><input name="note">
</form>
"""


def test_what_the_page_leaves_open_is_decided_plainly_and_sent_once() -> None:
    form = read_form(OPEN, "http://host/", "form[data-answer]")

    assert form is not None
    assert form.data == {
        "finding": ["pain"],
        "payer": ["7"],
        "free": [""],
        "price": ["150.00"],
        "words": ["as it was done"],
        "day": [""],
        "note": [""],
    }
