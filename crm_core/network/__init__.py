"""The network: whose name is meant, who works where, which records are of one person, and what merging makes of them.

Functions over records as they are given: nothing here reads or writes the book, asks, or prints. Names are imported
when they are first used: most commands only look somebody up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.lazily import lazily

if TYPE_CHECKING:
    from crm_core.network.companies import CompanyIndex as CompanyIndex
    from crm_core.network.companies import company_of as company_of
    from crm_core.network.companies import organisation_key as organisation_key
    from crm_core.network.companies import same_company as same_company
    from crm_core.network.companies import similar_companies as similar_companies
    from crm_core.network.domains import email_domain as email_domain
    from crm_core.network.likeness import near_names as near_names
    from crm_core.network.matching import PeopleIndex as PeopleIndex
    from crm_core.network.matching import duplicates as duplicates
    from crm_core.network.merging import merged as merged
    from crm_core.network.merging import merged_company as merged_company
    from crm_core.network.merging import updated as updated
    from crm_core.network.names import find_by_name as find_by_name
    from crm_core.network.names import fold as fold
    from crm_core.network.paths import Path as Path
    from crm_core.network.paths import PathFinder as PathFinder
    from crm_core.network.people import similar_contacts as similar_contacts
    from crm_core.network.staff import Staff as Staff
    from crm_core.network.weighing import ASK as ASK
    from crm_core.network.weighing import SURE as SURE
    from crm_core.network.weighing import Evidence as Evidence
    from crm_core.network.weighing import evidence as evidence

__all__, __getattr__, __dir__ = lazily(
    __name__,
    globals(),
    {
        "companies": ("CompanyIndex", "company_of", "organisation_key", "same_company", "similar_companies"),
        "domains": ("email_domain",),
        "likeness": ("near_names",),
        "matching": ("PeopleIndex", "duplicates"),
        "merging": ("merged", "merged_company", "updated"),
        "names": ("find_by_name", "fold"),
        "paths": ("Path", "PathFinder"),
        "people": ("similar_contacts",),
        "staff": ("Staff",),
        "weighing": ("ASK", "SURE", "Evidence", "evidence"),
    },
)
