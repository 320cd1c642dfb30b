"""Reads requests to a collector, a JSON object in each line, and fails at the first that is not right.

Right is what OpenTelemetry's own Python packages say: the protocol's messages (opentelemetry-proto) and the names of the
semantic conventions (opentelemetry-semantic-conventions). Prints what was found.
"""

import base64
import collections
import json
import re
import sys

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from opentelemetry.semconv._incubating.attributes import gen_ai_attributes, server_attributes, service_attributes
from opentelemetry.semconv.attributes import error_attributes
from opentelemetry.semconv.schemas import Schemas

KNOWN = {
    value
    for module in (gen_ai_attributes, server_attributes, service_attributes, error_attributes)
    for value in vars(module).values()
    if isinstance(value, str)
}
# The names are compared with those of this version, so it is the one to declare.
SCHEMA = list(Schemas)[-1].value
OPERATIONS = {item.value for item in gen_ai_attributes.GenAiOperationNameValues}
VENDORS = {item.value for item in gen_ai_attributes.GenAiProviderNameValues}


def to_protobuf(body):
    """Parses OTLP's JSON, which differs from protobuf's in one thing: ids are hexadecimal."""
    document = json.loads(body)
    for resource in document.get("resourceSpans", []):
        for scope in resource["scopeSpans"]:
            for span in scope["spans"]:
                for key, digits in (("traceId", 32), ("spanId", 16), ("parentSpanId", 16)):
                    if key not in span and key == "parentSpanId":
                        continue
                    assert re.fullmatch(f"[0-9a-f]{{{digits}}}", span[key]), (key, span)
                    span[key] = base64.b64encode(bytes.fromhex(span[key])).decode()
    return json_format.ParseDict(document, ExportTraceServiceRequest(), ignore_unknown_fields=False)


def value_of(attribute):
    value = attribute.value
    return getattr(value, value.WhichOneof("value"))


def attributes_of(message):
    names = [attribute.key for attribute in message.attributes]
    assert len(set(names)) == len(names), names
    for name in names:
        assert name.startswith("parley.") or name in KNOWN, f"no convention knows {name}"
    return {attribute.key: value_of(attribute) for attribute in message.attributes}


spans, services = {}, set()
for line in sys.stdin:
    request = json.loads(line)
    assert request["path"] == "/v1/traces" and request["type"] == "application/json", request
    message = to_protobuf(request["body"])
    assert message.resource_spans, "a request without spans"
    for resource in message.resource_spans:
        services.add(attributes_of(resource.resource)["service.name"])
        for scope in resource.scope_spans:
            assert scope.scope.name == "parley", scope.scope
            assert scope.schema_url == resource.schema_url == SCHEMA, (scope.schema_url, resource.schema_url, SCHEMA)
            for span in scope.spans:
                assert span.span_id not in spans, f"{span.name} was sent twice"
                assert any(span.trace_id) and any(span.span_id), span.name
                assert 1.6e18 < span.start_time_unix_nano <= span.end_time_unix_nano < 4e18, span
                assert span.kind in (Span.SPAN_KIND_INTERNAL, Span.SPAN_KIND_SERVER, Span.SPAN_KIND_CLIENT), span
                assert len(span.name) < 200
                spans[span.span_id] = (span, attributes_of(span))

roots = 0
for span, attributes in spans.values():
    if not span.parent_span_id:
        roots += 1
        continue
    parent, _ = spans[span.parent_span_id]
    assert parent.trace_id == span.trace_id, span.name
    slack = 50_000_000  # the call's clock counts samples, a model's request the time of the day
    assert parent.start_time_unix_nano <= span.start_time_unix_nano + slack, (parent, span)
    operation = attributes.get("gen_ai.operation.name")
    # A model's answer that was under way when the call ended stands below it, and ends after it.
    is_late = operation == "chat" and not parent.parent_span_id
    assert is_late or span.end_time_unix_nano <= parent.end_time_unix_nano + slack, (parent, span)
    if operation == "chat":
        assert span.kind == Span.SPAN_KIND_CLIENT and attributes["gen_ai.provider.name"] in VENDORS, attributes
        assert span.name == f"chat {attributes['gen_ai.request.model']}"
    elif operation == "execute_tool":
        assert span.name == f"execute_tool {attributes['gen_ai.tool.name']}"
    elif operation == "invoke_agent":
        assert not span.parent_span_id and attributes["gen_ai.agent.name"] and attributes["gen_ai.provider.name"], span
    assert operation is None or operation in OPERATIONS, operation
    if span.status.code == 2:
        assert attributes["error.type"], span
traces = sorted({span.trace_id.hex() for span, _ in spans.values()})
assert roots == len(traces), f"{roots} roots in {len(traces)} traces"
print(
    json.dumps(
        {
            "names": collections.Counter(span.name for span, _ in spans.values()),
            "service": ",".join(services),
            "traces": traces,
            "tokens": sum(attributes.get("gen_ai.usage.input_tokens", 0) for _, attributes in spans.values()),
        }
    )
)
