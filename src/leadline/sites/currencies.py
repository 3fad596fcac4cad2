"""The currency codes of ISO 4217 that are current (amendment of January 2026)."""

from functools import cache

import msgspec
from babel import Locale

from leadline.sites.errors import InvalidCurrency

CODES = frozenset(
    """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP
    BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN
    ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK
    JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD
    MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP
    PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP
    SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV
    WST XAD XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD XPF XPT XSU XTS XUA XXX YER ZAR
    ZMW ZWG
    """.split()  # noqa: SIM905  (a list of codes reads best as a text)
)


def check_currency(code: str) -> str:
    if code not in CODES:
        raise InvalidCurrency(code)
    return code


class Currency(msgspec.Struct, frozen=True):
    """`name` is English, empty for a code that has none."""

    code: str
    name: str


@cache
def listing() -> tuple[Currency, ...]:
    """All current currencies in order of their codes."""
    names = Locale("en").currencies
    return tuple(Currency(code, names.get(code, "")) for code in sorted(CODES))
