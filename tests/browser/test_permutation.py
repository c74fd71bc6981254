"""A planner has clusters checked by permutation, waits a moment and reads where both ways agree."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_whoever_orders_a_check_is_led_to_its_result_without_doing_anything_more(page: Page) -> None:
    page.goto("/clusters?industry=it")
    page.get_by_role("link", name="用置换检验").click()
    page.get_by_label("置换次数").select_option("9999")
    page.get_by_label("随机种子").fill("3")
    page.get_by_role("button", name="开始检验").click()
    # The page that waits asks again by itself.
    expect(page).to_have_url(re.compile(r"/clusters\?industry=it&permutations=9999&seed=3$"))
    expect(page.get_by_role("heading", name="置换检验", exact=True)).to_be_visible()
    expect(page.locator(".permutation")).to_contain_text("9,999 次条件置换，种子 3")
    both = page.locator(".permutation .figure").first.inner_text()
    expect(page.get_by_role("link", name=f"{both} 个网格也通过置换检验")).to_be_visible()
