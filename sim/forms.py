"""HTML forms as a browser would send them: what is filled in, checked and selected on the page; and
the plainest thing that somebody could put where the page leaves the choice open."""

from dataclasses import dataclass
from urllib.parse import urljoin

from bs4 import BeautifulSoup
from bs4.element import Tag

USUAL_PRICE, USUAL_WORDS = "150.00", "as it was done"
NOT_SENT = frozenset({"submit", "button", "image", "reset", "file"})


@dataclass(frozen=True, kw_only=True)
class Form:
    url: str
    method: str
    kind: str
    fields: tuple[tuple[str, str], ...]

    def filled(self, **values: str) -> "Form":
        kept = tuple((name, value) for name, value in self.fields if name not in values)
        return Form(
            url=self.url,
            method=self.method,
            kind=self.kind,
            fields=(*kept, *values.items()),
        )

    @property
    def data(self) -> dict[str, list[str]]:
        sent: dict[str, list[str]] = {}
        for name, value in self.fields:
            sent.setdefault(name, []).append(value)
        return sent


def read_form(html: str, page_url: str, selector: str) -> Form | None:
    """The form a selector finds, with its recommended button pressed, or None."""
    page = BeautifulSoup(html, "html.parser")
    form = page.select_one(selector)
    if form is None:
        return None
    fields = [field for control in _controls(page, form) for field in _values(control)]
    button = _recommended(page, form)
    if button is not None and button.get("name"):
        fields.append((_text(button, "name"), _text(button, "value")))
    action = _text(button, "formaction") if button is not None else ""
    decided = _decided(page, form, {name for name, value in fields if value})
    fields = [(name, value) for name, value in fields if name not in decided]
    fields += decided.items()
    return Form(
        url=urljoin(page_url, action or _text(form, "action") or page_url),
        method=(_text(form, "method") or "get").upper(),
        kind=_text(form, "data-kind"),
        fields=tuple(fields),
    )


def _decided(page: BeautifulSoup, form: Tag, given: set[str]) -> dict[str, str]:
    """The first choice of each required list and open question, and a usual word or price."""
    decided: dict[str, str] = {}
    for control in _controls(page, form):
        name = _text(control, "name")
        if name and name not in given and name not in decided and not control.has_attr("disabled"):
            value = _usual(control)
            if value:
                decided[name] = value
    return decided


def _usual(control: Tag) -> str:
    is_route = control.find_parent(class_="route") is not None
    if is_route and _text(control, "type") == "radio":
        return _text(control, "value")
    if not control.has_attr("required"):
        return ""
    match control.name:
        case "select":
            offered = [_text(one, "value") for one in control.select("option")]
            return next(filter(None, offered), "")
        case "input" if _text(control, "inputmode") == "decimal":
            return USUAL_PRICE
        case "input" if _text(control, "type") not in {"", "text"}:
            return ""
        case _:
            return USUAL_WORDS


def _controls(page: BeautifulSoup, form: Tag) -> list[Tag]:
    """Controls inside the form unless they name another, and those elsewhere that name this one."""
    own = _text(form, "id")
    return [
        one
        for one in page.select("input, select, textarea")
        if (_text(one, "form") == own if _text(one, "form") else _is_inside(one, form))
    ]


def _is_inside(control: Tag, form: Tag) -> bool:
    return any(parent is form for parent in control.parents)


def _recommended(page: BeautifulSoup, form: Tag) -> Tag | None:
    name = _text(form, "id")
    found = form.select_one("[data-recommended]")
    if found is None and name:
        found = page.select_one(f'[data-recommended][form="{name}"]')
    return found


def _values(control: Tag) -> list[tuple[str, str]]:
    name = _text(control, "name")
    if not name or control.has_attr("disabled") or _is_fenced(control):
        return []
    match control.name:
        case "select":
            return [(name, value) for value in _selected(control)]
        case "textarea":
            return [(name, control.get_text().removeprefix("\n"))]
        case _:
            return _input_value(control, name)


def _is_fenced(control: Tag) -> bool:
    return control.find_parent("fieldset", attrs={"disabled": True}) is not None


def _input_value(control: Tag, name: str) -> list[tuple[str, str]]:
    kind = _text(control, "type").lower()
    if kind in NOT_SENT:
        return []
    if kind in {"checkbox", "radio"}:
        value = _text(control, "value") or "on"
        return [(name, value)] if control.has_attr("checked") else []
    return [(name, _text(control, "value"))]


def _selected(control: Tag) -> list[str]:
    options = [one for one in control.select("option") if not one.has_attr("disabled")]
    chosen = [one for one in options if one.has_attr("selected")]
    if not chosen and options and not control.has_attr("multiple"):
        chosen = options[:1]
    return [_text(one, "value") if one.has_attr("value") else one.get_text() for one in chosen]


def _text(tag: Tag, attribute: str) -> str:
    value = tag.get(attribute)
    return value if isinstance(value, str) else " ".join(value or ())
