"""Tests of the API. Its callers assert, so their module is rewritten as test modules are."""

import pytest

pytest.register_assert_rewrite("onedoor.api.tests.calling")
