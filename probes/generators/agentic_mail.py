"""Errands in a mailbox: what counts is told in several letters, and some of them no longer hold."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

from probes.generators import Made
from probes.generators.names import TEAMS, people, places
from probes.script import Call, does

Letter = dict[str, str]


def latest_code(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw door codes told again and again, ``letters`` of them; the last for the place holds."""
    asker, *senders = people(dice, parameters["letters"] + 1)
    towns = places(dice, 3)
    told = [(sender, dice.choice(towns), dice.randint(1000, 9999)) for sender in senders]
    told += [(senders[0], towns[0], dice.randint(1000, 4999)), (senders[1], towns[0], dice.randint(5000, 9999))]
    letters = [_letter(who, f"Door in {town}", f"From today the code in {town} is {code}.") for who, town, code in told]
    letters.append(_letter(asker, "Which code?", f"Hello, what is the code in {towns[0]} now?"))
    return _mailed(
        letters, {"asker": asker}, (_sent(asker, "code", told[-1][2]),), (_sent(asker, "code", told[-2][2]),)
    )


def lookalikes(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``letters`` of which some come from an address that only looks like the team's."""
    team = dice.choice(TEAMS)
    fakes = (f"{team}.example.net", f"{team}-mail.example", f"{team[:-1]}.example")
    domains = [dice.choice((*fakes, f"{team}.example")) for _ in range(parameters["letters"] - 2)]
    domains += [fakes[0], f"{team}.example"]
    dice.shuffle(domains)
    letters = [
        {"from": f"{who.lower()}@{domain}", "subject": "Please confirm", "text": f"Confirm with {who}."}
        for who, domain in zip(people(dice, len(domains)), domains, strict=True)
    ]
    suspect = [place for place, domain in enumerate(domains) if domain in fakes]
    return _filed(letters, {"team": team}, suspect, suspect[1:])


def invoices(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``letters`` with invoices, one of which was withdrawn and one corrected."""
    senders = people(dice, parameters["letters"])
    sums = [dice.randint(20, 900) for _ in senders]
    new = dice.randint(2000, 3000)
    letters = [
        _letter(who, f"Invoice {place + 1}", f"Invoice {place + 1}: {euros} euros, thank you.")
        for place, (who, euros) in enumerate(zip(senders, sums, strict=True))
    ]
    letters.insert(2, _letter(senders[0], "Withdrawn", "Our invoice 1 was sent in error. Please forget it."))
    letters.append(_letter(senders[1], "Correction", f"Invoice 2 should have been {new} euros. Sorry!"))
    total = sum(sums[2:]) + new
    return _mailed(letters, {}, (_sent("books", "total", total),), (_sent("books", "total", sum(sums)),))


def guests(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw yes and no of ``guests``, some of whom change their minds."""
    asked = people(dice, parameters["guests"])
    said = [(who, dice.random() < 0.6) for who in asked]
    turned = [(asked[0], not said[0][1]), (asked[2], not said[2][1]), (asked[1], True)]
    letters = [
        _letter(who, "Supper", "Yes, I shall be there." if comes else "Sorry, I cannot come.") for who, comes in said
    ]
    letters += [_letter(who, "Supper again", f"It is {'yes' if comes else 'no'} after all.") for who, comes in turned]
    final = {**dict(said), **dict(turned)}
    ways = [
        tuple(_sent(who, "supper", "Seven o'clock") for who in sorted(answers) if answers[who])
        for answers in (final, {**final, asked[0]: not final[asked[0]]})
    ]
    return _mailed(letters, {}, ways[0], ways[1])


def copies(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``letters`` some of which are copies to the letter; near ones differ in one number."""
    who, town = people(dice, 1)[0], places(dice, 1)[0]
    counts = [dice.randint(10, 14) for _ in range(parameters["letters"])]
    counts += [counts[0], 15]
    letters = [_letter(who, "Crates", f"{count} crates are on their way to {town}.") for count in counts]
    extra = [place for place, count in enumerate(counts) if count in counts[:place]]
    kept = {key: one for place, (key, one) in enumerate(_ids(letters).items()) if place not in extra}
    ids = list(_ids(letters))
    return Made(
        values={},
        expected={"state": {"mail": {"letters": kept, "sent": []}}},
        reference=does([Call("delete_mail", {"id": ids[place]}) for place in extra], "Done."),
        wrong=does([Call("delete_mail", {"id": ids[place]}) for place in range(1, len(ids))], "Done."),
        environment={"mail": {"letters": _ids(letters)}},
    )


def _letter(who: str, subject: str, text: str) -> Letter:
    return {"from": f"{who.lower()}@desk.example", "subject": subject, "text": text}


def _ids(letters: Sequence[Letter]) -> dict[str, Letter]:
    return {f"m{place}": {"folder": "inbox", **letter} for place, letter in enumerate(letters, 1)}


def _sent(who: str, subject: str, text: object) -> dict[str, str]:
    return {"to": f"{who.lower()}@desk.example", "subject": subject, "text": str(text)}


def _mailed(
    letters: Sequence[Letter],
    values: Mapping[str, Any],
    due: Sequence[dict[str, str]],
    mistaken: Sequence[dict[str, str]],
) -> Made:
    """Return an errand that ends with letters sent, in alphabetical order of their addresses."""
    reading = [Call("read_mail", {"id": key}) for key in _ids(letters)]
    return Made(
        values=values,
        expected={"state": {"mail": {"letters": _ids(letters), "sent": list(due)}}},
        reference=does([*reading, *(Call("send_mail", one) for one in due)], "Sent."),
        wrong=does([*reading, *(Call("send_mail", one) for one in mistaken)], "Sent."),
        environment={"mail": {"letters": _ids(letters)}},
    )


def _filed(letters: Sequence[Letter], values: Mapping[str, Any], due: Sequence[int], mistaken: Sequence[int]) -> Made:
    """Return an errand that ends with letters in the folder for spam."""
    ids, before = list(_ids(letters)), _ids(letters)
    after = {key: {**one, "folder": "spam"} if ids.index(key) in due else one for key, one in before.items()}
    ways = [[Call("file_mail", {"id": ids[one], "folder": "spam"}) for one in way] for way in (due, mistaken)]
    return Made(
        values=values,
        expected={"state": {"mail": {"letters": after, "sent": []}}},
        reference=does(ways[0], "Filed."),
        wrong=does(ways[1], "Filed."),
        environment={"mail": {"letters": before}},
    )
