"""The quota's records while the plugin is away: nobody touches them."""

from crm_core.store.tiny import TinyStore

TABLE = "crm_quota.pauses"
NEWER = b'{"first":"2026-12-01","last":"2026-12-02","note":"x", "since_a_later_version": {"a": [1, 2.50]}}'


def documents(crm):
    """The pauses as they stand in the file, byte for byte."""
    (path,) = crm.home.rglob("book.json")
    store = TinyStore(path)
    return {key: bytes(raw) for key, raw in store.documents(TABLE).items()}


def with_pauses(crm):
    """Two pauses, one of them written by a version of the plugin that knows more."""
    crm.ok("quota pause 2026-12-24 2027-01-03 --note 'at home ✈'")
    (path,) = crm.home.rglob("book.json")
    book = crm.book
    with TinyStore(path).begin("by a later version", "", book.now) as transaction:
        transaction.put(TABLE, str(transaction.draw("pz")), NEWER)


def test_pauses_survive_untouched_while_the_plugin_is_away_and_are_there_again_afterwards(crm):
    with_pauses(crm)
    before, listed = documents(crm), crm.ok("quota pauses --json").items
    assert before["2"] == NEWER
    assert crm("--no-plugins", "quota").code == 2
    crm.ok("--no-plugins", "company", "add", "Acme")
    crm.ok("--no-plugins", "application", "add", "Acme", "Engineer")
    assert documents(crm) == before
    assert crm.ok("quota pauses --json").items == listed
    assert [company.name for company in crm.book.companies] == ["Acme"]


def test_pauses_survive_while_the_plugin_is_switched_off(crm):
    with_pauses(crm)
    before = documents(crm)
    crm.ok("plugins off crm_quota")
    crm.ok("company add Acme")
    assert crm("quota pauses").code == 2
    assert documents(crm) == before
    crm.ok("plugins on crm_quota")
    assert [row["id"] for row in crm.ok("quota pauses --json").items] == ["pz2", "pz1"]


def test_the_id_of_a_removed_pause_is_not_given_again_after_the_plugin_was_away(crm):
    with_pauses(crm)
    crm.ok("quota resume pz2")
    crm.ok("--no-plugins company add Acme")
    crm.ok("quota pause 2027-02-01 2027-02-05")
    assert [row["id"] for row in crm.ok("quota pauses --json").items] == ["pz1", "pz3"]
