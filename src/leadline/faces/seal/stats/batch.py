"""Several questions in one request, each answered as if it were asked alone."""

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, NamedTuple, cast
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field
from starlette.routing import compile_path

from leadline.faces.endpoint import Answer, Call, Endpoint, Need
from leadline.faces.face import HttpError, NoSuchRoute
from leadline.faces.seal.errors import BadRequest, InvalidRequest, describe
from leadline.faces.seal.parsing import query_of_values
from leadline.faces.seal.shapes import Envelope, present
from leadline.faces.seal.stats.described import GROUP
from leadline.reports import HitsUnavailable, InvalidFilter, SavedError
from leadline.sites import SiteNotFound

MOST_QUERIES = 50
ID = r"^[a-zA-Z][a-zA-Z0-9_-]*$"
_TOLD = (HttpError, InvalidRequest, SavedError, SiteNotFound, InvalidFilter, HitsUnavailable)
"""What is wrong with one of several; any other error is one of all."""


# What is asked for


class BatchQuery(BaseModel):
    id: str = Field(min_length=1, max_length=64, pattern=ID)
    endpoint: str = Field(max_length=1000, description="Such as `/stats/overview`; those of `GET`.")
    params: dict[str, Any] = Field(
        default_factory=dict, description="Its parameters, with `account_id` or `site_id`."
    )
    depends_on: list[str] = Field(
        default_factory=list,
        max_length=MOST_QUERIES,
        description="The ids of queries that have to succeed before.",
    )


class BatchOptions(BaseModel):
    model_config = ConfigDict(strict=True)

    fail_fast: bool = Field(default=False, description="Skip the rest after a failure.")
    dry_run: bool = Field(default=False, description="Look at the request, and skip all of it.")
    include_timing: bool = True
    parallel_limit: int = Field(default=5, ge=1, le=10)


class BatchRequest(BaseModel):
    queries: list[BatchQuery] = Field(min_length=1, max_length=MOST_QUERIES)
    options: BatchOptions = Field(default_factory=BatchOptions)


# What is answered


class QueryResult(Answer):
    status: Literal["success", "error", "skipped"]
    data: Any = Field(default=None, description="What the endpoint answers, without its envelope.")
    error: dict[str, Any] | None = None
    timing_ms: int | None = None


class BatchMeta(Answer):
    total_queries: int
    successful: int
    failed: int
    skipped: int
    total_timing_ms: int
    parallel_execution: bool


class BatchResponse(Answer):
    batch_id: str
    status: Literal["completed", "partial", "failed"]
    results: dict[str, QueryResult] = Field(description="By id.")
    meta: BatchMeta
    timestamp: str = Field(default_factory=present)


class BatchValidation(Answer):
    valid: bool
    query_count: int
    execution_order: list[str]
    parallel_groups: list[list[str]]
    errors: list[dict[str, str]]
    warnings: list[dict[str, str]]


class Route(NamedTuple):
    pattern: re.Pattern[str]
    endpoint: Endpoint


