"""Internet domains as evidence of an organisation: whose mail is whose, and which domains say nothing.

No look-up is made; names are compared as text, in lower case and with their accents, which make another domain.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

FREEMAIL: Final = frozenset(
    """
    126.com 139.com 163.com alice.it arcor.de att.net bellsouth.net bigpond.com bk.ru bluewin.ch bol.com.br
    btinternet.com centrum.cz charter.net comcast.net cox.net daum.net duck.com earthlink.net email.com
    fastmail.com fastmail.fm foxmail.com free.fr freenet.de gmail.com googlemail.com hanmail.net hey.com
    hispeed.ch home.nl hushmail.com icloud.com ig.com.br inbox.lv inbox.ru interia.pl juno.com kpnmail.nl
    laposte.net libero.it list.ru live.com mac.com mail.com mail.de mail.ru mailbox.org me.com naver.com neuf.fr
    ntlworld.com o2.pl onet.pl online.de online.no orange.fr outlook.com passport.com planet.nl pm.me posteo.de
    privaterelay.appleid.com proton.me protonmail.ch protonmail.com qq.com rambler.ru rediffmail.com riseup.net
    rocketmail.com sbcglobal.net seznam.cz sfr.fr shaw.ca sina.cn sina.com skynet.be sohu.com t-online.de
    talktalk.net telenet.be telus.net terra.com.br tiscali.it tuta.com tuta.io tutanota.com tutanota.de ukr.net
    uol.com.br users.noreply.github.com verizon.net vip.qq.com virgilio.it virginmedia.com wanadoo.fr web.de
    wp.pl xs4all.nl yeah.net ymail.com ziggo.nl zoho.com zoho.eu
    """.split()  # noqa: SIM905 - so many quotation marks would hide them
)
"""Domains whose addresses say nothing of where a person works."""

FREEMAIL_NAMES: Final = frozenset({"aol", "gmx", "hotmail", "live", "msn", "outlook", "yahoo", "yandex"})
"""First labels that are so in every country: yahoo.co.uk, gmx.at."""

SHARED_SITES: Final = frozenset(
    """
    angel.co bsky.app crunchbase.com facebook.com github.com gitlab.com glassdoor.com indeed.com instagram.com
    linkedin.com medium.com sites.google.com t.me twitter.com wellfound.com wikipedia.org x.com xing.com youtube.com
    """.split()  # noqa: SIM905 - so many quotation marks would hide them
)
"""Sites on which a page is a company's, but the domain is not."""

_DOMAIN: Final = re.compile(r"[^\W_][\w-]*(\.[^\W_][\w-]*)+")
_COUNTRY_ENDING: Final = re.compile(r"(com?\.)?[a-z]{2}|com")
_NAMES_NO_HOST: Final = re.compile(r"[\s@]")
LONGEST_DOMAIN: Final = 253  # characters; RFC 1035, section 2.3.4


def email_domain(address: str) -> str:
    """The domain of an e-mail address, if it may say where a person works.

    Empty for freemail and for what is no address.
    """
    local, _, domain = address.strip().rpartition("@")
    if not local or _NAMES_NO_HOST.search(local):
        return ""
    return work_domain(domain)


@lru_cache(maxsize=2048)  # thousands of addresses are at a few hundred domains
def work_domain(domain: str) -> str:
    """A domain in lower case, without a final dot; '' for freemail and for what is no domain."""
    domain = domain.strip().lower().removesuffix(".")
    if len(domain) > LONGEST_DOMAIN or not _DOMAIN.fullmatch(domain) or _is_freemail(domain):
        return ""
    return domain


def site_domain(address: str) -> str:
    """The domain of a web address or of a domain as people write it, without `www.`; '' if it is nobody's own.

    `https://www.acme.example/jobs` and `@acme.example` are both `acme.example`; a page on LinkedIn has none.
    """
    rest = address.strip().lower()
    if "://" in rest:
        rest = rest.split("://", 1)[1]
    host, _, path = re.split(r"[?#]", rest, maxsplit=1)[0].partition("/")
    host = work_domain(host.rpartition("@")[2].partition(":")[0].removeprefix("www."))
    shared = any(domain in SHARED_SITES for domain in with_parents(host))
    return "" if shared and path.strip("/") else host


def with_parents(domain: str) -> list[str]:
    """A domain and those that it is a subdomain of, down to two labels: mail.acme.example, acme.example."""
    labels = domain.split(".")
    return [".".join(labels[start:]) for start in range(len(labels) - 1)]


def _is_freemail(domain: str) -> bool:
    if domain in FREEMAIL:
        return True
    name, _, ending = domain.partition(".")
    return name in FREEMAIL_NAMES and _COUNTRY_ENDING.fullmatch(ending) is not None
