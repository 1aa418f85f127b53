"""A mail server for tests: takes what it is handed, and writes each mail to a file as JSON.

    server.py DIRECTORY none|starttls|implicit [USERNAME PASSWORD] [--certificate FILE --key FILE]

It prints its port. Recipients whose names begin with "refused" or "later" are refused for good or for now, and so is a
sender whose name begins with "refused".
"""

import argparse
import asyncio
import email
import email.policy
import json
import os
import ssl

from aiosmtpd.smtp import SMTP, AuthResult


class Keeper:
    def __init__(self, directory):
        self.directory = directory
        self.count = 0

    async def handle_MAIL(self, server, session, envelope, address, options):
        if address.startswith("refused"):
            return "553 5.7.1 This sender is not yours"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused"):
            return f"550 5.1.1 <{address}>: there is nobody of that name"
        if address.startswith("later"):
            return "451 4.2.1 The mailbox is busy"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.count += 1
        kept = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "is_encrypted": session.ssl is not None or server.transport.get_extra_info("ssl_object") is not None,
            "is_logged_in": bool(session.authenticated),
            "hello": session.host_name,
            "headers": {name: str(value) for name, value in message.items()},
            "body": message.get_content(),
        }
        path = os.path.join(self.directory, f"{self.count:04}.json")
        with open(path + ".part", "w", encoding="utf-8") as file:
            json.dump(kept, file)
        os.rename(path + ".part", path)
        return "250 OK"


async def serve(arguments):
    context = None
    if arguments.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(arguments.certificate, arguments.key)

    def is_right(server, session, envelope, mechanism, data):
        given = (data.login.decode(), data.password.decode())
        return AuthResult(success=given == (arguments.username, arguments.password), handled=False)

    def session():
        return SMTP(
            keeper,
            hostname="mail.example.org",
            enable_SMTPUTF8=True,
            tls_context=context if arguments.tls == "starttls" else None,
            require_starttls=arguments.tls == "starttls",
            auth_require_tls=arguments.tls == "starttls",
            auth_required=arguments.username is not None,
            authenticator=is_right if arguments.username else None,
            auth_exclude_mechanism=None if arguments.username else ["PLAIN", "LOGIN"],
        )

    keeper = Keeper(arguments.directory)
    secured = context if arguments.tls == "implicit" else None
    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", 0, ssl=secured)
    print("Listening at port", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


parser = argparse.ArgumentParser()
parser.add_argument("directory")
parser.add_argument("tls", choices=["none", "starttls", "implicit"])
parser.add_argument("username", nargs="?")
parser.add_argument("password", nargs="?")
parser.add_argument("--certificate")
parser.add_argument("--key")
asyncio.run(serve(parser.parse_args()))