class Batches:
    """Answers batches of questions to some endpoints, which are found by their addresses."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._routes = [
            Route(compile_path(endpoint.path)[0], endpoint)
            for endpoint in endpoints
            if endpoint.method == "GET"
        ]

    def run(self, call: Call) -> BatchResponse:
        body = cast(BatchRequest, call.body)
        problems = _problems(body.queries)
        if problems:
            raise BadRequest("; ".join(f"{each['id']}: {each['error']}" for each in problems))
        began = time.perf_counter()
        results: dict[str, QueryResult] = {}
        for query in _in_order(body.queries):
            results[query.id] = self._result(call, query, body.options, results)
        counts = [result.status for result in results.values()]
        meta = BatchMeta(
            total_queries=len(results),
            successful=counts.count("success"),
            failed=counts.count("error"),
            skipped=counts.count("skipped"),
            total_timing_ms=_since(began),
            parallel_execution=False,
        )
        return BatchResponse(
            batch_id=f"batch_{uuid4().hex}", status=_status(meta), results=results, meta=meta
        )

    def validate(self, call: Call) -> BatchValidation:
        body = cast(BatchRequest, call.body)
        problems = _problems(body.queries)
        groups = [] if problems else _groups(body.queries)
        for query in body.queries:
            try:
                self._asked(call, query)
            except _TOLD as error:
                problems.append({"id": query.id, "error": str(describe(error)[1]["message"])})
        return BatchValidation(
            valid=not problems,
            query_count=len(body.queries),
            execution_order=[query.id for group in groups for query in group],
            parallel_groups=[[query.id for query in group] for group in groups],
            errors=problems,
            warnings=[],
        )

    def _result(
        self,
        call: Call,
        query: BatchQuery,
        options: BatchOptions,
        results: Mapping[str, QueryResult],
    ) -> QueryResult:
        has_failed = any(result.status == "error" for result in results.values())
        misses = any(results[each].status != "success" for each in query.depends_on)
        if options.dry_run or misses or (options.fail_fast and has_failed):
            return QueryResult(status="skipped")
        began = time.perf_counter()
        try:
            endpoint, asked = self._asked(call, query)
            answer = endpoint.handle(asked)
            assert isinstance(answer, BaseModel)
            result = QueryResult(status="success", data=_data(answer))
        except _TOLD as error:
            result = QueryResult(status="error", error=describe(error)[1])
        if options.include_timing:
            result.timing_ms = _since(began)
        return result

    def _asked(self, call: Call, query: BatchQuery) -> tuple[Endpoint, Call]:
        """What is to be called, and how. Raises `NoSuchRoute`, `InvalidRequest`."""
        for pattern, endpoint in self._routes:
            if match := pattern.match(query.endpoint):
                assert endpoint.query is not None
                asked = query_of_values(endpoint.query, query.params)
                return endpoint, replace(call, path=match.groupdict(), query=asked, body=None)
        raise NoSuchRoute


def _data(answer: BaseModel) -> Any:
    told = answer.model_dump(mode="json")
    return told["data"] if isinstance(answer, Envelope) else told


def _status(meta: BatchMeta) -> Literal["completed", "partial", "failed"]:
    if not meta.failed:
        return "completed"
    return "partial" if meta.successful else "failed"


def _since(began: float) -> int:
    """Milliseconds."""
    return round((time.perf_counter() - began) * 1000)


def _problems(queries: Sequence[BatchQuery]) -> list[dict[str, str]]:
    """Why they cannot be put in order."""
    ids = [query.id for query in queries]
    found = [
        {"id": name, "error": "The id is there twice"}
        for name in dict.fromkeys(ids)
        if ids.count(name) > 1
    ]
    for query in queries:
        found += [
            {"id": query.id, "error": f"There is no query {each[:64]}, on which it depends"}
            for each in query.depends_on
            if each not in ids
        ]
    if not found and sum(map(len, _groups(queries))) < len(queries):
        done = {query.id for group in _groups(queries) for query in group}
        found = [
            {"id": name, "error": "It depends on what depends on it"}
            for name in ids
            if name not in done
        ]
    return found


def _groups(queries: Sequence[BatchQuery]) -> list[list[BatchQuery]]:
    """Those that depend on nothing, then those that depend on these alone, and on."""
    waiting = list(queries)
    done: set[str] = set()
    groups = []
    while ready := [query for query in waiting if done.issuperset(query.depends_on)]:
        groups.append(ready)
        done.update(query.id for query in ready)
        waiting = [query for query in waiting if query.id not in done]
    return groups


def _in_order(queries: Sequence[BatchQuery]) -> list[BatchQuery]:
    return [query for group in _groups(queries) for query in group]


def endpoints(answered: Iterable[Endpoint]) -> tuple[Endpoint, ...]:
    """Those that answer batches of questions to others."""
    batches = Batches(answered)
    errors = {422: "A field is invalid."}
    return (
        Endpoint(
            "POST",
            "/batch",
            "Run batch",
            Need.TOKEN,
            batches.run,
            BatchResponse,
            description="Several questions, each answered for itself, one after the other.",
            body=BatchRequest,
            errors=errors | {400: "The queries depend on each other, or on what is not there."},
            group=GROUP,
        ),
        Endpoint(
            "POST",
            "/batch/validate",
            "Validate batch",
            Need.TOKEN,
            batches.validate,
            BatchValidation,
            description="Whether all could be asked, and in which order.",
            body=BatchRequest,
            errors=errors,
            group=GROUP,
        ),
    )
