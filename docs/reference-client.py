#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A license client in one file, written from lease-protocol.md alone, to be read
beside it. Python 3 and python3-cryptography.

    reference-client.py --server HOST:PORT --client-id ID --password-file FILE
        --state FILE (--ca FILE | --pin sha256//...) --feature NAME=USERS ... [--once]

The state file holds the device key and the lease: keep it secret, and keep it.
"""
import argparse, base64, contextlib, hashlib, hmac, http.client, json, os, pathlib, random, ssl, sys, time
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PATH = "/lease/v1/sync"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

class Refused(Exception):
    def __init__(self, status, problem, retry_after):
        super().__init__(problem.get("code"), problem.get("detail") or f"status {status}")
        self.code = problem.get("code")
        self.retry_after = int(retry_after) if retry_after.isdigit() else 0

class Unbelievable(Exception):
    """An answer that is not for us, not signed, or too old: as if it had not come."""

def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

def units_of(answer):
    return {name: one["leased"] for name, one in answer["features"].items()}

def hardware_id(public_key):
    bits = int.from_bytes(hashlib.sha256(public_key).digest(), "big") >> (256 - 75)
    values = [bits >> (5 * i) & 31 for i in range(15)]  # from the right
    check = -sum(sum(divmod(value * (1 if i % 2 else 2), 32)) for i, value in enumerate(values)) % 32
    return "".join(ALPHABET[value] for value in reversed(values)) + ALPHABET[check]

class Client:
    def __init__(self, options):
        self.options, self.state = options, {}
        if os.path.exists(options.state):
            self.state = json.loads(pathlib.Path(options.state).read_text())
        self.password = pathlib.Path(options.password_file).read_text().splitlines()[0]
        if "device" not in self.state:
            self.save(device=os.urandom(32).hex(), number=0, epoch=0)
        self.device = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.state["device"]))
        self.public = self.device.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.hardware = hardware_id(self.public)

    def save(self, **changes):
        """One step: after a crash the file is the old one or the new one."""
        self.state.update(changes)
        name = self.options.state + ".new"
        with os.fdopen(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(self.state, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, self.options.state)

    def new_request(self, show_lease):
        features = {name: {"users": int(users)} for name, users in
                    (feature.split("=") for feature in self.options.feature)}
        body = {"protocol": 1, "request_id": os.urandom(16).hex(), "sent_at": int(time.time()),
                "hardware_id": self.hardware, "platform": self.options.platform,
                "product": self.options.product, "version": self.options.version,
                "holds": self.state["number"], "features": features,
                "device_key": {"kty": "OKP", "crv": "Ed25519", "x": encode(self.public)}}
        if show_lease and self.state.get("lease"):
            body["lease"] = self.state["lease"]
        return json.dumps(body)

    def proof(self, body):
        now = int(time.time())
        digest = hashlib.sha256(body.encode()).hexdigest()
        header = encode(b'{"alg":"EdDSA","typ":"leasehold-device"}')
        signed = header + "." + encode(f"POST\n{PATH}\n{digest}\n{now}".encode())
        return f"{now};{header}..{encode(self.device.sign(signed.encode()))}"

    def connect(self):
        """Nothing but the handshake goes to a server that is not known."""
        host, port = self.options.server.rsplit(":", 1)
        context = ssl.create_default_context(cafile=self.options.ca)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.options.pin:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection(host, int(port), timeout=30, context=context)
        connection.connect()
        if self.options.pin:
            shown = x509.load_der_x509_certificate(connection.sock.getpeercert(True)).public_key()
            spki = shown.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
            pin = "sha256//" + base64.b64encode(hashlib.sha256(spki).digest()).decode()
            if not hmac.compare_digest(pin, self.options.pin):
                connection.close()
                raise ssl.SSLError(f"{self.options.server} shows another key: {pin}")
        return connection

    def post(self, body, authorization):
        with contextlib.closing(self.connect()) as connection:  # follows no redirect
            connection.request("POST", PATH, body.encode(), {
                "Content-Type": "application/json", "Authorization": authorization,
                "Leasehold-Device": self.proof(body)})
            response = connection.getresponse()
            text = response.read(262144)
        try:
            answer = dict(json.loads(text))
        except (ValueError, TypeError) as error:
            raise Unbelievable(f"status {response.status} without a JSON object") from error
        if response.status != 200:
            raise Refused(response.status, answer, response.headers.get("Retry-After", ""))
        return answer

    def ask(self, body):
        """The token first; the same bytes with the password where it is refused."""
        basic = "Basic " + base64.b64encode(f"{self.options.client_id}:{self.password}".encode()).decode()
        if self.state.get("token"):
            try:
                return self.post(body, "Bearer " + self.state["token"])
            except Refused as refusal:
                if refusal.code != "unauthorized":
                    raise
        return self.post(body, basic)

    def check(self, body, answer):
        """What is not signed for this very request is not believed."""
        try:
            header, payload, signature = answer["lease"].split(".")
            key = self.state.get("server_key") or answer["server_key"]["x"]
            Ed25519PublicKey.from_public_bytes(decode(key)).verify(
                decode(signature), f"{header}.{payload}".encode())
            head, document = json.loads(decode(header)), json.loads(decode(payload))
            names = head["alg"] in ("EdDSA", "Ed25519") and head["typ"] == "lease+jwt"
            ours = document["request_id"] == answer["request_id"] == json.loads(body)["request_id"] \
                and document["client"] == self.options.client_id \
                and document["hardware_id"] == self.hardware and document["iss"] == answer["server_id"]
            same = all(document[name] == answer[name] for name in ("number", "epoch")) and {
                name: one["parts"] for name, one in answer["features"].items() if one["parts"]} == {
                name: one["parts"] for name, one in document["features"].items() if one["parts"]}
            age = (answer["epoch"], answer["number"]) >= (self.state["epoch"], self.state["number"])
        except (InvalidSignature, KeyError, TypeError, ValueError, AttributeError) as error:
            raise Unbelievable(f"no lease that is signed by the server: {error!r}") from error
        for good, reason in ((names, "another type"), (ours, "for somebody else or another request"),
                             (same, "lease and answer differ"), (age, "older than the lease held")):
            if not good:
                raise Unbelievable(reason)
        return key

    def sync(self, show_lease=False):
        """One request until it is answered; stored before it is sent, so that it can be repeated."""
        body = self.state.get("pending") or self.new_request(show_lease)
        self.save(pending=body)
        try:
            answer = self.ask(body)
            key = self.check(body, answer)
        except (Refused, Unbelievable) as error:
            if getattr(error, "code", "") not in ("too_many_requests", "store_unavailable"):
                self.save(pending=None)  # those two are asked again with the same bytes
            raise
        if self.state["epoch"] and answer["epoch"] > self.state["epoch"] and "lease" not in json.loads(body):
            self.save(pending=None)
            return self.sync(show_lease=True)  # a restored server: show what is held, then believe it
        before, now = self.state.get("units", {}), units_of(answer)
        self.save(pending=None, server_key=key, token=answer["token"], lease=answer["lease"],
                  number=answer["number"], epoch=answer["epoch"], units=now)
        if any(now.get(name, 0) < held for name, held in before.items()):
            return self.sync()  # less than before: confirmed at once, so that the rest is free
        return answer

def main():
    parser = argparse.ArgumentParser(description="A license client of the lease protocol, version 1.")
    for name in ("server", "client-id", "password-file", "state"):
        parser.add_argument("--" + name, required=True)
    trust = parser.add_mutually_exclusive_group(required=True)
    trust.add_argument("--ca")
    trust.add_argument("--pin")
    for name, default in (("platform", "PSA-3000"), ("product", "PCS"), ("version", "9.1r1")):
        parser.add_argument("--" + name, default=default)
    parser.add_argument("--feature", action="append", default=[], metavar="NAME=USERS")
    parser.add_argument("--once", action="store_true", help="one sync, then end; 1 when it failed")
    client = Client(parser.parse_args())
    while True:
        status, wait = 1, 60
        try:
            answer = client.sync()
            status, wait = 0, answer["renew_after"] * random.uniform(0.9, 1)
            denied = {name: one["denied"] for name, one in answer["features"].items() if one["denied"]}
            print(json.dumps({"number": answer["number"], "features": units_of(answer), "denied": denied}), flush=True)
        except (Refused, Unbelievable, OSError, http.client.HTTPException) as error:
            wait = max(wait, getattr(error, "retry_after", 0))
            print(f"reference-client: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        if client.options.once:
            return status
        time.sleep(wait)

if __name__ == "__main__":
    sys.exit(main())
