"""A server of the official SDK with three tools. `stdio`, or `http PORT`."""
import sys
from mcp.server.mcpserver import MCPServer

server = MCPServer("orders")


@server.tool()
def lookup_order(order_id: int) -> str:
    """Looks an order up."""
    return f"order {order_id} is on its way"


@server.tool()
def cancel_order(order_id: int) -> str:
    """Cancels an order."""
    return f"order {order_id} is cancelled"


@server.tool()
def boom() -> str:
    """Always fails."""
    raise RuntimeError("kaput")


if sys.argv[1] == "stdio":
    server.run("stdio")
else:
    server.run("streamable-http", host="127.0.0.1", port=int(sys.argv[2]))
