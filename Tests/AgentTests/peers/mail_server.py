"""A mail server out of aiosmtpd, strict about what it is given, that misbehaves for some recipients.

mail_server.py SECURITY DIRECTORY   SECURITY is starttls, tls or plain

It writes its certificate to DIRECTORY/cert.pem, each mail it accepts as a line of JSON to DIRECTORY/mails, each attempt at
a recipient as a line to DIRECTORY/attempts, and its port to its output.
"""
import asyncio
import email
import email.policy
import json
import pathlib
import ssl
import subprocess
import sys

from aiosmtpd.smtp import SMTP, AuthResult

security, directory = sys.argv[1], pathlib.Path(sys.argv[2])
seen = {}


def note(name, text):
    with open(directory / name, "a") as file:
        file.write(text + "\n")


class Handler:
    is_mute = False

    async def handle_RCPT(self, server, session, envelope, address, options):
        note("attempts", address)
        local = address.split("@")[0]
        seen[local] = seen.get(local, 0) + 1
        if local == "nobody":
            return "550 5.1.1 no such mailbox"
        if local == "greylisted" and seen[local] == 1:
            return "450 4.2.0 come back later"
        if local == "overquota":
            return "452 4.2.2 mailbox full"
        if local == "slow-before":
            await asyncio.sleep(30)
        if local == "cut-before" and seen[local] == 1:
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_QUIT(self, server, session, envelope):
        if self.is_mute:
            await asyncio.sleep(30)
        return "221 Bye"

    async def handle_DATA(self, server, session, envelope):
        local = envelope.rcpt_tos[0].split("@")[0]
        if local == "spam":
            return "554 5.7.1 looks like spam\r\n"
        if local == "busy" and seen[local] == 1:
            return "451 4.3.0 try again"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        note("mails", json.dumps({
            "from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": session.ssl is not None or security == "tls",
            "user": session.auth_data.login.decode() if session.auth_data else "",
            "subject": str(message["subject"]), "sender": str(message["from"]), "names": message.keys(),
            "reply_to": str(message["reply-to"]), "id": str(message["message-id"]), "date": str(message["date"]),
            "text": message.get_content().replace("\r\n", "\n"), "defects": [str(defect) for defect in message.defects],
            "longest": max(len(line) for line in envelope.content.split(b"\r\n")),
            "bare": envelope.content.replace(b"\r\n", b"").count(b"\n") + envelope.content.replace(b"\r\n", b"").count(b"\r"),
        }))
        self.is_mute = local == "no-goodbye"
        if local == "cut-after":
            server.transport.abort()
        if local == "slow-after":
            await asyncio.sleep(30)
        return "250 2.0.0 queued as 4711"


def authenticate(server, session, envelope, mechanism, data):
    word = data.password.decode()
    seen[word] = seen.get(word, 0) + 1
    if word == "tired-word" and seen[word] == 1:
        return AuthResult(success=False, handled=False, message="454 4.7.0 come back later")
    if data.login == b"desk" and word in ["sesame-open", "tired-word"]:
        return AuthResult(success=True, handled=False, auth_data=data)
    # As no server should answer.
    return AuthResult(success=False, handled=False, message=f"535 5.7.8 {word} is wrong")


async def main():
    context = None
    if security != "plain":
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
             "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", directory / "key.pem", "-out", directory / "cert.pem"],
            check=True, capture_output=True)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(directory / "cert.pem", directory / "key.pem")

    def make():
        return SMTP(
            Handler(), hostname="localhost", tls_context=context if security == "starttls" else None,
            require_starttls=security == "starttls", authenticator=authenticate, auth_required=security != "plain",
            auth_require_tls=security == "starttls")

    server = await asyncio.get_running_loop().create_server(
        make, "127.0.0.1", 0, ssl=context if security == "tls" else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
