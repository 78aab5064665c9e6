"""The OpenAPI document holds: no request that it allows or forbids, however odd, is answered with what it does not say."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

pytestmark = pytest.mark.slow


# A year or a name may be of its type and yet mean nothing together with the others (from_year after to_year), or more than
# one thing: OpenAPI has no words for that, and 400 says it.
CONFIG = {"checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "3xx", "400", "401", "403", "404", "409", "429", "5xx"]}}}


@pytest.fixture(scope="module")
def documented(client):
    """The service over the samples: others reach it and no token is set, so that what writes refuses."""
    return schemathesis.openapi.from_asgi("/openapi.json", client.app, config=SchemathesisConfig.from_dict(CONFIG))


schema = schemathesis.pytest.from_fixture("documented")


@schema.parametrize()
@settings(max_examples=12, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_every_operation_keeps_its_word(case):
    case.call_and_validate()
