"""A server of the old era that does what servers should not: it chatters, asks back, hangs, and dies."""
import json
import sys


def send(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


answered = []
for line in sys.stdin:
    message = json.loads(line)
    method, number = message.get("method"), message.get("id")
    if method is None:
        answered.append(message)
    elif method == "initialize":
        sys.stdout.write("this is no JSON\n")
        send({"jsonrpc": "2.0", "id": 900, "method": "ping"})
        send({"jsonrpc": "2.0", "id": 901, "method": "sampling/createMessage", "params": {}})
        send({"jsonrpc": "2.0", "id": number, "result": {
            "protocolVersion": "2025-06-18", "capabilities": {}, "serverInfo": {"name": "odd", "version": "1"}}})
    elif method == "tools/list":
        if not message["params"].get("cursor"):
            tools = [{"name": "say", "inputSchema": {"type": "object"}}]
            send({"jsonrpc": "2.0", "id": number, "result": {"tools": tools, "nextCursor": "2"}})
        else:
            tools = [{"name": name, "inputSchema": {"type": "object"}} for name in ("hang", "die", "image", "flood", "hidden")]
            bad = {"name": "bad", "inputSchema": {"type": "object", "properties": {
                "x": {"type": "object", "x-mcp-header": "X"}}}}
            send({"jsonrpc": "2.0", "id": number, "result": {"tools": tools + [bad]}})
    elif method == "tools/call":
        name = message["params"]["name"]
        if name == "say":
            send({"jsonrpc": "2.0", "id": number, "result": {
                "content": [{"type": "text", "text": json.dumps(answered)}]}})
        elif name == "image":
            send({"jsonrpc": "2.0", "id": number, "result": {
                "content": [{"type": "image", "data": "", "mimeType": "image/png"}]}})
        elif name == "flood":
            send({"jsonrpc": "2.0", "id": number, "result": {
                "content": [{"type": "text", "text": "x" * message["params"]["arguments"]["bytes"]}]}})
        elif name == "die":
            sys.exit(1)
    elif number is not None:
        send({"jsonrpc": "2.0", "id": number, "error": {"code": -32601, "message": "unknown method"}})
