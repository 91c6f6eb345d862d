"""Makes tokens (RFC 7519) and keys for tests: good ones, and any kind of bad ones."""

import base64
import hmac
import json
import time

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

# As long as the longest hash (RFC 7518 section 3.2), so that it fits all of HS256, 384 and 512.
SECRET = "0123456789abcdef" * 4
HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
CURVES = {"256": ec.SECP256R1(), "384": ec.SECP384R1()}
# RFC 7518 section 3.5: a salt as long as the hash.
PSS = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def new_key(algorithm, bits=2048):
    """A private key for this algorithm, or the secret."""
    if algorithm.startswith("HS"):
        return SECRET
    if algorithm.startswith("ES"):
        return ec.generate_private_key(CURVES[algorithm[2:]])
    return rsa.generate_private_key(65537, bits)


def sign(algorithm, key, data):
    """The signature of RFC 7518 section 3; none for an algorithm that is not ours."""
    kind, size = algorithm[:2], algorithm[2:]
    if size not in HASHES:
        return b""
    if kind == "HS":
        key = key.encode() if isinstance(key, str) else key
        return hmac.digest(key, data, f"sha{size}")
    if kind == "RS":
        return key.sign(data, padding.PKCS1v15(), HASHES[size])
    if kind == "PS":
        return key.sign(data, PSS, HASHES[size])
    length = key.curve.key_size // 8
    return b"".join(number.to_bytes(length, "big") for number in decode_dss_signature(
        key.sign(data, ec.ECDSA(HASHES[size]))))


def token(sub="1", key=SECRET, algorithm="HS256", head=None, **claims):
    """A token that holds for a day; a claim or header member whose value is None is left out."""
    claims = {"sub": sub, "exp": int(time.time()) + 86_400} | claims
    head = {"alg": algorithm, "typ": "JWT"} | (head or {})
    data = ".".join(base64url(json.dumps(
        {name: value for name, value in part.items() if value is not None}).encode())
        for part in (head, claims))
    return f"{data}.{base64url(sign(algorithm, key, data.encode()))}"


def pem(key):
    """The public half as a PEM file's text."""
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def jwk(key, kid, algorithm):
    """The public half as a JSON Web Key (RFC 7517), or a secret as an `oct` one."""
    members = {"kid": kid, "alg": algorithm, "use": "sig"}
    if isinstance(key, str):
        return members | {"kty": "oct", "k": base64url(key.encode())}
    numbers = key.public_key().public_numbers()
    if isinstance(key, rsa.RSAPrivateKey):
        return members | {"kty": "RSA", "n": unsigned(numbers.n), "e": unsigned(numbers.e)}
    length = key.curve.key_size // 8
    return members | {"kty": "EC", "crv": f"P-{key.curve.key_size}",
                      "x": unsigned(numbers.x, length), "y": unsigned(numbers.y, length)}


def unsigned(number, length=None):
    return base64url(number.to_bytes(length or (number.bit_length() + 7) // 8, "big"))


def jwks(*keys):
    """A key set's text."""
    return json.dumps({"keys": keys})


ADMIN = token("900", role="admin", username="the admin")
SERVICE = token("901", role="service", username="the backend")
PROCTOR = token("902", role="proctor", username="the proctor")
