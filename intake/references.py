"""The resources of one source and how they point at each other. A reference that leads nowhere is
named by its place."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from intake.elements import Broken, Element


@dataclass(frozen=True, kw_only=True)
class Chart:
    """The resources of one source, found by reference, by type, and by what they point at."""

    by_reference: dict[str, Element] = field(default_factory=dict)
    by_type: dict[str, list[Element]] = field(default_factory=dict)
    pointing: dict[tuple[str, str], list[Element]] = field(default_factory=dict)

    def add(self, resource: Element, *names: str) -> None:
        kind = resource["resourceType"].text
        self.by_type.setdefault(kind, []).append(resource)
        for name in (f"{kind}/{resource['id'].text}", *names):
            self.by_reference[name] = resource

    def link(self) -> None:
        """Call once after the last `add`: only then do all names resolve."""
        for kind, resources_of_kind in self.by_type.items():
            for resource in resources_of_kind:
                for pointer in _pointers(kind, resource):
                    target = self.by_reference.get(pointer.text)
                    if target is not None:
                        self.pointing.setdefault((kind, target.place), []).append(resource)

    def find(self, reference: Element, owner: Element | None = None) -> Element:
        name = reference["reference"].needed_text()
        if name.startswith("#") and owner is not None:
            for inner in owner["contained"]:
                if inner["id"].text == name[1:]:
                    return inner
        if name not in self.by_reference:
            raise Broken(
                reference["reference"].place,
                "a reference must name a resource in the same file",
                "Send the resource that is referred to along with this one.",
            )
        return self.by_reference[name]

    def about(self, kind: str, subject: Element) -> list[Element]:
        return self.pointing.get((kind, subject.place), [])


def _pointers(kind: str, resource: Element) -> Iterator[Element]:
    """Where a resource of this kind says whose it is."""
    match kind:
        case "Coverage":
            yield resource["beneficiary"]["reference"]
        case "Composition" | "Condition" | "Procedure":
            yield resource["encounter"]["reference"]
        case "DocumentReference":
            yield from (e["reference"] for e in resource["context"]["encounter"])
        case "ChargeItem":
            yield resource["context"]["reference"]
            yield resource["encounter"]["reference"]
        case _:
            return
