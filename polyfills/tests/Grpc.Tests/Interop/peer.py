"""A gRPC peer without generated code: serves, or calls, grpc.tests.Probe with messages coded by hand.

peer.py serve          prints the port, serves until standard input closes
peer.py call PORT      runs every check against a server, prints one line "ok NAME" or "FAILED NAME reason" for each
"""
import sys
import threading
import time
from concurrent import futures

import grpc

SERVICE = "/grpc.tests.Probe/"


def varint(n):
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def encode(m):
    text, count, payload = m
    out = b""
    if text:
        t = text.encode()
        out += b"\x0a" + varint(len(t)) + t
    if count:
        out += b"\x10" + varint(count)
    if payload:
        out += b"\x1a" + varint(len(payload)) + payload
    return out


def decode(data):
    text, count, payload, i = "", 0, b"", 0

    def read():
        nonlocal i
        value, shift = 0, 0
        while True:
            b = data[i]
            i += 1
            value |= (b & 127) << shift
            if b < 128:
                return value
            shift += 7

    while i < len(data):
        field = read() >> 3
        n = read()
        if field == 2:
            count = n
            continue
        part = data[i:i + n]
        i += n
        if field == 1:
            text = part.decode()
        else:
            payload = part
    return text, count, payload


def one(request, context):
    text, count, payload = request
    if text == "fail":
        context.set_trailing_metadata((("why", "missing"), ("raw-bin", b"\x00\x01\xfe\xff"), ("grpc-status-details-bin", b"\x08\x05\x12\x04rich")))
        context.abort(grpc.StatusCode.NOT_FOUND, "no «such» thing 100 %\n€")
    if text == "crash":
        raise ValueError("inside")
    if text == "metadata":
        echoed = [(k, v) for k, v in context.invocation_metadata() if k.startswith("x-")]
        context.send_initial_metadata(echoed)
        context.set_trailing_metadata([("t-" + k, v) for k, v in echoed])
    if text == "wait":
        ended = threading.Event()
        context.add_callback(ended.set)
        ended.wait(20)
    if text == "large":
        return "", 0, bytes(count)
    return text, count, payload


def down(request, context):
    text, count, payload = request
    i = 0
    while (text == "endless" or i < count) and context.is_active():
        yield text, i, payload
        i += 1
        if text == "endless":
            time.sleep(0.005)
    context.set_trailing_metadata((("end", "reached"),))


def up(requests, context):
    text, count = "", 0
    for t, c, _ in requests:
        text += t
        count += c
    return text, count, b""


def both(requests, context):
    for t, c, p in requests:
        yield t, c + 1, p


def serve():
    coding = {"request_deserializer": decode, "response_serializer": encode}
    handlers = {
        "One": grpc.unary_unary_rpc_method_handler(one, **coding),
        "Down": grpc.unary_stream_rpc_method_handler(down, **coding),
        "Up": grpc.stream_unary_rpc_method_handler(up, **coding),
        "Both": grpc.stream_stream_rpc_method_handler(both, **coding),
    }
    server = grpc.server(futures.ThreadPoolExecutor(8), compression=grpc.Compression.Gzip)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("grpc.tests.Probe", handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    sys.stdin.read()
    server.stop(0)


def fails(code, act):
    try:
        act()
    except grpc.RpcError as e:
        assert e.code() == code, f"{e.code()} {e.details()}"
        return e
    raise AssertionError("no error came")


def call(port):
    coding = {"request_serializer": encode, "response_deserializer": decode}
    channel = grpc.insecure_channel(f"127.0.0.1:{port}")
    u = channel.unary_unary(SERVICE + "One", **coding)
    d = channel.unary_stream(SERVICE + "Down", **coding)
    c = channel.stream_unary(SERVICE + "Up", **coding)
    b = channel.stream_stream(SERVICE + "Both", **coding)
    code = grpc.StatusCode

    def unary():
        assert u(("hello", 7, b"\x01\x02"), timeout=10) == ("hello", 7, b"\x01\x02")

    def server_streaming():
        calls = d(("x", 100, b""), timeout=10)
        assert [m[1] for m in calls] == list(range(100))
        assert dict(calls.trailing_metadata())["end"] == "reached"

    def client_streaming():
        assert c((("a", i, b"") for i in range(100)), timeout=10) == ("a" * 100, 4950, b"")

    def duplex():
        assert [m[1] for m in b((("", i, bytes(1000)) for i in range(100)), timeout=10)] == list(range(1, 101))

    def error_with_trailers():
        e = fails(code.NOT_FOUND, lambda: u(("fail", 0, b""), timeout=10))
        assert e.details() == "no «such» thing 100 %\n€", e.details()
        trailers = dict(e.trailing_metadata())
        assert trailers["why"] == "missing" and trailers["raw-bin"] == b"\x00\x01\xfe\xff", trailers

    def rich_error():
        e = fails(code.INVALID_ARGUMENT, lambda: u(("rich", 0, b""), timeout=10))
        assert b"google.rpc.BadRequest" in dict(e.trailing_metadata())["grpc-status-details-bin"]

    def crash():
        assert "secret" not in fails(code.UNKNOWN, lambda: u(("crash", 0, b""), timeout=10)).details()

    def unimplemented():
        fails(code.UNIMPLEMENTED, lambda: channel.unary_unary(SERVICE + "Nothing", **coding)(("", 0, b""), timeout=10))
        fails(code.UNIMPLEMENTED, lambda: channel.unary_unary("/no.Service/One", **coding)(("", 0, b""), timeout=10))

    def metadata():
        sent = (("x-text", "value"), ("x-raw-bin", b"\x00\xc8\xff\x0a"))
        _, ended = u.with_call(("metadata", 0, b""), metadata=sent, timeout=10)
        for got, prefix in ((dict(ended.initial_metadata()), ""), (dict(ended.trailing_metadata()), "t-")):
            assert got[prefix + "x-text"] == "value" and got[prefix + "x-raw-bin"] == b"\x00\xc8\xff\x0a", got

    def deadline():
        fails(code.DEADLINE_EXCEEDED, lambda: u(("ignore", 0, b""), timeout=0.3))
        fails(code.DEADLINE_EXCEEDED, lambda: list(d(("endless", 0, b""), timeout=0.3)))

    def cancellation():
        calls = d(("endless", 0, b""), timeout=10)
        next(calls)
        calls.cancel()
        fails(code.CANCELLED, lambda: list(calls))

    def sizes():
        fails(code.RESOURCE_EXHAUSTED, lambda: u(("", 0, bytes(4200000)), timeout=10))
        fails(code.RESOURCE_EXHAUSTED, lambda: u(("large", 4200000, b""), timeout=10))
        assert len(u(("large", 4000000, b""), timeout=10)[2]) == 4000000

    def gzip():
        assert u(("", 0, bytes(100000)), compression=grpc.Compression.Gzip, timeout=10)[2] == bytes(100000)
        assert u(("", 0, bytes(100000)), compression=grpc.Compression.Deflate, timeout=10)[2] == bytes(100000)

    failed = False
    for check in (unary, server_streaming, client_streaming, duplex, error_with_trailers, rich_error, crash, unimplemented, metadata, deadline, cancellation, sizes, gzip):
        try:
            check()
            print("ok", check.__name__, flush=True)
        except Exception as e:
            failed = True
            print("FAILED", check.__name__, repr(e), flush=True)
    sys.exit(1 if failed else 0)


serve() if sys.argv[1] == "serve" else call(sys.argv[2])
