"""What a person could not see of a page: what is cut off, and what lies under the foot."""

from tests.browser.person import Person

# From here on a table has room for all its columns; below, a wide one scrolls in its own region.
ROOMY = 1000

_CUT = """roomy => {
  const found = [], isSeen = e => e.checkVisibility({ visibilityProperty: true });
  if (document.documentElement.scrollWidth > innerWidth) found.push("the page scrolls sideways");
  for (const e of document.querySelectorAll("main *")) {
    if (!isSeen(e) || e.closest(".unseen, svg, [popover]") || !e.clientWidth) continue;
    // A row of a queue is one line where there is room for its columns; its task says the rest.
    if (innerWidth >= roomy && e.closest(".queue")) continue;
    if (e.scrollWidth <= e.clientWidth + 1 || !e.textContent.trim()) continue;
    const how = getComputedStyle(e).overflowX, what = e.textContent.trim().slice(0, 40);
    if (["hidden", "clip"].includes(how)) found.push(`cut: ${what}`);
    if (["auto", "scroll"].includes(how) && innerWidth >= roomy)
      found.push(`scrolls sideways: ${e.getAttribute("aria-label") || what}`);
  }
  return found;
}"""
# Each control in turn, as the Tab key brings it into view.
_COVERED = """() => {
  const found = [];
  const controls = "main :is(a, button, input, select, textarea, summary)";
  for (const e of document.querySelectorAll(controls)) {
    if (!e.checkVisibility({ visibilityProperty: true })) continue;
    if (e.closest(".foot, .unseen, [popover]")) continue;
    e.focus();
    const it = e.getClientRects()[0];
    if (!it) continue;
    const there = document.elementFromPoint(it.left + it.width / 2, it.top + it.height / 2);
    if (there?.closest(".foot"))
      found.push(`under the foot: ${e.name || e.textContent.trim().slice(0, 40)}`);
  }
  document.activeElement.blur();
  scrollTo(0, 0);
  return found;
}"""


def hidden(person: Person) -> list[str]:
    return [
        *person.page.evaluate(_CUT, ROOMY),
        *person.page.evaluate(_COVERED),
    ]
