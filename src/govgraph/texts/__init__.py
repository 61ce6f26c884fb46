"""Texts of the interface, and languages: which there are, and which text fits which reader.

In goes a language tag (BCP 47), out come the functions of gettext, formats of numbers, and an
order of the languages that texts are in. English stands in code, templates and JavaScript; every
other language of the interface is one message catalogue, `locales/CODE.po`, and nothing else.
"""
