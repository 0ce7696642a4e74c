import pytest
from fastapi import Request
from fastapi.testclient import TestClient
from jinja2 import DictLoader

from qa_service.core.lists import Page, PageRequest
from qa_service.pages import render as rendering
from qa_service.pages.render import Cell, Column, Link, Shell, page_numbers

LIST = """{% extends "layout.html" %}
{% from "macros/table.html" import table %}{% from "macros/pagination.html" import pagination %}
{% block content %}{{ table(request, "Rounds", columns, page.rows, empty="No rounds yet.", sort=sort) }}
{{ pagination(request, page) }}{% endblock %}"""
COLUMNS = [
    Column("name", "Name", sort="name"),
    Column("n_failed", "Failed", is_numeric=True, sort="n_failed"),
]


@pytest.fixture
def list_page(shell_app):
    """Return a function: the HTML of a list of rows at an address."""
    rendering.templates.env.loader.loaders.append(DictLoader({"shell_list.html": LIST}))

    def get(rows, *, sort="", address="/rounds", total=0):
        @shell_app.get("/rounds")
        def rounds(request: Request):
            links = (Link("Rounds", "/rounds"), Link("Rounds archive", "/rounds-archive"))
            request.state.shell = Shell("Ann <b>", links, "token")
            number = int(request.query_params.get("page", "1"))
            page = Page(tuple(rows), total or len(rows), PageRequest(number))
            return rendering.render(
                request, "shell_list.html", {"columns": COLUMNS, "page": page, "sort": sort}
            )

        # The static files were mounted before; routes are tried in order, and this path is no file's.
        return TestClient(shell_app).get(address).text

    return get


def test_an_empty_list_says_so_and_draws_no_table(list_page):
    html = list_page([])

    assert "No rounds yet." in html
    assert "<table" not in html


def test_what_people_wrote_is_shown_as_text(list_page):
    html = list_page([{"name": Cell("<script>alert(1)</script>", href="/r?a=1&b=2"), "n_failed": None}])

    assert "<script>alert" not in html
    assert '<a class="govuk-link" href="/r?a=1&amp;b=2">&lt;script&gt;' in html
    assert "Ann &lt;b&gt;" in html


def test_a_figure_of_zero_is_shown_and_a_missing_one_is_a_dash(list_page):
    html = list_page([{"name": "A", "n_failed": 0}, {"name": "B", "n_failed": None}])

    assert 'numeric">0</td>' in html
    assert 'numeric">\N{EN DASH}</td>' in html


def test_sorting_starts_at_the_first_page_again_and_keeps_the_filters(list_page):
    html = list_page(
        [{"name": "A", "n_failed": 1}], sort="n_failed", address="/rounds?area=Kent&page=3", total=90
    )

    assert (
        'aria-sort="ascending"><a class="govuk-link qa-sort qa-sort--ascending" href="?area=Kent&amp;sort=-n_failed"'
        in html
    )
    assert (
        'aria-sort="none"><a class="govuk-link qa-sort qa-sort--none" href="?area=Kent&amp;sort=name"' in html
    )
    assert "Showing 51 to 51 of 90" in html


def test_the_place_in_the_navigation_is_the_one_the_page_belongs_to(list_page):
    html = " ".join(list_page([]).split())

    assert 'href="/rounds" aria-current="true"' in html
    assert html.count("aria-current") == 1


@pytest.mark.parametrize(("asked", "total", "shown"), [(99, 61, 3), (3, 61, 3), (2, 0, 1), (1, 61, 1)])
def test_beyond_the_end_of_a_list_its_last_page_is_shown(asked, total, shown):
    assert PageRequest(asked).within(total).number == shown


@pytest.mark.parametrize(
    ("current", "last", "numbers"),
    [
        (1, 1, [1]),
        (1, 4, [1, 2, None, 4]),
        (3, 5, [1, 2, 3, 4, 5]),
        (10, 20, [1, None, 9, 10, 11, None, 20]),
    ],
)
def test_far_pages_are_left_out_of_the_links(current, last, numbers):
    assert page_numbers(current, last) == numbers
